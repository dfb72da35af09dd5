"""What WeCom's answers mean for us: the exception tree, the errcode table, reading an answer.

WeComError
  Retryable   nothing happened at WeCom's; the same call may be made again after `wait_ms`
  Permanent   refused; the same call would be refused again
  Unknown     the request went out and its answer was lost: it may have taken effect
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sop.times.durations import HOUR_MS, MINUTE_MS


class Fate(StrEnum):
    """What to do about an errcode. The first five say that the same call may succeed later."""

    RETRY = "retry"  # with backoff and jitter
    RETRY_THRICE = "retry-thrice"  # the same, and no more than three times
    WAIT_WINDOW = "wait-window"  # a call limit: after its window, see `window_ms`
    RETRY_LATER = "retry-later"  # some minutes later
    RESUBSCRIBE = "resubscribe"  # the long connection must subscribe again first
    REFRESH_TOKEN = "refresh-token"  # noqa: S105 - the name of a fate, not a token
    GIVE_UP = "give-up"
    ALARM_CONFIG = "alarm-config"  # a person must change something at WeCom's or in `.env`
    DROP_MEMBER = "drop-member"  # one id of the list is unfit; send the rest
    CHECK_CREATED = "check-created"  # the chatid exists: after a lost answer it may be our group
    UPLOAD_AGAIN = "upload-again"  # the media id is worn out
    SPLIT = "split"  # too large: in smaller pieces
    SEND_NEW = "send-new"  # the answer's stream is over; a new message may go out
    TOMORROW = "tomorrow"  # used up for the day
    DONE = "done"  # says error, means success


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One row of the errcode table."""

    fate: Fate
    meaning: str


class WeComError(Exception):
    """A call to WeCom did not end well. The text names no token, key or secret.

    `api` is the path after `/cgi-bin/` or the long connection's command; `errcode` is 0 where
    the failure is not WeCom's own answer; `wait_ms` 0 leaves the pause to the caller's backoff.
    """

    def __init__(
        self, api: str, text: str, *, errcode: int = 0, fate: Fate = Fate.GIVE_UP, wait_ms: int = 0
    ) -> None:
        super().__init__(f"{api}: {text}")
        self.api = api
        self.errcode = errcode
        self.fate = fate
        self.wait_ms = wait_ms


class Retryable(WeComError):
    """Nothing happened at WeCom's: HTTP 5xx, not connected, busy, or a limit with its window."""


class Permanent(WeComError):
    """Refused, and the same call would be refused again; `fate` may say what would help."""


class Unknown(WeComError):
    """Timed out or cut after sending: it may have taken effect."""


# A 45009 does not say which of its windows is full: try the shortest first.
WINDOWS_MS = (MINUTE_MS, 5 * MINUTE_MS, HOUR_MS)

_WAITS_MS: Mapping[Fate, int] = {
    Fate.RETRY: 0,
    Fate.RETRY_THRICE: 0,
    Fate.RESUBSCRIBE: 0,
    Fate.WAIT_WINDOW: WINDOWS_MS[0],
    Fate.RETRY_LATER: 300_000,
}

# Ranges of which WeCom's documents do not explain every number; known numbers override them.
_RANGES: tuple[tuple[range, str], ...] = (
    (range(41068, 41085), "intercept rule refused (limit or state)"),
    (range(86001, 86009), "appchat refused"),
    (range(86201, 86225), "appchat refused"),
)

# Source: WeCom's page 90313; the AI bot's (8466xx, 6000) from its published clients.
_ROWS: Mapping[Fate, Mapping[int, str]] = {
    Fate.RETRY_THRICE: {-1: "system busy"},
    Fate.RETRY: {45033: "too many concurrent calls"},
    Fate.WAIT_WINDOW: {45009: "over the call limit"},
    Fate.RETRY_LATER: {41063: "group send still being dispatched"},
    Fate.RESUBSCRIBE: {846609: "link not subscribed"},
    Fate.REFRESH_TOKEN: {40014: "access token invalid", 42001: "access token expired"},
    Fate.UPLOAD_AGAIN: {40007: "media id wrong or older than 3 days"},
    Fate.DROP_MEMBER: {86216: "one member id is unfit"},
    Fate.CHECK_CREATED: {86215: "chatid already used"},
    Fate.TOMORROW: {41094: "too many reminders today"},
    Fate.DONE: {6000: "harmless version conflict on a last frame"},
    Fate.SEND_NEW: {846604: "stream expired", 846608: "stream expired"},
    Fate.SPLIT: {
        45001: "media too large",
        45002: "text too long",
        45007: "voice too long",
        45008: "too many articles",
        301058: "archive answer too large, ask for less",
    },
    Fate.ALARM_CONFIG: {
        40001: "wrong secret, or the token of another app",
        40013: "bad corp id",
        40056: "bad agent id",
        40091: "illegal secret",
        43012: "the app needs a callback URL",
        48001: "API not granted",
        48002: "API not allowed",
        48005: "API retired",
        48006: "permission withdrawn for disuse",
        50003: "app disabled",
        60011: "no privilege (appchat: the app's scope must be the root department)",
        60020: "this server's IP is not on the app's trusted list",
        84074: "no external-contact permission",
        93000: "webhook key wrong or robot removed",
        93004: "robot disabled",
        93008: "robot not in the group",
        301002: "agent id is not this app's",
        301007: "corp disabled",
        301042: "archive: IP not listed",
        301052: "archive: service expired",
        301053: "archive: not bought",
    },
    Fate.GIVE_UP: {
        40003: "bad userid",
        40008: "bad message type",
        40031: "bad userid list",
        40033: "illegal characters",
        40050: "chatid does not exist",
        40058: "bad parameter",
        40063: "empty parameter",
        40096: "bad external userid",
        41001: "access token missing",
        41048: "no customer to send to",
        41050: "welcome code bad or too old",
        41051: "welcome: the chat has begun already",
        41055: "welcome templates full",
        41058: "welcome template is another app's",
        41091: "join way with more than 5 groups",
        41093: "task cancelled",
        41096: "welcome is being sent already",
        44001: "empty media",
        44004: "empty text",
        46004: "unknown userid",
        50002: "member out of scope",
        60021: "member not in the app's scope",
        60111: "unknown userid",
        81013: "nobody reachable",
        81017: "too many results, a filter is needed",
        82001: "no recipient",
        82002: "too many users",
        82003: "too many departments",
        84061: "no such external contact",
        85002: "forbidden words",
        86001: "bad chatid",
        86003: "no such chat",
        86004: "bad chat name",
        86005: "bad owner",
        86006: "too many or too few members",
        86007: "illegal member",
        86008: "not a group of this app",
        86101: "only the owner may do this",
        86201: "chatid missing",
        86202: "name missing",
        86203: "owner missing",
        86204: "members missing",
        86205: "chatid too long",
        86207: "owner not in the member list",
        86217: "sender not in the chat",
        86220: "bad parameters",
        86224: "not a restricted group",
        90501: "not a customer group",
        90502: "customer group cannot be handed over",
        90507: "hand-over limit reached",
        90508: "hand-over limit reached",
        93006: "bad group id (it is case-sensitive)",
        301048: "archive: file gone",
        301059: "archive: internal groups only",
        846605: "unknown req_id",
        853006: "tool not open to this corp",
    },
}

