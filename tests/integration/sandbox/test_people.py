import asyncio
import re
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from aiohttp import ClientSession, web

from bot.channels.sandbox import appchat
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.people import Impossible
from bot.channels.sandbox.server import Sandbox, running
from tests.integration.sandbox.bots import Bot, json_reply, with_bot, xml_reply
from tests.unit.bot.sandbox.corps import START, Clock, a_chat, a_corp, kinds, told


def _stream(content: str, *, finish: bool = True, stream_id: str = "s-1") -> dict[str, Any]:
    stream = {"id": stream_id, "finish": finish, "content": content}
    return {"msgtype": "stream", "stream": stream}


def _speaks(
    corp: Corp,
    bot: Bot,
    userid: str,
    chatid: str | None,
    text: str,
    *,
    answer_s: float = 5.0,
    **how: Any,
) -> None:
    async def play(sandbox: Sandbox) -> None:
        await sandbox.people.speak(userid, chatid, text, **how)

    with_bot(corp, bot, play, answer_s=answer_s)


def test_a_mention_reaches_the_ai_bot_and_its_passive_answer_the_group():
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, q: json_reply(corp, q["nonce"], _stream("\u4f60\u597d")))

    _speaks(corp, bot, "zhang.san", "core", "hi ]]> <x>", mention_bot=True, quote="earlier")

    body = bot.bodies()[0]
    assert body["text"] == {"content": "@Qunyun hi ]]> <x>"}
    assert (body["chattype"], body["from"]) == ("group", {"userid": "zhang.san"})
    assert body["chatid"] == corp.chats["core"].bot_chatid
    assert body["quote"] == {"msgtype": "text", "text": {"content": "earlier"}}
    assert body["response_url"].startswith(f"{corp.api_base}/cgi-bin/aibot/response?")
    assert kinds(corp) == ["said", "passive"]
    assert told(corp, "passive")[0]["text"] == "\u4f60\u597d"
    assert told(corp, "passive")[0]["to"] == ["zhang.san", "Li.Si", "wang.wu"]


def test_the_bot_in_a_group_hears_mentions_only():
    corp = a_corp()
    bot = Bot(corp)

    _speaks(corp, bot, "zhang.san", "core", "among us")

    assert bot.heard == []
    assert kinds(corp) == ["said"]


def test_a_group_that_hears_all_passes_everything_on_without_a_prefix():
    corp = a_corp()
    corp.change_chat("core", hears_all=True)
    bot = Bot(corp)

    async def play(sandbox: Sandbox) -> None:
        await sandbox.people.speak("zhang.san", "core", "among us")
        await sandbox.people.speak("zhang.san", "core", "to you", mention_bot=True)

    with_bot(corp, bot, play)
    assert [b["text"]["content"] for b in bot.bodies()] == ["among us", "@Qunyun to you"]


def test_overhearing_is_not_being_spoken_to():
    corp = a_corp()
    corp.change_chat("core", hears_all=True)
    bot = Bot(corp)

    _speaks(corp, bot, "zhang.san", "core", "among us")

    assert len(bot.heard) == 1
    assert corp.spoken == {}


def test_an_ai_bot_that_is_not_in_the_group_hears_nothing():
    corp = a_corp()
    corp.add_chat(a_chat("other", aibot=False))
    bot = Bot(corp)

    _speaks(corp, bot, "zhang.san", "other", "hi", mention_bot=True)

    assert bot.heard == []


def test_a_later_answer_goes_by_the_response_url():
    corp = a_corp()
    bot = Bot(corp)
    later = b'{"msgtype": "markdown", "markdown": {"content": "later"}}'

    async def play(sandbox: Sandbox) -> None:
        await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
        url = bot.bodies()[0]["response_url"]
        async with ClientSession() as client:
            codes = [(await (await client.post(url, data=later)).json())["errcode"] for _ in "ab"]
        assert codes == [0, 40058]

    with_bot(corp, bot, play)
    assert kinds(corp) == ["said", "post"]


