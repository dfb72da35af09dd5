"""What a like is worth: limits, weights, and which likes people look at before they count.

A like always counts as one where likes are counted, if it is within the pack's limits. What it
brings in points is its weight, from 0 to 1000 thousandths, reckoned from the last `WINDOW` days:

* The k-th like from one clique (`sop.standing.cliques`) for the same person weighs 1/k; where much
  is liked, it falls as much later as the measure below is more than `LEAST`. Whose likes belong
  to no clique yet is one alone.
* Half of what a like between the two would weigh, where the other has liked them back, if that
  is less: friends are not charged twice for the same likes.
* A sixth, while nobody has vouched for the giver: a like from owner, staff, a leader or a core
  member does, likes from `VOUCHERS` persons who are vouched for do.
* Each has as many likes a window that weigh anything as the middle one of all who give likes.
  Who gives more is as generous, but no louder.

None of it asks how early a like came. Since each gives no more than the community's usual share,
a ring can only pass round among its own what its members might have given to others; and since
it is a clique, that is worth less to them than if they had given it to others.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sop.model import Like
from sop.pack.pack_score import Likes

WINDOW: Final = 28
"""Local days that are looked back on, today included."""

WHOLE: Final = 1_000
"""The weight of a like that counts in full: weights are thousandths."""

UNVOUCHED: Final = 6
"""What the like of somebody is divided by whom nobody has vouched for."""

RETURNED: Final = 2
"""What a like is divided by that goes to somebody who has liked the giver."""

VOUCHERS: Final = 2
"""Persons vouched for whose likes vouch for another."""

LEAST: Final = 6
"""Likes a window that weigh something for everybody, however quiet the community is."""

PACE: Final = 7
"""Days over which somebody's share of a window is spread at least."""

RUN: Final = 12
"""Likes in a window from which it is asked whether they only go to and fro."""

RUN_SHARE: Final = 80
"""Per cent of somebody's likes for people who like them back, from which people have a look."""

RUN_EACH: Final = 3
"""Likes to each of them, on average, that a run has at least: friends like each other, too."""

STANDING: Final = frozenset({"counted", "held"})
"""Status of likes that were given and not taken back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What a like is judged by; `given` and `got` are standing likes of the window.

    `given` are the giver's; `got` are those the giver received from anybody they like, now
    or before. `mates` is how many likes the author has of others of the giver's clique.
    `allowance` is how many of the giver's may weigh something. `cleared`: people have looked
    at their likes.
    """

    giver: int
    author: int
    day: str
    given: Sequence[Like] = ()
    got: Sequence[Like] = ()
    mates: int = 0
    vouched: bool = True
    allowance: int = LEAST
    cleared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of a like, with every discount that made it lighter.

    `refused` names the limit it runs into (self, per-day, pair) and then nothing else holds.
    `because` has the discounts: again, clique, returned, unvouched, share.
    """

    refused: str = ""
    weight: int = 0
    counts: bool = True
    bears: bool = False
    held: bool = False
    because: tuple[str, ...] = ()


def judge(case: Case, limits: Likes) -> Verdict:
    """Decide what a like is worth; the same case always gives the same verdict."""
    refused = _refusal(case, limits)
    if refused:
        return Verdict(refused=refused)
    weight, because = weigh(case)
    same_day = any(each.day == case.day for each in _to_author(case))
    return Verdict(
        weight=weight,
        counts=not (limits.distinct_days and same_day),
        bears="share" not in because,
        held=not case.cleared and is_run(case),
        because=because,
    )


def _refusal(case: Case, limits: Likes) -> str:
    if case.giver == case.author:
        return "self"
    today = [each for each in case.given if each.day == case.day]
    if limits.per_day is not None and len(today) >= limits.per_day:
        return "per-day"
    to_them = sum(1 for each in today if each.author == case.author)
    if limits.pair_per_day is not None and to_them >= limits.pair_per_day:
        return "pair"
    return ""


def weigh(case: Case) -> tuple[int, tuple[str, ...]]:
    """Return the weight in thousandths, and the names of what made it lighter."""
    if _used_up(case):
        return 0, ("share",)
    before = len(_to_author(case))
    returned = any(each.giver == case.author for each in case.got)
    found = {
        "again": before > 0,
        "clique": case.mates > 0,
        "returned": returned,
        "unvouched": not case.vouched,
    }
    measure = max(LEAST, case.allowance)
    clique = measure + LEAST * (before + case.mates)
    pair = (measure + LEAST * before) * (RETURNED if returned else 1)
    divisor = max(clique, pair) * (1 if case.vouched else UNVOUCHED)
    return WHOLE * measure // divisor, tuple(name for name, holds in found.items() if holds)


def _used_up(case: Case) -> bool:
    bearing = [each for each in case.given if each.bears]
    today = sum(1 for each in bearing if each.day == case.day)
    return len(bearing) >= case.allowance or today >= -(-case.allowance // PACE)


def _to_author(case: Case) -> list[Like]:
    return [each for each in case.given if each.author == case.author]


def is_run(case: Case) -> bool:
    """Tell whether the giver's likes, with this one, nearly all go to and fro in a circle."""
    authors = [*(each.author for each in case.given), case.author]
    if len(authors) < RUN:
        return False
    back = {each.giver for each in case.got}
    inside = [author for author in authors if author in back]
    circle = len(set(inside))
    return (
        case.author in back
        and len(inside) * 100 >= len(authors) * RUN_SHARE
        and len(inside) >= circle * RUN_EACH
    )


def whole_awards(total: int) -> int:
    """Return how many whole likes a sum of thousandths is, rounded half up.

    Paying what the sum has grown by loses nothing: many light likes are one award in the end.
    """
    return (total + WHOLE // 2) // WHOLE


def allowance_for(counts: Iterable[int]) -> int:
    """Return how many likes a window weigh something: the median of what each giver gave.

    A ring cannot lift the median while it is the smaller part of those who give likes.
    """
    given = sorted(count for count in counts if count > 0)
    return max(LEAST, given[(len(given) - 1) // 2]) if given else LEAST


def vouching_holds(since: str, day: str, vouched: int) -> bool:
    """Tell whether likes of those nobody vouches for count less, in likes begun `since`.

    Where after a whole window nobody is vouched for, nobody with a duty gives likes: then all
    count alike.
    """
    return vouched > 0 or since > window_starts(day)


def window_starts(day: str) -> str:
    """Return the first local date of the window that ends with `day`."""
    return (date.fromisoformat(day) - timedelta(days=WINDOW - 1)).isoformat()


def with_one_more(recent: Sequence[tuple[str, int]], day: str) -> tuple[tuple[str, int], ...]:
    """Return the likes given per day of the window, with one more today."""
    first = window_starts(day)
    tally = {date_: count for date_, count in recent if date_ >= first}
    tally[day] = tally.get(day, 0) + 1
    return tuple(sorted(tally.items()))


def given_within(recent: Sequence[tuple[str, int]], day: str) -> int:
    """Return how many likes were given in the window that ends with `day`."""
    first = window_starts(day)
    return sum(count for date_, count in recent if date_ >= first)


def vouch(vouchers: Sequence[int], by: int, *, certain: bool) -> tuple[tuple[int, ...], bool]:
    """Return who vouches after one more did, and whether that is enough.

    `certain` is the like of somebody with a duty here: it vouches alone.
    """
    known = tuple(dict.fromkeys((*vouchers, by)))
    return known[:VOUCHERS], certain or len(known) >= VOUCHERS
