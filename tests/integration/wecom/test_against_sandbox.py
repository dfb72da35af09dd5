import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.channels.sandbox import customers
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.server import Sandbox, running
from bot.channels.wecom.api import Sent, WeComApi
from bot.channels.wecom.attempts import Delivery, Result, Ways
from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.outgoing import deliver
from bot.channels.wecom.rhythm import Rhythm
from bot.channels.wecom.rosters import Roster
from sop.events import ReplyRoute
from tests.integration.wecom.fake_link import until
from tests.integration.wecom.fake_wecom import Clock, Store

CORE = Delivery(
    do="create",
    channel="appchat",
    chat_id="core1",
    name="核心书友",
    owner="zhang.san",
    to_userids=("zhang.san", "li.si"),
    text="欢迎",
)


@dataclass
class World:
    corp: Corp
    sandbox: Sandbox
    ways: Ways
    link: AiBotLink
    heard: list[tuple[Any, str]] = field(default_factory=list)

    async def do(self, do: str, channel: str, **more: Any) -> Result:
        return await deliver(Delivery(do=do, channel=channel, **more), self.ways)

    def seen(self, kind: str) -> list[Any]:
        return [change for change in self.corp.transcript if change["kind"] == kind]


async def _no_files(name: str) -> bytes:
    raise FileNotFoundError(name)


@contextlib.asynccontextmanager
async def world() -> AsyncIterator[World]:
    clock = Clock()
    corp = Corp(clock)
    for userid in ("zhang.san", "li.si", "wang.wu"):
        corp.add_person(userid)
    async with running(corp) as sandbox, aiohttp.ClientSession() as session:
        who = corp.identity
        api = WeComApi(session, sandbox.api_base, who.corp_id, who.app_secret, Store(), clock)

        async def on_frame(body: Any, req_id: str, _cmd: str) -> None:
            made.heard.append((body, req_id))

        link = AiBotLink(
            session, sandbox.link_url, who.aibot_id, who.aibot_secret, on_frame, Rhythm(ack_s=1.0)
        )
        ways = Ways(api=api, agent_id=who.agent_id, load=_no_files, now=clock, link=link)
        made = World(corp, sandbox, ways, link)
        yield made


def test_a_group_is_made_changed_and_read_with_a_token_that_ends_early() -> None:
    async def play() -> None:
        async with world() as w:
            assert (await deliver(CORE, w.ways)).status == "sent"
            w.corp.expire_token()
            group = {"chat_id": "core1"}
            added = await w.do("add", "appchat", **group, to_userids=("wang.wu", "nobody"))
            assert added == Result(status="sent", answer=("nobody",))
            removed = await w.do("remove", "appchat", **group, to_userids=("li.si",))
            assert removed.status == "sent"
            roster = await w.do("fetch_roster", "appchat", **group)
            assert roster.answer == Roster(owner="zhang.san", members=("zhang.san", "wang.wu"))

    asyncio.run(play())


def test_a_group_whose_answer_was_lost_is_made_once_and_hears_its_first_message_once() -> None:
    async def play() -> None:
        async with world() as w:
            w.corp.fail_next("appchat/create", drop=True)
            assert (await deliver(CORE, w.ways)).status == "wait"
            assert (await deliver(CORE, w.ways)).status == "sent"
            assert [post["text"] for post in w.seen("post")] == ["欢迎"]

    asyncio.run(play())


def test_a_customer_group_tells_names_and_who_brought_whom_to_those_who_may_ask() -> None:
    async def play() -> None:
        async with world() as w:
            w.corp.customers["wmONE"] = "王一"
            await w.sandbox.customers.open("wrSHOP", "zhang.san")
            await w.sandbox.customers.join("wrSHOP", "wmONE", scene=customers.LINK, by="li.si")
            ask: dict[str, Any] = {"do": "fetch_roster", "channel": "customer"}
            roster = (await w.do(**ask, chat_id="wrSHOP")).answer
            assert isinstance(roster, Roster)
            assert roster.members == ("zhang.san", "wmONE")
            assert roster.names["wmONE"] == "王一"
            came = roster.arrivals["wmONE"]
            assert (came.by, came.scene, came.at) == ("li.si", "link", w.corp.now())
            assert (await w.do(**ask, chat_id="wrNONE")).status == "failed"
            w.corp.customer_contact = False
            refused = await w.do(**ask, chat_id="wrSHOP")
            assert (refused.status, refused.alarm) == ("failed", True)

    asyncio.run(play())


