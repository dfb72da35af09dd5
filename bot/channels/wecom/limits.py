"""WeCom's call limits as sliding windows, by channel and action."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """At most `limit` of `unit` in any `per_ms`, counted for each `scope` by itself.

    unit: message (see `messages`), person (messages x members), change (member), group (made).
    """

    scope: Literal["key", "member", "conversation", "corp"]
    limit: int
    per_ms: int
    unit: Literal["message", "person", "change", "group"] = "message"


_ROBOT = (Window(scope="key", limit=20, per_ms=MINUTE_MS),)
_CHANGE = (Window(scope="corp", limit=1_000, per_ms=HOUR_MS, unit="change"),)
_DM = (
    Window(scope="member", limit=30, per_ms=MINUTE_MS),
    Window(scope="member", limit=1_000, per_ms=HOUR_MS),
)
_LINK = (
    Window(scope="conversation", limit=30, per_ms=MINUTE_MS),
    Window(scope="conversation", limit=1_000, per_ms=HOUR_MS),
)
_APPCHAT = (
    Window(scope="member", limit=200, per_ms=MINUTE_MS),
    Window(scope="member", limit=10_000, per_ms=DAY_MS),
    Window(scope="corp", limit=20_000, per_ms=MINUTE_MS, unit="person"),
    # The figure of the smallest corps; larger ones have 350,000 or 700,000.
    Window(scope="corp", limit=150_000, per_ms=HOUR_MS, unit="person"),
)
_CREATE = (Window(scope="corp", limit=1_000, per_ms=DAY_MS, unit="group"),)

# WeCom pages 90236, 90248, 99110, 101463. Above a member's windows WeCom drops without an error.
CHANNEL_LIMITS: Mapping[tuple[str, str], tuple[Window, ...]] = {
    ("appchat", "create"): _CREATE,
    **{("appchat", do): _CHANGE for do in ("add", "remove")},
    **{("appchat", do): _APPCHAT for do in ("post", "reply")},
    **{("app", do): _DM for do in ("dm", "reply")},
    **{(channel, do): _ROBOT for channel in ("webhook", "robot") for do in ("post", "reply")},
    **{("link", do): _LINK for do in ("post", "dm", "reply")},
}
