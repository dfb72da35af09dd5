"""Customer groups: WeCom tells of a change, the bot asks who is there, each move is seen once."""

import logging
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.channels.sandbox import customers
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.failures import Failures
from bot.rosters import rosters as polls
from sop import rosters
from sop.model import DeadEvent, Group, Invitation, Member, Outgoing, Person
from tests.integration.live import (
    ALPHA,
    DAY,
    MINUTE,
    SECOND,
    Live,
    bindings,
    hasty,
    locked,
    pack,
    play,
)

SHOP = "{id: shop, title: 一店, channels: {customer: wrSHOP}}"
BOTH = bindings(ALPHA, SHOP)
SEEN = pack(
    "  - {id: hi, when: member.joined, do: [{post: '欢迎 {{ members }}'}]}\n"
    "  - {id: bye, when: member.left, do: [{post: 有人走了}]}\n"
).replace("    checkin: {points: 2, cap: 1/day}\n", "    invite: {points: 5}\n")
SOON = rosters.SETTLE_MS + SECOND
GUESTS = {"wmONE": "王一", "wmTWO": "王二", "wmTHREE": "王三"}
SELDOM = 30 * DAY / SECOND
"""Only one look of its own, at the start: what is seen later was told."""


@pytest.fixture(autouse=True)
def _looks_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(polls, "FIRST_S", 0.0)


def prepare(corp: Corp) -> None:
    corp.customers |= GUESTS


async def opened(live: Live) -> None:
    """The shop's group, whose first roster has been looked at."""
    await live.until(lambda: live.bot._polls is not None and live.bot._polls._told)
    await live.sandbox.customers.open("wrSHOP", "boss", "li", "wmONE", name="小店")
    await live.skip(SOON)
    assert await inside(live) == {"boss", "li", "wmONE"}
    assert await spells(live) == {}


async def inside(live: Live) -> set[str]:
    present = {each.person for each in await live.rows(Member, group="shop", left_at=0)}
    return {each.userid for each in await live.rows(Person) if each.id in present}


async def spells(live: Live) -> dict[str, int]:
    """Who has been seen to come after the first roster, and how often."""
    found = await live.rows(Member, group="shop", came_at__gt=0)
    names = {each.id: each.userid for each in await live.rows(Person)}
    return {names[each.person]: each.stint for each in found}


async def told(live: Live) -> list[str]:
    return [each.prepared for each in await live.tasks() if each.group == "shop"]


def shop(folder: Path, story: Any, **options: Any) -> None:
    play(folder, BOTH, story, SEEN, prepare=prepare, **{"roster_s": SELDOM, **options})


