"""Votes, likes and advice on cards, and a whole day lived by pressing."""

from pathlib import Path

from bot.channels.sandbox import payloads
from handlers.figures import advising
from handlers.ports import Context, Store
from sop.model import AdviceGiven, Ballot, Like, Message, Outgoing, Person
from sop.told_events import PaymentsTold
from tests.integration.live import Live, bindings, pack, play
from tests.integration.pressing import (
    GROUPS,
    LAYERED,
    PACK,
    TEA,
    labels,
    pressed,
    replaced,
    with_core,
)

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
        assert all("1. 西湖" not in card for card in replaced(live))
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


def test_an_answer_to_a_question_is_liked_by_pressing(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "提问 读不下去的书，要不要坚持读完？")
        await live.speak("wang", "回答 1 先放一放，过一个月再翻开看看。")
        await live.settle()
        assert labels(live, "zhao")[:2] == [["👍 2"], ["👍 1"]]

        await pressed(live, "zhao", "👍 2")
        assert [each.target for each in await live.rows(Like)] == ["item:alpha:2"]

    play(tmp_path, ALPHA, story, PACK)


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


DAY = pack(
    '  - {id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}\n' + TEA + VOTE,
    "layers: {core: {enter: {paid: true}, leave: {paid: false}, approve: owner}}\n",
).replace("checkin: {points: 2", "share: {points: 5")


def test_a_day_is_lived_by_pressing_alone(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "分享 读完了《瓦尔登湖》，最喜欢湖边的那一章，慢下来真好。", "core")
        await live.speak("boss", "开投", "core")
        await live.speak("wang", "下午茶", "core")
        await live.settle()

        await pressed(live, "wang", "👍 1")
        await pressed(live, "wang", "龙井")
        await pressed(live, "helper", "我来做")
        await pressed(live, "helper", "做完了")
        paid = PaymentsTold(
            key="paid", community="club", at=live.clock.now(), payments=(("li", True, 0),)
        )
        await live.bot.submit(paid)
        await live.advance(24 * 3_600_000)
        await pressed(live, "boss", "同意")
        await live.settle()

        assert [each.status for each in await live.rows(Like)] == ["counted"]
        assert [each.choice for each in await live.rows(Ballot)] == ["2"]
        assert await live.tasks() == []
        assert "li" in live.corp.chats["inner"].userlist
        said = [each["text"] for each in live.corp.transcript if each["kind"] == "said"]
        assert len(said) == 3
        assert [live.seen(kind) for kind in ("bad_reply", "unheard", "dropped")] == [[], [], []]
        assert await live.dead() == []

    play(tmp_path, LAYERED, story, DAY, prepare=with_core)


def test_a_press_that_the_ai_bot_is_told_twice_is_one(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "开投")
        person = live.corp.person("li")
        assert person is not None
        card = live.cards("li")[0]
        chat = live.corp.chats["alpha"]
        button = payloads.Pressed(task_id=card["task_id"], key=card["buttons"][0]["key"])
        once = payloads.aibot_press(live.corp, chat, person, button)
        answers = [await live.post(once) for _ in range(2)]
        await live.settle()
        assert [status for status, _ in answers] == [200, 200]
        assert len(await live.rows(Ballot)) == 1
        assert len(await live.rows(Message, person=2)) == 1

    play(tmp_path, ALPHA, story, pack(VOTE))
