"""Several tasks answered at once: by their numbers, or all proposals about the layers and entries.

Other decisions (points, claims, removals) deserve a look each. Entries that wait for a yes are
counted first: they may be thousands, and few of them were read.
"""

from dataclasses import dataclass, field
from typing import Final

from handlers.collections import bulk_answers
from handlers.layers import layer_survey, layering
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import excerpt, privately, stopping
from handlers.staff import consequences, task_commands
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.commands import numbers_in
from sop.events import MessageReceived
from sop.model import Person, Task
from sop.texts import text

NAMED: Final = 10
"""People that an answer to many names."""


@dataclass
class _Answers:
    """What has become of each: done, waiting for a place, or left as it was."""

    lines: list[Action] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    full: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def approve(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say yes to one task, or to all that are meant."""
    several = _several(event, context, argument, "approve")
    return several or task_commands.approve(event, context, argument)


def reject(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say no to one task, or to all that are meant."""
    several = _several(event, context, argument, "reject")
    return several or task_commands.reject(event, context, argument)


def _several(
    event: MessageReceived, context: Context, argument: str, choice: str
) -> Outcome | None:
    """Answer every task that the argument means; None where it means one at most."""
    first, *name = argument.split(maxsplit=1) or [""]
    if first.casefold() in context.book.words.every and recognition.addressed(event):
        return _every(context, choice, *name)
    numbers = numbers_in(argument)
    if len(numbers) < 2:  # noqa: PLR2004 - several
        return None
    found = _named(context, numbers)
    if not found:
        return stopping(privately(text("tasks.which")))
    answers = _Answers()
    answers.left.extend(str(each) for each in numbers if each not in {task.id for task in found})
    _answer(context, found, choice, answers)
    return stopping(*answers.lines, privately(_told(answers, choice)))


def _every(context: Context, choice: str, name: str = "") -> Outcome:
    """Answer every proposal, and ask whether all entries are meant; by name, those there alone."""
    answers = _Answers()
    _answer(context, [] if name else _proposals(context), choice, answers)
    words = (_told(answers, choice), bulk_answers.ask(context, choice, name))
    told = "\n\n".join(filter(None, words))
    missing = text("tasks.none-there", name=excerpt(name)) if name else text("tasks.no-proposals")
    return stopping(*answers.lines, privately(told or missing))


def _proposals(context: Context) -> list[Task]:
    """Return what the person may decide of the layers: who goes first, then who gets a place."""
    found = context.store.find(
        Task, community=context.community, status="open", kind__in=layer_survey.PROPOSALS,
        target="", order="id",
    )  # fmt: skip
    mine = (task for task in found if tasks.may_answer(context, task, context.person_id))
    return sorted(mine, key=lambda task: task.kind != "demote")


def _named(context: Context, numbers: tuple[int, ...]) -> list[Task]:
    known = (context.store.get(Task, context.community, number) for number in numbers)
    return [
        task
        for task in known
        if task is not None and tasks.may_answer(context, task, context.person_id)
    ]


def _answer(context: Context, found: list[Task], choice: str, answers: _Answers) -> None:
    for task in found:
        name = people.shown(context.store.get(Person, context.community, task.person))
        if task.status != "open" or task.kind not in consequences.TABLE:
            answers.left.append(str(task.id))
        elif task.kind == "promote" and choice == "approve" and layering.is_full(context):
            answers.full.append(name)
        else:
            lines, _ = task_commands.settle(context, task, choice)
            answers.lines.extend(lines)
            answers.done.append(name if task.person else str(task.id))


def _told(answers: _Answers, choice: str) -> str:
    joiner = text("people.joiner")
    parts = []
    if answers.done:
        names = joiner.join(answers.done[:NAMED])
        if len(answers.done) > NAMED:
            names = text("acks.and-more", names=names, count=len(answers.done))
        parts.append(text(f"tasks.batch-{choice}", count=len(answers.done), names=names))
    if answers.full:
        parts.append(text("tasks.places-full", names=joiner.join(answers.full)))
    if answers.left:
        parts.append(text("tasks.left-alone", numbers=joiner.join(answers.left)))
    return "\n".join(parts)
