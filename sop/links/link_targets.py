"""Where a link may lead: to the open web, by http or https, and nowhere else.

A redirect of ours lends its name to the page behind it. So nothing that a browser would run, read
as credentials, or look for inside somebody's own network may stand behind one. What a public name
resolves to is not asked: nobody here fetches it.
"""

import re
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, Literal
from urllib.parse import SplitResult, quote, urlsplit

from sop.links.hosts import domain

LONGEST: Final = 2_000
"""Characters of a target: what every browser and chat still opens."""

Refused = Literal["", "empty", "long", "form", "scheme", "credentials", "private"]

# What a browser drops, or reads as another sign than it seems to be.
_TRICKY: Final = re.compile(
    r"[\x00-\x20\x7f-\xa0\\<>\"`{}|^\u2000-\u206f\u3000\ufeff\ud800-\udfff]"
)
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):")
# A last label that is a number makes a browser read the whole host as an address: 2130706433.
_NUMERIC: Final = re.compile(r"(?:[0-9]+|0[xX][0-9A-Fa-f]*)")
_UNICAST: Final = ip_network("2000::/3")
"""What of the newer addresses is given out to the open web; older ones inside lie outside it."""

_DEVIATING: Final = re.compile("[\xdf\u03c2\u1e9e\u200c\u200d]")
"""Letters of names that newer browsers keep and older rules replace: they lead to two places."""

_AT_HOME: Final = frozenset({
    "localhost", "local", "localdomain", "internal", "intranet", "lan", "home", "corp", "private",
    "arpa", "invalid", "test", "onion", "svc", "alt",
})  # fmt: skip
"""Last labels of names that mean nothing, or something else, on the open web (RFC 6761, 6762)."""

# What may stand as it is in a path, query or fragment; a percent sign begins what is encoded.
_KEPT: Final = "/?#[]@!$&'()*+,;=:%-._~"


def refusal(url: str) -> Refused:
    """Return in one word why no link may lead there; empty where it may. Never raises."""
    if not url.strip():
        return "empty"
    if len(url) > LONGEST:
        return "long"
    scheme = _SCHEME.match(url)
    if scheme and scheme[1].casefold() not in ("http", "https"):
        return "scheme"
    if not scheme or _TRICKY.search(url):
        return "form"
    parts = _parts(url)
    if parts is None or not parts.hostname:
        return "form"
    if "@" in parts.netloc:
        return "credentials"
    why = _host_refusal(parts.hostname, bracketed="[" in parts.netloc)
    return why or ("long" if len(_ascii_form(url, parts)) > LONGEST else "")


def ascii_form(url: str) -> str:
    """Return a target in the form a header can carry; `ValueError` for what `refusal` refuses."""
    why = refusal(url)
    if why:
        raise ValueError(why)
    return _ascii_form(url, urlsplit(url))


def _ascii_form(url: str, parts: SplitResult) -> str:
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host if _address(host) else domain(host)
    port = f":{parts.port}" if parts.port is not None else ""
    rest = url[url.index(parts.netloc) + len(parts.netloc) :]
    return f"{parts.scheme}://{shown}{port}{quote(rest, safe=_KEPT)}"


def host_of(url: str) -> str:
    """Return the host a target leads to, for people to see before they go there."""
    parts = _parts(url)
    return (parts.hostname or "") if parts else ""


def _parts(url: str) -> SplitResult | None:
    try:
        parts = urlsplit(url)
        _ = parts.port, parts.hostname
    except ValueError:
        return None
    return parts


def _host_refusal(host: str, *, bracketed: bool = False) -> Refused:
    address = _address(host)
    if address is not None:
        return "" if _is_public(address) else "private"
    if bracketed or _DEVIATING.search(host):
        return "form"
    labels = host.rstrip(".").split(".")
    if _NUMERIC.fullmatch(labels[-1]) or ":" in host:
        return "private"
    if len(labels) == 1 or labels[-1].casefold() in _AT_HOME:
        return "private"
    try:
        ascii_name = domain(host)
    except ValueError:
        return "form"
    # What is written in other signs may still read as an address: full-width digits.
    return "" if ascii_name == host.casefold() else _host_refusal(ascii_name)


def _address(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if address.is_multicast or not address.is_global:
        return False
    # What carries an older address inside leads where that one does; no page is told that way.
    return isinstance(address, IPv4Address) or (
        address in _UNICAST and not (address.sixtofour or address.teredo)
    )
