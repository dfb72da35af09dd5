"""Between which bounds a figure lies, given how little was seen of it: 95 % intervals.

A figure without its interval makes chance look like news. Where too little was seen for one,
there is none.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from math import expm1, pi, sqrt, tan
from statistics import NormalDist, fmean, stdev
from typing import Final

Z: Final = 1.959963984540054
"""The normal distribution's two-sided 95 % point."""

CHANCE: Final = 0.05
"""How often the truth lies outside of an interval."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the truth lies in 95 of 100 cases, both bounds inside."""

    low: float
    high: float


def share(hits: int, of: int) -> Interval | None:
    """Return the interval of a share, within 0 and 1; None of nothing.

    Wilson's score interval: E. B. Wilson, "Probable inference, the law of succession, and
    statistical inference", JASA 22 (1927) 209-212. It holds for few cases and shares near 0 or 1.
    """
    if of <= 0:
        return None
    part, square = hits / of, Z * Z
    middle = (part + square / (2 * of)) / (1 + square / of)
    reach = Z / (1 + square / of) * sqrt(part * (1 - part) / of + square / (4 * of * of))
    # Rounding must not leave what is certain: none of none is at least none.
    low = 0.0 if hits <= 0 else max(0.0, middle - reach)
    high = 1.0 if hits >= of else min(1.0, middle + reach)
    return Interval(low, high)


def mean(values: Sequence[float], *, looks: int = 1) -> Interval | None:
    """Return the interval of the mean of what was measured; None of fewer than two values.

    Student's t interval: "The probable error of a mean", Biometrika 6 (1908) 1-25. Where the
    best of several `looks` is taken, each is as much wider as keeps all of them right together
    (O. J. Dunn, "Multiple comparisons among means", JASA 56 (1961) 52-64).
    """
    if len(values) < 2:  # noqa: PLR2004 - one value says nothing of how far they spread
        return None
    reach = student(len(values) - 1, CHANCE / looks) * stdev(values) / sqrt(len(values))
    middle = fmean(values)
    return Interval(middle - reach, middle + reach)


def widened(interval: Interval, freedom: int, looks: int) -> Interval:
    """Return the interval that a mean would have as one of so many `looks` (see `mean`)."""
    if looks <= 1:
        return interval
    middle = (interval.low + interval.high) / 2
    by = student(freedom, CHANCE / looks) / student(freedom)
    return Interval(middle - by * (middle - interval.low), middle + by * (interval.high - middle))


@cache
def student(freedom: int, chance: float = CHANCE) -> float:
    """Return how far, either way, Student's t strays with that chance, at 1 or more degrees.

    G. W. Hill, "Algorithm 396: Student's t-quantiles", CACM 13 (1970) 619-620; right to 0.001
    for the chances that are asked for here.
    """
    if freedom == 1:
        return 1 / tan(chance * pi / 2)
    if freedom == 2:  # noqa: PLR2004 - the other one that has a closed form
        return sqrt(2 / (chance * (2 - chance)) - 2)
    a = 1 / (freedom - 0.5)
    b = 48 / a**2
    c = ((20700 * a / b - 98) * a - 16) * a + 96.36
    d = ((94.5 / (b + c) - 3) / b + 1) * sqrt(a * pi / 2) * freedom
    y = (d * chance) ** (2 / freedom)
    if y > 0.05 + a:
        return sqrt(freedom * _near(freedom, chance, a, b, c, d))
    inner = 1 / (((freedom + 6) / (freedom * y) - 0.089 * d - 0.822) * (freedom + 2) * 3)
    y = ((inner + 0.5 / (freedom + 4)) * y - 1) * (freedom + 1) / (freedom + 2) + 1 / y
    return sqrt(freedom * y)


def _near(freedom: int, chance: float, a: float, b: float, c: float, d: float) -> float:
    """Hill's expansion about the normal distribution."""
    x = NormalDist().inv_cdf(chance / 2)
    y = x * x
    if freedom < 5:  # noqa: PLR2004 - his
        c += 0.3 * (freedom - 4.5) * (x + 0.6)
    c = (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b + c
    y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x
    return expm1(a * y * y)


def apart(first: Interval | None, second: Interval | None) -> bool:
    """Tell whether two figures differ by more than chance: their intervals do not touch.

    Stricter than a test of the difference (N. Schenker, J. F. Gentleman, "On judging the
    significance of differences by examining the overlap between confidence intervals", The
    American Statistician 55 (2001) 182-186): what it calls different is.
    """
    if first is None or second is None:
        return False
    return first.high < second.low or second.high < first.low
