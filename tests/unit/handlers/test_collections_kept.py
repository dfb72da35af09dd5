"""What holds of collections whatever happens: crashes, repeats, merged people, age, enemies."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from handlers.ledger import recounting
from handlers.posting.outbox_marks import LISTED
from sop.actions import Action
from sop.events import Event
from sop.model import Claim, HiddenAuthor, Item, LedgerEntry, Outgoing, Person, Task
from storage.retention import prune
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

HEAD = """
benefits: [{id: bag, title: 帆布袋, kind: code, stock: 9}]
score:
  earn: {story: {points: 15}, wish: {points: 3, cap: 5/day}, checkin: {points: 2, cap: 1/day}}
steps:
"""


def step(name: str, collect: str) -> str:
    return f'  - {{id: {name}, when: "2026-12-02 20:00", do: [{{collect: {{{collect}}}}}]}}\n'


STORIES = step(
    "stories", "title: 我和书, kind: story, for: 2d, goal: 400, prizes: [{top: 2, benefit: bag}]"
)
WISHES = step("wishes", "title: 心愿墙, kind: wish, anonymous: true, for: 30h")
REVIEWED = step("stories", "title: 我和书, kind: story, for: 2h, review: true")


def opened(club: Life, *who: str) -> list[Action]:
    club.now = EVENING - HOUR
    club.enforce()
    club.join("owner", *(who or ("li", "chen", "zhao", "wang")))
    lines = club.wait(EVENING)
    club.now += MINUTE
    return lines


def privately(club: Life, text: str, sender: str = "li", **fields: Any) -> list[Action]:
    return club.say(text, sender, group="", mentions_bot=True, **fields)


def said(lines: list[Action]) -> str:
    return "\n".join(texts(lines, "reply", "dm", "post"))


DEEDS = ("投稿 {} 的故事在这里", "打卡", "赞 1", "心愿 {} 想要一个角落", "撤回 1", "补卡")
MOVES = st.lists(
    st.tuples(
        st.sampled_from(("li", "chen", "zhao")), st.integers(0, len(DEEDS) - 1),
        st.booleans(), st.integers(1, 3), st.sampled_from((MINUTE, 11 * MINUTE, 9 * HOUR)),
    ),
    max_size=8,
)  # fmt: skip


@given(MOVES)
@settings(max_examples=8, deadline=None)
def test_killed_anywhere_and_told_again_nothing_is_lost_or_doubled(
    moves: list[tuple[str, int, bool, int, int]],
):
    """The same life without a crash and without repeats ends in the same records."""
    pack = HEAD + STORIES + WISHES + step("days", "title: 早起, kind: checkin, for: 9d")

    def lived(*, roughly: bool) -> Any:
        with life(pack) as club:
            opened(club, "li", "chen", "zhao")
            for at, (who, deed, crash, times, later) in enumerate(moves):
                group = "" if DEEDS[deed].startswith("心愿") else GROUP
                message: Event = builders.message(
                    DEEDS[deed].format(at), sender=who, at=club.now, group=group, key=f"k{at}",
                    mentions_bot=True,
                )  # fmt: skip
                if roughly and crash:
                    club.handle(message, crash=True)
                    for due in club.due():
                        club.handle(due, crash=True)
                for _ in range(times if roughly else 1):
                    club.handle(message)
                club.wait(club.now + later)
            club.wait(EVENING + 10 * DAY)
            assert club.unproven() == []
            kinds = (Item, HiddenAuthor, LedgerEntry, Claim, Task)
            return [sorted(map(repr, club.read(kind))) for kind in kinds]

    assert lived(roughly=True) == lived(roughly=False)


@pytest.mark.parametrize(
    "words",
    [
        "投稿 " + "长" * 10_000,
        "投稿 {{ member.name }}{% for x in range(9) %}a{% endfor %} 你好",
        "投稿 帮助 积分 打卡",
        "投稿 \u202e反过来\u200b\x00\x07 的一句话",
        "投稿 <@all> @all [点我](http://a.b) <font color='red'>红</font>",
        "投稿 撤回 1",
    ],
)
def test_whatever_is_written_is_one_entry_and_is_run_as_nothing(words: str):
    with life(HEAD + STORIES) as club:
        opened(club)
        lines = [*privately(club, words), *club.wait(EVENING + HOUR)]
        (shown,) = [text for text in texts(lines, "post") if "有新的" in text]

        assert [item.kind for item in club.read(Item)] == ["story"]
        assert len(shown) < 300
        assert "@all" not in shown
        assert "](http" not in shown
        assert "aaaaaaaaa" not in shown
        assert not of(lines, "error")


@pytest.mark.parametrize("words", ["投稿 😀😀😀😀", "投稿 \x00\x01\x02", "投稿 ……！！", "心愿 🎉"])
def test_what_says_nothing_is_asked_for_once_more_in_private(words: str):
    with life(HEAD + STORIES + WISHES) as club:
        opened(club)
        (line,) = privately(club, words)

        assert line.private
        assert line.text
        assert club.read(Item) == []


def test_a_name_that_looks_like_a_command_or_a_template_is_a_name():
    with life(HEAD + STORIES) as club:
        opened(club, "li")
        person = club.person("li")
        with club.acting() as context:
            context.store.put(builders.person(person.id, userid="li", name="{{ 撤回 1 }}"))
        privately(club, "投稿 一个普通的故事")

        assert "撤回 1" in said(club.wait(EVENING + HOUR))
        assert [item.status for item in club.read(Item)] == ["open"]


class TestTwoWhoAreOne:
    def merged(self, club: Life) -> None:
        privately(club, f"{builders.group().title} 合并 @li @chen", "owner")
        (task,) = club.read(Task, status="open", kind="merge")
        privately(club, f"同意 {task.id}", "owner")
        assert club.person("chen").id == club.person("li").id

    def test_both_entered_and_both_liked(self):
        with life(HEAD + STORIES.replace("for: 2d", "for: 2d, per: person")) as club:
            opened(club)
            club.say("投稿 第一个人的故事", "li")
            club.say("投稿 第二个人的故事", "chen")
            for number, who in ((1, "zhao"), (1, "wang"), (2, "zhao"), (2, "li"), (1, "chen")):
                club.say(f"赞 {number}", who)
            self.merged(club)

            words = said(club.wait(EVENING + 2 * DAY))
            assert "来自 1 位伙伴" in words
            assert words.count("（Li）") == 1
            assert len(club.read(Claim)) == 1
            assert club.unproven() == []

    def test_both_were_nominated(self):
        pack = HEAD + step(
            "stars",
            "title: 之星, kind: thanks, for: 20h, nominate: 1h, prizes: [{top: 2, benefit: bag}]",
        )
        with life(pack) as club:
            opened(club)
            club.say("投稿 @li 热心", "wang", mentions=("li",))
            club.say("投稿 @chen 热心", "owner", mentions=("chen",))
            club.say("投稿 @zhao 热心", "owner", mentions=("zhao",))
            for number in (1, 2, 3):
                club.say(f"赞 {number}", "wang" if number != 1 else "owner")
            self.merged(club)

            words = said(club.wait(EVENING + 20 * HOUR))
            assert "1. Li，1 个赞\n2. Zhao，1 个赞" in words
            assert len(club.read(Claim)) == 2

    def test_both_wished_and_checked_in(self):
        pack = HEAD + WISHES + step("days", "title: 早起, kind: checkin, for: 9d")
        with life(pack) as club:
            opened(club)
            for who in ("li", "chen"):
                privately(club, f"心愿 {who} 想要一个读书角", who)
                club.say("打卡", who)
            self.merged(club)

            assert "1. Li 打卡 1 天" in said(club.wait(EVENING + 9 * DAY))
            assert [each.points for each in club.read(LedgerEntry, deed="wish")] == [6]
            assert club.unproven() == []
            assert "拿回来" in said(privately(club, "撤回 1", "chen"))


def test_a_sum_of_wishes_is_not_counted_anew():
    with life(HEAD + WISHES) as club:
        opened(club)
        for wish in ("想要一个读书角", "想听一次诗会"):
            privately(club, f"心愿 {wish}", "chen")
        club.wait(EVENING + DAY)
        club.edit(HEAD.replace("wish: {points: 3", "wish: {points: 50") + WISHES)

        with club.acting() as context:
            assert list(recounting.differences(context, date(2026, 12, 1))) == []
        assert club.unproven() == []


def test_what_was_never_shown_loses_its_words_with_old_messages():
    with life(HEAD + REVIEWED) as club:
        opened(club)
        for who in ("li", "chen", "zhao"):
            privately(club, f"投稿 {who} 的故事在这里", who)
        privately(club, "同意 1", "owner")
        privately(club, "拒绝 2", "owner")
        club.wait(EVENING + 3 * HOUR)
        privately(club, "投稿 来晚了的故事在这里", "wang")

        batch = club.database.batch()
        with batch.event() as store:
            while prune(store, club.now + 91 * DAY, retain_text_days=90, limit=50):
                pass
        batch.commit()

        kept = [(item.status, bool(item.text)) for item in club.read(Item, order="number")]
        assert kept == [("open", True), *[("withdrawn", False)] * 3]


def test_taken_back_it_is_in_no_task_any_more():
    with life(HEAD + REVIEWED) as club:
        opened(club)
        privately(club, "投稿 不想给人看的故事")
        privately(club, "拒绝 1", "owner")
        privately(club, "撤回 1")

        (task,) = club.read(Task)
        assert "不想给人看" not in task.text
        assert not any("不想给人看" in each.text for each in club.read(Item))


@contextmanager
def statements(club: Life) -> Iterator[list[str]]:
    """Those that are run from here on."""
    ran: list[str] = []

    def note(*run: Any) -> None:
        ran.append(run[2])

    event.listen(club.database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(club.database.engine, "before_cursor_execute", note)


def test_ten_thousand_entries_cost_no_message_more_and_an_end_few_statements():
    with life(HEAD + STORIES) as club:
        opened(club)
        cost: dict[str, int] = {}

        def counting(what: str, *args: Any, **fields: Any) -> list[Action]:
            with statements(club) as ran:
                lines = club.say(*args, **fields)
            cost[what] = len(ran)
            return lines

        counting("first", "投稿 头一个故事在这里", "li")
        batch = club.database.batch()
        with batch.event() as store:
            for number in range(100):
                store.put(builders.person(1_000 + number))
            for number in range(2, 10_002):
                store.number(COMMUNITY, f"item:{GROUP}")
                store.put(
                    Item(
                        community=COMMUNITY, group=GROUP, number=number, kind="story", thread=1,
                        person=1_000 + number % 100, text=f"故事 {number}", at=club.now,
                        message_id=f"x{number}",
                    )
                )  # fmt: skip
        batch.commit()
        club.now += MINUTE
        counting("last", "投稿 很多以后的一个故事", "chen")
        club.say("赞 7", "li")

        with statements(club) as ran:
            words = said(club.wait(EVENING + 2 * DAY))

        assert cost["last"] <= cost["first"] + 2
        assert "一共收到 10002 条" in words
        assert len(words) < 2_000
        # Each person is read once; entries and likes cost one statement each time.
        assert len(ran) < len(club.read(Person)) + 200
        assert not [each for each in club.read(Outgoing) if len(str(each.body)) > 4_000]


def test_many_entries_that_wait_for_a_yes_are_told_together_and_come_due_together():
    people = [f"p{number}" for number in range(30)]
    with life(HEAD + REVIEWED) as club:
        opened(club, *people)
        lines: list[Action] = []
        for number, each in enumerate(people):
            club.now += 5000
            lines += privately(club, f"投稿 {number} 号书架上的故事：{each * 5}", each)
        assert len([line for line in of(lines, "task") if line.reason != LISTED]) == 3

        lines = club.wait(EVENING + 10 * MINUTE)
        (told,) = [text for text in texts(lines, "dm") if "等着看" in text]
        assert "又有 27 条" in told
        assert "一共有 30 条在等，想一次答复，发「同意 全部」" in told
        assert "同意 4、5、6、7、8、9、10、11、12、13" in told
        assert len({task.due_at for task in club.read(Task, kind="review-entry")}) <= 3

        privately(club, "同意 4-30", "owner")
        assert len(club.read(Item, status="open")) == 27


def test_a_collection_whose_entries_nobody_has_looked_at_does_not_end_in_silence():
    with life(HEAD + REVIEWED) as club:
        opened(club)
        privately(club, "投稿 旧书摊上的一张车票，我留到了今天")
        (ended,) = texts(club.wait(EVENING + 2 * HOUR), "post")

        assert "收到的 1 条还在看" in ended


@pytest.mark.parametrize(
    ("pack", "after", "words", "answer"),
    [
        pytest.param(STORIES, MINUTE, "投稿", "写在后面", id="no words"),
        pytest.param(STORIES, MINUTE, "投稿 😀😀", "再加几句话", id="no words but signs"),
        pytest.param(STORIES, 2 * DAY, "投稿 一张旧书签的故事", "来晚了一点", id="too late"),
        pytest.param(REVIEWED, MINUTE, "投稿 一张旧书签的故事", "请人看过", id="looked at first"),
    ],
)
def test_where_nobody_is_answered_alone_an_answer_about_an_entry_does_not_ask_for_it_again(
    pack: str, after: int, words: str, answer: str
):
    mentions = builders.group(channels={"link": GROUP, "aibot": GROUP}, owner="owner")
    with life(HEAD + pack, groups=[mentions]) as club:
        club.now = EVENING - HOUR
        club.enforce(mentions)
        club.wait(EVENING)
        club.wait(EVENING + after)
        told = of(club.say(words, "li", mentions_bot=True), "reply")[-1]

        assert answer in told.text
        assert not told.private
