"""Nobody who gives something shall hear nothing: a contribution waits until it is recognised.

A like, a comment, or any message that quotes it will do. Where the time passes without one,
experienced members are asked in private, one after the other; then it is a task, or thanks.
All that waits is a planned occurrence: a restart forgets nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from handlers.ledger import scoring
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.model import Group, Member, Occurrence, Person, Spending
from sop.pack.pack_people import Recognition
from sop.texts import text
from sop.times import localtime
from sop.times.durations import DAY_MS

KIND: Final = "recognise"
"""The kind of occurrence at which a contribution should have been recognised."""

MOST_ASKED: Final = 2
"""Members asked for one contribution, one after the other."""

LOOKED_AT: Final = 50
"""Members of highest score among whom one is chosen to be asked."""

NEW_MS: Final = 7 * DAY_MS
"""Who has joined within this time has no experience of the group yet."""

MENTIONS_READ: Final = 5
"""Mentions of a message that are looked at."""

KEPT: Final = 200
"""Characters of a contribution that are kept to be told."""


def expect(
    context: Context, group: Group, deed: str, *, subject: str, author: int, said: str, at: int
) -> None:
    """Plan to see whether a contribution was recognised, if the pack wants that of its deed.

    `subject` names it: `item:NUMBER`, or `said:MESSAGE_ID`.
    """
    wanted = context.book.pack.recognition
    if wanted is None or deed not in wanted.of:
        return
    body: dict[str, object] = {"deed": deed, "said": said[:KEPT], "asked": []}
    scheduling.plan(
        context, group.id, KIND, at + wanted.within_ms, subject=subject, cause=_of(author),
        body=body,
    )  # fmt: skip


def _of(author: int | str) -> str:
    return f"of:{author}"


def _author(context: Context, row: Occurrence) -> Person | None:
    """Return whose contribution it is, also under the number they have by now."""
    return people.current(context.store, context.community, int(row.cause[len(_of("")) :]))


def _end(context: Context, row: Occurrence, status: str) -> None:
    """Settle what waited; the row stays longer than people's words may, so they go at once."""
    context.store.put(replace(row, status=status, body={}))


def introduced(event: MessageReceived, context: Context) -> Outcome:
    """Expect an answer to a newcomer's first words about themselves."""
    wanted, member = context.book.pack.recognition, context.member
    if wanted is None or member is None or member.introduced_at != event.at:
        return Outcome()
    if context.group is not None and event.message_id and scoring.is_introduction(event.text):
        expect(
            context, context.group, "introduce", subject=f"said:{event.message_id}",
            author=context.person_id, said=event.text, at=event.at,
        )  # fmt: skip
    return Outcome()


def seen(context: Context, group: Group, subject: str) -> None:
    """Note that somebody else recognised a contribution: nobody need be asked any more."""
    if subject and context.book.pack.recognition is not None:
        _recognised(context, _rows(context, group, subject=subject))


def seen_by_name(event: MessageReceived, context: Context, group: Group) -> None:
    """Take a message that mentions somebody for an answer to what of theirs is waiting."""
    if context.book.pack.recognition is None:
        return
    for name in event.mentions[:MENTIONS_READ]:
        person = people.find_person(context.store, context.community, name)
        if person is not None:
            waiting = _rows(context, group, cause=_of(person.id), status="pending")
            _recognised(context, waiting)


def _recognised(context: Context, rows: Iterable[Occurrence]) -> None:
    for row in rows:
        author = _author(context, row)
        if author is not None and author.id == context.person_id:
            continue
        if row.status == "pending":
            _end(context, row, "done")
        else:
            tasks.void(context, about(row))


def _rows(context: Context, group: Group, **which: Any) -> list[Occurrence]:
    found = context.store.find(
        Occurrence, community=context.community, group=group.id, kind=KIND, step="", **which
    )
    return list(found)


