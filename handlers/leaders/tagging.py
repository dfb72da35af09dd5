"""Interest tags: members choose them by 标签, and are asked about those they introduced with.

Nothing is kept without a yes; a no is for good.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.leaders import circle_commands
from handlers.ledger import scoring
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import aside, stopping
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
    _store(context, person, dict.fromkeys((*person.tags, *named)))
    tasks.void(context, _about(person.id))
    lines = [text("tags.taken", name=people.shown(person), tags=_joined(named))]
    return "\n".join((*lines, *circle_commands.invitations(context, person, named)))


def _store(context: Context, person: Person, found: Sequence[str] | dict[str, None]) -> None:
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
    """Ask a newcomer in private about tags that are in their introduction, each once for ever."""
    member, group, person = context.member, context.group, context.person
    if member is None or group is None or person is None or member.introduced_at != event.at:
        return Outcome()
    if not scoring.is_introduction(event.text):
        return Outcome()
    found = tags.mentioned(event.text, tags.offered(context.book.pack))
    fresh = [each for each in found if each not in person.tags and _first(context, person, each)]
    if not fresh:
        return Outcome()
    return Outcome(_asked(context, person, fresh[:MOST_ASKED]))


def _first(context: Context, person: Person, tag: str) -> bool:
    name = f"tag-asked:{person.id}:{tag}"
    if context.store.get(Counter, context.community, name) is not None:
        return False
    return context.store.number(context.community, name) == 1


def _about(person: int) -> str:
    return f"{KIND}:{person}"


def _asked(context: Context, person: Person, found: Sequence[str]) -> tuple[Action, ...]:
    """Ask in private where a channel can; else it waits among the person's tasks."""
    group = context.group
    assert group is not None
    opened = tasks.open_task(
        context, kind=KIND, to=str(person.id), group=group.id, person=person.id,
        target=_BETWEEN.join(found), about=_about(person.id),
        words=lambda number: text(
            "tags.suggested", name=people.addressed(person), tags=_joined(found), number=number,
            approve=context.book.words.shown("approve"), reject=context.book.words.shown("reject"),
        ),
    )  # fmt: skip
    able = channels.can(group.channels, "dm") and not person.nudges_off
    if not opened or not able:
        return ()
    to = str(person.id)
    line = Action(do="dm", group=group.id, to=to, member=to, text=opened[0].text)
    return budgets.charge(context, group, (line,))


def answered(context: Context, task: Task, choice: str) -> str:
    """Return what to tell whoever answers a suggestion, and keep the tags they said yes to."""
    person = people.current(context.store, context.community, task.person)
    if choice != "approve" or person is None:
        return text("tags.declined")
    return _taken(context, person, task.target.split(_BETWEEN))


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Keep the tags that their own member said yes to: nobody else may answer such a task."""
    person = people.current(context.store, context.community, task.person)
    if choice == "approve" and person is not None:
        _store(context, person, dict.fromkeys((*person.tags, *task.target.split(_BETWEEN))))
    return ()
