"""Snags: reported, given to somebody as a task, put right, and confirmed by who reported them.

There is one task for a snag at a time. Putting it right pays the deed `fixed` when it is
confirmed; where it is not, the task goes back to the same person.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.posting import showing
from handlers.questions import contributions
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.threads import entries
from sop import channels
from sop.actions import Action
from sop.activities import collecting as policy
from sop.model import Group, Item, Member, Person, Task, Thread
from sop.texts import quoted, text
from sop.times.durations import DAY_MS

TASK: Final = "snag"
"""The kind of task to put something right."""

CONFIRM: Final = "snag-fixed"
"""The kind of task that asks who reported it whether it is right now."""

DEED: Final = "fixed"

REMIND_MS: Final = DAY_MS
"""Who is to see to it, or to confirm it, is reminded after this time."""


def assign(
    context: Context, group: Group, thread: Thread, found: Item, *, again: bool = False
) -> tuple[Action, ...]:
    """Give a snag to whom its category belongs to, else to staff; `again`: it is not right yet.

    Who has left the group is given none.
    """
    to = str(found.about) if found.about else _in_charge(context, thread, found)
    if to.isdecimal() and _has_left(context, group, int(to)):
        to = "staff"
    key = "collect.snag-again" if again else "collect.snag-task"

    def words(number: int) -> str:
        return text(
            key, group=group.title or group.id, entry=found.number,
            category=quoted(found.category or thread.title), name=entries.name(context, found),
            text=excerpt(found.text), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=TASK, to=to, group=group.id, person=found.person, step=thread.step,
        about=about(found), target=str(found.number), due_at=context.now + REMIND_MS, words=words,
    )  # fmt: skip


def about(found: Item) -> str:
    """Name what the tasks are about that a snag brings."""
    return f"snag:{found.group}:{found.number}"


def _in_charge(context: Context, thread: Thread, found: Item) -> str:
    named: Mapping[str, str] = thread.body["assign"]
    userid = named.get(found.category, "")
    person = people.find_person(context.store, context.community, userid) if userid else None
    if userid and person is None:
        person = people.person_of(context.store, context.community, userid)
    return str(person.id) if person else "staff"


def fixed(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Ask who reported it whether it is right now; where nobody can be asked staff see to that."""
    del choice
    group, found, thread = _of(context, task)
    if group is None or found is None or thread is None or not entries.is_shown(found):
        return ()
    found = replace(found, status=policy.FIXED, about=task.closed_by)
    context.store.put(found)
    return _ask(context, group, thread, found)


def ask_anew(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Ask staff whether a snag is right now, of who has left before they said."""
    del choice
    group, found, thread = _of(context, task)
    if group is None or found is None or thread is None or found.status != policy.FIXED:
        return ()
    return _ask(context, group, thread, found)


def _ask(context: Context, group: Group, thread: Thread, found: Item) -> tuple[Action, ...]:
    reached = found.person and not _has_left(context, group, found.person)
    private = reached and channels.can(group.channels, "dm")
    to = str(found.person) if private else "staff"
    key = "collect.snag-confirm" if private else "collect.snag-confirm-staff"

    def words(number: int) -> str:
        return text(
            key, group=group.title or group.id, entry=found.number, text=excerpt(found.text),
            name=entries.name(context, found), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=CONFIRM, to=to, group=group.id, person=found.person, step=thread.step,
        about=about(found), target=str(found.number), due_at=context.now + REMIND_MS, words=words,
    )  # fmt: skip


def _has_left(context: Context, group: Group, number: int) -> bool:
    """Tell whether somebody was in the group and is so no longer; staff need not be in it."""
    person = context.store.get(Person, context.community, number)
    member = context.store.get(Member, context.community, group.id, number)
    return bool(member and member.left_at) and not people.is_staff(person, group)


def confirm(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Pay and thank who put it right, or give it back to them."""
    group, found, thread = _of(context, task)
    if group is None or found is None or thread is None or found.status != policy.FIXED:
        return ()
    if choice != "approve":
        found = replace(found, status="open")
        context.store.put(found)
        return assign(context, group, thread, found, again=True)
    found = replace(found, status=policy.CONFIRMED)
    context.store.put(found)
    fixer = people.current(context.store, context.community, found.about)
    if fixer is None or _by_themselves(context, task, fixer.id, found):
        return ()
    showing.join(context, group, thread, (found.number,))
    paid = ledger.credit(
        context.under(thread.version), fixer.id, DEED, source=contributions.source_of(found),
        step=thread.step,
    )  # fmt: skip
    words = text(
        "collect.snag-thanks", name=people.shown(fixer), entry=found.number,
        text=excerpt(found.text, entries.LENGTH),
    )  # fmt: skip
    to = str(fixer.id)
    return (*paid, Action(do="dm", group=group.id, to=to, member=to, text=words, step=thread.step))


def _by_themselves(context: Context, task: Task, fixer: int, found: Item) -> bool:
    """Nobody is paid for their own snag, or for what they alone say is right."""
    return fixer in (task.closed_by, context.person_id, found.person)


def _of(context: Context, task: Task) -> tuple[Group | None, Item | None, Thread | None]:
    group = context.store.get(Group, context.community, task.group)
    found = context.store.get(Item, context.community, task.group, int(task.target or 0))
    return group, found, entries.thread_of(context, found.thread) if found else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What one person has put right: how much, how long it took on average, what is open.

    `took_ms` is from a report to the last time it was said to be right.
    """

    person: int
    fixed: int = 0
    open: int = 0
    took_ms: int = 0


def figures(context: Context, thread: Thread) -> list[Figure]:
    """Return the figures of everybody who sees to snags of a collection, the busiest first.

    What is given to no person in particular is open with person 0. A snag counts once, however
    often it went back.
    """
    found: dict[int, Figure] = {}
    shown = {str(each.number): each for each in entries.shown(context, thread)}
    done: dict[str, Task] = {}
    for task in context.store.find(
        Task, community=context.community, group=thread.group, status__in=("open", "done"),
        kind=TASK, created_at__ge=thread.opened_at, order="id",
    ):  # fmt: skip
        if task.target in shown and task.status == "open":
            who = _known(context, int(task.to) if task.to.isdecimal() else 0)
            known = found.get(who, Figure(person=who))
            found[who] = replace(known, open=known.open + 1)
        elif task.target in shown:
            done[task.target] = task
    for number, task in done.items():
        if shown[number].status in (policy.FIXED, policy.CONFIRMED):
            _count(context, found, shown[number], task)
    means = (replace(each, took_ms=each.took_ms // max(each.fixed, 1)) for each in found.values())
    return sorted(means, key=busiest)


def busiest(found: Figure) -> tuple[int, int, int]:
    """Return what orders figures: who has put most right first."""
    return -found.fixed, -found.open, found.person


def together(one: Figure, other: Figure) -> Figure:
    """Return the figure of one person in two collections."""
    fixed = one.fixed + other.fixed
    took = one.took_ms * one.fixed + other.took_ms * other.fixed
    return replace(one, fixed=fixed, open=one.open + other.open, took_ms=took // max(fixed, 1))


def _count(context: Context, found: dict[int, Figure], snag: Item, task: Task) -> None:
    who = _known(context, snag.about)
    known = found.get(who, Figure(person=who))
    took = max(0, task.closed_at - snag.at)
    found[who] = replace(known, fixed=known.fixed + 1, took_ms=known.took_ms + took)


def _known(context: Context, number: int) -> int:
    now = people.current(context.store, context.community, number)
    return now.id if now else 0
