"""The keys that codes are sealed with: sealed when they are brought, opened when they go out.

What is sealed opens only here, at the edge; the database and its backups hold no code in plain
words. The first key seals. Every other one opens what it has sealed, so that a secret may be
changed: the former goes into the key file, one a line.
"""

import base64
import errno
import hmac
import logging
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Final, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from bot.settings import Settings
from sop.activities import codes
from sop.texts import text

FILE: Final = "code-keys"
"""In `DATA_DIR`: further secrets, one a line; the first seals where SESSION_SECRET is not set."""

_NONCE: Final = 12
_OWNER_ONLY: Final = 0o600
_LABEL: Final = b"qunyun code"

_log = logging.getLogger(__name__)


class Unreadable(Exception):
    """No known key opens this: the secret it was sealed with is gone, or it was altered."""


@dataclass(frozen=True)
class Key:
    """What is derived from one secret. `id` tells keys apart and nothing about the secret."""

    secret: str = field(repr=False)

    @cached_property
    def id(self) -> str:
        """Eight hexadecimal digits."""
        return _derived(self.secret, b"qunyun key id v1", 4).hex()

    @cached_property
    def cipher(self) -> AESGCM:
        """What seals and opens."""
        return AESGCM(_derived(self.secret, b"qunyun code seal v1", 32))

    @cached_property
    def marker(self) -> bytes:
        """The key of its marks."""
        return _derived(self.secret, b"qunyun code mark v1", 32)

    def mark(self, community: str, code: str) -> str:
        """Return what tells a code from all others of a community without telling it."""
        said = f"{community}\0{code}".encode("utf-8", "surrogatepass")
        return f"{self.id}{hmac.new(self.marker, said, sha256).hexdigest()[:32]}"


def _derived(secret: str, info: bytes, length: int) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=length, salt=None, info=info)
    return kdf.derive(secret.encode("utf-8", "surrogatepass"))


class Vault:
    """Seals and opens codes. `secret` may be empty: then the key file is what there is.

    The file is read when a key is asked for that is not known yet, and made (readable by its
    owner alone) when something must be sealed and there is no key at all.
    """

    def __init__(self, secret: str, path: Path) -> None:
        self._secret = secret
        self._path = path
        self._keys = tuple(self._read())

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """Return the vault of a deployment."""
        return cls(settings.session_secret, settings.data_dir / FILE)

    def seal(self, code: str) -> str:
        """Return the code as it may be kept; each time another text. Raises `OSError`."""
        key = self._first()
        nonce = secrets.token_bytes(_NONCE)
        sealed = key.cipher.encrypt(nonce, code.encode(), _LABEL)
        return f"{key.id}.{base64.urlsafe_b64encode(nonce + sealed).decode()}"

    def marks(self, community: str, code: str) -> tuple[str, ...]:
        """Return the code's marks, that of the key in use first; `OSError` as in `seal`."""
        first = self._first()
        others = (key for key in self._keys if key.id != first.id)
        return tuple(key.mark(community, code) for key in (first, *others))

    def locks(self) -> frozenset[str]:
        """Return the ids of the keys that are known now, those of the key file read anew."""
        self._keys = tuple(self._read())
        return frozenset(key.id for key in self._keys)

    def open(self, sealed: str) -> str:
        """Return the code, or raise `Unreadable`."""
        name, _, body = sealed.partition(".")
        key = self._key(name)
        if key is None:
            raise Unreadable(f"no key {name[:8]} is known")
        try:
            raw = base64.urlsafe_b64decode(body)
            return key.cipher.decrypt(raw[:_NONCE], raw[_NONCE:], _LABEL).decode()
        except (ValueError, InvalidTag):
            raise Unreadable("this was not sealed here, or was altered") from None

    def opened(self, words: str) -> str:
        """Return a text with the codes that stand sealed in it; never raises.

        What cannot be opened becomes a word that says whom to ask.
        """
        parts, last = [], 0
        for found in codes.sealed_in(words):
            parts += [words[last : found.start()], self._told(found[1])]
            last = found.end()
        return "".join((*parts, words[last:]))

    def _told(self, sealed: str) -> str:
        try:
            return self.open(sealed)
        except Unreadable as error:
            _log.error("a code cannot be opened: %s", error)
            return text("benefits.unreadable")

    def _key(self, name: str) -> Key | None:
        known = next((key for key in self._keys if key.id == name), None)
        if known is None:
            self._keys = tuple(self._read())
            known = next((key for key in self._keys if key.id == name), None)
        return known

    def _first(self) -> Key:
        if not self._keys:
            self._keys = tuple(self._read()) or (self._made(),)
        return self._keys[0]

    def _read(self) -> Iterator[Key]:
        if self._secret:
            yield Key(self._secret)
        with suppress(FileNotFoundError):
            lines = self._path.read_text("utf-8", "replace").splitlines()
            yield from (Key(line.strip()) for line in lines if line.strip())

    def _made(self) -> Key:
        """Make the key file whole; of two that do so at a time, the first one's stays."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        beside = self._path.with_name(f".{FILE}.{secrets.token_hex(8)}")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            with os.fdopen(os.open(beside, flags, _OWNER_ONLY), "w") as file:
                file.write(f"{secrets.token_urlsafe(32)}\n")
            with suppress(FileExistsError):
                os.link(beside, self._path)
        finally:
            beside.unlink(missing_ok=True)
        for key in self._read():
            return key
        raise OSError(errno.EINVAL, "holds no key", str(self._path))
