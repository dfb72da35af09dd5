"""Whether a caller holds the token; who guesses has to wait."""

import hmac
from collections.abc import Callable
from typing import Final

from bot.clock.wall import steady

WRONG: Final = 5
"""Wrong tokens of one address after which it has to wait."""

WAIT_MS: Final = 60_000
"""How long it waits, and how long a wrong token is remembered."""

ADDRESSES: Final = 1_000
"""Addresses that are remembered; more forget the one that was wrong longest ago."""


class Doorkeeper:
    """Compares tokens in constant time and counts wrong ones per address. `now` gives ms UTC.

    While an address waits nothing it brings is compared, so that waiting cannot be shortened.
    """

    def __init__(self, token: str, now: Callable[[], int]) -> None:
        self._token = f"Bearer {token}".encode()
        self._now = steady(now)
        self._wrong: dict[str, tuple[int, int]] = {}

    def wait_s(self, address: str) -> int:
        """Return how many seconds the address has to wait, 0 where it need not."""
        count, until = self._wrong.get(address, (0, 0))
        left = until - self._now()
        return -(-left // 1_000) if count >= WRONG and left > 0 else 0

    def admits(self, address: str, given: str) -> bool:
        """Tell whether `given`, an Authorization header, holds the token."""
        scheme, _, rest = given.partition(" ")
        whole = f"{scheme.capitalize()} {rest.strip()}".encode("utf-8", "replace")
        if hmac.compare_digest(whole, self._token):
            self._wrong.pop(address, None)
            return True
        self._note(address)
        return False

    def _note(self, address: str) -> None:
        now = self._now()
        count, until = self._wrong.pop(address, (0, 0))
        self._wrong[address] = (count + 1 if until > now else 1, now + WAIT_MS)
        if len(self._wrong) > ADDRESSES:
            del self._wrong[next(iter(self._wrong))]
