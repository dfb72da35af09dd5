"""What happened in a group, in order of time: who did something when, and running sums.

A million of them take 16 MB, and how many lie in a window is found without looking at each.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Self


class Track:
    """Deeds of one kind in one group: the instant (ms) and the person of each, by time."""

    __slots__ = ("_ats", "_who")

    def __init__(self, ats: "array[int]", who: "array[int]") -> None:
        if any(one > other for one, other in pairwise(ats)):
            order = sorted(zip(ats, who, strict=True))
            ats = array("q", (at for at, _ in order))
            who = array("q", (person for _, person in order))
        self._ats, self._who = ats, who

    @classmethod
    def of(cls, deeds: Iterable[tuple[int, int]]) -> Self:
        """Return the track of some (instant, person), in any order."""
        order = sorted(deeds)
        return cls(array("q", (at for at, _ in order)), array("q", (who for _, who in order)))

    def __len__(self) -> int:
        return len(self._ats)

    @property
    def first_at(self) -> int | None:
        """When the first of them was; None of none."""
        return self._ats[0] if self._ats else None

    def count(self, since: int, until: int) -> int:
        """How many were from `since` on and before `until`."""
        low, high = self._window(since, until)
        return high - low

    def people(self, since: int, until: int) -> set[int]:
        """Who did one from `since` on and before `until`."""
        low, high = self._window(since, until)
        return set(self._who[low:high])

    def _window(self, since: int, until: int) -> tuple[int, int]:
        low = bisect_left(self._ats, since)
        return low, max(low, bisect_left(self._ats, until))


class Sums:
    """Amounts booked in one group, by time."""

    __slots__ = ("_ats", "_totals")

    def __init__(self, amounts: Iterable[tuple[int, int]] = ()) -> None:
        order = sorted(amounts)
        self._ats = array("q", (at for at, _ in order))
        self._totals = array("q", accumulate((each for _, each in order), initial=0))

    def total(self, since: int, until: int) -> int:
        """What was booked from `since` on and before `until`, taken together."""
        low = bisect_left(self._ats, since)
        high = max(low, bisect_left(self._ats, until))
        return self._totals[high] - self._totals[low]
