"""One key=value line per log record, to stderr: never a secret, no message text above DEBUG."""

import datetime as dt
import logging
import re
import traceback
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import IO, Final, NamedTuple
from urllib.parse import quote

MASK: Final = "***"

# Shorter ones would mask half of every line; they are masked where they stand behind a name.
_MIN_SECRET: Final = 6
_MAX_FRAMES: Final = 8
_MAX_CAUSES: Final = 4

_events: Final = logging.getLogger("qunyun.event")

# What a record has without any `extra`; `message` and `asctime` other formatters add.
_PLAIN: Final = frozenset(
    {*vars(logging.makeLogRecord({})), "message", "asctime", "taskName", "lines"}
)

# A name that ends in one of the words, a sign of assignment, and what is assigned.
_WORDS: Final = ("token", "secret", "passw", "signature", "echostr", "key")
_ASSIGNED: Final = re.compile(
    r"""(?P<name>
        (?:token|secret|password|passwd|signature|echostr|aes_?key|api_?key|(?<![a-z])key)
        (?:_[a-z0-9_]{1,64})?)
    (?P<sign>\\?["']?\s{0,2}[=:]\s{0,2})
    (?:\\?"[^"\\]*\\?"|'[^']*'|[^\s"'\\&,;)}\]]+)""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE: Final = re.compile(r"[^ \"=\\]+")
_BEARER: Final = re.compile(r"\b(?P<scheme>Bearer|Basic)\s+[\w.~+/=-]+", re.IGNORECASE)
_USER_INFO: Final = re.compile(r"://[^/\s@\"']{1,200}@")

# Searching for the words first leaves a line without any at a tenth of the patterns' cost.
_MASKS: Final = (
    (_WORDS, _ASSIGNED, rf"\g<name>\g<sign>{MASK}"),
    (("bearer", "basic"), _BEARER, rf"\g<scheme> {MASK}"),
    (("://",), _USER_INFO, f"://{MASK}@"),
)


def set_up(level: str, *, secrets: Collection[str] = (), stream: IO[str] | None = None) -> None:
    """Send every record of `level` and above to `stream` (stderr); replaces earlier handlers.

    `secrets` are masked wherever they stand in a line, others where they look like one.
    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(LineFormatter(secrets=secrets, texts=level == "DEBUG"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # Its request lines carry one-time codes and signatures.
    for chatty in ("aiohttp.access", "apscheduler", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)


class EventLine(NamedTuple):
    """What became of one event: `event` is its key, `route` the handlers that saw it."""

    event: str
    kind: str
    community: str
    group: str
    route: str
    outcome: str
    duration_ms: float


def event_lines(lines: Sequence[EventLine]) -> None:
    """Log what became of a batch's events, a line for each.

    An outcome of `dead` is an error, every other one information. A level's lines are one
    record: a record for each of them took a fifth of an answer's time.
    """
    for level, dead in ((logging.ERROR, True), (logging.INFO, False)):
        meant = [line for line in lines if (line.outcome == "dead") is dead]
        if meant and _events.isEnabledFor(level):
            _events.log(level, "event", extra={"lines": meant})


class LineFormatter(logging.Formatter):
    """Writes `at= level= logger= message=`, then what was given as `extra`, then its error.

    An error is its class and where it was raised. Its sentence may quote a message, so it is
    written only with `texts`, or when the operating system is its author.
    """

    def __init__(self, *, secrets: Collection[str] = (), texts: bool = False) -> None:
        super().__init__()
        self._secrets = tuple(_spellings(secrets))
        self._texts = texts

    def format(self, record: logging.LogRecord) -> str:
        """Give the line, without a line feed in it; a line for each of the record's `lines`."""
        text = " ".join(f"{key}={_written(value)}" for key, value in self._pairs(record))
        lines: Sequence[EventLine] = getattr(record, "lines", ())
        if lines:
            text = "\n".join(f"{text} {_shown(line)}" for line in lines)
        for secret in self._secrets:
            if secret in text:
                text = text.replace(secret, MASK)
        return mask(text)

    def _pairs(self, record: logging.LogRecord) -> Iterator[tuple[str, object]]:
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        yield "at", at.isoformat(timespec="milliseconds")
        yield "level", record.levelname
        yield "logger", record.name
        yield "message", record.getMessage()
        yield from (pair for pair in vars(record).items() if pair[0] not in _PLAIN)
        if record.exc_info and record.exc_info[1] is not None:
            yield from _told(record.exc_info[1], texts=self._texts)


def mask(text: str) -> str:
    """Hide what is assigned to a name such as access_token, key or secret, and URL passwords."""
    small = text.lower()
    for words, pattern, hidden in _MASKS:
        if any(word in small for word in words):
            text = pattern.sub(hidden, text)
    return text


def _spellings(secrets: Collection[str]) -> Iterator[str]:
    # The longest first: one secret may begin with another.
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _MIN_SECRET:
            yield from dict.fromkeys((secret, _escaped(secret), quote(secret, safe="")))


def _shown(line: EventLine) -> str:
    event, *rest, duration_ms = line
    return f"event={_value(event)} {_places(*rest)} duration_ms={duration_ms:.1f}"


# All but an event's key and time is the same in many lines.
@lru_cache(maxsize=256)
def _places(*values: str) -> str:
    names = EventLine._fields[1:-1]
    return " ".join(f"{name}={_value(text)}" for name, text in zip(names, values, strict=True))


def _written(value: object) -> str:
    return _value(str(value))


def _value(text: str) -> str:
    if _BARE.fullmatch(text) and text.isprintable():
        return text
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return "".join(map(_escape, text))


def _escape(sign: str) -> str:
    if sign in '"\\':
        return "\\" + sign
    return sign if sign.isprintable() else sign.encode("unicode_escape").decode()


def _told(error: BaseException, *, texts: bool) -> Iterator[tuple[str, str]]:
    chain = list(_causes(error))
    yield "error", " < ".join(type(one).__name__ for one in chain)
    if texts or isinstance(error, OSError):
        yield "detail", str(error)
    frames = traceback.extract_tb(chain[-1].__traceback__)[-_MAX_FRAMES:]
    yield "where", " > ".join(f"{one.filename}:{one.lineno} {one.name}" for one in frames)


def _causes(error: BaseException) -> Iterator[BaseException]:
    current: BaseException | None = error
    for _ in range(_MAX_CAUSES):
        if current is None:
            return
        yield current
        hidden = None if current.__suppress_context__ else current.__context__
        current = current.__cause__ or hidden
