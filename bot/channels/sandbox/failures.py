"""Failures to order: what a test wants the sandbox's server to do wrong, and how often."""

from collections import defaultdict, deque
from dataclasses import dataclass

from bot.channels.sandbox.model import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """How one call fails.

    errcode: refused with that code, without effect. status: that HTTP status, without effect
    (not for frames of the link).
    hang_s: takes effect, answered so many seconds later. drop: takes effect, then the
    connection is cut without an answer.
    """

    errcode: int = 0
    status: int = 0
    hang_s: float = 0.0
    drop: bool = False

    def refuse(self) -> None:
        """Raise the refusal that was ordered, if one was."""
        if self.errcode:
            raise Refused(self.errcode)


WELL = Failure()


class Failures:
    """A queue of failures per API name (`appchat/send`, `webhook/send`, `aibot_send_msg`, ...)."""

    def __init__(self) -> None:
        self._ordered: dict[str, deque[Failure]] = defaultdict(deque)

    def order(self, api: str, failure: Failure, times: int) -> None:
        """Let the next `times` calls of `api` fail so, after those ordered before."""
        self._ordered[api].extend([failure] * times)

    def next(self, api: str) -> Failure:
        """How this call of `api` goes; `WELL` where nothing was ordered."""
        ordered = self._ordered.get(api)
        return ordered.popleft() if ordered else WELL
