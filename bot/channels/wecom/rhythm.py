"""The pauses of the AI bot's long connection, and whom it calls for help."""

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

_log = logging.getLogger(__name__)


def _warn(text: str) -> None:
    _log.warning("%s", text, extra={"action": "aibot-link-alarm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """What tests and the composition root replace.

    `jitter` gives 0..1; `alarm` is told, in one sentence, what a person must look at; `ack_s` is
    how long an answer to a frame is waited for.
    """

    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    alarm: Callable[[str], None] = _warn
    ack_s: float = 5.0
