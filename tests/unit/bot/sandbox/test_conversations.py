from typing import Any

import pytest

from bot.channels.sandbox.conversations import Conversations
from bot.channels.sandbox.corp import Corp
from tests.unit.bot.sandbox.corps import DAY, HOUR, MINUTE, Clock, a_corp, kinds, refusal, told

MARKDOWN = {"msgtype": "markdown", "markdown": {"content": "hello"}}


def _stream(
    content: str = "done", *, finish: bool = True, stream_id: str = "s-1"
) -> dict[str, Any]:
    stream = {"id": stream_id, "content": content, "finish": finish}
    return {"msgtype": "stream", "stream": stream}


def _talk(clock: Clock | None = None) -> tuple[Corp, Conversations]:
    corp = a_corp(clock)
    return corp, Conversations(corp)


def test_a_group_message_is_answered_in_its_group_and_a_private_one_in_private():
    corp, talk = _talk()

    talk.respond(talk.asked("core", "zhang.san"), MARKDOWN)
    talk.respond(talk.asked("", "Li.Si"), _stream())

    assert kinds(corp) == ["post", "dm"]
    assert told(corp, "dm")[0]["to"] == ["Li.Si"]


@pytest.mark.parametrize(("passed", "errcode"), [(DAY, 0), (DAY + 1, 846605)])
def test_an_answer_may_take_a_day(passed: int, errcode: int):
    clock = Clock()
    corp, talk = _talk(clock)
    req_id = talk.asked("core", "zhang.san")
    clock.pass_ms(passed)

    if errcode:
        assert refusal(talk.respond, req_id, MARKDOWN) == errcode
    else:
        talk.respond(req_id, MARKDOWN)
    assert kinds(corp) == ([] if errcode else ["post"])


def test_an_unknown_req_id_is_refused():
    _, talk = _talk()

    assert refusal(talk.respond, "R0", MARKDOWN) == 846605


def test_only_the_last_frame_of_a_stream_is_shown_and_none_follows_it():
    corp, talk = _talk()
    req_id = talk.asked("core", "zhang.san")

    talk.respond(req_id, _stream("thin", finish=False))
    talk.respond(req_id, _stream("thinking done"))

    assert [post["text"] for post in told(corp, "post")] == ["thinking done"]
    assert refusal(talk.respond, req_id, _stream("more")) == 846608


@pytest.mark.parametrize(("passed", "errcode"), [(6 * MINUTE, 0), (6 * MINUTE + 1, 846608)])
def test_a_stream_ends_within_six_minutes(passed: int, errcode: int):
    clock = Clock()
    corp, talk = _talk(clock)
    req_id = talk.asked("core", "zhang.san")
    talk.respond(req_id, _stream("...", finish=False))
    clock.pass_ms(passed)

    if errcode:
        assert refusal(talk.respond, req_id, _stream()) == errcode
    else:
        talk.respond(req_id, _stream())
    assert kinds(corp) == ([] if errcode else ["post"])


def test_a_stream_needs_an_id():
    _, talk = _talk()

    assert refusal(talk.respond, talk.asked("core", "x"), _stream(stream_id="")) == 40063


def test_the_bot_speaks_first_only_where_somebody_has_spoken_to_it():
    corp, talk = _talk()
    chatid = corp.chats["core"].bot_chatid
    body = {"chatid": chatid, "chat_type": 2, **MARKDOWN}

    assert refusal(talk.send, body) == 93006
    corp.spoken[chatid] = ""
    talk.send(body)

    assert told(corp, "post")[0]["chat"] == "core"


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        pytest.param({"chatid": "WRK"}, 93006, id="another id"),
        pytest.param({"chatid": "core"}, 93006, id="the appchat id"),
        pytest.param({"chat_type": 1}, 40058, id="a group called single"),
        pytest.param({"msgtype": "text", "text": {"content": "x"}}, 40008, id="plain text"),
    ],
)
def test_what_the_bot_may_not_send(fields: dict[str, Any], errcode: int):
    corp, talk = _talk()
    chatid = corp.chats["core"].bot_chatid
    corp.spoken[chatid] = ""

    assert refusal(talk.send, {"chatid": chatid, **MARKDOWN, **fields}) == errcode


def test_the_id_of_a_conversation_is_case_sensitive_and_ends_when_the_bot_is_out():
    corp, talk = _talk()
    chatid = corp.chats["core"].bot_chatid
    corp.spoken[chatid] = ""

    assert refusal(talk.send, {"chatid": chatid.upper(), **MARKDOWN}) == 93006
    corp.change_chat("core", aibot=False)
    assert refusal(talk.send, {"chatid": chatid, **MARKDOWN}) == 93006


@pytest.mark.parametrize(
    ("count", "every", "quiet"), [(30, 0, MINUTE), (1000, 3_000, HOUR)], ids=["minute", "hour"]
)
def test_answers_and_first_words_share_one_limit_per_conversation(
    count: int, every: int, quiet: int
):
    clock = Clock()
    corp, talk = _talk(clock)
    chatid = corp.chats["core"].bot_chatid
    corp.spoken[chatid] = ""
    req_id = talk.asked("core", "zhang.san")
    for n in range(count):
        _ = talk.respond(req_id, MARKDOWN) if n % 2 else talk.send({"chatid": chatid, **MARKDOWN})
        clock.pass_ms(every)

    assert refusal(talk.respond, req_id, MARKDOWN) == 45009
    assert refusal(talk.send, {"chatid": chatid, **MARKDOWN}) == 45009
    talk.respond(talk.asked("", "zhang.san"), MARKDOWN)
    clock.pass_ms(quiet)
    talk.send({"chatid": chatid, **MARKDOWN})


@pytest.mark.parametrize(
    ("how", "passed", "errcode"),
    [
        pytest.param({"entered": True}, 5_000, 0, id="in time"),
        pytest.param({"entered": True}, 5_001, 846605, id="too late"),
        pytest.param({}, 0, 846605, id="nobody entered"),
    ],
)
def test_a_welcome_answers_an_entry_within_five_seconds(
    how: dict[str, bool], passed: int, errcode: int
):
    clock = Clock()
    corp, talk = _talk(clock)
    req_id = talk.asked("", "zhang.san", **how)
    clock.pass_ms(passed)
    body = {"msgtype": "text", "text": {"content": "welcome"}}

    if errcode:
        assert refusal(talk.welcome, req_id, body) == errcode
    else:
        talk.welcome(req_id, body)
    assert kinds(corp) == ([] if errcode else ["dm"])
