"""Pictures that a bot hears: fetched, decrypted, and read for their QR codes, in time or not.

An AI bot's address lives five minutes, and what is behind it is encrypted (wecom-protocol.md
6.1). A picture that cannot be had or read is unknown: the message goes on without it.
"""

import asyncio
import base64
import binascii
import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Final, NamedTuple

import aiohttp
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from yarl import URL

from bot.picture_limits import TooLarge

LARGEST: Final = 10 << 20
"""Bytes of a picture: WeCom carries no more."""

MOST: Final = 3
"""Pictures of one message that are looked at."""

PATIENCE_S: Final = 2.0
"""How long a message waits for its pictures: WeCom wants an answer in 5 s."""

_APP_HOST: Final = ".qpic.cn"
_HOSTS: Final = (".myqcloud.com", ".qq.com", _APP_HOST)
"""Where WeCom keeps what people send, besides its own origin."""

_BLOCK: Final = 32
_KEY_BYTES: Final = 32

_log = logging.getLogger(__name__)

Image = tuple[str, str | None]
"""An address, and the key of the picture behind it: empty that of the surface, None for none."""


class Seen(NamedTuple):
    """What codes in pictures say; `looked` is `yes`, or why one was not read: `large`, `lost`."""

    codes: tuple[str, ...] = ()
    looked: str = "yes"


class Images:
    """Reads the codes of pictures; `read` gives those of a picture's bytes, or ValueError."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        origin: str,
        key: str,
        read: Callable[[bytes], tuple[str, ...]],
    ) -> None:
        self._session = session
        self._origin = URL(origin).origin()
        self._key = key
        self._read = read

    async def look(self, images: Sequence[Image]) -> Seen:
        """Return what the codes in the pictures say; nothing of those that cannot be had."""
        found: dict[str, None] = {}
        looked = "yes"
        try:
            async with asyncio.timeout(PATIENCE_S):
                for image in images[:MOST]:
                    seen = await self._look(*image)
                    found |= dict.fromkeys(seen.codes)
                    looked = seen.looked if looked == "yes" else looked
        except TimeoutError:
            _log.warning("a picture was not read in time")
            looked = "lost"
        return Seen(tuple(found), looked)

    async def _look(self, address: str, key: str | None) -> Seen:
        try:
            data = await self._fetched(address)
            if key is not None:
                data = await asyncio.to_thread(decrypted, data, key or self._key)
            return Seen(await asyncio.to_thread(self._read, data))
        except (aiohttp.ClientError, OSError, ValueError) as error:
            _log.warning("a picture was not read: %s", type(error).__name__)
            return Seen(looked="large" if isinstance(error, TooLarge) else "lost")

    async def _fetched(self, address: str) -> bytes:
        url = URL(address)
        # Pictures sent to an app are told by http, and are there by https as well.
        if url.scheme == "http" and str(url.host).endswith(_APP_HOST):
            url = url.with_scheme("https")
        # Whoever could send us about would have us knock at doors inside.
        if url.origin() != self._origin and not (
            url.scheme == "https" and str(url.host).endswith(_HOSTS)
        ):
            raise ValueError("the address is not at WeCom's")
        async with self._session.get(url, allow_redirects=False) as answer:
            if answer.status != HTTPStatus.OK:
                raise ValueError("the picture is not there")
            data = bytearray()
            async for chunk in answer.content.iter_chunked(1 << 16):
                data += chunk
                if len(data) > LARGEST:
                    raise TooLarge("the picture is too large")
            return bytes(data)


def decrypted(data: bytes, key: str) -> bytes:
    """Return a picture's bytes: AES-256-CBC, the key's beginning first, padded to 32 bytes.

    Raises `ValueError` for a wrong key or broken data.
    """
    try:
        secret = base64.b64decode(key + "=" * (-len(key) % 4))
    except binascii.Error as error:
        raise ValueError("the key is not base64") from error
    if len(secret) != _KEY_BYTES:
        raise ValueError("the key does not have 32 bytes")
    opening = Cipher(algorithms.AES(secret), modes.CBC(secret[:16])).decryptor()
    plain = opening.update(data) + opening.finalize()
    pad = plain[-1] if plain else 0
    if not 0 < pad <= min(_BLOCK, len(plain)) or plain[-pad:] != bytes((pad,)) * pad:
        raise ValueError("the padding is broken")
    return plain[:-pad]