def test_who_comes_and_goes_is_seen_once_with_their_name(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.join("wrSHOP", "wmTWO", nickname="小王")
        await live.settle()
        assert "wmTWO" not in await inside(live)
        await live.skip(SOON)
        assert await spells(live) == {"wmTWO": 1}
        await live.sandbox.customers.leave("wrSHOP", "wmTWO")
        await live.skip(SOON)

        assert await inside(live) == {"boss", "li", "wmONE"}
        assert await told(live) == ["欢迎 小王", "有人走了"]
        assert live.seen("unheard") == []

    shop(tmp_path, story)


def test_a_task_of_a_customer_group_is_told_to_staff_by_the_app(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.join("wrSHOP", "wmTWO", nickname="小王")
        await live.skip(SOON)

        await live.until(lambda: live.cards("helper"))
        assert set(live.who("dm")) == {"helper"}
        assert "欢迎 小王" in live.seen("dm")[0]

        await live.press("helper", "做完了")
        await live.settle()
        assert await told(live) == []

    shop(tmp_path, story)


def test_a_guest_counts_for_who_brought_them_once_they_take_part_and_not_if_they_leave(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        for guest, scene in (("wang", customers.DIRECT), ("zhao", customers.LINK)):
            await live.sandbox.customers.join("wrSHOP", guest, scene=scene, by="li")
        await live.skip(SOON)
        people = {each.userid: each for each in await live.rows(Person)}
        found = {each.guest: each for each in await live.rows(Invitation)}
        assert {each.inviter for each in found.values()} == {people["li"].id}
        assert found[people["wang"].id].scene == "direct"
        assert found[people["zhao"].id].scene == "link"
        assert people["li"].balance == 0

        await live.speak("wang", "大家好，我是王五")
        await live.settle()
        assert await balance(live, "li") == 5
        await live.sandbox.customers.leave("wrSHOP", "zhao")
        await live.skip(SOON)
        await live.speak("zhao", "我也来了")
        await live.settle()
        assert await balance(live, "li") == 5

    shop(tmp_path, story)


async def balance(live: Live, userid: str) -> int:
    return next(each.balance for each in await live.rows(Person) if each.userid == userid)


def test_who_scans_a_code_was_brought_by_nobody_and_neither_is_one_whom_a_customer_brought(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.join("wrSHOP", "wmTWO", scene=customers.QR)
        await live.sandbox.customers.join("wrSHOP", "wmTHREE", scene=customers.LINK, by="wmONE")
        await live.skip(SOON)

        assert await spells(live) == {"wmTWO": 1, "wmTHREE": 1}
        assert await live.rows(Invitation) == []

    shop(tmp_path, story)


def test_another_owner_is_known_and_staff_are_told(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.hand_over("wrSHOP", "li")
        await live.skip(SOON)

        (group,) = await live.rows(Group, id="shop")
        assert (group.owner, group.chat_owner) == ("boss", "li")
        assert [each.kind for each in await live.tasks()] == ["owner-changed"]

    shop(tmp_path, story)


def test_a_new_name_or_notice_asks_for_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        before = await live.outgoing()
        await live.sandbox.customers.rename("wrSHOP", "大店")
        await live.skip(SOON)

        assert await live.outgoing() == before

    shop(tmp_path, story)


def test_what_cannot_be_read_is_no_exit_and_is_asked_for_again(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.corp.fail_next("externalcontact/groupchat/get", errcode=-1)
        live.corp.fail_next("externalcontact/groupchat/get", status=502)
        live.corp.fail_next("externalcontact/groupchat/get", drop=True)
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        for _ in range(8):
            await live.skip(SOON)

        assert await inside(live) == {"boss", "li", "wmONE", "wmTWO"}
        assert await spells(live) == {"wmTWO": 1}

    shop(tmp_path, story)


def test_without_the_permission_nobody_leaves_either(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.corp.customer_contact = False
        await live.sandbox.customers.leave("wrSHOP", "wmONE")
        await live.skip(SOON)
        assert "wmONE" in await inside(live)
        fetches = [each.status for each in await live.outgoing() if each.do == "fetch_roster"]
        assert fetches[-2:] == ["failed", "pending"]

        live.corp.customer_contact = True
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        await live.skip(SOON)
        assert await inside(live) == {"boss", "li", "wmTWO"}

    shop(tmp_path, story)


def test_a_dismissed_group_is_no_mass_exit_but_a_task(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.dismiss("wrSHOP")
        for _ in range(3):
            await live.skip(5 * MINUTE)

        assert await inside(live) == {"boss", "li", "wmONE"}
        assert [each.kind for each in await live.tasks()] == ["dismissed"]

    shop(tmp_path, story, roster_s=60)


def test_what_was_never_told_is_found_by_looking(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.sandbox.customers.held = []
        await live.sandbox.customers.join("wrSHOP", "wmTWO")

        async def seen() -> bool:
            return await spells(live) == {"wmTWO": 1}

        await live.until(seen)

    shop(tmp_path, story, roster_s=0.02)


def test_a_lost_event_is_seen_by_the_next_one_and_counted(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.sandbox.customers.held = []
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        live.sandbox.customers.held = None
        await live.sandbox.customers.join("wrSHOP", "wmTHREE")
        await live.skip(SOON)

        assert await spells(live) == {"wmTWO": 1, "wmTHREE": 1}
        assert b"qunyun_roster_gaps_total 1.0" in live.bot.metrics.render()

    shop(tmp_path, story)


def test_events_in_the_wrong_order_and_repeated_bring_nobody_twice(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        held = live.sandbox.customers.held = []
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        live.clock.skip(SECOND)
        await live.sandbox.customers.leave("wrSHOP", "wmTWO")
        live.clock.skip(SECOND)
        await live.sandbox.customers.join("wrSHOP", "wmTHREE")
        for plain in (held[2], held[0], held[1], held[2], held[0]):
            await live.sandbox.customers.deliver(plain)
            await live.skip(SOON)

        assert await inside(live) == {"boss", "li", "wmONE", "wmTHREE"}
        assert await spells(live) == {"wmTHREE": 1}
        assert live.seen("unheard") == []

    shop(tmp_path, story)


@pytest.mark.parametrize("settles_s", [4, 25])
def test_a_roster_that_settles_late_is_asked_for_again(tmp_path: Path, settles_s: int) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.corp.settles_ms = settles_s * SECOND
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        await live.skip(SOON)
        assert await spells(live) == {}
        for _ in range(12):
            await live.skip(10 * SECOND)

        assert await spells(live) == {"wmTWO": 1}
        calls = [each for each in await live.outgoing() if each.do == "fetch_roster"]
        assert len(calls) <= 2 + len(rosters.AGAIN_MS)

    shop(tmp_path, story)


def test_asking_ends_where_the_roster_never_settles(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.corp.settles_ms = DAY
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        for _ in range(20):
            await live.skip(MINUTE)

        calls = [each for each in await live.outgoing() if each.do == "fetch_roster"]
        assert len(calls) == 2 + len(rosters.AGAIN_MS)

    shop(tmp_path, story)


def test_a_group_that_is_not_bound_is_named_in_the_log_and_changes_nothing(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.hints")

    async def story(live: Live) -> None:
        await live.sandbox.customers.open("wrOTHER", "boss", "wmONE")
        await live.settle()

        assert live.seen("unheard") == []
        assert "customer group wrOTHER has changed and is not bound" in caplog.text
        assert await live.rows(DeadEvent) == []
        assert await live.rows(Member) == []

    shop(tmp_path, story)


def test_a_kill_between_the_hint_and_the_roster_forgets_nothing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        await live.sandbox.customers.join("wrSHOP", "wmTWO", by="li", scene=customers.LINK)
        await live.die()
        await live.again()
        await live.skip(SOON)

        assert await spells(live) == {"wmTWO": 1}
        assert len(await live.rows(Invitation)) == 1
        fetches = [each for each in await live.rows(Outgoing) if each.do == "fetch_roster"]
        assert {each.status for each in fetches} == {"sent"}

    shop(tmp_path, story)


def test_while_nothing_can_be_kept_wecom_is_told_so_and_what_it_gives_up_is_found_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        await opened(live)
        with locked(live):
            await live.sandbox.customers.join("wrSHOP", "wmTWO")
        given_up = [each["status"] for each in live.corp.transcript if each["kind"] == "unheard"]
        assert given_up == [503]
        await live.sandbox.customers.join("wrSHOP", "wmTHREE")
        await live.skip(SOON)

        assert await spells(live) == {"wmTWO": 1, "wmTHREE": 1}

    shop(tmp_path, story)


def test_a_request_that_comes_again_is_one_hint_and_its_nonce_is_good_for_no_other(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        caller, held = live.sandbox.caller, []
        live.sandbox.customers.held = held
        for guest in ("wmTWO", "wmTHREE"):
            await live.sandbox.customers.join("wrSHOP", guest)
        asked = len(await live.outgoing())
        query, body = caller._signed("app", held[0])
        assert [(await caller._try("POST", "app", query, body))[0] for _ in range(2)] == [200, 200]
        assert len(await live.outgoing()) == asked + 1

        other, forged = caller._signed("app", held[1])
        crypto = live.corp.identity.callback_crypto("app")
        encrypt = forged.decode().split("<Encrypt><![CDATA[")[1].split("]]>")[0]
        stamp, nonce = query["timestamp"], query["nonce"]
        signature = crypto.signature(stamp, nonce, encrypt)
        reused = {**other, "timestamp": stamp, "nonce": nonce, "msg_signature": signature}
        assert (await caller._try("POST", "app", reused, forged))[0] == 403

    shop(tmp_path, story)


def test_a_roster_that_could_not_be_had_is_asked_for_again_until_it_can(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await opened(live)
        live.corp.fail_next("externalcontact/groupchat/get", errcode=-1, times=99)
        await live.sandbox.customers.join("wrSHOP", "wmTWO")
        for _ in range(15):
            await live.skip(10 * MINUTE)
        assert await spells(live) == {}
        live.corp.failures = Failures()
        await live.skip(31 * MINUTE)

        assert await spells(live) == {"wmTWO": 1}
        asked = [each.status for each in await live.outgoing() if each.do == "fetch_roster"]
        assert asked.count("failed") >= 2
        assert asked[-1] == "sent"

    shop(tmp_path, story)


FAULTS: tuple[dict[str, Any], ...] = (
    {"errcode": -1}, {"errcode": 45033}, {"status": 502}, {"drop": True},
)  # fmt: skip


@pytest.mark.parametrize("seed", range(3))
def test_whatever_goes_wrong_the_roster_ends_as_wecom_has_it(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)

    async def story(live: Live) -> None:
        await opened(live)
        came, late = Counter[str](), list[str]()
        for _ in range(24):
            await _somebody_moves(live, chance, came)
            await _something_is_late_or_lost(live, chance, late)
            await _something_breaks(live, chance)
            await live.skip(chance.choice((0, SECOND, SOON, MINUTE)))
        live.corp.failures = Failures()
        live.corp.settles_ms = 0
        for _ in range(4):
            await live.skip(20 * MINUTE)
            await _look(live)

        assert await inside(live) == _there(live)
        assert all(times <= came[guest] for guest, times in (await spells(live)).items())
        assert await live.dead() == []

    shop(tmp_path, story)


def _there(live: Live) -> set[str]:
    return {each.userid for each in live.corp.customer_groups["wrSHOP"][-1].members}


async def _somebody_moves(live: Live, chance: random.Random, came: Counter[str]) -> None:
    people, guest = live.sandbox.customers, chance.choice(("wmTWO", "wmTHREE", "wang", "zhao"))
    people.held = [] if chance.random() < 0.4 else None
    if guest in _there(live):
        await people.leave("wrSHOP", guest)
        return
    came[guest] += 1
    await people.join("wrSHOP", guest)


async def _something_is_late_or_lost(live: Live, chance: random.Random, late: list[str]) -> None:
    late.extend(live.sandbox.customers.held or ())
    while late and chance.random() < 0.6:
        plain = late.pop(chance.randrange(len(late)))
        if chance.random() < 0.7:
            await live.sandbox.customers.deliver(plain)


async def _something_breaks(live: Live, chance: random.Random) -> None:
    if chance.random() < 0.3:
        live.corp.fail_next("externalcontact/groupchat/get", **chance.choice(FAULTS))
    live.corp.settles_ms = chance.choice((0, 0, SECOND, 5 * SECOND))
    if chance.random() < 0.2:
        await _look(live)
    if chance.random() < 0.1:
        await live.die()
        await live.again()


async def _look(live: Live) -> None:
    """The program's own look at each roster that is due."""
    assert live.bot._polls is not None
    await live.bot._polls.round()
    await live.settle()
