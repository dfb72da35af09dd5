"""Customer groups of the sandbox: what the server tells of them, and the events it sends."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.channels.sandbox import customers
from bot.channels.sandbox.people import Impossible
from bot.channels.sandbox.server import Sandbox
from bot.channels.wecom.payloads import parse_xml
from bot.channels.wecom.translate import heard_from_app
from tests.integration.sandbox.bots import Bot, with_bot
from tests.unit.bot.sandbox.corps import Clock, a_corp, refusal, told

SHOP = "wrSHOP"


def shop(play: Callable[[Sandbox, Bot], Awaitable[None]], clock: Clock | None = None) -> None:
    corp = a_corp(clock)
    corp.customers["wmONE"] = "王一"
    bot = Bot(corp)

    async def story(sandbox: Sandbox) -> None:
        await sandbox.customers.open(SHOP, "zhang.san", name="小店")
        await play(sandbox, bot)

    with_bot(corp, bot, story)


def roster(sandbox: Sandbox, **body: Any) -> dict[str, Any]:
    asked = {"chat_id": SHOP, "need_name": 1, **body}
    found: dict[str, Any] = customers.get(sandbox.corp, asked)["group_chat"]
    return found


def changes(bot: Bot) -> list[dict[str, Any]]:
    heard = [heard_from_app(parse_xml(plain)) for _, plain in bot.heard]
    assert {(each.event, each.sender, each.chat_id) for each in heard} == {
        ("change_external_chat", "sys", SHOP)
    }
    return [dict(each.fields) for each in heard]


def test_who_joins_or_leaves_is_told_with_a_chain_of_versions():
    async def play(sandbox: Sandbox, bot: Bot) -> None:
        first = roster(sandbox)["member_version"]
        await sandbox.customers.join(SHOP, "wmONE", "Li.Si", scene=customers.QR)
        second = roster(sandbox)["member_version"]
        await sandbox.customers.leave(SHOP, "wmONE", removed=True)

        made, joined, left = changes(bot)
        assert made["change_type"] == "create"
        assert joined == {
            "chat_id": SHOP, "change_type": "update", "update_detail": "add_member",
            "join_scene": "3", "mem_change_cnt": "2", "mem_change_list": ("wmONE", "Li.Si"),
            "last_mem_ver": first, "cur_mem_ver": second,
        }  # fmt: skip
        assert (left["update_detail"], left["quit_scene"]) == ("del_member", "1")
        assert left["last_mem_ver"] == second
        assert left["cur_mem_ver"] == roster(sandbox)["member_version"] not in {first, second}

    shop(play)


def test_the_roster_tells_names_only_if_asked_and_inviters_only_of_the_corp():
    async def play(sandbox: Sandbox, _bot: Bot) -> None:
        await sandbox.customers.join(
            SHOP, "wmONE", scene=customers.LINK, by="Li.Si", nickname="小王"
        )
        await sandbox.customers.join(SHOP, "wang.wu", scene=customers.DIRECT, by="wmONE")
        owner, brought, other = roster(sandbox)["member_list"]

        assert (owner["type"], brought["type"], other["type"]) == (1, 2, 1)
        assert brought["invitor"] == {"userid": "Li.Si"}
        assert (brought["join_scene"], brought["group_nickname"]) == (2, "小王")
        assert brought["name"] == "王一"
        assert "invitor" not in other
        assert "name" not in roster(sandbox, need_name=0)["member_list"][1]

    shop(play)


def test_what_is_no_membership_has_an_event_without_versions():
    async def play(sandbox: Sandbox, bot: Bot) -> None:
        await sandbox.customers.join(SHOP, "Li.Si")
        version = roster(sandbox)["member_version"]
        await sandbox.customers.hand_over(SHOP, "Li.Si")
        await sandbox.customers.rename(SHOP, "大店")

        assert [each["update_detail"] for each in changes(bot)[2:]] == [
            "change_owner", "change_name",
        ]  # fmt: skip
        assert not any("cur_mem_ver" in each for each in changes(bot)[2:])
        now = roster(sandbox)
        assert (now["owner"], now["name"], now["member_version"]) == ("Li.Si", "大店", version)

    shop(play)


def test_the_server_refuses_with_wecoms_codes():
    async def play(sandbox: Sandbox, _bot: Bot) -> None:
        corp = sandbox.corp
        assert refusal(customers.get, corp, {}) == 40063
        assert refusal(customers.get, corp, {"chat_id": "wrNONE"}) == 40050
        await sandbox.customers.dismiss(SHOP)
        assert refusal(customers.get, corp, {"chat_id": SHOP}) == 40050
        corp.customer_contact = False
        assert refusal(customers.get, corp, {"chat_id": SHOP}) == 48002

    shop(play)


def test_a_roster_may_settle_late():
    clock = Clock()

    async def play(sandbox: Sandbox, _bot: Bot) -> None:
        sandbox.corp.settles_ms = 3_000
        clock.pass_ms(10_000)
        await sandbox.customers.join(SHOP, "wmONE")
        clock.pass_ms(2_999)
        assert len(roster(sandbox)["member_list"]) == 1
        clock.pass_ms(1)
        assert len(roster(sandbox)["member_list"]) == 2

    shop(play, clock)


def test_events_can_be_kept_back_lost_and_delivered_late():
    async def play(sandbox: Sandbox, bot: Bot) -> None:
        held = sandbox.customers.held = []
        await sandbox.customers.join(SHOP, "wmONE")
        await sandbox.customers.leave(SHOP, "wmONE")
        assert len(bot.heard) == 1
        await sandbox.customers.deliver(held[1])

        assert changes(bot)[1]["update_detail"] == "del_member"
        assert told(sandbox.corp, "unheard") == []

    shop(play)


def test_a_client_lets_nobody_do_what_cannot_be():
    async def play(sandbox: Sandbox, _bot: Bot) -> None:
        people = sandbox.customers
        for impossible in (
            people.open(SHOP, "zhang.san"),
            people.join(SHOP, "nobody"),
            people.join(SHOP, "zhang.san"),
            people.leave(SHOP, "wmONE"),
            people.leave(SHOP, "zhang.san"),
            people.rename("wrNONE", "x"),
        ):
            with pytest.raises(Impossible):
                await impossible

    shop(play)