def test_open_ids_hide_who_speaks_from_the_ai_bot_only():
    corp = a_corp()
    corp.encrypt_userids = True
    bot = Bot(corp)

    async def play(sandbox: Sandbox) -> None:
        await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
        await sandbox.people.speak("zhang.san", None, "hi")

    with_bot(corp, bot, play)
    person = corp.person("zhang.san")
    assert bot.bodies()[0]["from"] == {"userid": person.open_userid}
    assert "<FromUserName><![CDATA[zhang.san]]></FromUserName>" in bot.heard[1][1]


def _app_reply(
    corp: Corp, text: str = "**ok**", to: str = "zhang.san", msgtype: str = "text"
) -> str:
    return xml_reply(
        corp,
        "app",
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{corp.identity.corp_id}</FromUserName>"
        f"<CreateTime>1</CreateTime><MsgType>{msgtype}</MsgType><Content><![CDATA[{text}]]>"
        f"</Content></xml>",
    )


def test_a_private_word_goes_to_the_app_as_xml_and_is_answered_in_private():
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, _q: _app_reply(corp))

    _speaks(corp, bot, "zhang.san", None, "a ]]> & \x00\ud800 b")

    root = ET.fromstring(bot.heard[0][1])
    assert root.findtext("Content") == "a ]]> &  b"
    assert root.findtext("FromUserName") == "zhang.san"
    assert root.findtext("ToUserName") == corp.identity.corp_id
    assert root.findtext("CreateTime") == str(START // 1000)
    assert root.findtext("AgentID") == str(corp.identity.agent_id)
    assert re.fullmatch(r"\d+", root.findtext("MsgId") or "")
    assert told(corp, "passive")[0]["to"] == ["zhang.san"]
    assert told(corp, "passive")[0]["chat"] == ""


def test_opening_the_app_and_the_ai_bots_chat_are_events():
    corp = a_corp()
    welcome = {"msgtype": "text", "text": {"content": "welcome"}}

    def answer(surface: str, _plain: str, query: dict[str, str]) -> str | web.Response:
        return json_reply(corp, query["nonce"], welcome) if surface == "aibot" else "success"

    bot = Bot(corp, answer)

    async def play(sandbox: Sandbox) -> None:
        await sandbox.people.enter("zhang.san", to="app")
        await sandbox.people.enter("zhang.san")

    with_bot(corp, bot, play)
    assert "<Event>enter_agent</Event>" in bot.heard[0][1]
    assert bot.bodies()[0]["event"] == {"eventtype": "enter_chat"}
    assert [c["text"] for c in told(corp, "passive")] == ["welcome"]


def test_a_listening_robot_is_mentioned_by_its_own_name_and_answers_with_mentions():
    corp = a_corp()
    corp.change_chat("core", aibot=False)
    robot = corp.add_robot("core", "Helper", listens=True)
    plain = (
        "<xml><MsgType>text</MsgType><Text><Content>hi</Content><MentionedList>"
        "<Item>zhang.san</Item><Item>@all</Item></MentionedList></Text>"
        "<VisibleToUser>zhang.san|Li.Si</VisibleToUser></xml>"
    )
    bot = Bot(corp, lambda _s, _p, _q: xml_reply(corp, "robot", plain))

    _speaks(corp, bot, "zhang.san", "core", "rules", mention_bot=True)

    root = ET.fromstring(bot.heard[0][1])
    assert bot.heard[0][0] == "robot"
    assert root.findtext("Text/Content") == "@Helper rules"
    assert root.findtext("WebhookUrl") == corp.webhook_url(robot.key)
    assert root.findtext("ChatId") == corp.chats["core"].bot_chatid
    assert (root.findtext("GetChatInfoUrl") or "").startswith(f"{corp.api_base}/cgi-bin/webhook/")
    passive = told(corp, "passive")[0]
    assert passive["mentions"] == ["zhang.san", "@all"]
    assert passive["to"] == ["zhang.san", "Li.Si"]


def test_a_robot_that_does_not_listen_hears_nothing():
    corp = a_corp()
    corp.add_robot("core", "Helper")
    bot = Bot(corp)

    _speaks(corp, bot, "zhang.san", "core", "rules", mention_bot=True, to="robot")

    assert bot.heard == []


def test_an_unanswered_callback_is_tried_three_times_with_the_same_message():
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, _q: web.Response(status=503))

    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert len({plain for _, plain in bot.heard}) == 1
    assert len({query["nonce"] for query in bot.queries}) == 3
    assert kinds(corp) == ["said", "unheard"]
    assert told(corp, "unheard")[0]["status"] == 503


