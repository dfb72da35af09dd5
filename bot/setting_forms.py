"""How each kind of setting is written: text in, typed value out, or what would be right."""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, urlsplit

from sop import likeness

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_NAME: Final = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)
_AES_KEY: Final = re.compile(r"[A-Za-z0-9+/]{43}")
_TOKEN: Final = re.compile(r"[A-Za-z0-9._~+/=-]{32,256}")
# Thirty-two letters alike are no secret; random ones, of hexadecimal digits even, have more.
_KINDS: Final = 8
_NUMBER: Final = re.compile(r"[0-9]{1,10}")
_MAX_PORT: Final = 65_535
# AgentIDs are 32-bit; the largest of WeCom's own is 2000006.
_MAX_AGENT_ID: Final = 2**31 - 1
# A hundred years: beyond it `now - days` leaves what a date can hold.
_MAX_DAYS: Final = 36_500
_NEAR: Final = 0.75


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of setting. `wants` completes "must be ..."; `read` raises ValueError otherwise.

    The error's text, where there is one, is a further sentence; neither ever repeats the value.
    """

    wants: str
    read: Callable[[str], object]


def nearest(word: str, known: list[str]) -> str | None:
    """Give the one of `known` that `word` is most likely a slip of, if any is near."""
    return likeness.nearest(word, known, _NEAR, "typing")


def _number(text: str, low: int, high: int) -> int:
    if not _NUMBER.fullmatch(text) or not low <= int(text) <= high:
        raise ValueError
    return int(text)


def _is_host(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        # Four numbers with dots are an address or a slip, never a name.
        return bool(_NAME.fullmatch(text)) and not text.replace(".", "").isdigit()
    return True


def _host(text: str) -> str:
    if not _is_host(text):
        raise ValueError
    return text


def _split(text: str) -> SplitResult:
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError:
        # The library's sentence repeats the URL, which may hold a password.
        raise ValueError from None
    if port == 0:
        raise ValueError
    return url


def _url(text: str, schemes: tuple[str, ...]) -> SplitResult:
    url = _split(text)
    if url.scheme not in schemes or not _is_host(url.hostname or ""):
        raise ValueError
    return url


def _origin(text: str, schemes: tuple[str, ...] = ("http", "https")) -> str:
    url = _url(text, schemes)
    if "/cgi-bin" in url.path:
        raise ValueError("Leave out /cgi-bin: the bot adds it.")
    if url.path.strip("/") or "@" in url.netloc or "?" in text or "#" in text:
        raise ValueError
    return f"{url.scheme}://{url.netloc.lower()}"


def _websocket(text: str) -> str:
    url = _url(text, ("ws", "wss"))
    if "@" in url.netloc or "#" in text:
        raise ValueError
    return text


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(_network(part.strip()) for part in text.split(","))


def _network(text: str) -> Network:
    try:
        return ipaddress.ip_network(text)
    except ValueError:
        raise ValueError from None


def _database(text: str) -> str:
    if text.startswith("postgresql://"):
        return _server(text)
    path = text.removeprefix("sqlite:///")
    if path == text or not path.strip("/") or path == ":memory:" or "?" in path:
        raise ValueError
    return text


def _server(text: str) -> str:
    url = _split(text)
    # A socket's folder stands behind the name of the database.
    by_socket = "host=/" in url.query
    if not url.path.strip("/") or not (by_socket or _is_host(url.hostname or "")):
        raise ValueError
    if find_spec("psycopg") is None:
        raise ValueError("PostgreSQL needs its driver: pip install 'psycopg[binary]>=3.2,<4'")
    return text


def _later(what: str) -> Form:
    def refuse(_text: str) -> str:
        raise ValueError(f"{what} comes later, not in this version.")

    return Form("left out", refuse)


def _folder(text: str) -> Path:
    path = Path(text)
    if path.exists() and not path.is_dir():
        raise ValueError
    return path


def _zone(text: str) -> zoneinfo.ZoneInfo:
    try:
        return zoneinfo.ZoneInfo(text)
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = nearest(text, sorted(zoneinfo.available_timezones()))
        raise ValueError(f"Did you mean {near}?" if near else "") from None


def _level(text: str) -> str:
    if text.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ValueError
    return text.upper()


def _word(text: str) -> str:
    if not text.isascii() or " " in text:
        raise ValueError
    return text


def _aes_key(text: str) -> str:
    if not _AES_KEY.fullmatch(text):
        raise ValueError
    return text


def _token(text: str) -> str:
    if not _TOKEN.fullmatch(text) or len(set(text)) < _KINDS:
        raise ValueError
    return text


HOST: Final = Form("an address or name to listen on, such as 127.0.0.1 or 0.0.0.0", _host)
PORT: Final = Form(
    "a whole number from 0 (any free port) to 65535", lambda text: _number(text, 0, _MAX_PORT)
)
ORIGIN: Final = Form(
    "http:// or https:// and a name, without a path, such as https://bot.example.com", _origin
)
WEBSOCKET: Final = Form("a ws:// or wss:// address", _websocket)
NETWORKS: Final = Form(
    "addresses or networks with commas, such as 127.0.0.1,10.0.0.0/8", _networks
)
DATABASE: Final = Form(
    "sqlite:/// and the path of a file, or postgresql:// and a server with a database's name",
    _database,
)
BROKER: Final = _later("A broker between several machines")
ARCHIVE: Final = _later("The message archive")
FOLDER: Final = Form("a folder, or a path where none is yet", _folder)
ZONE: Final = Form("a time zone's name, such as Asia/Shanghai", _zone)
LEVEL: Final = Form("DEBUG, INFO, WARNING or ERROR", _level)
DAYS: Final = Form(
    "a whole number of days from 1 to 36500", lambda text: _number(text, 1, _MAX_DAYS)
)
AGENT_ID: Final = Form(
    "the app's AgentId, a whole number such as 1000002",
    lambda text: _number(text, 1, _MAX_AGENT_ID),
)
AES_KEY: Final = Form("the EncodingAESKey: 43 characters of A-Z, a-z, 0-9, + and /", _aes_key)
WORD: Final = Form("copied from WeCom's page, without blanks", _word)
PHRASE: Final = Form("a text of your own choice", str)
TOKEN: Final = Form(
    "a random token: 32 to 256 of A-Z, a-z, 0-9 and . _ ~ + / = -, such as openssl rand -hex 32"
    " prints",
    _token,
)
