"""Nobody who asks is left without an answer: who sees to a question, in what time, and who then.

A slot says when an unanswered question is seen to, and so does `care` of the pack, in a slot or
not: whichever comes first. All that waits is a planned occurrence: a restart forgets nothing.
"""

from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.benefits import gifts
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import excerpt
from handlers.tasks import task_turns, tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import care
from sop.activities.care import Owed
from sop.events import StepDue
from sop.model import Group, Item, Person, Task, Thread
from sop.standing import standing
from sop.texts import text
from sop.times import localtime

ESCALATE: Final = "escalate"
"""The kind of occurrence at which a question that waits is seen to."""

LATE: Final = "late-answer"
"""The kind of occurrence at which the next one is told of a question people were asked about."""

TASK: Final = "question"
"""The kind of task to see to a question."""

SEEN_TO: Final = "seen-to"
"""The status of a question that somebody has answered where the bot did not hear it."""

WITHDRAWN: Final = "withdrawn"
"""The status of a question that its asker has taken back: nobody is asked, or counted, for it."""


def slot_of(context: Context, found: Item) -> Thread | None:
    """Return the slot an item belongs to, open or closed."""
    return context.store.get(Thread, context.community, found.thread) if found.thread else None


def step_of(context: Context, found: Item) -> str:
    """Return the step whose slot an item belongs to, or nothing."""
    slot = slot_of(context, found)
    return slot.step if slot else ""


def about(question: Item) -> str:
    """Name what the task for an unanswered question is about."""
    return f"question:{question.group}:{question.number}"


def about_rest(slot: int) -> str:
    """Name what the one task is about for a slot's questions that are too many for a task each."""
    return f"questions:{slot}"


def owed(context: Context, group: Group, question: Item, since: int = 0) -> Owed | None:
    """Return what the question is owed by the pack in force, counted from `since` or its asking.

    None where the pack has no `care`.
    """
    wanted = context.in_force.pack.care
    if wanted is None:
        return None
    asker = people.current(context.store, context.community, question.person)
    since = since or question.at
    return care.owed(
        wanted, question.text, paid=asker is not None and standing.pays(asker, since),
        since=since, hours=overrides.quiet_of(context, group), zone=context.book.zone,
    )  # fmt: skip


def watch(context: Context, group: Group, question: Item, since: int) -> None:
    """Plan to see whether the question has been answered."""
    slot = slot_of(context, question)
    times = []
    if slot is not None and slot.status == "open" and slot.body.get("escalate"):
        times.append(since + slot.body["escalate"])
    promised = owed(context, group, question, since)
    if promised is not None:
        times.append(promised.looked_at)
    if times:
        scheduling.plan(
            context, group.id, ESCALATE, min(times), step=slot.step if slot else "",
            subject=str(question.number), version=slot.version if slot else "",
        )  # fmt: skip


def hand_over(
    context: Context, group: Group, question: Item, since: int = 0
) -> tuple[Action, ...]:
    """Ask people on duty to see to a question nobody has answered; once.

    Nothing where they are the ones who asked, or have a task for many of the slot already.
    """
    promised = owed(context, group, question, since)
    if promised is None:
        return _open(context, group, question, "staff", 0, graded=False)
    to = _first(context, group, promised.to, question)
    if not to or tasks.find_open(context, about_rest(question.thread)) is not None:
        return ()
    due = promised.due_at
    if due <= context.now:
        due = promised.after(care.GRACE, context.now)
    lines = _open(context, group, question, to, due, graded=bool(promised.grade))
    opened = tasks.find_open(context, about(question))
    if opened is not None and lines:
        _plan_late(context, question, opened, promised, (to,))
    return lines


def _open(
    context: Context, group: Group, question: Item, to: str, due: int, *, graded: bool
) -> tuple[Action, ...]:
    context.store.put(replace(question, status="escalated"))
    heard = channels.hears_all(group.channels)
    key = "threads.escalate" if heard else "threads.escalate-unheard"

    def words(number: int) -> str:
        told = text(
            "care.asked" if graded else key, group=group.title or group.id,
            number=question.number, text=excerpt(question.text), number_task=number,
        )  # fmt: skip
        return told + text("care.until", time=_clock(context, due)) if due else told

    return tasks.open_task(
        context, kind=TASK, to=to, group=group.id, person=question.person,
        step=step_of(context, question), about=about(question), due_at=due, words=words,
    )  # fmt: skip


