"""Buttons on cards: a press is the command it stands for, given by who pressed it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels.sandbox import payloads
from bot.channels.sandbox.callbacks import ANSWER_S
from bot.channels.sandbox.people import Impossible
from handlers.figures import advising
from handlers.ports import Context, Store
from sop.events import PaymentsTold
from sop.model import AdviceGiven, Ballot, Like, Outgoing, Person, Task
from tests.integration.live import CORE, Live, bindings, locked, pack, play

TEA = "  - {id: tea, when: {says: [下午茶]}, do: [{task: {to: staff, text: 请准备下午茶}}]}\n"
LONG = (
    "  - {id: tea, when: {says: [下午茶]}, do: [{task: {to: staff, text: 请准备"
    + "红茶、绿茶、白茶、" * 20
    + "}}]}\n"
)
PACK = pack(TEA)
GROUPS = bindings(CORE)
LAYERED = (
    "  club:\n    title: 书友会\n    pack: club\n    owner: boss\n    staff: [helper]\n"
    "    core: {id: inner, title: 核心群, channels: {appchat: inner, aibot: wrkINNER}}\n"
    f"    regular:\n      - {CORE}\n"
)
LAYERS = pack(
    '  - {id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}\n',
    "layers: {core: {enter: {paid: true}, leave: {paid: false}, approve: owner}}\n",
)


async def wanted(live: Live) -> Task:
    """Somebody asks for tea, which is a task for the staff."""
    await live.speak("li", "下午茶", "core")
    await live.settle()
    return (await live.tasks())[-1]


async def pressed(live: Live, userid: str, label: str) -> str:
    """Press, and give what the bot has said since."""
    before = len(live.shown())
    await live.press(userid, label)
    await live.settle()
    return "\n".join(live.shown()[before:])


def labels(live: Live, userid: str) -> list[list[str]]:
    return [[each["text"] for each in card["buttons"]] for card in live.cards(userid)]


def replaced(live: Live) -> list[str]:
    return live.seen("card")


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
    def inner(corp: Any) -> None:
        corp.add_chat(
            replace(
                corp.chats["core"],
                chatid="inner",
                bot_chatid="wrkINNER",
                userlist=("boss", "helper"),
            )
        )

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

    play(tmp_path, LAYERED, story, LAYERS, prepare=inner)


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


def test_a_press_that_cannot_be_kept_yet_is_brought_again(tmp_path: Path) -> None:
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


def test_a_press_on_the_ai_bots_card_is_kept_although_it_comes_only_once(tmp_path: Path) -> None:
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


VOTE = (
    "  - {id: dinner, when: {says: [开投]},"
    " do: [{vote: {title: 周末去哪, options: [西湖, 龙井, 灵隐], for: 2h}}]}\n"
)
ALPHA = bindings("{id: alpha, title: 一群, channels: {aibot: wrkALPHA}}")


def test_a_member_votes_and_votes_anew_by_pressing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "开投")
        await live.settle()
        assert labels(live, "li")[0] == ["西湖", "龙井", "灵隐"]

        await pressed(live, "li", "龙井")
        await pressed(live, "wang", "西湖")
        # Who has pressed sees what for, and may still choose another.
        assert labels(live, "li")[0] == ["✓ 龙井", "西湖", "灵隐"]
        assert labels(live, "zhao")[0] == ["西湖", "龙井", "灵隐"]
        await pressed(live, "li", "西湖")
        found = await live.rows(Ballot)
        assert sorted(each.choice for each in found) == ["1", "1"]

        card = live.cards("zhao")[0]
        await live.skip(3 * 3_600_000)
        key = card["buttons"][0]["key"]
        await live.sandbox.people.press("zhao", card["task_id"], key)
        await live.settle()
        assert len(await live.rows(Ballot)) == 2
        assert live.seen("bad_reply") == []
        assert await live.dead() == []

    play(tmp_path, ALPHA, story, pack(VOTE))


def test_a_long_vote_is_a_card_of_choices(tmp_path: Path) -> None:
    many = ", ".join(f"第{number}家" for number in range(1, 9))
    step = VOTE.replace("西湖, 龙井, 灵隐", many)

    async def story(live: Live) -> None:
        await live.speak("boss", "开投")
        card = live.cards("li")[0]
        assert [each["text"] for each in card["options"]][-1] == "第8家"
        await live.press("li", "选好了", "8")
        await live.settle()
        assert [each.choice for each in await live.rows(Ballot)] == ["8"]
        assert labels(live, "li")[0] == ["✓ 第8家"]

    play(tmp_path, ALPHA, story, pack(step))


def test_a_numbered_share_is_liked_by_pressing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "分享 读完了《瓦尔登湖》，最喜欢湖边的那一章，慢下来真好。")
        await live.settle()
        assert labels(live, "wang")[0] == ["👍 1"]

        await pressed(live, "wang", "👍 1")
        await pressed(live, "li", "👍 1")
        assert [each.status for each in await live.rows(Like)] == ["counted"]
        assert labels(live, "wang")[0] == ["✓ 👍 1"]
        assert labels(live, "boss")[0] == ["👍 1"]

    play(tmp_path, ALPHA, story, PACK.replace("checkin: {points: 2", "share: {points: 5"))


def test_a_card_follows_a_post_whose_channel_has_none(tmp_path: Path) -> None:
    core = "{id: core, title: 核心群, channels: {appchat: core, aibot: wrkCORE}}"

    async def story(live: Live) -> None:
        await live.until(lambda: live.sandbox.link.up)
        await live.speak("boss", "开投", "core")
        await live.until(lambda: live.cards("li"))
        await live.settle()
        words, card = live.seen("post", "core")
        assert "1. 西湖" in words
        assert words.startswith(card[:5])
        await live.press("li", "灵隐")
        await live.until(lambda: _voted(live))

        # Words come by themselves where the bot may not speak first.
        live.corp.fail_next("aibot_send_msg", errcode=93006)
        await live.skip(3 * 3_600_000)
        await live.speak("boss", "开投", "core")
        await live.settle()
        assert live.seen("post", "core")[-1].count("西湖")
        assert await live.tasks() == []

    async def _voted(live: Live) -> bool:
        return [each.choice for each in await live.rows(Ballot)] == ["3"]

    play(tmp_path, bindings(core), story, pack(VOTE), link=True)


def advised(store: Store, live: Live) -> None:
    """The week's report has told the helper two things to do."""
    given = [
        AdviceGiven(
            community="club", id=number, group="core", about=f"about-{number}", reason=reason,
            at=live.clock.now(),
        )
        for number, reason in ((1, "thank"), (2, "host"))
    ]  # fmt: skip
    for each in given:
        store.put(each)
    helper = next(each for each in store.find(Person) if each.userid == "helper")
    now, book = live.clock.now(), live.bot.library.book_of("club")
    assert book is not None
    buttons = advising.buttons(Context(store=store, book=book, community="club", now=now), given)
    listed = tuple((each.label, each.says, each.of) for each in buttons)
    body = {"to": str(helper.id), "text": advising.proposal(given), "buttons": listed}
    store.put(
        Outgoing(
            community="club", id=store.number("club", "outgoing"), event_key="report",
            group="core", do="dm", channel="app", chat="", klass="private", body=body,
            created_at=now, not_before=now,
        )
    )  # fmt: skip


def test_of_two_pieces_of_advice_each_is_answered_on_the_same_card(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("helper", "你好", "core")
        await live.read(lambda store: advised(store, live))
        await live.settle()
        assert labels(live, "helper")[0] == ["照办 1", "不用 1", "照办 2", "不用 2"]

        await pressed(live, "helper", "照办 1")
        assert ["✓ 照办 1", "照办 2", "不用 2"] in labels(live, "helper")

        live.corp.fail_next("message/update_template_card", errcode=-1)
        await live.press("helper", "不用 2")
        await live.settle()
        statuses = [each.status for each in await live.rows(AdviceGiven, order="id")]
        assert statuses == ["accepted", "declined"]
        assert await live.dead() == []

    play(tmp_path, GROUPS, story, PACK)