def due(event: StepDue, context: Context) -> Outcome:
    """See to a contribution that nobody has recognised in time."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    wanted = context.book.pack.recognition
    author = _author(context, occurrence)
    gone = author is None or group is None or not people.is_present(context, group, author)
    if wanted is None or group is None or group.retired or group.paused or author is None or gone:
        _end(context, occurrence, "dropped")
        return Outcome()
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None:
        return Outcome((deadlines.hold(context, occurrence, asleep),))
    if wanted.by == "experienced":
        asked = _ask_next(context, group, occurrence, author, wanted)
        if asked:
            return Outcome(asked)
    _end(context, occurrence, "done")
    return Outcome(_otherwise(context, group, occurrence, author, wanted))


def _ask_next(
    context: Context, group: Group, row: Occurrence, author: Person, wanted: Recognition
) -> tuple[Action, ...]:
    """Ask one more experienced member, and look again after the same time."""
    asked: list[int] = list(row.body.get("asked", ()))
    if len(asked) >= MOST_ASKED or not channels.can(group.channels, "dm"):
        return ()
    person = _experienced(context, group, (*asked, author.id))
    if person is None:
        return ()
    body = {**row.body, "asked": [*asked, person.id]}
    context.store.put(replace(row, body=body, run_at=context.now + max(wanted.within_ms, 1)))
    _note_asked(context, person)
    key = "recognition.ask" if channels.hears_all(group.channels) else "recognition.ask-unheard"
    words = text(key, to=people.addressed(person), **_fields(group, row, author))
    line = Action(do="dm", group=group.id, to=str(person.id), member=str(author.id), text=words)
    return budgets.charge(context, group, (line,))


def _experienced(context: Context, group: Group, but: tuple[int, ...]) -> Person | None:
    """Return the member of highest score who may be asked today; None where there is none."""
    found = context.store.find(
        Person, community=context.community, nudges_off=False, score__gt=0, order="-score",
        limit=LOOKED_AT,
    )  # fmt: skip
    return next(
        (each for each in found if each.id not in but and _free(context, group, each)), None
    )


def _free(context: Context, group: Group, person: Person) -> bool:
    member = context.store.get(Member, context.community, group.id, person.id)
    room = budgets.member_room(context, group, person.id)
    return (
        member is not None
        and not member.left_at
        and member.came_at <= context.now - NEW_MS
        and (room is None or room.left > 0)
        and context.store.get(Spending, *_asked_today(context, person)) is None
    )


def _asked_today(context: Context, person: Person) -> tuple[str, str, str]:
    day = localtime.local_date(context.now, context.book.zone).isoformat()
    return context.community, f"recognise:{person.id}", day


def _note_asked(context: Context, person: Person) -> None:
    community, scope, period = _asked_today(context, person)
    context.store.put(
        Spending(community=community, scope=scope, period=period, at=context.now, spent=1)
    )


def _otherwise(
    context: Context, group: Group, row: Occurrence, author: Person, wanted: Recognition
) -> tuple[Action, ...]:
    """Make it a task for people, or (where none is wanted) thank in the group, by name.

    Who does not want to be named there is thanked by people, too.
    """
    thanked = wanted.else_ == "none" and wanted.by == "experienced"
    if thanked and people.may_be_named(context, group, author):
        words = text("recognition.thanks", **_fields(group, row, author))
        return budgets.charge(context, group, (Action(do="post", group=group.id, text=words),))
    to = wanted.by if wanted.by in ("leader", "owner") else "staff"
    key = "recognition.task" if channels.hears_all(group.channels) else "recognition.task-unheard"
    return tasks.open_task(
        context, kind=KIND, to=to, group=group.id, person=author.id, about=about(row),
        words=lambda number: text(key, task=number, **_fields(group, row, author)),
    )  # fmt: skip


def about(row: Occurrence) -> str:
    """Name what the task for a contribution nobody recognised is about."""
    return f"recognise:{row.group}:{row.subject}"


def _fields(group: Group, row: Occurrence, author: Person) -> Mapping[str, Any]:
    deed = str(row.body.get("deed", ""))
    return {
        "name": people.shown(author), "group": group.title or group.id,
        "what": text(f"deeds.{deed}"), "text": excerpt(str(row.body.get("said", "")), 60),
    }  # fmt: skip
