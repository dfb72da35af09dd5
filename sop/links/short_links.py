"""Short links: who opens one by what, whether that is a person, and what they get to see.

Instants are ms UTC.
"""

from collections.abc import Mapping
from functools import cache
from hashlib import blake2b
from typing import Any, Final, Literal

from sop.model import LinkHour, LinkPlace, ShortLink
from sop.times.durations import HOUR_MS
from sop.yaml import yaml_source

Platform = Literal["wecom", "wechat", "browser"]
PLATFORMS: Final[tuple[Platform, ...]] = ("wecom", "wechat", "browser")

Verdict = Literal["open", "unknown", "ended", "expired", "full", "elsewhere"]
"""Lead there; there is none; it was ended, its time is over, it was opened often enough; or it may
not be opened by this platform."""

LENGTH: Final = 16
_BASE32: Final = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
"""The signs of a code; 16 of these 32 are 80 bits."""

PER_NETWORK: Final = 5
"""Visitors from one place that a link takes for different people; a phone is easily renamed."""

MOST_VISITORS: Final = 20_000
"""Visitors of a link that are told apart; beyond, clicks are counted alone."""


FROM_ONE: Final = 20
"""So many clicks of a link's limit may come from one place; half of them, where that is more."""


@cache
def _agents() -> Mapping[str, Any]:
    found: Mapping[str, Any] = yaml_source.load_packaged("link_agents.yaml")
    return found


def platform_of(agent: str) -> Platform:
    """Return what a program that calls itself so is: WeCom, WeChat, or another browser."""
    said = agent.casefold()
    for platform in PLATFORMS[:-1]:
        if any(word in said for word in _agents()["platforms"][platform]):
            return platform
    return "browser"


def is_person(method: str, headers: Mapping[str, str]) -> bool:
    """Tell whether a request looks like a person's who wants to see the page now.

    `headers` has lower-case names. What asks for headers alone, calls itself a program, fetches
    ahead, or wants a part of another page is nobody.
    """
    agent = headers.get("user-agent", "").casefold()
    for phone in _agents()["people"]:
        agent = agent.replace(phone, " ")
    if method != "GET" or not agent or any(word in agent for word in _agents()["programs"]):
        return False
    purpose = " ".join(headers.get(name, "") for name in _PURPOSES).casefold()
    if "prefetch" in purpose or "preview" in purpose or "prerender" in purpose:
        return False
    return headers.get("sec-fetch-dest", "document") == "document"


_PURPOSES: Final = ("purpose", "x-purpose", "sec-purpose", "x-moz")


def verdict(link: ShortLink | None, target: str, platform: str, now: int) -> Verdict:
    """Return what who opens the link gets; `target` is where it leads now, empty: nowhere."""
    if link is None:
        return "unknown"
    if link.stopped_at or not (target or link.kind == "invitation"):
        return "ended"
    if link.expires_at and now >= link.expires_at:
        return "expired"
    if link.most and link.clicks >= link.most:
        return "full"
    return "elsewhere" if link.platforms and platform not in link.platforms else "open"


def counts(most: int, place: LinkPlace, now: int) -> bool:
    """Tell whether one more click from a place counts for a link's limit.

    Beyond its share one an hour does: an office is let in all the same, and nobody who renames a
    phone takes the link from the others.
    """
    share = max(FROM_ONE, most // 2)
    return not most or place.clicks < share or hour_of(place.at) < hour_of(now)


def code_of(secret: str, seed: str) -> str:
    """Return the code of that seed: nobody finds it who has not the secret."""
    digest = blake2b(f"{secret}\0{seed}".encode("utf-8", "surrogatepass"), digest_size=10)
    number = int.from_bytes(digest.digest(), "big")
    return "".join(_BASE32[number >> 5 * place & 31] for place in range(LENGTH))


def as_code(text: str) -> str:
    """Return a code as it is kept, however it is written; empty for what can be none."""
    code = text.upper()
    return code if len(code) == LENGTH and not code.strip(_BASE32) else ""


def mark(code: str, *parts: str) -> str:
    """Return what tells a visitor of that link from others, and nothing of who it is elsewhere."""
    return blake2b(
        "\0".join((code, *parts)).encode("utf-8", "replace"), digest_size=12
    ).hexdigest()


def hour_of(at: int) -> int:
    """Return the instant at which the hour began."""
    return at - at % HOUR_MS


def people_in(hour: LinkHour) -> int:
    """Return how often people opened a link in an hour."""
    return hour.wecom + hour.wechat + hour.browser
