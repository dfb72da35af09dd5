"""Human tasks in the chat: taking, refusing and closing one by its number or by quoting it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers.leaders import tagging
from handlers.pools import preparing
from handlers.ports import Context, Outcome
from handlers.questions import questions
from handlers.recognition import recognition
from handlers.relays import relay_import
from handlers.replies import discreetly, openly, privately, stopping
from handlers.shares import share_invitations
from handlers.staff import consequences, task_lists
from handlers.tasks import task_checks, task_turns, tasks
from sop.actions import Action, Button
from sop.events import MessageReceived
from sop.model import Task
from sop.text import normalise
from sop.texts import text

CERTAIN_BEGINNING: Final = 10
"""Characters from which the beginning of a task's text is a quote of it: WeCom cuts long ones."""


def done(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Note that somebody did what a task asked for."""
    return _close(event, context, argument, "done")


def approve(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say yes to what a task asks."""
    return _close(event, context, argument, "approve")


def reject(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say no to what a task asks."""
    return _close(event, context, argument, "reject")


def take(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Say that one does it oneself, so that nobody else need."""
    return _close(event, context, argument, "take")


def mismatch(task: Task, choice: str) -> str:
    """Why the choice does not fit the task, as the name of a text; empty where it does.

    Anything can be refused: what is no question is passed on to the next one.
    """
    decided = task.kind in consequences.TABLE
    if choice in ("reject", "take") or decided == (choice == "approve"):
        return ""
    return "needs-choice" if decided else "no-choice"


def settle(
    context: Context, task: Task, choice: str, said: str = ""
) -> tuple[tuple[Action, ...], str]:
    """Answer the task with all that follows; returns its lines, and what to tell who answered.

    What can be seen to have happened, or not, counts more than somebody's word.
    """
    there = replace(context, group_id=task.group or context.group_id)
    if task.status != "open":
        return (), text("tasks.already", number=task.id)
    if choice == "take":
        return task_turns.take(there, task)
    if choice == "reject" and task.kind not in consequences.TABLE:
        lines, words = task_turns.decline(there, task, said)
        return (*lines, *_given_up(there, task)), words
    looked_for = task_checks.claim(there, task) if choice == "done" else None
    if looked_for is not None:
        return looked_for
    return _answered(there, task, choice), text("tasks.closed", number=task.id)


def _given_up(context: Context, task: Task) -> tuple[Action, ...]:
    """Return what follows where nobody is left who could do the task."""
    now = context.store.get(Task, context.community, task.id)
    follow = consequences.DECLINED.get(task.kind)
    ended = now is not None and now.status == tasks.DECLINED
    return follow(context, task, "reject") if follow is not None and ended else ()


def _answered(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    follow = consequences.DONE if choice == "done" else consequences.TABLE
    lines = tasks.answer(context, task, choice, context.person_id, follow)
    if choice != "done":
        return lines
    return (*lines, *task_checks.credit(context, task, task.taken_by or context.person_id))


def _close(event: MessageReceived, context: Context, argument: str, choice: str) -> Outcome:
    number, task, said = _meant(event, context, argument, choice)
    if task is None and not number and not recognition.addressed(event):
        return Outcome()
    if task is None or not tasks.may_answer(context, task, context.person_id):
        return stopping(privately(_unknown(context, number)))
    if task.status != "open":
        return stopping(openly(text("tasks.already", number=task.id)))
    problem = mismatch(task, choice)
    if problem:
        return stopping(privately(text(f"tasks.{problem}", number=task.id)))
    own = _ANSWERS.get(task.kind)
    answer = None
    if task.kind == preparing.TASK and choice == "done":
        answer = preparing.give(context, task, said, context.person_id)
    elif own is not None and choice != "take":
        answer = own(context, task, choice)
    if answer == "":
        return stopping(privately(text("tasks.prepare-empty", number=task.id)))
    lines, words = settle(context, task, choice, said)
    buttons = _next(context, task) if choice == "take" else ()
    return stopping(*lines, discreetly(event, context, answer or words, buttons))


def _next(context: Context, task: Task) -> tuple[Button, ...]:
    """Return what whoever has taken the task may press, now or when it is done."""
    taken = context.store.get(Task, context.community, task.id)
    return tasks.buttons_of(context, taken) if taken is not None else ()


_ANSWERS: Final[Mapping[str, Callable[[Context, Task, str], str]]] = {
    share_invitations.TASK: share_invitations.answered,
    relay_import.TASK: relay_import.answered,
    tagging.KIND: tagging.answered,
}
"""What is told to whoever answers a task of that kind, before it is acted on."""


def _meant(
    event: MessageReceived, context: Context, argument: str, choice: str
) -> tuple[int, Task | None, str]:
    """Return the number that was said (or 0), the task that is meant, and what else was said."""
    number, said = recognition.task_number(argument), ""
    if not number:
        number, said = preparing.read(context, argument)
    noted = choice == "done" and not (event.quote or event.quote_id)
    if not number and (noted or choice == "reject"):
        # Who is done may say what they did; 完成 3 5 is no note.
        signs = context.book.words.separators
        number, said = questions.split_number(argument, signs, alone=noted)
    if number:
        return number, context.store.get(Task, context.community, number), said
    return 0, quoted(event, context), argument


def _unknown(context: Context, number: int) -> str:
    """Whoever has no task to answer learns nothing about which numbers exist."""
    if not task_lists.has_any(context):
        return text("commands.not-staff")
    return text("tasks.unknown-number", number=number) if number else text("tasks.which")


def quoted(event: MessageReceived, context: Context) -> Task | None:
    """Return the one open task whose text the message quotes, if the person may answer it."""
    wanted = normalise(event.quote).rstrip(". ")
    if not wanted:
        return None
    found = context.store.find(Task, community=context.community, status="open")
    fitting = [
        task
        for task in found
        if _is_quote(wanted, normalise(task.text))
        and tasks.may_answer(context, task, context.person_id)
    ]
    return fitting[0] if len(fitting) == 1 else None


def _is_quote(wanted: str, told: str) -> bool:
    whole = wanted == told.rstrip(". ")
    return whole or (len(wanted) >= CERTAIN_BEGINNING and told.startswith(wanted))
