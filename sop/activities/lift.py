"""What something brings beyond chance: two shares compared, with the range the truth lies in.

Those who were offered something against those who were left out, told as a 95 % interval: the
hybrid score interval of Newcombe (Statistics in Medicine 17, 1998, method 10) from Wilson's
intervals of both shares. It holds for small numbers, where the textbook's does not.
"""

from dataclasses import dataclass
from math import sqrt
from typing import Final

Z: Final = 1.959964
"""Of a normal distribution, 95 % lie within so many standard deviations."""

FEW: Final = 30
"""With fewer people on either side the interval is told, and said to be of few."""


@dataclass(frozen=True, slots=True)
class Share:
    """Of `people`, so many `did` something."""

    did: int
    people: int

    @property
    def value(self) -> float:
        """The share itself; 0 of nobody."""
        return self.did / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True)
class Lift:
    """How much more of the one than of the other did it, and the bounds of that, from -1 to 1."""

    value: float
    low: float
    high: float
    few: bool

    @property
    def is_certain(self) -> bool:
        """Whether chance alone is unlikely to have brought the difference."""
        return self.low > 0 or self.high < 0


def wilson(share: Share) -> tuple[float, float]:
    """Return the bounds between which the true share lies; of nobody it may be any."""
    count = share.people
    if not count:
        return 0.0, 1.0
    square, value = Z * Z, share.value
    middle = (value + square / (2 * count)) / (1 + square / count)
    half = Z / (1 + square / count) * sqrt(value * (1 - value) / count + square / 4 / count**2)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def lift(one: Share, other: Share) -> Lift | None:
    """Compare two shares; None where one of them is of nobody."""
    if not one.people or not other.people:
        return None
    value = one.value - other.value
    (one_low, one_high), (other_low, other_high) = wilson(one), wilson(other)
    down = sqrt((one.value - one_low) ** 2 + (other_high - other.value) ** 2)
    up = sqrt((one_high - one.value) ** 2 + (other.value - other_low) ** 2)
    few = min(one.people, other.people) < FEW
    return Lift(value, max(value - down, -1.0), min(value + up, 1.0), few)
