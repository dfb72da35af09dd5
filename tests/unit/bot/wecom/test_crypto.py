"""The callback cipher, against the vectors of wecom-protocol.md 1.3 and against wechatpy."""

import base64
import struct

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException

from bot.channels.wecom.crypto import (
    CallbackCrypto,
    CallbackForged,
    CallbackMalformed,
    CallbackRejected,
)

TOKEN = "tok3nEXAMPLE"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"
CORP = "ww0123456789abcdef"
STAMP, NONCE = "1760000000", "n0nce42"
ECHO = "Q3stYC6hdFzMh9T8HCvyDIxQmfLaYMb/z9TAOwDJkigoTuig08TqqFGuijQ1GPhTk0nhcsdWAfhAGKqiH9Nw9g=="
MESSAGE = (
    "Q3stYC6hdFzMh9T8HCvyDIyhYavL1vT7zOeUZ4dYZ6SiYvl4Igx9TeCQUhcrS7sGuCjpmDHqLLKnPf896KpsGA=="
)
VECTORS = [
    pytest.param(
        CORP, ECHO, "62ecf54f498a2b526ff597bb613eb0b0a87b0eed", "hello-echo", id="self-built app"
    ),
    pytest.param(
        "",
        MESSAGE,
        "22e569e8b9fb4f848bd2840e32bfd5e2d5fd4510",
        '{"msgid":"m-1","msgtype":"text"}',
        id="AI bot",
    ),
]


def crypto(receive_id: str = CORP) -> CallbackCrypto:
    return CallbackCrypto(TOKEN, AES_KEY, receive_id)


def sealed(plain: bytes) -> str:
    """Encrypt raw bytes, so that every lie about length and padding can be told."""
    key = base64.b64decode(AES_KEY + "=")
    encryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(encryptor.update(plain) + encryptor.finalize()).decode()


def framed(text: bytes, receive_id: bytes = b"", length: int | None = None) -> bytes:
    size = len(text) if length is None else length
    return b"r" * 16 + struct.pack(">I", size) + text + receive_id


def padded(plain: bytes, last: int | None = None) -> bytes:
    pad = 32 - len(plain) % 32
    return plain + bytes([pad]) * (pad - 1) + bytes([pad if last is None else last])


@pytest.mark.parametrize(("receive_id", "encrypt", "signature", "text"), VECTORS)
def test_the_published_vectors_are_read(
    receive_id: str, encrypt: str, signature: str, text: str
) -> None:
    crypto(receive_id).verify(signature, STAMP, NONCE, encrypt)

    assert crypto(receive_id).signature(STAMP, NONCE, encrypt) == signature
    assert crypto(receive_id).decrypt(encrypt) == text


@pytest.mark.parametrize(("receive_id", "encrypt", "signature", "text"), VECTORS)
def test_wechatpy_reads_the_vectors_alike(
    receive_id: str, encrypt: str, signature: str, text: str
) -> None:
    theirs = WeChatCrypto(TOKEN, AES_KEY, receive_id)

    assert theirs.decrypt_message({"Encrypt": encrypt}, signature, STAMP, NONCE) == text


@given(st.text(min_size=1).filter(lambda text: text.encode(errors="replace") == text.encode()))
def test_wechatpy_reads_what_we_write(text: str) -> None:
    encrypt = crypto().encrypt(text)
    signature = crypto().signature(STAMP, NONCE, encrypt)
    theirs = WeChatCrypto(TOKEN, AES_KEY, CORP)

    assert theirs.decrypt_message({"Encrypt": encrypt}, signature, STAMP, NONCE) == text


@given(
    st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=200),
    st.sampled_from(["", CORP, "群"]),
)
def test_what_is_encrypted_is_decrypted(text: str, receive_id: str) -> None:
    assert crypto(receive_id).decrypt(crypto(receive_id).encrypt(text)) == text


@pytest.mark.parametrize("size", [0, 11, 12, 13, 43, 44])
def test_each_length_around_a_block_border_comes_back(size: int) -> None:
    assert crypto("").decrypt(crypto("").encrypt("x" * size)) == "x" * size


def test_bytes_are_encrypted_as_they_are() -> None:
    assert crypto().decrypt(crypto().encrypt("早".encode())) == "早"


