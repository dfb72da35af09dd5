"""How often an address may come: so many times a minute, for a bounded number of addresses."""

from collections.abc import Callable
from typing import Final

from bot.clock.wall import steady

WINDOW_MS: Final = 60_000

ADDRESSES: Final = 10_000
"""Addresses that are remembered; more forget the one that came longest ago."""


class Pace:
    """Counts what an address does in a minute that begins with its first. `now` gives ms UTC."""

    def __init__(self, most: int, now: Callable[[], int]) -> None:
        self._most = most
        self._now = steady(now)
        self._seen: dict[str, tuple[int, int]] = {}

    def exceeded(self, address: str) -> bool:
        """Tell whether the address has had its share of this minute."""
        count, until = self._seen.get(address, (0, 0))
        return count >= self._most and until > self._now()

    def note(self, address: str) -> None:
        """Count one more."""
        now = self._now()
        count, until = self._seen.pop(address, (0, 0))
        self._seen[address] = (count + 1, until) if until > now else (1, now + WINDOW_MS)
        if len(self._seen) > ADDRESSES:
            del self._seen[next(iter(self._seen))]
