"""What somebody has in the groups and ahead of them: memberships, open tasks, what is planned.

It becomes another's when two are found to be one, and goes back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any, Final

from handlers.identity.identity_rows import Move, restored
from handlers.people import birthdays
from handlers.timing import scheduling
from sop.model import Member, Occurrence, Task
from sop.standing import merging

PERSONAL: Final = (scheduling.STEP, birthdays.KIND)
"""Kinds of occurrences whose subject is a person."""


def take_memberships(move: Move) -> list[dict[str, Any]]:
    """Unite the memberships; where both are in a group they are one, since the earlier."""
    found = move.store.find(Member, community=move.community, person=move.gone)
    move.store.remove(Member, community=move.community, person=move.gone)
    return [_united(move, member) for member in found]


def _united(move: Move, theirs: Member) -> dict[str, Any]:
    own = move.store.get(Member, move.community, theirs.group, move.into)
    whole = replace(theirs, person=move.into)
    if own is not None:
        whole = merging.merged_member(own, theirs)
    move.store.put(whole)
    return {
        "theirs": asdict(theirs),
        "own": asdict(own) if own is not None else None,
        "whole": asdict(whole),
    }


def give_memberships_back(move: Move, told: Iterable[Mapping[str, Any]]) -> None:
    """Part the memberships; what only the other one had goes back as it is now."""
    for each in told:
        theirs, whole = restored(Member, each["theirs"]), restored(Member, each["whole"])
        now = move.store.get(Member, *whole.key) or whole
        if each["own"] is not None:
            move.store.put(merging.parted_member(now, restored(Member, each["own"]), whole))
            move.store.put(theirs)
        else:
            move.store.remove(Member, **dict(zip(Member.KEY, whole.key, strict=True)))
            move.store.put(replace(now, person=move.gone))


def take_tasks(move: Move) -> list[dict[str, Any]]:
    """Let open tasks about or for the one be the other's; of two about one thing, one stays."""
    found = move.store.find(Task, community=move.community, status="open")
    known = {task.about for task in found}
    told = []
    for task in found:
        moved = _about_other(move, task)
        if moved == task:
            continue
        if moved.about != task.about and moved.about in known:
            moved = replace(task, status="void", closed_at=move.at)
        move.store.put(moved)
        told.append({"task": asdict(task), "void": moved.status == "void"})
    return told


def _about_other(move: Move, task: Task) -> Task:
    to = str(move.into) if task.to == str(move.gone) else task.to
    if task.taken_by == move.gone:
        task = replace(task, taken_by=move.into)
    if task.person != move.gone:
        return replace(task, to=to)
    head, mark, last = task.about.rpartition(":")
    about = f"{head}{mark}{move.into}" if mark and last == str(move.gone) else task.about
    return replace(task, to=to, person=move.into, about=about)


def give_tasks_back(move: Move, told: Iterable[Mapping[str, Any]]) -> None:
    """Let the tasks that are still open be whose they were, and open what was one too many."""
    for each in told:
        before = restored(Task, each["task"])
        now = move.store.get(Task, *before.key)
        waiting = "void" if each["void"] else "open"
        if now is not None and now.status == waiting:
            move.store.put(replace(before, reminded_at=now.reminded_at))


def take_plans(move: Move) -> list[dict[str, Any]]:
    """Let what is planned for the one happen to the other; what was theirs already, once."""
    theirs = _pending(move, move.gone)
    known = {_same(row) for row in _pending(move, move.into)}
    told = []
    for row in theirs:
        moved = replace(row, subject=str(move.into))
        once = _same(row) in known or move.store.get(Occurrence, *moved.key) is not None
        move.store.put(replace(row, status="dropped"))
        if not once:
            move.store.put(moved)
        told.append({"row": asdict(row), "moved": not once})
    return told


def _pending(move: Move, person: int) -> Sequence[Occurrence]:
    return move.store.find(
        Occurrence, community=move.community, status="pending", subject=str(person),
        kind__in=PERSONAL,
    )  # fmt: skip


def _same(row: Occurrence) -> tuple[str, ...]:
    return row.group, row.kind, row.step, row.cause


def give_plans_back(move: Move, told: Iterable[Mapping[str, Any]]) -> None:
    """Plan for whom it was planned what has not happened meanwhile."""
    for each in told:
        row = restored(Occurrence, each["row"])
        moved = move.store.get(Occurrence, *replace(row, subject=str(move.into)).key)
        if each["moved"] and (moved is None or moved.status != "pending"):
            continue
        if each["moved"] and moved is not None:
            move.store.put(replace(moved, status="dropped"))
        move.store.put(row)
