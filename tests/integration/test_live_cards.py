"""Buttons on cards: a press is the command it stands for, given by who pressed it."""

from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.sandbox import payloads
from bot.channels.sandbox.callbacks import ANSWER_S
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.people import Impossible
from sop.model import Person, Task
from sop.told_events import PaymentsTold
from tests.integration.live import Live, bindings, hasty, locked, pack, play
from tests.integration.pressing import (
    GROUPS,
    LAYERED,
    LAYERS,
    LONG,
    PACK,
    labels,
    pressed,
    replaced,
    wanted,
    with_core,
)


def test_a_task_is_taken_and_done_by_pressing_alone(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        assert len(live.seen("dm")) == 1
        assert "请准备下午茶" in live.seen("dm")[0]
        assert labels(live, "helper") == [["做完了", "我来做", "做不了"]]

        assert "归你了" in await pressed(live, "helper", "我来做")
        assert labels(live, "helper")[0] == ["做完了", "做不了"]
        assert f"任务 {task.id} 已记录" in await pressed(live, "helper", "做完了")
        assert await live.tasks() == []
        assert replaced(live) == ["✓ 我来做", "✓ 做完了"]
        assert all("做完了" not in card for card in labels(live, "helper"))

    play(tmp_path, GROUPS, story, PACK)


def test_the_owner_agrees_to_a_move_by_pressing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        paid = PaymentsTold(
            key="paid", community="club", at=live.clock.now(), payments=(("li", True, 0),)
        )
        await live.speak("li", "早上好", "core")
        await live.bot.submit(paid)
        await live.advance(24 * 3_600_000)
        assert labels(live, "boss")[0] == ["同意", "不同意"]

        assert "已记录" in await pressed(live, "boss", "同意")
        await live.settle()
        assert "li" in live.corp.chats["inner"].userlist

    play(tmp_path, LAYERED, story, LAYERS, prepare=with_core)


def test_what_one_of_several_has_settled_looks_open_to_none_of_them(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("wang", "你好", "core")
        await wanted(live)
        assert labels(live, "wang") == [["做完了", "我来做", "做不了"]]

        # Whoever takes it does not keep the others from doing it.
        await pressed(live, "helper", "我来做")
        assert labels(live, "wang") == [["做完了", "我来做", "做不了"]]
        await pressed(live, "wang", "做完了")
        await live.advance(5_000)
        assert replaced(live)[-3:] == ["✓ 做完了", "已处理", "已处理"]
        assert labels(live, "helper") == [[], []]

        await wanted(live)
        live.corp.fail_next("message/update_template_card", errcode=40058)
        await pressed(live, "wang", "做完了")
        await live.advance(5_000)
        assert labels(live, "helper")[0] == ["做完了", "我来做", "做不了"]
        assert "已经" in await pressed(live, "helper", "我来做")
        assert replaced(live)[-1] == "已处理"

    two = GROUPS.replace("staff: [helper]", "staff: [helper, wang]")
    play(tmp_path, two, story, PACK)


@pytest.mark.parametrize("text", ["请准备下午茶", LONG])
def test_a_typed_answer_closes_the_cards_of_all_who_were_asked(tmp_path: Path, text: str) -> None:
    async def story(live: Live) -> None:
        await live.speak("wang", "你好", "core")
        task = await wanted(live)
        await live.speak("helper", f"完成 {task.id}", None)
        await live.advance(5_000)
        assert [labels(live, who)[0] for who in ("helper", "wang")] == [[], []]
        assert replaced(live)[-1] == "已处理"
        # A second task has cards of its own.
        await wanted(live)
        assert labels(live, "wang")[0] == ["做完了", "我来做", "做不了"]

    two = GROUPS.replace("staff: [helper]", "staff: [helper, wang]")
    play(tmp_path, two, story, pack(LONG) if text == LONG else PACK)


def test_a_card_that_went_out_late_is_closed_when_it_arrives(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("message/send", errcode=-1)
        task = await wanted(live)
        assert live.cards("helper") == []
        await live.speak("helper", f"完成 {task.id}", None)
        await live.advance(60_000)
        assert [labels(live, "helper")[0], replaced(live)] == [[], ["已处理"]]

    play(tmp_path, GROUPS, story, PACK)


def test_a_card_of_the_ai_bot_says_when_pressed_that_it_was_settled(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("helper", f"任务 {task.id}", None, to="aibot")
        await live.speak("helper", f"完成 {task.id}", None)
        await live.advance(5_000)
        # Nothing but a press lets WeCom change a card of the AI bot.
        assert labels(live, "helper")[0] == ["做完了", "我来做", "做不了"]
        assert f"任务 {task.id} 已经" in await pressed(live, "helper", "做不了")
        assert labels(live, "helper")[0] == ["已处理"]

    play(tmp_path, GROUPS, story, PACK)


def test_what_has_no_room_on_a_card_is_said_before_it(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await wanted(live)
        words, card = live.seen("dm")
        assert words.count("红茶") == 20
        assert len(card) < 150
        assert labels(live, "helper") == [["做完了", "我来做", "做不了"]]

    play(tmp_path, GROUPS, story, pack(LONG))


def test_where_a_card_is_refused_the_words_go_out_alone(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("message/send", errcode=43012)
        task = await wanted(live)
        assert live.cards("helper") == []
        assert "请准备下午茶" in live.seen("dm")[0]
        await live.speak("helper", f"完成 {task.id}", None)
        await live.settle()
        assert await live.tasks() == []

    play(tmp_path, GROUPS, story, PACK)


def test_who_may_not_answer_a_task_presses_in_vain(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("wang", "你好", "core")
        member = live.corp.person("wang")
        assert member is not None
        button = payloads.Pressed(
            task_id=live.cards("helper")[0]["task_id"], key=f"完成 {task.id}"
        )
        forged = payloads.app_press(live.corp, member, button)
        await live.sandbox.caller.call("app", forged)
        await live.settle()
        assert [each.status for each in await live.rows(Task)] == ["open"]
        assert live.who("dm")[-1] == "wang"
        assert "管理员" in live.seen("dm")[-1]

    play(tmp_path, GROUPS, story, PACK)


def test_a_press_is_one_command_however_often_it_is_brought(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        helper = live.corp.person("helper")
        assert helper is not None
        button = payloads.Pressed(
            task_id=live.cards("helper")[0]["task_id"], key=f"接手 {task.id}"
        )
        once = payloads.app_press(live.corp, helper, button)
        before = len(live.seen("dm"))
        for _ in range(3):
            await live.sandbox.caller.call("app", once)
            await live.settle()
        assert len(live.seen("dm")) == before + 1

        await live.speak("helper", f"完成 {task.id}", None)
        again = payloads.app_press(live.corp, helper, button)
        await live.sandbox.caller.call("app", again)
        await live.settle()
        assert live.seen("dm")[-1].startswith(f"任务 {task.id} 已经")

    play(tmp_path, GROUPS, story, PACK)


def test_a_pressed_card_offers_nothing_any_more(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await wanted(live)
        card = live.cards("helper")[0]
        await pressed(live, "helper", "我来做")
        with pytest.raises(Impossible):
            await live.sandbox.people.press("helper", card["task_id"], card["buttons"][0]["key"])

    play(tmp_path, GROUPS, story, PACK)


@pytest.mark.parametrize("card", ["", "nonsense", "0123456789ab-99-1a2b", "x" * 500])
def test_a_forged_card_gives_no_more_than_the_typed_command(tmp_path: Path, card: str) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("wang", "你好", "core")
        for userid, key in (
            ("wang", f"完成 {task.id}"), ("wang", "加分 @王五 1000"), ("zhao", f"完成 {task.id}"),
        ):  # fmt: skip
            person = live.corp.person(userid)
            assert person is not None
            plain = payloads.app_press(live.corp, person, payloads.Pressed(task_id=card, key=key))
            await live.sandbox.caller.call("app", plain)
        await live.settle()
        assert [each.status for each in await live.rows(Task)] == ["open"]
        assert all(each.balance < 100 for each in await live.rows(Person))
        assert await live.dead() == []

    play(tmp_path, GROUPS, story, PACK)


def test_a_forged_card_shows_nobody_what_others_were_told(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("wang", "你好", "core")
        button = payloads.Pressed(
            task_id=live.cards("helper")[0]["task_id"], key=f"完成 {task.id}"
        )
        for userid, told in (("wang", False), ("helper", True)):
            person = live.corp.person(userid)
            assert person is not None
            status, card = await live.post(payloads.aibot_press(live.corp, None, person, button))
            assert status == 200
            assert ("请准备下午茶" in card) is told

    play(tmp_path, GROUPS, story, PACK)


def test_a_press_that_cannot_be_kept_yet_is_brought_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        await wanted(live)
        with locked(live):
            await live.press("helper", "我来做")
        assert [each["status"] for each in live.corp.transcript if each["kind"] == "unheard"] == [
            503
        ]
        assert labels(live, "helper") == [["做完了", "我来做", "做不了"]]
        assert "归你了" in await pressed(live, "helper", "我来做")

    assert ANSWER_S > 4
    play(tmp_path, GROUPS, story, PACK)


def test_a_card_belongs_to_the_community_that_sent_it(tmp_path: Path) -> None:
    other = bindings(
        "{id: beta, title: 二群, channels: {appchat: beta, aibot: wrkBETA}}",
        name="second",
        title="跑团",
    )

    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("helper", "跑团 任务", None)
        await live.settle()
        assert f"任务 {task.id} 已记录" in await pressed(live, "helper", "做完了")
        assert await live.tasks() == []

    play(tmp_path, GROUPS + other, story, PACK)


def test_the_ai_bot_answers_with_buttons_and_takes_a_press_of_them(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("helper", f"任务 {task.id}", None, to="aibot")
        assert "请准备下午茶" in live.seen("passive")[-1]

        told = await pressed(live, "helper", "做完了")
        assert f"任务 {task.id} 已记录" in told
        assert await live.tasks() == []
        # The card keeps its words; what stands under them says what was pressed.
        assert "请准备下午茶" in replaced(live)[-1]
        assert labels(live, "helper")[0] == ["✓ 做完了"]

        assert f"任务 {task.id} 已经" in await pressed(live, "helper", "✓ 做完了")
        assert live.seen("bad_reply") == []

    play(tmp_path, GROUPS, story, PACK)


def test_a_press_on_the_ai_bots_card_is_kept_although_it_comes_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("helper", f"任务 {task.id}", None, to="aibot")
        with locked(live):
            await live.press("helper", "做完了")
            assert labels(live, "helper")[0] == ["做完了", "我来做", "做不了"]
        await live.until(lambda: _done(live))
        await live.settle()
        assert f"任务 {task.id} 已记录" in live.shown()[-1]

    async def _done(live: Live) -> bool:
        return not await live.tasks()

    play(tmp_path, GROUPS, story, PACK)


def test_cards_travel_by_the_long_connection(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.until(lambda: live.sandbox.link.up)
        task = await wanted(live)
        await live.speak("helper", f"任务 {task.id}", None, to="aibot")
        await live.until(lambda: live.cards("helper"))
        await live.settle()

        await live.press("helper", "我来做")
        await live.until(lambda: any("归你了" in each for each in live.shown()))
        await live.until(lambda: replaced(live))
        live.corp.fail_next("aibot_respond_update_msg", errcode=846605)
        await live.press("helper", "✓ 我来做")
        await live.until(lambda: any("已经在你手上" in each for each in live.shown()))
        assert await live.dead() == []

    play(tmp_path, GROUPS, story, PACK, link=True)


def test_an_encrypted_id_presses_like_its_owner(tmp_path: Path) -> None:
    def encrypted(corp: Corp) -> None:
        corp.encrypt_userids = True

    async def story(live: Live) -> None:
        task = await wanted(live)
        await live.speak("helper", f"任务 {task.id}", None, to="aibot")
        assert f"任务 {task.id} 已记录" in await pressed(live, "helper", "做完了")
        assert labels(live, "helper")[0] == ["✓ 做完了"]

    play(tmp_path, GROUPS, story, PACK, prepare=encrypted)


def test_an_app_that_hears_nothing_shows_no_buttons(tmp_path: Path) -> None:
    """WeCom takes no card with buttons of an app that has no callback address."""

    async def story(live: Live) -> None:
        live.settings = replace(live.settings, wecom_app_token="", wecom_app_aes_key="")
        await live.stop()
        await live.again()
        task = await wanted(live)
        assert live.cards("helper") == []
        assert "请准备下午茶" in live.seen("dm")[-1]
        assert task.status == "open"

    play(tmp_path, GROUPS, story, PACK)
