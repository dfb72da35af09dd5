"""What the AI bot hears (wecom-protocol.md 6.1-6.3)."""

import pytest

from bot.channels.wecom.heard import Heard, Unusable
from bot.channels.wecom.translate import heard_from_aibot
from sop.events import ReplyRoute

RESPONSE_URL = "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?response_code=RC"


def aibot(**changes: object) -> dict[str, object]:
    message: dict[str, object] = {
        "msgid": "m-8841",
        "aibotid": "aibEXAMPLE",
        "chatid": "wrkEXAMPLE01",
        "chattype": "group",
        "from": {"userid": "zhang.san"},
        "response_url": RESPONSE_URL,
        "msgtype": "text",
        "text": {"content": "@Helper what is due today"},
        "quote": {"msgtype": "text", "text": {"content": "an earlier line"}},
    }
    return {key: value for key, value in (message | changes).items() if value is not None}


def said(text: str, bot_name: str = "") -> tuple[str, bool]:
    heard = heard_from_aibot(aibot(text={"content": text}), bot_name=bot_name)
    return heard.text, heard.mentions_bot


def event(name: str, details: dict[str, object] | None = None, **changes: object) -> Heard:
    body = {"eventtype": name} | ({name: details} if details is not None else {})
    return heard_from_aibot(aibot(msgtype="event", event=body, text=None, quote=None, **changes))


def test_an_aibot_message_carries_all_that_wecom_tells() -> None:
    assert heard_from_aibot(aibot(create_time=1760000200)) == Heard(
        surface="aibot",
        kind="message",
        key="aibot:m-8841",
        message_id="m-8841",
        chat_id="wrkEXAMPLE01",
        sender="zhang.san",
        text="what is due today",
        mentions_bot=True,
        quote="an earlier line",
        created_at=1_760_000_200_000,
        route=ReplyRoute(waiting=True, response_url=RESPONSE_URL),
    )


def test_on_the_link_the_answer_goes_by_req_id() -> None:
    heard = heard_from_aibot(aibot(response_url=None), req_id="R9")

    assert heard.route == ReplyRoute(req_id="R9")


@pytest.mark.parametrize(
    ("typed", "text", "mentioned"),
    [
        pytest.param("@Helper 签到", "签到", True, id="a space"),
        pytest.param("@Helper\u2005签到", "签到", True, id="U+2005"),
        pytest.param("@Helper\u3000签到", "签到", True, id="an ideographic space"),
        pytest.param("@Helper\n签到 ", "签到", True, id="a line feed"),
        pytest.param("  @Helper 签到", "签到", True, id="blanks before"),
        pytest.param("@Helper", "", True, id="nothing else"),
        pytest.param("@Helper ", "", True, id="only a blank else"),
        pytest.param("@Helper @李四 加分 5", "@李四 加分 5", True, id="a second mention stays"),
        pytest.param("今天几点 @Helper ?", "今天几点 @Helper ?", True, id="in the middle"),
        pytest.param("请问@Helper 几点", "请问@Helper 几点", True, id="right after a word"),
        pytest.param("报名 @Helper", "报名", True, id="at the end"),
        pytest.param("加分 @李四 5 @Helper", "加分 @李四 5 @Helper", True, id="one of two"),
        pytest.param("写信到 a@example.com", "写信到 a@example.com", False, id="an address"),
        pytest.param("@ 签到", "@ 签到", False, id="an @ alone"),
        pytest.param("大家早", "大家早", False, id="no mention, as hears-all channels deliver"),
        pytest.param("", "", False, id="empty"),
    ],
)
def test_the_bots_name_is_taken_off_a_group_message(
    typed: str, text: str, *, mentioned: bool
) -> None:
    assert said(typed) == (text, mentioned)


@pytest.mark.parametrize(
    ("typed", "text", "mentioned"),
    [
        pytest.param("@My Helper 签到", "签到", True, id="a blank in the name"),
        pytest.param("@My Helper", "", True, id="the name alone"),
        pytest.param("@李四 问 @My Helper", "@李四 问", True, id="behind another"),
        pytest.param("投票 @My Helper 2", "投票 2", True, id="in the middle"),
        pytest.param("加分 @李四 5 @My Helper", "加分 @李四 5", True, id="at the end"),
        pytest.param("@My Helper2 签到", "Helper2 签到", True, id="a longer name"),
        pytest.param("@Other 签到", "签到", True, id="a renamed bot"),
        pytest.param("早 @李四 好", "早 @李四 好", False, id="only another, in the middle"),
        pytest.param("@My Helper, 签到", ", 签到", True, id="punctuation after the name"),
    ],
)
def test_a_known_name_is_recognised_exactly(typed: str, text: str, *, mentioned: bool) -> None:
    assert said(typed, bot_name="My Helper") == (text, mentioned)


