"""Moves between the layers while everything goes wrong: nobody is in no group, nobody moved twice.

The real courier and the real calls meet a sandbox WeCom that refuses, is busy, drops answers after
they had their effect, or sees the program die in between; people come and go by hand meanwhile.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Change, Chat
from bot.channels.sandbox.near import NearWeCom
from bot.channels.wecom.attempts import Delivery, Result, Ways
from bot.channels.wecom.outgoing import deliver
from bot.delivery.courier import Courier
from bot.metrics import Metrics
from handlers.people import people
from sop.events import Event, RosterFetched, TaskAnswered
from sop.model import LayerMove, Member, Outgoing, Person, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.directly import Directly
from tests.lives import DAY, HOUR, MINUTE, Life, life

WAY = "https://work.example.com/gm/core"
PACK = """
links: {join-core: "https://work.example.com/gm/core"}
layers: {core: {enter: {paid: true}, leave: {paid: false}, approve: auto}}
steps: [{id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}]
"""
CORE = "core"
CHATS = (GROUP, CORE)
MOVERS = tuple(f"m{number}" for number in range(6))
FAULTS: tuple[Mapping[str, Any], ...] = (
    {"errcode": -1}, {"errcode": 45009}, {"errcode": 45033}, {"status": 502}, {"drop": True},
    {"errcode": 86216},
)  # fmt: skip


class Died(BaseException):
    """The process ends here."""


@dataclass
class World:
    """A community, its corp, and what WeCom has seen the program do since the last review."""

    club: Life
    chance: random.Random
    corp: Corp = field(init=False)
    ways: Ways = field(init=False)
    courier: Courier = field(init=False)
    by_hand: set[str] = field(default_factory=set)
    done: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    nowhere: list[str] = field(default_factory=list)
    faults: float = 0.3
    hands: float = 0.0

    def __post_init__(self) -> None:
        self.corp = Corp(lambda: self.club.now)
        for userid in ("owner", "helper", *MOVERS):
            self.corp.add_person(userid)
        for chat, inside in ((GROUP, ("owner", "helper", *MOVERS)), (CORE, ("owner", "helper"))):
            self.corp.add_chat(
                Chat(chatid=chat, bot_chatid=f"w{chat}", name=chat, owner="owner",
                     userlist=inside, made_by_app=True)
            )  # fmt: skip
        self.corp.subscribe(self._seen)
        api = NearWeCom(self.corp)
        self.ways = Ways(api=api, agent_id=1, load=_nothing, now=lambda: self.club.now)
        self._born()
        self.look()

    def _born(self) -> None:
        directly: Any = Directly(self.club)
        self.courier = Courier(directly, self._send, self._told, Metrics(), lambda: self.club.now)

    def _seen(self, change: Change) -> None:
        """What the bot does to a group; whoever is taken out must be in another one."""
        if change["kind"] not in ("join", "removed") or change["channel"] != "appchat":
            return
        for userid in change["to"]:
            self.done[userid, change["kind"], change["chat"]] += 1
            if not any(self.inside(userid, each) for each in CHATS):
                self.nowhere.append(userid)

    def inside(self, userid: str, chat: str) -> bool:
        return userid in self.corp.chats[chat].userlist

    async def _told(self, event: Event) -> None:
        self.club.handle(event)

    async def _send(self, delivery: Delivery) -> Result:
        if self.chance.random() < self.faults:
            api = self.chance.choice(("appchat/update", "appchat/update", "appchat/get"))
            self.corp.fail_next(api, **self.chance.choice(FAULTS))
        if delivery.do == "remove" and self.chance.random() < self.hands:
            self.leave(delivery.to_userids[0], CORE if delivery.chat_id == GROUP else GROUP)
        if delivery.do in ("add", "remove") and self.chance.random() < self.faults / 3:
            if self.chance.random() < 0.5:
                await deliver(delivery, self.ways)
            raise Died
        return await deliver(delivery, self.ways)

    async def deliver(self) -> None:
        """Deliver what may go out now; a process that died begins anew."""
        for _ in range(20):
            await self.courier._round()
            calls = tuple(self.courier._tasks)
            for each in calls:
                try:
                    await each
                except Died:
                    self._born()
                    await self.courier.recover()
            if not calls:
                return

    def look(self, asked: Mapping[str, tuple[int, Chat]] | None = None) -> None:
        """Fetch the rosters as they are, or as they were when they were asked for."""
        for chat in CHATS:
            at, found = (asked or {}).get(chat, (self.club.now, self.corp.chats[chat]))
            self.club.now += 1
            self.club.happen(
                RosterFetched, group=chat, asked_at=at, owner=found.owner, members=found.userlist
            )

    def pay(self, *userids: str, value: bool) -> None:
        with self.club.acting() as context:
            for userid in userids:
                person = people.person_of(context.store, COMMUNITY, userid)
                context.store.put(replace(person, paid=value))

    def leave(self, userid: str, chat: str) -> None:
        """Somebody leaves a group by hand in the moment in which they are moved to it."""
        self.by_hand.add(userid)
        inside = tuple(each for each in self.corp.chats[chat].userlist if each != userid)
        self.corp.change_chat(chat, userlist=inside)

    def act_by_hand(self) -> None:
        """Somebody leaves a group, or comes into one, as their client lets them."""
        userid, chat = self.chance.choice(MOVERS), self.chance.choice(CHATS)
        found = self.corp.chats[chat]
        self.by_hand.add(userid)
        inside = tuple(each for each in found.userlist if each != userid)
        if inside == found.userlist:
            inside = (*inside, userid)
        self.corp.change_chat(chat, userlist=inside)

    def follow(self, share: float) -> None:
        """Who was sent the way into the core group goes it, or not yet."""
        wanted = {each.userid for each in self.club.read(Person, layer="core")}
        told = self.club.read(Outgoing, do="dm", status="sent")
        named = {each.body["member"] for each in told if WAY in each.body["text"]}
        invited = {each.userid for each in self.club.read(Person) if str(each.id) in named}
        for userid in sorted(wanted & invited):
            if not self.inside(userid, CORE) and self.chance.random() < share:
                inside = self.corp.chats[CORE].userlist
                self.corp.change_chat(CORE, userlist=(*inside, userid))


async def _nothing(_name: str) -> bytes:
    raise OSError


@contextmanager
def world(seed: int, inner: str = "appchat") -> Iterator[World]:
    """Two groups made by the app, or a core group of another kind (`inner`)."""
    kinds = {GROUP: ("regular", "appchat"), CORE: ("core", inner)}
    groups = [
        builders.group(id=chat, kind=kind, staff=("helper",), channels={channel: chat, "app": ""})
        for chat, (kind, channel) in kinds.items()
    ]
    with life(PACK, groups=groups) as club:
        club.enforce(*groups)
        yield World(club, random.Random(seed))


def layers(club: Life) -> dict[str, str]:
    return {each.userid: each.layer for each in club.read(Person)}


async def night(here: World, *, hands: float) -> None:
    """One review, and a day in which what it decided is carried out as well as may be."""
    here.done.clear()
    here.hands = hands
    here.pay(*MOVERS, value=False)
    paying = [each for each in MOVERS if here.chance.random() < 0.5]
    here.pay(*paying, value=True)
    here.club.wait(here.club.now + DAY)
    asked: dict[str, tuple[int, Chat]] = {}
    for _ in range(30):
        await here.deliver()
        if here.chance.random() < hands:
            here.act_by_hand()
        if here.chance.random() < 0.3:
            asked = {chat: (here.club.now, here.corp.chats[chat]) for chat in CHATS}
        if here.chance.random() < 0.3:
            here.look(asked if here.chance.random() < 0.5 else None)
        here.club.now += here.chance.choice((1_000, MINUTE, 10 * MINUTE))


async def calm(here: World) -> None:
    """Nothing fails any more, people do what tasks ask of them, and everybody looks."""
    here.faults = here.hands = 0.0
    here.corp.failures._ordered.clear()
    for _ in range(4):
        here.club.now += 2 * HOUR
        await here.deliver()
        here.look()
        for task in here.club.read(Task, status="open"):
            do_it(here, task)
        here.look()
        await here.deliver()


def do_it(here: World, task: Task) -> None:
    """Move somebody as a task of a failed half asks for."""
    if task.kind not in ("add", "remove"):
        return
    with here.club.acting() as context:
        person = context.store.get(Person, COMMUNITY, task.person)
    assert person is not None
    found = here.corp.chats[task.group]
    inside = tuple(each for each in found.userlist if each != person.userid)
    if task.kind == "add":
        inside = (*inside, person.userid)
    here.corp.change_chat(task.group, userlist=inside)
    here.club.happen(TaskAnswered, group=task.group, task=str(task.id), choice="done", by="helper")


def all_done(here: World) -> None:
    """Everybody is in the group of their layer alone, and was brought there once."""
    found = layers(here.club)
    for userid in MOVERS:
        where = [each for each in CHATS if here.inside(userid, each)]
        assert where == [CORE if found[userid] == "core" else GROUP], userid
    assert here.nowhere == []
    assert max(here.done.values(), default=0) <= 1, here.done
    assert here.club.read(LayerMove, status="open") == []
    assert here.club.read(Task, status="open", kind__in=("add", "remove")) == []


@pytest.mark.parametrize("seed", range(25))
def test_whatever_fails_nobody_is_in_no_group_and_nobody_is_moved_twice(seed: int) -> None:
    async def story() -> None:
        with world(seed) as here:
            for _ in range(3):
                here.faults = 0.3
                await night(here, hands=0.0)
                await calm(here)
                all_done(here)

    asyncio.run(story())


@pytest.mark.parametrize("seed", range(25))
def test_people_who_come_and_go_meanwhile_are_never_put_out_of_their_last_group(seed: int) -> None:
    async def story() -> None:
        with world(100 + seed) as here:
            for _ in range(3):
                here.faults = 0.3
                await night(here, hands=0.2)
                hands = set(here.by_hand)
                await calm(here)
                assert here.nowhere == []
                for userid in set(MOVERS) - hands:
                    assert any(here.inside(userid, each) for each in CHATS), userid
                known = {each.id: each.userid for each in here.club.read(Person)}
                present = {
                    (known[each.person], each.group) for each in here.club.read(Member, left_at=0)
                }
                assert present == {
                    (userid, chat) for chat in CHATS for userid in here.corp.chats[chat].userlist
                }
                assert here.club.read(Outgoing, status="sending") == []

    asyncio.run(story())


@pytest.mark.parametrize("seed", range(10))
def test_where_people_come_by_themselves_the_old_group_is_left_once_and_only_then(seed: int):
    async def story() -> None:
        with world(200 + seed, inner="customer") as here:
            for _ in range(3):
                here.faults = 0.3
                await night(here, hands=0.0)
                here.follow(0.5)
                here.look()
                await here.deliver()
                halfway = [each for each in MOVERS if not here.inside(each, GROUP)]
                assert [each for each in halfway if not here.inside(each, CORE)] == []
                here.follow(1.0)
                await calm(here)
                all_done(here)
            assert any(WAY in each.body["text"] for each in here.club.read(Outgoing, do="dm"))

    asyncio.run(story())