# Where the same number means something milder than the table's row.
_BY_API: Mapping[tuple[str, int], Fate] = {
    ("user/get", 60011): Fate.GIVE_UP,  # this member only is out of the app's scope
    ("message/send", 60011): Fate.GIVE_UP,
}


def _rows() -> Iterator[tuple[int, Code]]:
    for numbers, meaning in _RANGES:
        for code in numbers:
            yield code, Code(fate=Fate.GIVE_UP, meaning=meaning)
    for fated, rows in _ROWS.items():
        for code, meaning in rows.items():
            yield code, Code(fate=fated, meaning=meaning)


CODES: Mapping[int, Code] = dict(_rows())


def fate(api: str, errcode: int) -> Fate:
    """Say what to do about `errcode` from `api`; a number in no table is given up."""
    row = CODES.get(errcode)
    return _BY_API.get((api, errcode)) or (row.fate if row else Fate.GIVE_UP)


def failure(api: str, errcode: int, errmsg: str) -> WeComError:
    """Build the exception for a refusal; `errmsg` must hold no secret any more."""
    doom = fate(api, errcode)
    row = CODES.get(errcode)
    text = f"{errcode} {row.meaning if row else 'unlisted code'} ({errmsg})"
    if doom in _WAITS_MS:
        return Retryable(api, text, errcode=errcode, fate=doom, wait_ms=_WAITS_MS[doom])
    return Permanent(api, text, errcode=errcode, fate=doom)


def window_ms(waited: int) -> int:
    """Return how long to wait for a full window that was waited for `waited` times already."""
    return WINDOWS_MS[min(max(waited, 0), len(WINDOWS_MS) - 1)]


_HTTP_OK = 200
_TOO_MANY_REQUESTS = 429
_SERVER_ERROR = 500
# Enough for WeCom's hints (which IP, which field), short enough for a log line.
_SHOWN_CHARACTERS = 200
_SECRET = re.compile(r"((?i:access_token|key|secret|response_code)=)[^&\s\"']+")


def masked(text: str, secrets: Collection[str]) -> str:
    """Return the beginning of `text` on one line, without `secrets` and secret URL parameters."""
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return " ".join(_SECRET.sub(r"\1***", text).split())[:_SHOWN_CHARACTERS]


def understood(
    api: str, status: int, raw: bytes, secrets: Collection[str], lost: type[WeComError] = Unknown
) -> dict[str, Any]:
    """Return WeCom's answer where it says success, and raise what else it says.

    `secrets` are masked in the error. `lost` is raised for an answer nobody can read: WeCom has
    the request then, but what became of it is not known.
    """
    if status >= _SERVER_ERROR or status == _TOO_MANY_REQUESTS:
        raise Retryable(api, f"HTTP {status}")
    if status != _HTTP_OK:
        raise Permanent(api, f"HTTP {status}")
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError):
        answer = None
    return checked(api, answer, secrets, lost)


def checked(
    api: str, answer: object, secrets: Collection[str], lost: type[WeComError] = Unknown
) -> dict[str, Any]:
    """Return an answer whose errcode says success; raise like `understood` otherwise."""
    errcode = answer.get("errcode") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or type(errcode) is not int:
        raise lost(api, "the answer is not WeCom's")
    if errcode and fate(api, errcode) is not Fate.DONE:
        raise failure(api, errcode, masked(str(answer.get("errmsg", "")), secrets))
    return answer
