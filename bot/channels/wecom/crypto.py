"""Signature, decryption and encryption of WeCom callbacks; the only user of wechatpy."""

import base64
import binascii
import hashlib
import hmac
import os
import re
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

# The plaintext is 16 random bytes, the text's length in 4 bytes, the text and the receiveid,
# padded to blocks of 32 bytes although AES has blocks of 16.
_RANDOM_BYTES = 16
_SALTS = 256
_HEAD_BYTES = _RANDOM_BYTES + 4
_BLOCK_BYTES = 32
_AES_KEY = re.compile(r"[A-Za-z0-9+/]{43}")


class CallbackRejected(Exception):
    """A callback is not from WeCom, or is not whole; `reason` holds nothing secret."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class CallbackForged(CallbackRejected):
    """The signature, the receiveid or the time does not fit: WeCom did not send this to us."""


class CallbackMalformed(CallbackRejected):
    """What came cannot be read: base64, padding, framing, XML, JSON or a parameter is broken."""


class _Salts:
    """The random bytes that begin a text, fetched from the system for many texts at once.

    Every fetch lets the other threads go first, which under load takes longer than all the rest
    of an answer.
    """

    def __init__(self) -> None:
        self._left: list[bytes] = []

    def next(self) -> bytes:
        """Give bytes that no other text has."""
        try:
            return self._left.pop()
        except IndexError:
            return self._fetch()

    def _fetch(self) -> bytes:
        many = os.urandom(_RANDOM_BYTES * _SALTS)
        first, *rest = (many[at : at + _RANDOM_BYTES] for at in range(0, len(many), _RANDOM_BYTES))
        self._left.extend(rest)
        return first


_salts = _Salts()


class CallbackCrypto:
    """The cipher of one callback surface (wecom-protocol.md 1.1), safe to share between threads.

    `receive_id` is the corp id for a self-built app and empty for a group robot and an AI bot.
    A wrong `aes_key` (not 43 characters of base64) is a ValueError that does not repeat it;
    spare bits in its last character are ignored, as WeCom's own libraries do.
    """

    def __init__(self, token: str, aes_key: str, receive_id: str) -> None:
        if not _AES_KEY.fullmatch(aes_key):
            raise ValueError("an EncodingAESKey has 43 characters, A-Z, a-z, 0-9, + and /")
        self.receive_id = receive_id
        self._token = _bytes(token)
        self._receive_id = _bytes(receive_id)
        # wechatpy's own framing takes any padding and any length, so that a cut text with an
        # empty receiveid passes; only its cipher is used, built once.
        self._cipher = _WeChatCipher(base64.b64decode(aes_key + "="))

    def signature(self, timestamp: str, nonce: str, encrypt: str) -> str:
        """Give the lower-case hex SHA-1 that WeCom puts into `msg_signature`."""
        parts = sorted((self._token, _bytes(timestamp), _bytes(nonce), _bytes(encrypt)))
        return hashlib.sha1(b"".join(parts), usedforsecurity=False).hexdigest()

    def verify(self, msg_signature: str, timestamp: str, nonce: str, encrypt: str) -> None:
        """Raise CallbackForged, in constant time, unless the signature fits; any text may come."""
        expected = self.signature(timestamp, nonce, encrypt)
        if not hmac.compare_digest(_bytes(expected), _bytes(msg_signature)):
            raise CallbackForged("the signature does not fit")

    def decrypt(self, encrypt: str) -> str:
        """Give the text inside; CallbackForged on a foreign receiveid, else CallbackMalformed."""
        framed = _unpadded(self._cipher.decrypt(_ciphertext(encrypt)))
        end = _HEAD_BYTES + int.from_bytes(framed[_RANDOM_BYTES:_HEAD_BYTES], "big")
        if end > len(framed):
            raise CallbackMalformed("the text is shorter than its length says")
        if not hmac.compare_digest(framed[end:], self._receive_id):
            raise CallbackForged("the receiveid is not ours")
        try:
            return framed[_HEAD_BYTES:end].decode()
        except UnicodeDecodeError as error:
            raise CallbackMalformed("the text is not UTF-8") from error

    def encrypt(self, text: str | bytes) -> str:
        """Give base64 that `decrypt` reads back; a lone surrogate becomes a question mark."""
        body = text if isinstance(text, bytes) else text.encode(errors="replace")
        head = _salts.next() + len(body).to_bytes(4, "big")
        framed = head + body + self._receive_id
        pad = _BLOCK_BYTES - len(framed) % _BLOCK_BYTES
        return base64.b64encode(self._cipher.encrypt(framed + bytes((pad,)) * pad)).decode()


def _load_cipher() -> Any:
    """Load wechatpy's cipher and nothing else of it.

    Its front door brings an API client that waits for every call, with all that needs: 7 MB
    that an idle bot would hold, and half of its start.
    """
    package = find_spec("wechatpy")
    assert package is not None
    assert package.submodule_search_locations is not None
    path = Path(package.submodule_search_locations[0]) / "crypto" / "cryptography.py"
    found = spec_from_file_location("wechatpy_cipher", path)
    assert found is not None
    assert found.loader is not None
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module.WeChatCipher


_WeChatCipher = _load_cipher()


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogatepass")


def _ciphertext(encrypt: str) -> bytes:
    try:
        raw = binascii.a2b_base64(encrypt, strict_mode=True)
    except ValueError as error:
        raise CallbackMalformed("the ciphertext is not base64") from error
    if not raw or len(raw) % _BLOCK_BYTES:
        raise CallbackMalformed("the ciphertext does not fill its blocks")
    return raw


def _unpadded(plain: bytes) -> bytes:
    pad = plain[-1]
    end = len(plain) - pad
    if not 1 <= pad <= _BLOCK_BYTES or end < _HEAD_BYTES or plain[end:] != plain[-1:] * pad:
        raise CallbackMalformed("the padding is broken")
    return plain[:end]
