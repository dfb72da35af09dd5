"""What the echo of a contribution means: how many likes are much, and how few are hardly any."""

from typing import Final

from sop.pack.pack_people import Signal, StrongSignal

LEAST_SHARE: Final = 5
"""Likes that a share of the members is at least: a few friends in a small group are no signal."""


def strong_at(strong: StrongSignal, hearable: int) -> int:
    """Return from how many likes a contribution is a strong signal among so many members.

    Whichever comes first: the number, or the share of those who can be heard (rounded up).
    """
    if strong.or_share is None or hearable <= 0:
        return strong.likes
    # A share that is not exact in binary must not ask for one like more.
    exact = round(strong.or_share * hearable, 6)
    share = int(exact) if exact == int(exact) else int(exact) + 1
    return min(strong.likes, max(LEAST_SHARE, share))


def is_weak(signal: Signal, likes: int) -> bool:
    """Tell whether so few likes after the time are a weak signal."""
    return signal.weak is not None and likes < signal.weak.likes
