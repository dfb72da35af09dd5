"""Human tasks: in what time they are done, who is next, and which of them a list shows.

What kinds there are, and the words people ask for them with, is `task_kinds.yaml`.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sop.actions import Button
from sop.activities import care
from sop.activities.commands import Words
from sop.model import Task
from sop.text import normalise
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS, MINUTE_MS, Span
from sop.yaml import yaml_source

OWED_MS: Final = DAY_MS
"""In what time a task is done that states none; at night, it is the morning after."""

SHORTEST_GRACE_MS: Final = 15 * MINUTE_MS
LONGEST_GRACE_MS: Final = DAY_MS
"""Waited at least and at most, once the time is over, before the next one is told."""

PAGE: Final = 6
"""Tasks told at once: what a phone shows."""

LONGEST_NUMBER: Final = 15
"""Digits of a task's number at most."""

_OF: Final = "task:"
"""Before the number of the task that a button is of."""

_PAGE: Final = re.compile(r"第(\d{1,4})页|p\.?(\d{1,4})|(\d{1,4})页")

AFTER_PERSON: Final = ("staff", "owner")
"""Who is next after a task that was given to one person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What somebody asks of the list.

    `number`: one task; `verbatim`: its prepared words alone. `view` is mine, all, overdue,
    today, taken or figures, `family` the title of one, `page` counts from 1.
    """

    number: int = 0
    verbatim: bool = False
    view: str = "mine"
    family: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kinds:
    family_of: Mapping[str, str]
    last: str
    families: Mapping[str, str]
    views: Mapping[str, str]
    verbatim: frozenset[str]
    own: frozenset[str]
    personal: frozenset[str]
    private: frozenset[str]
    for_others: frozenset[str]
    of_others: frozenset[str]
    decided: frozenset[str]
    buttons: Mapping[str, Mapping[str, str]]


@cache
def _kinds() -> _Kinds:
    data: Any = yaml_source.load_packaged("task_kinds.yaml")
    rows = data["families"]
    return _Kinds(
        family_of={kind: row["title"] for row in rows for kind in row["kinds"]},
        last=rows[-1]["title"],
        families={
            normalise(word): row["title"] for row in rows for word in (row["title"], *row["also"])
        },
        views={normalise(word): view for view, words in data["views"].items() for word in words},
        verbatim=frozenset(map(normalise, data["verbatim"])),
        own=frozenset(data["own"]),
        personal=frozenset(data["personal"]),
        private=frozenset(data["private"]),
        for_others=frozenset(data["for-others"]),
        of_others=frozenset(data["of-others"]),
        decided=frozenset(data["decided"]),
        buttons=data["buttons"],
    )


def kinds() -> frozenset[str]:
    """Return every kind that stands in a family."""
    return frozenset(_kinds().family_of)


def family(kind: str) -> str:
    """Return the title of the family of a kind."""
    return _kinds().family_of.get(kind, _kinds().last)


def sees_to_itself(kind: str) -> bool:
    """Tell whether the duty behind the kind reminds of it, and passes it on, by itself."""
    return kind in _kinds().own


def is_personal(kind: str) -> bool:
    """Tell whether nobody else can do it in the place of whom it was given to."""
    return kind in _kinds().personal


def is_private(kind: str) -> bool:
    """Tell whether nobody else is shown it, or may answer it, than whom it was given to."""
    return kind in _kinds().private


def is_of_others(kind: str) -> bool:
    """Tell whether it is kept from whom it is about, unless nobody else could see to it."""
    return kind in _kinds().of_others


def is_for_others(kind: str) -> bool:
    """Tell whether whom it is about may not decide it, unless the group is theirs."""
    return kind in _kinds().for_others


def is_decided(kind: str) -> bool:
    """Tell whether it wants a yes or a no; every other is done, or not."""
    return kind in _kinds().decided


def decided() -> frozenset[str]:
    """Return every kind that wants a yes or a no."""
    return _kinds().decided


def buttons(kind: str, number: int, words: Words, *, taken: bool = False) -> tuple[Button, ...]:
    """Return what may be pressed under a task; `taken`: by whoever does it already."""
    usual = "decided" if is_decided(kind) else "done"
    labels = _kinds().buttons.get(kind, _kinds().buttons[usual])
    return tuple(
        Button(label, f"{words.shown(command)} {number}", of=f"{_OF}{number}")
        for command, label in labels.items()
        if words.shown(command) and not (taken and command == "take")
    )


def number_of(button: Button) -> int:
    """Return the number of the task that a button answers, 0 where it is of something else."""
    number = button.of.removeprefix(_OF)
    return int(number) if button.of.startswith(_OF) and number.isdecimal() else 0


