"""Keys of pages that are one member's own: whose, and until when.

Nothing of a key is kept: it is signed with the deployment's secret, so that nobody makes one who
does not know that. Instants are ms UTC.
"""

import base64
import binascii
import hmac
from dataclasses import dataclass
from typing import Final

_SIGNED_BYTES: Final = 16
"""128 bits of HMAC-SHA-256 (RFC 2104, section 5 on shortening it)."""

LONGEST: Final = 400
"""Signs of a key that are looked at."""


@dataclass(frozen=True, slots=True)
class PageKey:
    """Whose page a key opens, before `until`."""

    community: str
    person: int
    until: int


def key_of(secret: str, page: PageKey) -> str:
    """Return the key, in signs that need no escape in an address."""
    said = f"{page.until}:{page.person}:{page.community}".encode()
    return f"{_shown(said)}.{_shown(_signature(secret, said))}"


def read_key(secret: str, key: str) -> PageKey | None:
    """Return whose page the key opens, whether its time is over or not; None if we made it not.

    Where there is no secret no key is ours. Never raises.
    """
    said, _, signed = key[:LONGEST].partition(".")
    try:
        told, signature = _read(said), _read(signed)
    except (ValueError, binascii.Error):
        return None
    if not secret or not hmac.compare_digest(_signature(secret, told), signature):
        return None
    until, person, community = told.decode().split(":", 2)
    return PageKey(community, int(person), int(until))


def _signature(secret: str, said: bytes) -> bytes:
    return hmac.digest(secret.encode(), b"page\0" + said, "sha256")[:_SIGNED_BYTES]


def _shown(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _read(shown: str) -> bytes:
    padded = shown.encode("ascii") + b"=" * (-len(shown) % 4)
    return base64.b64decode(padded, altchars=b"-_", validate=True)
