from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.sandbox.corp import Corp
from sop.model import Member, Person
from tests.integration.live import CORE, MINUTE, SECOND, Live, bindings, pack, play

ONLY_CORE = bindings(CORE)
WELCOME = pack(
    "  - {id: welcome, when: member.joined, do: [{post: '欢迎 {{ members }}'}]}\n"
    "  - {id: bye, when: member.left, do: [{post: 有人走了}]}\n",
    "rules:\n  charter: 不发广告\n  ladder: [remind, remove]\n  forget_after: 30d\n"
    "  checks: [{id: words, detect: words, any: [内部消息速转]}]\n",
)


def _without_zhao(corp: Corp) -> None:
    chat = corp.chats["core"]
    corp.change_chat("core", userlist=tuple(u for u in chat.userlist if u != "zhao"))


async def members(live: Live) -> set[str]:
    present = {each.person for each in await live.rows(Member, group="core", left_at=0)}
    return {each.userid for each in await live.rows(Person) if each.id in present}


async def polled(live: Live, *expected: str) -> None:
    """Wait until the roster is known to be this one, and what follows from it has happened."""

    async def known() -> bool:
        return await members(live) == set(expected)

    await live.until(known)
    await live.settle()


ALL_BUT_ZHAO = ("boss", "helper", "li", "wang")


def test_the_first_roster_welcomes_nobody_later_ones_do(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO)
        assert live.seen("post") == []

        live.sandbox.people.join("core", "zhao")
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        assert live.seen("post", "core") == ["欢迎 赵六"]

        live.sandbox.people.leave("core", "zhao")
        await polled(live, *ALL_BUT_ZHAO)
        assert live.seen("post", "core") == ["欢迎 赵六", "有人走了"]

        live.sandbox.people.join("core", "zhao")
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        assert live.seen("post", "core").count("欢迎 赵六") == 2

    play(tmp_path, ONLY_CORE, story, WELCOME, prepare=_without_zhao, roster_s=0.02)


def test_a_restart_welcomes_nobody_again_but_those_who_came_meanwhile(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO)
        await live.stop()
        live.sandbox.people.join("core", "zhao")
        await live.again()
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        assert live.seen("post", "core") == ["欢迎 赵六"]

    play(tmp_path, ONLY_CORE, story, WELCOME, prepare=_without_zhao, roster_s=0.02)


def test_somebody_the_app_may_not_see_hides_nobody_else(tmp_path: Path) -> None:
    def prepare(corp: Corp) -> None:
        corp.people["zhao"] = replace(corp.people["zhao"], in_scope=False)

    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        names = {each.userid: each.name for each in await live.rows(Person)}
        assert names["li"] == "李四"
        assert names["zhao"] == ""

    play(tmp_path, ONLY_CORE, story, WELCOME, prepare=prepare, roster_s=0.02)


def test_a_roster_that_cannot_be_read_is_no_exodus(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        live.corp.fail_next("appchat/get", errcode=86003, times=3)
        live.corp.fail_next("appchat/get", status=502, times=3)
        live.sandbox.people.leave("core", "zhao")
        await polled(live, *ALL_BUT_ZHAO)
        assert live.seen("post", "core") == ["有人走了"]

    play(tmp_path, ONLY_CORE, story, WELCOME, roster_s=0.02)


def test_the_second_strike_removes_once_and_the_roster_adds_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        await live.speak("li", "内部消息速转，明天停水", "core", mention_bot=False)
        await live.settle()
        assert live.who("removed") == []
        await live.skip(MINUTE)
        await live.speak("li", "内部消息速转，后天停电", "core", mention_bot=False)
        await live.settle()

        assert live.who("removed") == ["li"]
        assert "li" not in live.corp.chats["core"].userlist
        await polled(live, "boss", "helper", "wang", "zhao")
        for _ in range(5):
            await live.skip(SECOND)
        assert live.seen("post", "core") == []
        assert len([each for each in await live.rows(Member) if each.left_at]) == 1
        assert live.corp.chats["core"].owner == "boss"

    play(tmp_path, ONLY_CORE, story, WELCOME, roster_s=0.02)


@pytest.mark.parametrize("owner", ["helper", "wang"])
def test_a_removal_leaves_the_group_its_owner(tmp_path: Path, owner: str) -> None:
    """Whom groups.yaml calls the owner is not always whom WeCom does."""

    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        await live.bot.enforce()
        for text in ("内部消息速转，明天停水", "内部消息速转，后天停电"):
            await live.speak("li", text, "core", mention_bot=False)
            await live.skip(MINUTE)

        assert live.who("removed") == ["li"]
        assert live.corp.chats["core"].owner == owner

    def prepare(corp: Corp) -> None:
        corp.change_chat("core", owner=owner)

    play(tmp_path, ONLY_CORE, story, WELCOME, prepare=prepare, roster_s=0.02)


def test_a_roster_asked_for_before_a_removal_brings_nobody_back(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await polled(live, *ALL_BUT_ZHAO, "zhao")
        await live.speak("li", "内部消息速转，明天停水", "core", mention_bot=False)
        await live.skip(MINUTE)
        # What is answered late was true when it was asked for.
        live.corp.fail_next("appchat/get", hang=0.3)
        live.corp.change_chat("core", userlist=tuple(reversed(live.corp.chats["core"].userlist)))
        await live.until(lambda: not live.corp.failures._ordered["appchat/get"])
        await live.speak("li", "内部消息速转，后天停电", "core", mention_bot=False)
        await live.settle()
        assert live.who("removed") == ["li"]

        get = live.bot._polls
        assert get is not None
        asked = live.bot.clock.now()
        await live.until(lambda: all(told.at > asked for told in get._told.values()))
        await live.settle()
        assert live.seen("post", "core") == []
        assert await members(live) == {"boss", "helper", "wang", "zhao"}

    play(tmp_path, ONLY_CORE, story, WELCOME, roster_s=0.02)
