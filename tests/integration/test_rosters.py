"""Rosters of app-made groups, asked of a sandbox WeCom: only news become events."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.customers import Customers
from bot.channels.sandbox.model import Chat
from bot.channels.sandbox.people import People
from bot.channels.sandbox.server import running
from bot.channels.wecom.api import Token, WeComApi
from bot.channels.wecom.rosters import Roster
from bot.clock.wall import WallClock
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.rosters import rosters
from bot.rosters.rosters import RosterPolls
from sop.events import Event, MemberJoined, RosterFetched

MINUTE = 60_000
GROUPS = """\
communities:
  club:
    pack: club
    core: {id: core, channels: {appchat: core}}
    regular:
      - {id: lost, channels: {appchat: nowhere}}
      - {id: second, channels: {appchat: second}}
      - {id: heard, channels: {aibot: wrkA}}
      - {id: shop, channels: {customer: wrSHOP}}
"""
PACK = "pack: club\ntitle: 书友会\ntimezone: Asia/Shanghai\nsteps: []\n"


class Unkept:
    async def get(self, _name: str) -> Token | None:
        return None

    async def put(self, _name: str, _token: Token) -> None:
        return None


class Counting(WeComApi):
    """The real calls, with whose names were asked for, and with what happens during a call."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.asked: list[str] = []
        self.meanwhile: Callable[[str], None] = lambda _chat: None

    async def user_get(self, userid: str) -> Any:
        self.asked.append(userid)
        return await super().user_get(userid)

    async def appchat_get(self, chat_id: str) -> Roster:
        found = await super().appchat_get(chat_id)
        self.meanwhile(chat_id)
        return found


class Time:
    """A clock that stands still unless somebody sleeps."""

    def __init__(self) -> None:
        self.ms = WallClock().now()

    def now(self) -> int:
        return self.ms

    async def sleep(self, seconds: float) -> None:
        self.ms += round(seconds * 1_000)
        await asyncio.sleep(0)


@dataclass
class World:
    people: People
    customers: Customers
    corp: Corp
    time: Time
    polls: RosterPolls
    api: Counting
    events: list[RosterFetched] = field(default_factory=list)
    broken: bool = False
    named: tuple[str, ...] = ()

    async def submit(self, event: Event) -> None:
        if self.broken:
            raise OSError("the disk is full")
        assert isinstance(event, RosterFetched)
        self.events.append(event)
        self.named = (*self.named, *event.names)

    async def seen(self) -> list[str]:
        """A look at each, long after the last: the groups that had news."""
        self.events.clear()
        self.time.ms += 10 * MINUTE
        await self.polls.round()
        return sorted(event.group for event in self.events)

    async def known(self, community: str, userids: Collection[str]) -> frozenset[str]:
        assert community == "club"
        return frozenset(self.named) & frozenset(userids)


@contextlib.asynccontextmanager
async def world(folder: Path) -> AsyncIterator[World]:
    (folder / "groups.yaml").write_text(GROUPS, "utf-8")
    (folder / "club.yaml").write_text(PACK, "utf-8")
    library = Library(folder, Abilities(app=True))
    assert library.reload(), library.problems
    clock = Time()
    corp = Corp(clock.now)
    for userid, name in (("boss", "群主"), ("li", "李四"), ("wang", "王五")):
        corp.add_person(userid, name)
    for chat in ("core", "second"):
        corp.add_chat(Chat(chatid=chat, bot_chatid=f"wrk{chat}", name=chat, owner="boss",
                           userlist=("boss", "li"), made_by_app=True, hears_all=True))  # fmt: skip
    who = corp.identity
    async with running(corp) as sandbox, aiohttp.ClientSession() as session:
        api = Counting(session, sandbox.api_base, who.corp_id, who.app_secret, Unkept(), clock.now)
        made = World(sandbox.people, sandbox.customers, corp, clock, None, api)  # type: ignore[arg-type] # below
        made.polls = RosterPolls(
            api, library, made.submit, clock.now, 60, named=made.known, sleep=clock.sleep
        )
        yield made


def play(folder: Path, story: Callable[[World], Awaitable[None]]) -> None:
    async def main() -> None:
        async with world(folder) as made, asyncio.timeout(10):
            await story(made)

    asyncio.run(main())


def test_the_first_roster_tells_who_is_in_and_how_they_are_called(tmp_path: Path):
    """A group that is not there, or was not made by the app, hides none of the others."""

    async def story(world: World) -> None:
        assert await world.seen() == ["core", "second"]
        event = world.events[0]
        assert (event.owner, event.members) == ("boss", ("boss", "li"))
        assert event.names == {"boss": "群主", "li": "李四"}

    play(tmp_path, story)


def test_a_roster_without_news_is_no_event(tmp_path: Path):
    async def story(world: World) -> None:
        await world.seen()

        assert await world.seen() == []

    play(tmp_path, story)