def test_a_post_whose_answer_was_lost_is_unknown_although_it_was_seen() -> None:
    async def play() -> None:
        async with world() as w:
            await deliver(CORE, w.ways)
            w.corp.fail_next("appchat/send", drop=True)
            result = await w.do("post", "appchat", chat_id="core1", text="早")
            assert result.status == "unknown"
            assert [post["text"] for post in w.seen("post")] == ["欢迎", "早"]

    asyncio.run(play())


def test_a_private_message_is_repeated_without_being_seen_twice() -> None:
    async def play() -> None:
        async with world() as w:
            dm: dict[str, Any] = {"to_userids": ("li.si", "nobody"), "text": "提醒"}
            w.corp.fail_next("message/send", drop=True)
            assert (await w.do("dm", "app", **dm)).status == "unknown"
            again = await w.do("dm", "app", **dm, duplicate_check=True)
            assert again == Result(status="sent", answer=Sent(unreachable=("nobody",)))
            assert len(w.seen("dm")) == 1

    asyncio.run(play())


def test_a_robot_waits_for_its_window_after_twenty_messages() -> None:
    async def play() -> None:
        async with world() as w:
            await deliver(CORE, w.ways)
            key = w.corp.add_robot("core1", "robot").key
            post: dict[str, Any] = {"chat_id": key, "text": "早"}
            results = [await w.do("post", "webhook", **post) for _ in range(21)]
            assert [result.status for result in results] == ["sent"] * 20 + ["wait"]
            assert results[-1].wait_ms == 60_000
            gone = await w.do("post", "webhook", chat_id="wrong", text="早")
            assert (gone.status, gone.alarm) == ("failed", True)

    asyncio.run(play())


def test_a_member_is_heard_and_answered_over_the_link() -> None:
    async def play() -> None:
        async with world() as w:
            await deliver(CORE, w.ways)
            chat = w.corp.change_chat("core1", aibot=True)
            run = asyncio.create_task(w.link.run())
            await until(lambda: w.link.state == "up")
            early = await w.do("post", "link", chat_id=chat.bot_chatid, text="早")
            assert early.status == "failed"

            await w.sandbox.people.speak("li.si", "core1", "群规", mention_bot=True)
            await until(lambda: w.heard)
            body, req_id = w.heard[0]
            assert (body["chatid"], body["from"]["userid"]) == (chat.bot_chatid, "li.si")
            answer: dict[str, Any] = {"chat_id": body["chatid"], "text": "一、守时"}
            route = ReplyRoute(req_id=req_id)
            assert (await w.do("reply", "link", **answer, route=route)).status == "sent"
            assert (await w.do("post", "link", **answer)).status == "sent"
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)

    asyncio.run(play())


def test_a_second_link_of_the_same_bot_takes_over_for_good() -> None:
    async def play() -> None:
        async with world() as w, aiohttp.ClientSession() as session:
            who = w.corp.identity
            first = asyncio.create_task(w.link.run())
            await until(lambda: w.link.state == "up")

            async def ignore(_body: Any, _req_id: str, _cmd: str) -> None:
                pass

            second = AiBotLink(session, w.sandbox.link_url, who.aibot_id, who.aibot_secret, ignore)
            run = asyncio.create_task(second.run())
            await asyncio.wait_for(first, 2)
            assert w.link.state == "taken over"
            await until(lambda: second.state == "up")
            run.cancel()
            await asyncio.gather(run, return_exceptions=True)

    asyncio.run(play())
