"""Which hosts a text links to, seen as a browser would see them."""

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote

from sop.text import LIMIT
from sop.times.durations import shown

_INVISIBLE = re.compile("[\xad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff]+")
_SURROGATES = re.compile("[\ud800-\udfff]")
_HINT = re.compile(
    r"[a-z0-9][.\uff0e\u3002\uff61][a-z0-9]|[:\uff1a][/\\\uff0f\uff3c]", re.IGNORECASE
)
_LINK = re.compile(
    r"(?<![a-z0-9])(?P<scheme>[a-z][a-z0-9+.-]{0,15}):[/\\]{1,9}"
    r"(?P<authority>[^\s/\\?#<>\"]{1,300})(?P<rest>[/\\?#][!-~]*+)?"
    r"|(?P<bare>(?<![a-z0-9_-])[a-z0-9_][a-z0-9_-]*+(?:[.\u3002@][a-z0-9_-]++)++)"
    r"(?::[0-9]{1,5})?(?P<path>[/\\?#][!-~]*+)?"
)
_ASCII_HOST = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+\.?")
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_WEB = frozenset({"http", "https", "ftp", "ws", "wss"})
_SENTENCE_END = ".,;:!?'\")]}\u3002"
_LONGEST_HOST = 253
_MOST_LINKS = 50


def hosts(text: str, endings: Collection[str]) -> tuple[str, ...]:
    """Return the ASCII hosts a text links to, in order, each once, at most 50.

    A link begins with a scheme, or is a bare name whose last label is one of `endings` (top
    domains) or that begins with `www.` or goes on with a path. User information, ports,
    back slashes, percent signs, zero-width characters and full-width dots are read as a
    browser reads them; mail addresses are no links.
    """
    found = (_host_of(match, endings) for match in _links(text))
    return tuple(dict.fromkeys(filter(None, found)))[:_MOST_LINKS]


def pages(text: str, endings: Collection[str]) -> tuple[str, ...]:
    """Return what a text links to as host, path and query, in order, each once, at most 50.

    Small and capital letters are the same, an anchor and a slash at the end are left out.
    """
    found = ((_host_of(match, endings), match["rest"] or match["path"]) for match in _links(text))
    seen = (host + _place(rest or "") for host, rest in found if host)
    return tuple(dict.fromkeys(seen))[:_MOST_LINKS]


def _links(text: str) -> "Iterator[re.Match[str]]":
    if not _HINT.search(text):
        return iter(())
    seen = _SURROGATES.sub("\ufffd", _INVISIBLE.sub("", text[:LIMIT]))
    return _LINK.finditer(unicodedata.normalize("NFKC", seen).casefold())


def _place(rest: str) -> str:
    return rest.partition("#")[0].replace("\\", "/").rstrip(_SENTENCE_END + "/")


def domain(name: str) -> str:
    """Return a domain an operator allows in its ASCII form.

    `https://` before it, `*.` and a path are forgiven; `ValueError` for what is no domain.
    """
    bare = _INVISIBLE.sub("", unicodedata.normalize("NFKC", name)).casefold().strip()
    bare = re.sub(r"^[a-z]+://", "", bare).partition("/")[0].removeprefix("*").strip(".")
    found = _ascii(bare.partition(":")[0])
    if not found:
        raise ValueError(f"{shown(name)} is not a domain: write it as example.com")
    return found


def within(host: str, domains: Collection[str]) -> bool:
    """Tell whether a host is one of the domains or a subdomain of one."""
    return any(each in domains for each in above(host))


def above(host: str) -> Iterator[str]:
    """Yield a host and the domains it belongs to."""
    labels = host.split(".")
    return (".".join(labels[start:]) for start in range(len(labels)))


def _host_of(match: "re.Match[str]", endings: Collection[str]) -> str:
    if match["scheme"]:
        return _authority_host(match["authority"], match["scheme"] in _WEB, endings)
    user, _, name = match["bare"].rpartition("@")
    name = name.replace("\u3002", ".")
    ending = name.rpartition(".")[2]
    to_page = (match["path"] or "").startswith("/")
    if to_page or (not user and (name.startswith("www.") or ending in endings)):
        return _ascii(name) if "." in name and _is_name(ending) else ""
    return ""


def _authority_host(authority: str, web: bool, endings: Collection[str]) -> str:  # noqa: FBT001
    decoded = unquote(authority) if "%" in authority else authority
    # Behind an @ stands the true host, unless it is a person's mention written close to a link.
    for part in reversed(decoded.split("@")):
        host = _trimmed(part, endings)
        if "." in host or (web and (host == "localhost" or host.isdigit() or ":" in host)):
            return _ascii(host) or host
    return ""


def _trimmed(part: str, endings: Collection[str]) -> str:
    if part.startswith("["):
        return part[1:].partition("]")[0]
    part = re.sub("\u3002(?=[a-z0-9])", ".", part)
    latin = _ASCII_HOST.match(part)
    if latin is None or latin.end() == len(part):
        return part.partition(":")[0].rstrip(_SENTENCE_END)
    rest = part[latin.end() :]
    # Chinese goes on right behind a link; only a Chinese top domain makes it part of the host.
    if latin[0].endswith(".") and any(rest.startswith(end) for end in endings):
        return part.partition(":")[0].rstrip(_SENTENCE_END)
    return latin[0].rstrip(_SENTENCE_END)


def _is_name(label: str) -> bool:
    return label.isalpha() or label.startswith("xn--")


@lru_cache(maxsize=1024)
def _ascii(host: str) -> str:
    if not host or len(host) > _LONGEST_HOST:
        return ""
    if ":" in host or host.replace(".", "").isdigit():
        return _address(host)
    try:
        name = host if host.isascii() else host.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    labels = name.strip(".").split(".")
    return ".".join(labels) if len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) else ""


def _address(host: str) -> str:
    try:
        return str(ip_address(int(host) if host.isdigit() else host))
    except ValueError:
        return ""
