"""What becomes of a delivery that did not arrive at the first attempt: later, otherwise, and told.

Giving up is `claims`'; what people then do is a handler's.
"""

import logging
import random
from dataclasses import replace
from typing import Final

from bot.channels.wecom.attempts import Result
from sop.model import Outgoing

BACKOFF_MS: Final = 1_000
_GROWS: Final = 2
_GROWS_FAST: Final = 8
"""Where few attempts are allowed: so they are spread over as long as many are."""

LONGEST_BACKOFF_MS: Final = 300_000

_LEVELS: Final = {"wait": logging.INFO, "failed": logging.WARNING, "unknown": logging.WARNING}

_log = logging.getLogger(__name__)


def logged(outgoing: Outgoing, result: Result) -> None:
    """Say why an attempt came to nothing; an error where somebody must change a setting.

    The reason is WeCom's or the network's, never a word of the message.
    """
    if result.status == "sent":
        return
    level = logging.ERROR if result.alarm else _LEVELS[result.status]
    told = {
        "community": outgoing.community, "group": outgoing.group, "channel": outgoing.channel,
        "do": outgoing.do, "outcome": result.status, "reason": result.error,
    }  # fmt: skip
    _log.log(level, "a delivery went wrong", extra=told)


def postponed(outgoing: Outgoing, result: Result, now: int) -> Outgoing:
    """Try again after the window WeCom wants, or with exponential backoff and jitter."""
    pause = result.wait_ms
    body = dict(outgoing.body)
    if pause:
        body["waited"] = int(body.get("waited", 0)) + 1
    else:
        grows = _GROWS_FAST if result.most else _GROWS
        pause = min(LONGEST_BACKOFF_MS, BACKOFF_MS * grows ** (outgoing.attempts - 1))
        pause = round(pause * random.uniform(0.7, 1.3))  # noqa: S311 - jitter, not a secret
    return replace(
        outgoing, status="pending", not_before=now + pause, body=body, error=result.error[:500]
    )


def rerouted(outgoing: Outgoing) -> Outgoing | None:
    """An answer whose own route is spent goes by the group's channel, once."""
    spent = outgoing.klass == "reply" and outgoing.route and not outgoing.body.get("rerouted")
    if not spent or outgoing.channel in ("aibot", "robot"):
        return None
    body = {**outgoing.body, "rerouted": True}
    return replace(outgoing, status="pending", body=body, attempts=0)
