"""Passive answers: envelopes, limits in bytes, and texts that try to break out of them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wechatpy.enterprise.crypto import WeChatCrypto

from bot.channels.wecom import replies
from bot.channels.wecom.crypto import CallbackCrypto
from bot.channels.wecom.payloads import parse_xml

TOKEN = "tok3nEXAMPLE"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFE"
CORP = "ww0123456789abcdef"
NONCE, NOW = "n0nce42", 1760000000
APP, BOT = CallbackCrypto(TOKEN, AES_KEY, CORP), CallbackCrypto(TOKEN, AES_KEY, "")


def opened_json(envelope: str) -> dict[str, object]:
    sealed = json.loads(envelope)
    BOT.verify(
        sealed["msgsignature"], str(sealed["timestamp"]), sealed["nonce"], sealed["encrypt"]
    )
    return json.loads(BOT.decrypt(sealed["encrypt"]))


def opened_xml(envelope: str, receive_id: str) -> dict[str, object]:
    """Open it with wechatpy, which is what a reader other than ours would do."""
    sealed = parse_xml(envelope)
    text = WeChatCrypto(TOKEN, AES_KEY, receive_id).decrypt_message(
        envelope, sealed["MsgSignature"], sealed["TimeStamp"], sealed["Nonce"]
    )
    return parse_xml(text)


def test_an_aibot_answer_is_one_finished_stream() -> None:
    assert opened_json(replies.passive_aibot("早", "s-1", BOT, NONCE, NOW)) == {
        "msgtype": "stream",
        "stream": {"id": "s-1", "finish": True, "content": "早"},
    }


def test_the_aibot_envelope_has_an_integer_time_and_the_requests_nonce() -> None:
    envelope = json.loads(replies.passive_aibot("早", "s-1", BOT, NONCE, NOW))

    assert envelope.keys() == {"encrypt", "msgsignature", "timestamp", "nonce"}
    assert (envelope["timestamp"], envelope["nonce"]) == (NOW, NONCE)


def test_a_json_answer_is_raw_utf8() -> None:
    envelope = json.loads(replies.passive_aibot("早", "s-1", BOT, NONCE, NOW))

    assert "早" in BOT.decrypt(envelope["encrypt"])


def test_the_welcome_is_a_text() -> None:
    assert opened_json(replies.passive_aibot_welcome("欢迎", BOT, NONCE, NOW)) == {
        "msgtype": "text",
        "text": {"content": "欢迎"},
    }


def test_an_app_answer_goes_from_the_corp_to_the_sender() -> None:
    envelope = replies.passive_app("早 <&> ]]> 好", "zhang.san", CORP, APP, NONCE, NOW)

    assert opened_xml(envelope, CORP) == {
        "ToUserName": "zhang.san",
        "FromUserName": CORP,
        "CreateTime": str(NOW),
        "MsgType": "text",
        "Content": "早 <&> ]]> 好",
    }


def test_a_robot_answer_mentions_in_xml() -> None:
    envelope = replies.passive_robot("早", ["T100", "@all"], BOT, NONCE, NOW)

    assert opened_xml(envelope, "") == {
        "MsgType": "text",
        "Text": {"Content": "早", "MentionedList": {"Item": ["T100", "@all"]}},
    }


def test_a_robot_answer_without_mentions_names_none() -> None:
    plain = opened_xml(replies.passive_robot("早", [], BOT, NONCE, NOW), "")

    assert plain == {"MsgType": "text", "Text": {"Content": "早"}}


def test_a_robot_answer_in_json_has_the_same_content() -> None:
    envelope = replies.passive_robot("早", ["T100"], BOT, NONCE, NOW, "json")

    assert opened_json(envelope) == {
        "msgtype": "text",
        "text": {"content": "早", "mentioned_list": ["T100"]},
    }


@pytest.mark.parametrize(
    ("text", "limit", "expected"),
    [
        ("早早早", 9, "早早早"),
        ("早早早", 8, "早早"),
        ("早早早", 2, ""),
        ("abc", 3, "abc"),
        ("abc", 2, "ab"),
        ("a😀", 5, "a😀"),
        ("a😀", 4, "a"),
        ("abc", 0, ""),
        ("abc", -1, ""),
    ],
)
def test_text_is_cut_on_a_character_border(text: str, limit: int, expected: str) -> None:
    assert replies.cut_utf8(text, limit) == expected


@given(st.text(), st.integers(0, 60))
def test_cut_text_is_the_longest_beginning_that_fits(text: str, limit: int) -> None:
    cut = replies.cut_utf8(text, limit)

    assert text.startswith(cut)
    assert len(cut.encode()) <= limit
    assert cut == text or len(text[: len(cut) + 1].encode()) > limit


@pytest.mark.parametrize(("over", "kept"), [(0, 20_480), (1, 20_480), (10_000, 20_480)])
def test_a_stream_holds_20480_bytes(over: int, kept: int) -> None:
    text = "x" * (20_480 + over)
    opened = opened_json(replies.passive_aibot(text, "s", BOT, NONCE, NOW))

    assert len(opened["stream"]["content"]) == kept


@pytest.mark.parametrize(("size", "kept"), [(682, 682), (683, 682), (5000, 682)])
def test_app_and_robot_texts_hold_2048_bytes(size: int, kept: int) -> None:
    text = "早" * size
    app = opened_xml(replies.passive_app(text, "a", CORP, APP, NONCE, NOW), CORP)
    robot = opened_xml(replies.passive_robot(text, [], BOT, NONCE, NOW), "")

    assert (len(app["Content"]), len(robot["Text"]["Content"])) == (kept, kept)


HOSTILE = st.text(
    alphabet=st.sampled_from(']>[<!&CDAT\x00\x0b\ud800\ufffe早\r\n"\\ '), max_size=40
)


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_breaks_out_of_its_envelope(text: str, name: str, nonce: str) -> None:
    envelope = parse_xml(replies.passive_app(text, name, CORP, APP, nonce, NOW))
    app = parse_xml(APP.decrypt(envelope["Encrypt"]))
    bot = opened_json(replies.passive_aibot(text, "s", BOT, "n", NOW))

    assert app.keys() == {"ToUserName", "FromUserName", "CreateTime", "MsgType", "Content"}
    assert app["MsgType"] == "text"
    assert bot["stream"]["id"] == "s"


def test_a_retry_is_answered_on_the_same_stream() -> None:
    assert replies.stream_id("aibot:m-1") == replies.stream_id("aibot:m-1")
    assert replies.stream_id("aibot:m-1") != replies.stream_id("aibot:m-2")