def test_a_name_full_of_pattern_characters_is_only_a_name() -> None:
    assert said("@(a+)+$ 签到", bot_name="(a+)+$") == ("签到", True)


def test_in_private_the_text_stays_whole() -> None:
    heard = heard_from_aibot(aibot(chattype="single", chatid=None))

    assert (heard.chat_id, heard.text) == ("", "@Helper what is due today")
    assert not heard.mentions_bot


MIXED = {
    "msg_item": [
        {"msgtype": "text", "text": {"content": "@Helper look"}},
        {"msgtype": "image", "image": {"url": "https://example.com/i"}},
        {"msgtype": "text", "text": {"content": "and this"}},
        {"msgtype": "hologram"},
    ]
}


@pytest.mark.parametrize(
    ("changes", "text", "has_image"),
    [
        ({"msgtype": "voice", "voice": {"content": "大家早"}}, "大家早", False),
        ({"msgtype": "image", "image": {"url": "u"}}, "", True),
        ({"msgtype": "file", "file": {"url": "u"}}, "", False),
        ({"msgtype": "video", "video": {"url": "u"}}, "", False),
        ({"msgtype": "mixed", "mixed": MIXED}, "look\nand this", True),
        ({"msgtype": "mixed", "mixed": {"msg_item": MIXED["msg_item"][0]}}, "look", False),
        ({"text": {"content": 42}}, "42", False),
        ({"text": {"content": ["list"]}}, "", False),
        ({"text": "bare"}, "", False),
        ({"text": {"content": "@Helper a\x00b\ud800"}}, "ab\ufffd", False),
    ],
)
def test_each_kind_of_content_becomes_text(
    changes: dict[str, object], text: str, *, has_image: bool
) -> None:
    heard = heard_from_aibot(aibot(**changes))

    assert (heard.kind, heard.text, heard.has_image) == ("message", text, has_image)


@pytest.mark.parametrize(
    ("quote", "text"),
    [
        ({"msgtype": "text", "text": {"content": " 早 "}}, "早"),
        ({"msgtype": "voice", "voice": {"content": "说的"}}, "说的"),
        ({"msgtype": "mixed", "mixed": MIXED}, "@Helper look\nand this"),
        ({"msgtype": "image", "image": {"url": "u"}}, ""),
        ({"msgtype": "hologram"}, ""),
        ("text", ""),
        (None, ""),
    ],
)
def test_the_quoted_text_is_told(quote: object, text: str) -> None:
    heard = heard_from_aibot(aibot(quote=quote))

    assert heard.quote == text
    assert not heard.has_image


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        pytest.param({"msgid": None}, "no id", id="no msgid"),
        pytest.param({"msgid": ""}, "no id", id="empty msgid"),
        pytest.param({"msgid": " "}, "no id", id="blank msgid"),
        pytest.param({"msgid": 1.5}, "no id", id="fractional msgid"),
        pytest.param({"msgid": True}, "no id", id="boolean msgid"),
        pytest.param({"msgid": ["m"]}, "no id", id="list as msgid"),
        pytest.param({"msgid": "m\x00"}, "no id", id="NUL in msgid"),
        pytest.param({"msgid": "m\ud800"}, "no id", id="surrogate in msgid"),
        pytest.param({"msgid": "m" * 257}, "no id", id="endless msgid"),
        pytest.param({"from": None}, "no sender", id="no from"),
        pytest.param({"from": "zhang.san"}, "no sender", id="from is a text"),
        pytest.param({"from": {"userid": {}}}, "no sender", id="userid is an object"),
        pytest.param({"chatid": None}, "no group", id="no chatid"),
        pytest.param({"chatid": None, "chattype": None}, "no group", id="no chat at all"),
    ],
)
def test_what_lacks_id_sender_or_group_is_unusable(
    changes: dict[str, object], reason: str
) -> None:
    payload = aibot(**changes)

    with pytest.raises(Unusable) as caught:
        heard_from_aibot(payload)

    assert (caught.value.reason, caught.value.payload) == (reason, payload)


