"""Who a request comes from, where proxies stand between."""

import ipaddress
from collections.abc import Sequence
from typing import Final

from aiohttp import web

from bot.setting_forms import Network

HOME_BITS: Final = 64
"""Of an IPv6 address: what one caller may have to themselves is counted as one."""


def caller(request: web.Request, trusted: Sequence[Network]) -> str:
    """Return the address a request comes from, of IPv6 its network.

    `X-Forwarded-For` is read from its end, and only as far as `trusted` proxies wrote it: what
    a caller has put there is not believed. Never raises; what is no address stays as it is.
    """
    found = request.remote or ""
    ways = ",".join(request.headers.getall("X-Forwarded-For", ())).split(",")
    for before in reversed(ways):
        address = _address(before)
        if address is None or not _is_trusted(found, trusted):
            break
        found = str(address)
    return _home(found)


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        found = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    return mapped or found


def _is_trusted(text: str, trusted: Sequence[Network]) -> bool:
    address = _address(text)
    return address is not None and any(address in network for network in trusted)


def _home(text: str) -> str:
    address = _address(text)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((int(address), HOME_BITS), strict=False))
    return str(address or text)