@pytest.mark.parametrize("status", [302, 201, 500])
def test_the_second_try_can_succeed_whatever_the_first_failed_with(status: int):
    corp = a_corp()
    bot = Bot(corp)

    def answer(_surface: str, _plain: str, query: dict[str, str]) -> str | web.Response:
        if len(bot.heard) == 1:
            return web.Response(status=status, headers={"Location": "/callback/aibot"})
        return json_reply(corp, query["nonce"], _stream("now"))

    bot.answer = answer
    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert len(bot.heard) == 2
    assert kinds(corp) == ["said", "passive"]


def test_too_slow_an_answer_counts_as_none():
    corp = a_corp()
    bot = Bot(corp, delay_s=0.05)

    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True, answer_s=0.02)

    assert len(bot.heard) == 3
    assert told(corp, "unheard")[0]["status"] == 0


def test_a_bot_that_is_not_there_is_unheard():
    corp = a_corp()

    async def run() -> None:
        async with running(corp, bot_url="http://127.0.0.1:1") as sandbox:
            await sandbox.people.speak("zhang.san", "core", "hi", mention_bot=True)
            assert not await sandbox.caller.verify("app")

    asyncio.run(run())
    assert kinds(corp) == ["said", "unheard"]


def test_the_callback_url_is_verified_on_each_surface():
    corp = a_corp()

    async def play(sandbox: Sandbox) -> None:
        checks = [await sandbox.caller.verify(s) for s in ("app", "aibot", "robot")]
        assert checks == [True, True, True]

    with_bot(corp, Bot(corp), play)


def test_an_unfinished_stream_is_asked_for_until_it_is_finished():
    corp = a_corp()
    bot = Bot(corp)

    def answer(_surface: str, _plain: str, query: dict[str, str]) -> str | web.Response:
        done = len(bot.heard) == 3
        return json_reply(corp, query["nonce"], _stream("all" if done else "", finish=done))

    bot.answer = answer
    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert [b["msgtype"] for b in bot.bodies()] == ["text", "stream", "stream"]
    assert bot.bodies()[1]["stream"] == {"id": "s-1"}
    assert [c["text"] for c in told(corp, "passive")] == ["all"]


def test_a_stream_is_given_up_six_minutes_after_the_message():
    clock = Clock()
    corp = a_corp(clock)
    bot = Bot(corp)

    def answer(_surface: str, _plain: str, query: dict[str, str]) -> str | web.Response:
        clock.pass_ms(120_001)
        return json_reply(corp, query["nonce"], _stream("", finish=False))

    bot.answer = answer
    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert len(bot.heard) == 3
    assert kinds(corp) == ["said"]