def test_a_number_is_as_good_an_id_as_its_digits() -> None:
    assert heard_from_aibot(aibot(msgid=7)).key == heard_from_aibot(aibot(msgid="7")).key


def test_the_case_of_ids_is_kept() -> None:
    heard = heard_from_aibot(aibot(chatid="wrkAbC", **{"from": {"userid": "Zhang.San"}}))

    assert (heard.chat_id, heard.sender) == ("wrkAbC", "Zhang.San")


@pytest.mark.parametrize(
    ("create_time", "created_at"),
    [
        (1760000200, 1_760_000_200_000),
        ("1760000200", 1_760_000_200_000),
        (1760000200123, None),
        (0, None),
        (-1, None),
        (1.76e9, None),
        (True, None),
        ("٣٤٥٦٧٨٩٠١٢", None),
        (float("inf"), None),
        (None, None),
    ],
)
def test_only_seconds_are_a_time(create_time: object, created_at: int | None) -> None:
    assert heard_from_aibot(aibot(create_time=create_time)).created_at == created_at


@pytest.mark.parametrize("changes", [{"msgtype": "hologram", "msgid": None}, {"msgtype": None}])
def test_an_unknown_type_is_ignored_whatever_it_lacks(changes: dict[str, object]) -> None:
    assert heard_from_aibot(aibot(**changes)).kind == "ignored"


def test_an_unknown_event_is_ignored_by_name() -> None:
    heard = event("solar_eclipse", {})

    assert (heard.kind, heard.event) == ("ignored", "solar_eclipse")


def test_opening_the_chat_may_be_answered_at_once() -> None:
    heard = event("enter_chat", chattype="single", chatid=None, response_url=None)

    assert (heard.kind, heard.event, heard.key) == ("event", "enter_chat", "aibot:m-8841")
    assert heard.route == ReplyRoute(waiting=True)


def test_a_pressed_card_tells_what_was_chosen_and_cannot_be_answered_with_text() -> None:
    choices = {"selected_item": [{"question_key": "q1", "option_ids": {"option_id": ["a", "b"]}}]}
    heard = event(
        "template_card_event",
        {
            "card_type": "button_interaction",
            "event_key": "ok",
            "task_id": "t-5",
            "selected_items": choices,
        },
    )

    assert heard.fields == {
        "card_type": "button_interaction",
        "event_key": "ok",
        "task_id": "t-5",
        "selected.q1": ("a", "b"),
    }
    assert heard.route == ReplyRoute(response_url=RESPONSE_URL)
    # It is what its sender might have typed.
    assert (heard.kind, heard.text, heard.card) == ("message", "ok a b", "t-5")
    assert heard.mentions_bot


@pytest.mark.parametrize("missing", ["event_key", "task_id"])
def test_a_pressed_card_that_does_not_say_what_it_is_is_ignored(missing: str) -> None:
    details = {"card_type": "button_interaction", "event_key": "ok", "task_id": "t-5"}

    assert event("template_card_event", details | {missing: ""}).kind == "ignored"


def test_feedback_tells_its_reasons() -> None:
    details = {"id": "fb-1", "type": 2, "content": "不对", "inaccurate_reason_list": [1, 3]}
    heard = event("feedback_event", dict(details))

    assert heard.fields == {
        "id": "fb-1",
        "type": "2",
        "content": "不对",
        "inaccurate_reason_list": ("1", "3"),
    }
    assert not heard.route.waiting


def test_being_disconnected_needs_neither_sender_nor_chat() -> None:
    heard = event("disconnected_event", chattype=None, chatid=None, **{"from": None})

    assert (heard.event, heard.sender, heard.chat_id) == ("disconnected_event", "", "")


def test_a_stream_poll_names_its_stream_and_is_no_repeat_of_the_message() -> None:
    bare = heard_from_aibot({"msgtype": "stream", "stream": {"id": "s-1"}})
    full = heard_from_aibot(aibot(msgtype="stream", stream={"id": "s-1"}))

    assert (bare.kind, bare.event, bare.fields) == ("event", "stream_poll", {"stream_id": "s-1"})
    assert full.key != heard_from_aibot(aibot()).key
    assert full.route.waiting


def test_a_poll_without_stream_is_unusable() -> None:
    with pytest.raises(Unusable):
        heard_from_aibot({"msgtype": "stream"})
