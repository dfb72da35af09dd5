"""What falls due on one day, held against what the budget lets out on a day."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from sop.budgets import budget
from sop.checks.check_subject import warning
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.times.durations import Cap
from sop.yaml.schema_problems import Finding

_PRIORITIES: Final = ("high", "normal", "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One occurrence: `at` counts minutes, of a week from its Monday."""

    at: int
    rank: tuple[int, int]
    path: Path
    step: Step

    @property
    def day(self) -> int:
        """0 for Monday to 6 for Sunday."""
        return self.at // (24 * 60)


def over_a_day(dues: Sequence[Due], cap: Cap, day: str, *, told: bool) -> Iterator[Finding]:
    """Find the first step of a day that the budget has no room for.

    Where it was `told` already that every day is too full: only if another step is due then.
    """
    spent = 0
    for place, due in enumerate(dues):
        posts = budget.posts_from(due.step)
        spent += posts
        if spent > cap.n and posts and place:
            before = dues[place - 1]
            same = before.at == due.at
            beside = f', at the same minute as "{before.step.id}",' if same else ""
            what = f"on {day}{beside} this makes {spent} messages"
            if same or not told:
                message = f"{what}, and the budget allows {cap.n} a day: it will be held"
                yield warning((*due.path, "when"), message)
            return


def due_at(at: int, path: Path, step: Step) -> Due:
    """Return an occurrence of a step; of one minute, high priority goes first, then the file."""
    rank = _PRIORITIES.index(step.priority), int(path[-1])
    return Due(at=at, rank=rank, path=path, step=step)


def in_order(dues: Iterable[Due]) -> tuple[Due, ...]:
    """Return occurrences in the order in which the budget meets them."""
    return tuple(sorted(dues, key=lambda due: (due.at, due.rank)))
