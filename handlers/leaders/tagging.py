"""Interest tags: members choose them by 标签, and are asked about those in what they write.

Nothing is kept without a yes; a no is for good.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.leaders import circle_commands
from handlers.ledger import scoring
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import aside, privately, stopping
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Counter, Person, Task
from sop.standing import tags
from sop.texts import text

KIND: Final = "tag"
"""The kind of task by which a member says yes or no to tags."""

MOST_ASKED: Final = 3
"""Tags proposed at once."""

GIVEN: Final = frozenset({"share", "submit"})
"""Commands by which members give what interests them."""

_BETWEEN: Final = "|"


def choose(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show one's tags, take on those that are named, or (after 取消) put them off."""
    offered, person = tags.offered(context.book.pack), context.person
    assert person is not None
    if not offered:
        return stopping(aside(event, context, text("tags.none")))
    bare = _without_off(argument)
    named, unknown = tags.chosen(bare or argument, offered, context.book.words.separators)
    if not named:
        key = "tags.unknown" if argument else "tags.mine"
        return stopping(aside(event, context, _listing(context, person, offered, key)))
    if bare:
        _store(context, person, [each for each in person.tags if each not in named])
        words = text("tags.removed", tags=_joined(named))
        return stopping(aside(event, context, words))
    _add(context, person, named)
    tasks.void(context, _about(person.id))
    lines = [_taken(context, person, named)]
    if unknown:
        lines.append(text("tags.partly", offered=_joined(offered)))
    return stopping(aside(event, context, "\n".join(lines)))


def _without_off(argument: str) -> str:
    """Return what stands behind a word that puts tags off; empty where none does."""
    for word in text("tags.off").split():
        if argument.startswith(word):
            return argument.removeprefix(word).strip()
    return ""


def _taken(context: Context, person: Person, named: Sequence[str]) -> str:
    lines = [text("tags.taken", name=people.shown(person), tags=_joined(named))]
    return "\n".join((*lines, *circle_commands.invitations(context, person, named)))


def _add(context: Context, person: Person, named: Sequence[str]) -> None:
    _store(context, person, tuple(dict.fromkeys((*person.tags, *named))))


def _store(context: Context, person: Person, found: Sequence[str]) -> None:
    now = context.store.get(Person, context.community, person.id) or person
    context.store.put(replace(now, tags=tuple(found)))


def _joined(found: Sequence[str]) -> str:
    return text("people.joiner").join(found)


def _listing(context: Context, person: Person, offered: Sequence[str], key: str) -> str:
    mine = [each for each in person.tags if each in offered]
    return text(
        key, mine=_joined(mine) or text("tags.nothing"), offered=_joined(offered),
        word=context.book.words.shown("tags"),
    )  # fmt: skip


def suggest(event: MessageReceived, context: Context) -> Outcome:
    """Ask a newcomer in private about the tags that are in their introduction."""
    member = context.member
    if member is None or member.introduced_at != event.at:
        return Outcome()
    return Outcome(_found_in(event, context) if scoring.is_introduction(event.text) else ())


def suggest_of_share(event: MessageReceived, context: Context) -> Outcome:
    """Ask a member in private about the tags that are in what they give to the group."""
    if not tags.offered(context.book.pack):
        return Outcome()
    command = recognition.recognise(event, context)
    given = command is not None and command.name in GIVEN and command.argument
    return Outcome(_found_in(event, context) if given else ())


def _found_in(event: MessageReceived, context: Context) -> tuple[Action, ...]:
    """Propose the tags of a text that the person has not been asked about, one question a time."""
    person = context.person
    found = tags.mentioned(event.text, tags.offered(context.book.pack))
    if person is None or not found or tasks.find_open(context, _about(person.id)) is not None:
        return ()
    fresh = [each for each in found if each not in person.tags and _first(context, person, each)]
    return _asked(context, person, fresh[:MOST_ASKED]) if fresh else ()


def _first(context: Context, person: Person, tag: str) -> bool:
    name = f"tag-asked:{person.id}:{tag}"
    if context.store.get(Counter, context.community, name) is not None:
        return False
    return context.store.number(context.community, name) == 1


def _about(person: int) -> str:
    return f"{KIND}:{person}"


def _asked(context: Context, person: Person, found: Sequence[str]) -> tuple[Action, ...]:
    """Ask in private where a channel can; else it waits among the person's tasks."""
    opened = tasks.open_task(
        context, kind=KIND, to=str(person.id), group=context.group_id, person=person.id,
        target=_BETWEEN.join(found), about=_about(person.id),
        words=lambda number: text(
            "tags.suggested", name=people.addressed(person), tags=_joined(found), number=number,
            approve=context.book.words.shown("approve"), reject=context.book.words.shown("reject"),
        ),
    )  # fmt: skip
    group = context.group
    able = group is not None and channels.can(group.channels, "dm") and not person.nudges_off
    # It answers what they wrote, so that it costs nobody the one message a day.
    return (privately(opened[0].text),) if opened and able else ()


def answered(context: Context, task: Task, choice: str) -> str:
    """Return what to tell whoever answers a suggestion; `decide` keeps the tags."""
    person = people.current(context.store, context.community, task.person)
    if choice != "approve" or person is None:
        return text("tags.declined")
    return _taken(context, person, task.target.split(_BETWEEN))


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Keep the tags that their own member said yes to: nobody else may answer such a task."""
    person = people.current(context.store, context.community, task.person)
    if choice == "approve" and person is not None:
        _add(context, person, task.target.split(_BETWEEN))
    return ()
