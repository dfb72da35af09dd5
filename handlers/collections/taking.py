"""Taking an entry: what it must have, how it is kept, and how its author is answered."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.collections import collecting, entry_reviews, publishing, teams
from handlers.collections.given import Given
from handlers.ledger import hidden_authors
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging, cards
from handlers.posting.rendering import say_words
from handlers.questions import asked, contributions
from handlers.replies import aside, privately, stopping
from handlers.shares import shares
from handlers.threads import entries, naming
from sop.actions import Action
from sop.activities import collecting as policy
from sop.detectors.verdicts import Utterance
from sop.events import MessageReceived
from sop.model import Counter, Group, Item, Person, Thread
from sop.text import normalise, similar, visible_length
from sop.texts import quoted, text
from sop.times.durations import MINUTE_MS

ALIKE: Final = 0.9
"""Likeness from which two entries of a member are one."""

COMPARED: Final = 200
"""Characters of each that are compared, and entries of a member it is compared with."""

PICTURE_MS: Final = 10 * MINUTE_MS
"""A picture belongs to the entry that its sender writes within this time."""

BY_STAFF: Final = frozenset({"flood", "repeats", "length"})
"""Rules that say nothing about a single text given in private."""


def note_picture(event: MessageReceived, context: Context) -> None:
    """Remember that somebody has just sent a picture: the words may follow by themselves."""
    group = context.group
    if event.has_image and (group is None or group.threads):
        context.store.put(replace(_picture(context), value=event.at))


def has_picture(event: MessageReceived, context: Context) -> bool:
    """Tell whether a picture came with the message, or just before it."""
    return event.has_image or 0 <= event.at - _picture(context).value <= PICTURE_MS


def _picture(context: Context) -> Counter:
    name = f"picture:{context.person_id}"
    return context.store.get(Counter, context.community, name) or Counter(
        community=context.community, name=name
    )


def take(
    event: MessageReceived,
    context: Context,
    group: Group,
    thread: Thread,
    said: str,
    *,
    category: str = "",
) -> Outcome:
    """Keep an entry and answer its author; what it lacks is told in private, and nothing kept."""
    given = Given(
        event=event, context=context.under(thread.version), group=group, thread=thread,
        said=said, category=category,
    )  # fmt: skip
    given, problem = fit(given)
    if problem:
        anonymous = thread.body["anonymous"]
        return stopping(privately(problem) if anonymous else aside(event, context, problem))
    kept = taken(given)
    return stopping(*kept.lines, *_answered(given, kept))


def fit(given: Given) -> tuple[Given, str]:
    """Return an entry with its team and whom it names, and what it lacks; empty: nothing."""
    given, problem = _named(given)
    return given, problem or next(filter(None, (check(given) for check in _CHECKS)), "")


def keep(given: Given) -> tuple[Action, ...]:
    """Keep an entry that the group has read and people have agreed to; nobody is answered."""
    found = _recorded(given, "open")
    return publishing.publish(given.context, given.group, given.thread, found, said_openly=True)


def _named(given: Given) -> tuple[Given, str]:
    """Take the team and the person it names off what was said."""
    given, problem = teams.named(given)
    if problem or not given.thread.body["nominate"]:
        return given, problem
    if given.event.at >= given.thread.body["nominate"]:
        return given, text("collect.nominated-already", title=quoted(given.thread.title))
    if not naming.points(given.event, given.context, given.said):
        how = collecting.how(given.context, given.group, given.thread, text("collect.at-name"))
        return given, text("collect.nominate-form", how=how)
    meant = naming.resolve(given.event, given.context, given.said)
    if meant.person is None:
        return given, meant.problem
    said = meant.rest or given.said
    return replace(given, about=meant.person.id, said=said), _nominee(given, meant.person)


def _nominee(given: Given, person: Person) -> str:
    if person.unranked:
        return text("collect.nominee-unlisted")
    known = entries.every(given.context, given.thread, about=person.id)
    there = next((each for each in known if entries.is_shown(each)), None)
    if there is None:
        own = person.id == given.context.person_id
        return text("collect.nominee-own") if own else ""
    return text("collect.nominee-there", number=there.number, say=_like(given, there.number))


def _like(given: Given, number: int) -> str:
    words = f"{given.context.book.words.shown('like')} {number}"
    return say_words(given.context, given.group, words)


def _revealing(given: Given) -> str:
    if not (given.anonymous and given.event.group):
        return ""
    return text("commands.private", word=given.context.book.words.shown(_command(given)))


def _command(given: Given) -> str:
    return collecting.command_of(given.thread)


def _wordless(given: Given) -> str:
    """Words are wanted, beside emojis; a picture may come without any."""
    if given.kind in ("photo", "checkin"):
        return ""
    if not any(char.isalnum() for char in given.said):
        key = "collect.form" if not given.said else "collect.emoji-only"
        how = collecting.how(given.context, given.group, given.thread)
        return text(key, how=how, title=quoted(given.thread.title))
    return text("collect.short") if visible_length(given.said) < shares.SHORTEST else ""


def _without_picture(given: Given) -> str:
    if given.kind != "photo" or has_picture(given.event, given.context):
        return ""
    how = collecting.how(given.context, given.group, given.thread)
    return text("collect.no-picture", title=quoted(given.thread.title), how=how)


def _reachable(given: Given) -> str:
    """A telephone number among wishes would be there for everybody: it is not shown to anybody."""
    wanted = given.anonymous or given.kind == "wish"
    return text("collect.contact") if wanted and policy.has_contact(given.said) else ""


def _again(given: Given) -> str:
    if given.kind in ("photo", "checkin") or given.about:
        return ""
    for known in own(given.context, given.thread)[-COMPARED:]:
        alike = similar(known.text[:COMPARED], given.said[:COMPARED]) >= ALIKE
        if alike and known.status != policy.WITHDRAWN:
            key = "collect.again-unnumbered" if given.anonymous else "collect.again"
            joined = text("collect.again-team", team=given.team) if given.team else ""
            return text(key, number=known.number) + joined
    return ""


def own(context: Context, thread: Thread) -> list[Item]:
    """Return what who acted has given to a collection, also in a way that nobody sees."""
    if thread.body["anonymous"]:
        return hidden_authors.entries_of(context, thread, context.person_id)
    return entries.every(context, thread, person=context.person_id)


_CHECKS: Final[tuple[Callable[[Given], str], ...]] = (
    _revealing, _wordless, _without_picture, _reachable, _again,
)  # fmt: skip
"""What may be amiss, as words for the author, in the order in which they are told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An entry that was kept, and what follows; `waits` for the yes of staff."""

    found: Item
    waits: bool
    lines: tuple[Action, ...]


def taken(given: Given) -> Kept:
    """Keep an entry and let it count, or ask staff first whether it may."""
    context, thread, group = given.context, given.thread, given.group
    openly = bool(given.event.group)
    waits = bool(thread.body["review"]) or (not openly and _breaks_a_rule(given))
    found = _recorded(given, policy.PENDING if waits else "open")
    if given.kind == "photo":
        context.store.put(replace(_picture(context), value=0))
    lines = (
        entry_reviews.ask(context, group, thread, found)
        if waits
        else publishing.publish(context, group, thread, found, said_openly=openly)
    )
    return Kept(found, waits, lines)


def _breaks_a_rule(given: Given) -> bool:
    """Tell whether a text that nobody in the group has seen yet breaks one of its rules."""
    event = given.event
    said = Utterance(
        text=given.said, normal=normalise(given.said), at=event.at,
        has_image=event.has_image,
    )  # fmt: skip
    return any(each.violated for each in given.context.book.rules.judge(said, BY_STAFF))


def _recorded(given: Given, status: str) -> Item:
    """Keep the entry; of an anonymous one neither its author, its message nor its hour."""
    context, event = given.context, given.event
    fields: dict[str, Any] = {"person": context.person_id, "message_id": event.message_id}
    fields["at"] = event.at
    if given.anonymous:
        fields = {"person": 0, "message_id": "", "at": hidden_authors.day_of(context, event.at)}
    said = given.said or text(f"collect.without-words-{given.kind}")
    found = contributions.record(
        context, given.group, given.kind, said, status=status,
        thread=given.thread.id, category=given.category, team=given.team, about=given.about,
        **fields,
    )  # fmt: skip
    if given.anonymous:
        hidden_authors.hide(context, found, context.person_id)
    return found


def keep_late(
    event: MessageReceived, context: Context, group: Group, thread: Thread, said: str
) -> None:
    """Keep what came too late: it is shown to nobody, and staff find it among the entries."""
    given = Given(event=event, context=context, group=group, thread=thread, said=said)
    unfit = _wordless(given) or _reachable(given) or _revealing(given)
    if not unfit:
        _recorded(given, policy.LATE)


def _thanks(given: Given, kept: Kept) -> str:
    found = kept.found
    if kept.waits:
        return waiting(given, found)
    if given.anonymous:
        return text("collect.anonymous-taken", title=quoted(given.thread.title))
    lines = [contributions.announcement(given.context, found)]
    if given.kind != "snag":
        lines.append(text("shares.how", say=_like(given, found.number)))
    if not given.event.group:
        lines.append(text("collect.will-be-shown", title=quoted(given.thread.title)))
    if len(given.said) > asked.KEPT:
        lines.append(text("collect.cut", kept=asked.KEPT))
    return "".join((*lines, teams.hint(given)))


def waiting(given: Given, found: Item) -> str:
    """Say that staff look at it first."""
    key = "collect.waits-unnumbered" if given.anonymous else "collect.waits"
    return text(key, number=found.number, title=quoted(given.thread.title))


def _answered(given: Given, kept: Kept) -> tuple[Action, ...]:
    """Answer aside what the group need not read yet, else as the pack answers this command."""
    words = _thanks(given, kept)
    if given.anonymous or not given.event.group or given.thread.body["review"]:
        alone = given.anonymous or not given.event.group
        answer = privately(words) if alone else aside(given.event, given.context, words)
        # With a step: what cannot be delivered is no task that would name its author.
        return (replace(answer, step=given.thread.step),)
    liked = () if given.kind == "snag" else (kept.found.number,)
    return acknowledging.acknowledge(
        given.context, given.event, _command(given), words,
        buttons=cards.likes(given.context, liked),
    )  # fmt: skip