def test_the_same_text_never_encrypts_alike() -> None:
    assert crypto().encrypt("早") != crypto().encrypt("早")


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    assert crypto().decrypt(crypto().encrypt("a\ud800b")) == "a?b"


@given(st.binary(max_size=200).map(lambda raw: base64.b64encode(raw).decode()) | st.text())
def test_nothing_but_a_rejection_comes_of_foreign_ciphertext(encrypt: str) -> None:
    with pytest.raises(CallbackRejected):
        crypto().decrypt(encrypt)


@pytest.mark.parametrize(
    "signature",
    [
        pytest.param("", id="empty"),
        pytest.param("62ECF54F498A2B526FF597BB613EB0B0A87B0EED", id="upper case"),
        pytest.param("62ecf54f498a2b526ff597bb613eb0b0a87b0eec", id="one digit off"),
        pytest.param("签名" * 20, id="not ASCII"),
        pytest.param("\ud800" * 40, id="lone surrogates"),
    ],
)
def test_a_wrong_signature_is_forged(signature: str) -> None:
    with pytest.raises(CallbackForged):
        crypto().verify(signature, STAMP, NONCE, ECHO)


@pytest.mark.parametrize(("ours", "theirs"), [("", CORP), (CORP, ""), (CORP, CORP + "0")])
def test_a_foreign_receiveid_is_forged(ours: str, theirs: str) -> None:
    with pytest.raises(CallbackForged):
        crypto(ours).decrypt(crypto(theirs).encrypt("hello"))


@pytest.mark.parametrize(
    "encrypt",
    [
        pytest.param("", id="empty"),
        pytest.param("!!!!", id="no base64"),
        pytest.param("早上好", id="not ASCII"),
        pytest.param(ECHO[:-1], id="base64 cut"),
        pytest.param(ECHO[:10] + "\n" + ECHO[10:], id="line feed inside"),
        pytest.param(base64.b64encode(b"x" * 33).decode(), id="no whole block"),
        pytest.param(sealed(b"\x10" * 16), id="half a block"),
        pytest.param(sealed(padded(framed(b"hi"), last=0)), id="padding of 0"),
        pytest.param(sealed(padded(framed(b"hi"), last=33)), id="padding of 33"),
        pytest.param(sealed(padded(framed(b"hi"), last=5)), id="padding bytes differ"),
        pytest.param(sealed(b"\x20" * 32), id="only padding"),
        pytest.param(sealed(padded(framed(b"hi", length=3))), id="length past the end"),
        pytest.param(sealed(padded(framed(b"hi", length=2**32 - 1))), id="length of 4 GiB"),
        pytest.param(sealed(padded(framed(b"\xff\xfe"))), id="no UTF-8"),
    ],
)
def test_broken_ciphertext_is_malformed(encrypt: str) -> None:
    with pytest.raises(CallbackMalformed):
        crypto("").decrypt(encrypt)


def test_wechatpy_takes_the_cut_text_that_we_refuse() -> None:
    encrypt = sealed(padded(framed(b"hi", length=300)))
    theirs = WeChatCrypto(TOKEN, AES_KEY, "")
    signature = crypto("").signature(STAMP, NONCE, encrypt)

    assert theirs.decrypt_message({"Encrypt": encrypt}, signature, STAMP, NONCE) == "hi"


def test_wechatpy_agrees_about_a_foreign_receiveid() -> None:
    signature = crypto().signature(STAMP, NONCE, ECHO)

    with pytest.raises(InvalidCorpIdException):
        WeChatCrypto(TOKEN, AES_KEY, "").check_signature(signature, STAMP, NONCE, ECHO)


@pytest.mark.parametrize("last", "EFGH")
def test_spare_bits_in_the_keys_last_character_are_ignored(last: str) -> None:
    spare = CallbackCrypto(TOKEN, AES_KEY[:-1] + last, CORP)

    assert spare.decrypt(ECHO) == "hello-echo"


@pytest.mark.parametrize(
    "key", ["", AES_KEY[:-1], AES_KEY + "=", AES_KEY[:-1] + "!", AES_KEY[:-1] + "\n", "密" * 43]
)
def test_a_key_that_is_none_is_told_without_showing_it(key: str) -> None:
    with pytest.raises(ValueError, match="43 characters") as caught:
        CallbackCrypto(TOKEN, key, CORP)

    assert not key or key not in str(caught.value)