@pytest.mark.parametrize(
    ("plain", "fields", "why"),
    [
        pytest.param(_stream("x"), {"timestamp": "1790000000"}, "integer", id="text timestamp"),
        pytest.param(_stream("x"), {"nonce": "other"}, "nonce", id="another nonce"),
        pytest.param(_stream("x"), {"msgsignature": "0"}, "signature", id="wrong signature"),
        pytest.param(_stream("x"), {"encrypt": "AAAA"}, "signature", id="not what was signed"),
        pytest.param(_stream("x" * 20_481), {}, "out of limit", id="too long"),
        pytest.param(_stream(""), {}, "empty", id="empty"),
        pytest.param(_stream("x", stream_id=""), {}, "id", id="no stream id"),
        pytest.param({"msgtype": "text", "text": {"content": "x"}}, {}, "type", id="text"),
        pytest.param({"msgtype": "markdown", "markdown": {"content": "x"}}, {}, "type", id="md"),
    ],
)
def test_passive_answers_of_the_ai_bot_that_would_not_be_shown(
    plain: dict[str, Any], fields: dict[str, Any], why: str
):
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, q: json_reply(corp, q["nonce"], plain, **fields))

    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert kinds(corp) == ["said", "bad_reply"]
    assert why in told(corp, "bad_reply")[0]["text"]


@pytest.mark.parametrize("body", ["{", "[]", "not JSON", "[" * 100_000])
def test_a_plain_answer_of_the_ai_bot_is_no_answer(body: str):
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, _q: body)

    _speaks(corp, bot, "zhang.san", "core", "hi", mention_bot=True)

    assert kinds(corp) == ["said", "bad_reply"]


@pytest.mark.parametrize("body", ["", "success", " \n"])
def test_an_empty_answer_is_acceptance(body: str):
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, _q: body)

    _speaks(corp, bot, "zhang.san", None, "hi")

    assert (len(bot.heard), kinds(corp)) == (1, ["said"])


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"to": "Li.Si"}, id="to somebody else"),
        pytest.param({"text": "x" * 2049}, id="too long"),
        pytest.param({"text": ""}, id="empty"),
        pytest.param({"msgtype": "markdown"}, id="not text"),
    ],
)
def test_passive_answers_of_the_app_that_would_not_be_shown(fields: dict[str, Any]):
    corp = a_corp()
    bot = Bot(corp, lambda _s, _p, _q: _app_reply(corp, **fields))

    _speaks(corp, bot, "zhang.san", None, "hi")

    assert kinds(corp) == ["said", "bad_reply"]


def test_coming_and_going_raises_no_callback():
    corp = a_corp()
    bot = Bot(corp)

    async def play(sandbox: Sandbox) -> None:
        sandbox.people.join("core", "zhao.liu")
        sandbox.people.leave("core", "zhang.san")

    with_bot(corp, bot, play)
    assert bot.heard == []
    assert kinds(corp) == ["join", "leave"]
    assert appchat.get(corp, {"chatid": "core"})["chat_info"] == {
        "chatid": "core",
        "name": "core",
        "owner": "Li.Si",
        "userlist": ["Li.Si", "wang.wu", "zhao.liu"],
    }


@pytest.mark.parametrize(
    ("userid", "chatid"),
    [
        pytest.param("zhao.liu", "core", id="not a member"),
        pytest.param("nobody", "core", id="not in the corp"),
        pytest.param("zhang.san", "unborn", id="group not shown yet"),
        pytest.param("zhang.san", "nowhere", id="no such group"),
    ],
)
def test_people_speak_only_where_they_are(userid: str, chatid: str | None):
    corp = a_corp()
    corp.add_chat(a_chat("unborn", made_by_app=True, visible=False))

    async def play(sandbox: Sandbox) -> None:
        with pytest.raises(Impossible):
            await sandbox.people.speak(userid, chatid, "hi")
        with pytest.raises(Impossible):
            sandbox.people.leave(chatid, userid)

    with_bot(corp, Bot(corp), play)
    assert kinds(corp) == []


def test_nobody_joins_twice_and_the_last_one_stays():
    corp = a_corp()
    corp.add_chat(a_chat("alone", userlist=("zhang.san",)))

    async def play(sandbox: Sandbox) -> None:
        with pytest.raises(Impossible, match="already"):
            sandbox.people.join("core", "ZHANG.san")
        with pytest.raises(Impossible, match="last"):
            sandbox.people.leave("alone", "zhang.san")

    with_bot(corp, Bot(corp), play)
