"""How the bot answers what many do: each at once, or merged into one line with their names.

`ack` in a pack says which; likes are merged where it does not. More than `MOST_A_MINUTE` answers
a minute that the whole group reads are merged, too.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import openly, privately
from handlers.timing import deadlines, scheduling
from handlers.traces import HELD, Verdict
from sop import channels
from sop.actions import Action, Button
from sop.events import MessageReceived, StepDue
from sop.model import Group, Occurrence, Spending
from sop.texts import text
from sop.times import quiet

KIND: Final = "acknowledge"

EVERY_MS: Final = 10 * 60_000
"""Merged lines go out at most this often."""

MOST_A_MINUTE: Final = 6
MINUTE_MS: Final = 60_000

NAMED: Final = 20
"""Names in a merged line; of the others it tells how many they are."""

MERGED: Final[Mapping[str, str]] = {"like": "merged", "vote": "merged"}
"""What is merged where a pack does not say."""

WORDS: Final[Mapping[str, str]] = {
    "like": "acks.like", "checkin": "acks.checkin", "answer": "acks.others",
    "share": "acks.others", "comment": "acks.others", "submit": "acks.others",
    "snag": "acks.others", "nominate": "acks.others", "vote": "acks.vote", "signup": "acks.signup",
    "challenge": "acks.challenge",
}  # fmt: skip
"""The merged line of each kind."""


def acknowledge(
    context: Context, event: MessageReceived, kind: str, words: str, *, about: Sequence[int] = (),
    buttons: tuple[Button, ...] = (),
) -> tuple[Action, ...]:  # fmt: skip
    """Answer who did something of that kind with `words`, or put their name into the next line.

    `about` are the persons it was for, by id, `buttons` what the others may press. In private
    everybody is answered.
    """
    group = context.group
    if not event.group or group is None:
        return (privately(words),)
    if channels.way_for("post", group.channels) is None:
        return (openly(words, buttons),)
    wanted = context.book.pack.ack.get(kind, MERGED.get(kind, "each"))
    if wanted == "each" and has_room(context, group):
        return (openly(words, buttons),)
    _join(context, group, kind, about)
    return ()


def has_room(context: Context, group: Group) -> bool:
    """Tell whether the group may be answered once more in this minute, and count it."""
    scope = f"answers:{group.id}"
    found = context.store.get(Spending, context.community, scope, "")
    since = context.now - MINUTE_MS
    instants = tuple(each for each in (found.instants if found else ()) if each > since)
    if len(instants) >= MOST_A_MINUTE:
        return False
    context.store.put(
        Spending(
            community=context.community, scope=scope, period="", at=context.now,
            instants=(*instants, context.now),
        )
    )  # fmt: skip
    return True


def _join(context: Context, group: Group, kind: str, about: Sequence[int]) -> None:
    """Put who acted into the line that goes out at the end of these ten minutes, or the night."""
    slot = (context.now // EVERY_MS + 1) * EVERY_MS
    due = quiet.quiet_end(overrides.quiet_of(context, group), slot, context.book.zone)
    key = (context.community, group.id, KIND, "", "", kind, due)
    if context.store.get(Occurrence, *key) is None:
        scheduling.plan(context, group.id, KIND, due, cause=kind)
    row = context.store.get(Occurrence, *key)
    assert row is not None
    body = {
        "by": _with(row.body.get("by", ()), (context.person_id,)),
        "about": _with(row.body.get("about", ()), about),
    }
    context.store.put(replace(row, body=body))


def _with(known: Sequence[int], more: Sequence[int]) -> list[int]:
    return list(dict.fromkeys((*known, *more)))


def tell(event: StepDue, context: Context) -> Outcome:
    """Thank everybody of the last ten minutes in one line; at night it waits for the morning."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    if group is None or group.retired or group.paused:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    asleep = sleeping(context, group)
    if asleep is not None:
        return Outcome((deadlines.hold(context, occurrence, asleep),))
    context.store.put(replace(occurrence, status="done"))
    names, about = (_names(context, occurrence.body.get(each, ())) for each in ("by", "about"))
    if not names:
        return Outcome()
    alone = occurrence.cause == "like" and not about
    words = text("acks.like-alone" if alone else WORDS[occurrence.cause], names=names, about=about)
    return Outcome((Action(do="post", group=group.id, text=words),))


def sleeping(context: Context, group: Group) -> Verdict | None:
    """Return until when the group is not to be disturbed; None while it is awake."""
    zone = context.book.zone
    end = quiet.quiet_end(overrides.quiet_of(context, group), context.now, zone)
    if end <= context.now:
        return None
    return Verdict(verdict=HELD, reason="quiet", figures=("quiet hours",), until=end)


def _names(context: Context, ids: Sequence[int]) -> str:
    """Name those who are still here: nobody is thanked, or said to be glad, who has left."""
    ids = [each for each in ids if not people.is_gone(context, each)]
    shown = [people.current(context.store, context.community, each) for each in ids[:NAMED]]
    names = people.named(shown)
    return text("acks.and-more", names=names, count=len(ids)) if len(ids) > NAMED else names