def test_a_change_is_news_for_its_own_group_alone(tmp_path: Path):
    async def story(world: World) -> None:
        await world.seen()
        first = {event.key for event in world.events}
        world.people.join("second", "wang")

        assert await world.seen() == ["second"]
        assert world.events[0].members == ("boss", "li", "wang")
        assert world.events[0].key not in first

    play(tmp_path, story)


def test_each_name_is_asked_for_once(tmp_path: Path):
    async def story(world: World) -> None:
        await world.seen()
        world.people.join("second", "wang")
        await world.seen()

        assert world.api.asked == ["boss", "li", "wang"]

    play(tmp_path, story)


def test_a_customer_groups_roster_is_asked_for_too_and_has_its_own_names(tmp_path: Path):
    async def story(world: World) -> None:
        world.corp.customers["wmONE"] = "王一"
        world.customers.held = []
        await world.customers.open("wrSHOP", "boss", "wmONE")
        assert await world.seen() == ["core", "second", "shop"]
        event = next(each for each in world.events if each.group == "shop")
        assert event.names == {"boss": "群主", "wmONE": "王一"}
        assert event.version
        assert "wmONE" not in world.api.asked

        await world.customers.leave("wrSHOP", "wmONE")
        assert await world.seen() == ["shop"]
        assert await world.seen() == []

    play(tmp_path, story)


def test_a_name_that_is_known_is_not_asked_for(tmp_path: Path):
    async def story(world: World) -> None:
        world.named = ("boss", "li")
        await world.seen()

        assert world.api.asked == []
        assert world.events[0].names == {}

    play(tmp_path, story)


def test_where_many_are_unknown_their_names_come_with_later_rosters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(rosters, "NAMES_AT_ONCE", 1)

    async def story(world: World) -> None:
        assert await world.seen() == ["core", "second"]
        assert world.events[0].names == {"boss": "群主"}
        while await world.seen():
            assert len(world.api.asked) <= 2
        assert set(world.named) == {"boss", "li"}
        assert world.api.asked == ["boss", "li"]

    play(tmp_path, story)


def test_a_roster_that_could_not_be_kept_is_told_again(tmp_path: Path):
    async def story(world: World) -> None:
        world.broken = True
        assert await world.seen() == []
        world.broken = False

        assert await world.seen() == ["core", "second"]

    play(tmp_path, story)


def test_a_roster_is_told_every_hour_whatever_was_thought_to_be_known(tmp_path: Path):
    async def story(world: World) -> None:
        await world.seen()
        world.time.ms += 60 * MINUTE

        assert await world.seen() == ["core", "second"]
        assert await world.seen() == []

    play(tmp_path, story)


def test_a_roster_says_when_the_one_before_was_last_seen_to_hold(tmp_path: Path):
    async def story(world: World) -> None:
        await world.seen()
        assert {event.last_look_at for event in world.events} == {0}
        await world.seen()
        quiet = world.time.ms
        world.people.join("second", "wang")
        world.broken = True
        await world.seen()
        world.broken = False
        await world.seen()

        assert [event.last_look_at for event in world.events] == [quiet]

    play(tmp_path, story)


def test_when_wecom_says_that_it_is_too_much_nothing_is_asked_for_a_minute(tmp_path: Path):
    async def story(world: World) -> None:
        world.corp.fail_next("appchat/get", errcode=45009)
        began = world.time.ms
        await world.seen()
        world.people.join("second", "wang")
        world.events.clear()
        world.time.ms = began + 10 * MINUTE + 50_000
        await world.polls.round()
        assert world.events == []

        assert await world.seen() == ["core", "second"]

    play(tmp_path, story)


def test_a_roster_asked_for_before_a_move_is_asked_for_again(tmp_path: Path):
    async def story(world: World) -> None:
        joined = MemberJoined(key="k", community="club", group="core", at=1, member="li")
        world.api.meanwhile = lambda chat: world.polls.note(joined) if chat == "core" else None
        assert await world.seen() == ["core", "second"]
        world.api.meanwhile = lambda _chat: None

        assert await world.seen() == ["core"]
        assert await world.seen() == []

    play(tmp_path, story)


def test_a_clock_that_is_set_back_does_not_end_the_looking(tmp_path: Path):
    async def story(world: World) -> None:
        assert await world.seen() == ["core", "second"]
        world.people.join("second", "wang")
        world.time.ms -= 8 * 60 * MINUTE
        await world.polls.round()

        assert await world.seen() == ["second"]

    play(tmp_path, story)


def test_polling_goes_on_until_it_is_cancelled(tmp_path: Path):
    async def story(world: World) -> None:
        task = asyncio.create_task(world.polls.run())
        await _until(lambda: len(world.events) == 2)
        world.people.join("second", "wang")
        await _until(lambda: len(world.events) == 3)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    play(tmp_path, story)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - it is told to nobody
        await asyncio.sleep(0.005)
