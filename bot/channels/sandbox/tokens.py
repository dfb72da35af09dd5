"""The sandbox's access tokens: two hours long, the same one while it lives."""

import secrets
from collections.abc import Callable

from bot.channels.sandbox.model import Refused

LIFE_S = 7200


class Tokens:
    """Access tokens of the one self-built app (wecom-protocol.md section 8)."""

    def __init__(self, now: Callable[[], int]) -> None:
        self._now = now
        self._current = ""
        self._ends: dict[str, int] = {}
        self._ended_with: dict[str, int] = {}

    def get(self) -> tuple[str, int]:
        """Give the living token and the seconds it has left; a new one where none lives."""
        if self._ends.get(self._current, 0) <= self._now():
            self._current = secrets.token_urlsafe(48)
            self._ends[self._current] = self._now() + LIFE_S * 1000
        return self._current, (self._ends[self._current] - self._now()) // 1000

    def expire(self, errcode: int) -> None:
        """End the living token now; calls with it are answered `errcode` from here on."""
        self._ends[self._current] = self._now()
        self._ended_with[self._current] = errcode

    def check(self, token: str) -> None:
        """Refuse a missing (41001), unknown (40014) or ended token (42001)."""
        if not token:
            raise Refused(41001)
        if token not in self._ends:
            raise Refused(40014)
        if self._ends[token] <= self._now():
            raise Refused(self._ended_with.get(token, 42001))