def _clock(context: Context, at: int) -> str:
    """Return the time of day, with the date where it is not today."""
    zone = context.book.zone
    moment, today = localtime.wall_time(at, zone), localtime.local_date(context.now, zone)
    time = f"{moment:%H:%M}"
    if moment.date() == today:
        return time
    return text("care.day", month=moment.month, day=moment.day, time=time)


def _first(context: Context, group: Group, wanted: str, question: Item) -> str:
    """Return who is asked first: somebody other than who asked; empty where there is only they.

    Where nobody is known to be on duty the question is written down all the same.
    """
    asker = people.current(context.store, context.community, question.person)
    if wanted == "leader" and asker is not None:
        leader = gifts.who(context, group.id, wanted, asker)
        if leader.isdecimal():
            return leader
    chain = tuple(each for each in (wanted, *care.NEXT[wanted]) if each != "leader")
    if not any(people.recipients(context, each, group) for each in chain):
        return chain[0]
    return _next(context, group, chain, {asker.id if asker else question.person})


def _next(context: Context, group: Group, chain: tuple[str, ...], told: set[int]) -> str:
    """Return the next of those who are asked that reaches anybody new."""
    for to in chain:
        if {each.id for each in people.recipients(context, to, group)} - told:
            return to
    return ""


def _plan_late(
    context: Context, question: Item, task: Task, promised: Owed, told: tuple[str, ...]
) -> None:
    due = promised.after(care.GRACE, max(task.due_at, context.now))
    scheduling.plan(
        context, question.group, LATE, due, subject=str(question.number), cause=str(task.id),
        body={"told": list(told), "to": promised.to},
    )  # fmt: skip


def pass_on(event: StepDue, context: Context) -> Outcome:
    """Tell the next one of a question whose time is over, and the asker that it is not forgotten.

    Whoever was asked first may still answer, or close the task.
    """
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    task = context.store.get(Task, context.community, int(event.cause))
    question = context.store.get(Item, context.community, event.group, int(event.subject))
    if group is None or group.retired or task is None or question is None:
        return Outcome()
    promised = owed(context, group, question)
    if task.status != "open" or promised is None:
        return Outcome()
    before = tuple(map(str, occurrence.body["told"]))
    reached = {each.id for to in before for each in people.recipients(context, to, group)} | {
        question.person
    }
    to = _next(context, group, tuple(care.NEXT[str(occurrence.body["to"])]), reached)
    letter = _letter(context, group, question) if len(before) == 1 else ()
    if not to:
        return Outcome(letter)
    _plan_late(context, question, task, promised, (*before, to))
    task = replace(task, told=(*task.told, to))
    context.store.put(task)
    words = text("care.passed-on", text=task.text)
    return Outcome((*task_turns.tell(context, task, to, words, asked=True), *letter))


def _letter(context: Context, group: Group, question: Item) -> tuple[Action, ...]:
    """Tell who asked, once and in private, that people are at it."""
    asker = people.current(context.store, context.community, question.person)
    if asker is None or asker.nudges_off or group.paused or not _reachable(context, group, asker):
        return ()
    heard = channels.hears_all(group.channels)
    words = text(
        "care.late" if heard else "care.late-unheard", name=people.addressed(asker),
        group=group.title or group.id, number=question.number,
    )  # fmt: skip
    to = str(asker.id)
    line = Action(do="dm", group=group.id, to=to, member=to, text=words)
    return budgets.charge(context, group, (line,))


def _reachable(context: Context, group: Group, asker: Person) -> bool:
    return channels.can(group.channels, "dm") and people.is_present(context, group, asker)


def seen_to(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Take a question for answered whose task was done: it waits no longer."""
    del choice
    group, _, number = task.about.removeprefix("question:").rpartition(":")
    question = context.store.get(Item, context.community, group, int(number or 0))
    if question is not None and question.status == "escalated":
        context.store.put(replace(question, status=SEEN_TO))
    return ()