def answered_by(buttons: Iterable[Button]) -> int:
    """Return the number of the one task that all of these buttons answer, or 0."""
    numbers = {number_of(each) for each in buttons}
    return numbers.pop() if len(numbers) == 1 else 0


def parse(said: str) -> Query | None:
    """Return what is asked with the words behind the command; None where they are something else.

    A number alone is a task's; a page says so: `第2页`.
    """
    fields: dict[str, Any] = {}
    for word in normalise(said).split():
        meant = _number(word, fields) or _word(word, fields)
        if not meant:
            return None
        fields |= meant
    return Query(**fields)


def _number(word: str, before: Mapping[str, Any]) -> dict[str, Any]:
    digits = word.strip("#")
    if digits.isdecimal() and len(digits) <= LONGEST_NUMBER and not before:
        return {"number": int(digits)}
    return {}


def _word(word: str, before: Mapping[str, Any]) -> dict[str, Any]:
    known = _kinds()
    if "number" in before:
        return {"verbatim": True} if word in known.verbatim else {}
    if word in known.views:
        return {"view": known.views[word]}
    if word in known.families:
        return {"family": known.families[word]}
    page = page_named(word)
    return {"page": page} if page else {}


def page_named(word: str) -> int:
    """Return the page that a word asks for, 0 where it asks for none."""
    page = _PAGE.fullmatch(word)
    return max(1, int(next(filter(None, page.groups())))) if page else 0


def due_at(kind: str, stated: int, now: int, asleep: Span | None, zone: ZoneInfo) -> int:
    """Return when a task opened now is due; 0 where its own duty sees to that.

    Where nobody stated it, it is on a full quarter of an hour, as people make it out.
    """
    if stated or sees_to_itself(kind):
        return stated
    return quiet.quiet_end(asleep, localtime.quarter_after(now + OWED_MS), zone)


def passed_on_at(task: Task, asleep: Span | None, zone: ZoneInfo) -> int:
    """Return when the next one is told of a task that is not done in time: half of it later."""
    half = max(SHORTEST_GRACE_MS, (task.due_at - task.created_at) // 2)
    return quiet.waking_deadline(task.due_at, min(half, LONGEST_GRACE_MS), asleep, zone)


def next_duties(task: Task) -> Sequence[str]:
    """Return who is told next, one after the other: owner, staff or leader, none twice."""
    chain = AFTER_PERSON if task.to.isdecimal() else care.NEXT[task.to]
    return [duty for duty in chain if duty not in task.told]


def is_addressed(task: Task, duties: Iterable[str], person: int) -> bool:
    """Tell whether it was given to the person, who has those duties in the task's group."""
    return str(person) == task.to or not {task.to, *task.told}.isdisjoint(duties)


def is_for(task: Task, duties: Iterable[str], person: int) -> bool:
    """Tell whether it is the person's turn now: theirs, and taken by nobody else."""
    return task.taken_by == person if task.taken_by else is_addressed(task, duties, person)


def shown(
    tasks: Iterable[Task], query: Query, now: int, zone: ZoneInfo, mine: Iterable[int]
) -> list[Task]:
    """Return the tasks that a list shows, the most pressing first; `mine` are ids of them."""
    views: Mapping[str, Callable[[Task], bool]] = {
        "mine": lambda task: task.id in own,
        "overdue": lambda task: is_overdue(task, now),
        "today": lambda task: _is_today(task, now, zone),
        "taken": lambda task: task.taken_by != 0,
    }
    own, fits = frozenset(mine), views.get(query.view)
    found = [
        task
        for task in tasks
        if (fits is None or fits(task)) and query.family in ("", family(task.kind))
    ]
    return sorted(found, key=lambda task: (task.due_at or now + LONGEST_GRACE_MS, task.id))


def is_overdue(task: Task, now: int) -> bool:
    """Tell whether its time is over."""
    return 0 < task.due_at <= now


def _is_today(task: Task, now: int, zone: ZoneInfo) -> bool:
    """Tell whether it is due by the end of the local day."""
    today = localtime.local_date(now, zone)
    return bool(task.due_at) and localtime.local_date(task.due_at, zone) <= today


def page_of(found: Sequence[Task], number: int) -> tuple[Sequence[Task], int, int]:
    """Return a page's tasks, its number (the last where there are not so many) and how many."""
    pages = max(1, -(-len(found) // PAGE))
    page = min(number, pages)
    return found[(page - 1) * PAGE : page * PAGE], page, pages
