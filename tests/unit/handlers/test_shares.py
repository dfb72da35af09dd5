"""Shares, stories, comments and what is featured: numbered, thanked and paid."""

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.actions import Action
from sop.model import Comment, Item, LedgerEntry, Like, Occurrence, Person, Voice
from tests import builders
from tests.builders import GROUP
from tests.lives import DAY, Life, life, of, texts

PACK = """
score:
  earn:
    share: {points: 10, cap: 1/day, min_chars: 4}
    story: {points: 8}
    comment: {points: 4}
    featured: {points: 6}
    answer: {points: 5}
    question: {points: 2}
steps: []
"""

SIGNALS = """
recognition: {within: 3h, of: [share, story], by: experienced}
signal: {strong: {likes: 2}, weak: {likes: 2, after: 5h}, then: {strong: task, weak: dm}}
"""


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        living.join("li", "wang", "zhao", "qian", "owner")
        yield living


def deeds(lines: list[Action]) -> list[tuple[str, int | None]]:
    return [(each.deed, each.points) for each in of(lines, "points")]


def told(lines: list[Action]) -> str:
    return "\n".join(texts(lines, "reply", "dm"))


def test_a_share_is_numbered_thanked_and_paid(club: Life):
    lines = club.say("分享 今天读完了第三章")

    assert deeds(lines) == [("share", 10)]
    assert "Li 的分享 1 记下了" in told(lines)
    (item,) = club.read(Item)
    assert (item.kind, item.text, item.status) == ("share", "今天读完了第三章", "open")


def test_what_the_cap_does_not_pay_is_kept_and_thanked_all_the_same(club: Life):
    club.say("分享 今天读完了第三章")
    lines = club.say("分享 还有一段摘抄")

    assert deeds(lines) == []
    assert "分享 2 记下了" in told(lines)


def test_a_story_is_a_contribution_of_its_own(club: Life):
    assert deeds(club.say("投稿 我和一本书的故事")) == [("story", 8)]
    assert [each.kind for each in club.read(Item)] == ["story"]


@pytest.mark.parametrize("said", ["分享", "分享 。", "投稿"])
def test_nothing_to_share_is_told_how(club: Life, said: str):
    assert "写在后面" in told(club.say(said, mentions_bot=True))
    assert club.read(Item) == []


def test_what_the_group_shall_read_is_said_in_the_group(club: Life):
    assert "到「晨读一群」" in told(club.say("分享 今天读完了第三章", group=""))
    assert club.read(Item) == []


@pytest.mark.parametrize("by_quote", [True, False], ids=["quote", "number"])
def test_the_first_three_comments_with_a_reason_are_paid_once_each(club: Life, *, by_quote: bool):
    club.say("分享 今天读完了第三章")
    fields = {"quote": "分享 今天读完了第三章"} if by_quote else {}
    head = "" if by_quote else "评 1 "
    club.join("sun")

    paid = [
        deeds(club.say(f"{head}{name} 觉得地图这个比喻最好", name, **fields))
        for name in ("wang", "zhao", "qian", "sun")
    ]
    again = club.say(f"{head}再说一句，我也想试着画一张", "wang", **fields)

    assert paid == [[("comment", 4)]] * 3 + [[]]
    assert deeds(again) == []
    assert len(club.read(Comment)) == 4


def test_a_comment_needs_a_reason_and_somebody_elses_contribution(club: Life):
    club.say("分享 今天读完了第三章")

    assert "至少 8 个字" in told(club.say("评 1 真好", "wang"))
    assert "自己的内容" in told(club.say("评 1 我自己觉得写得很不错"))
    assert "1（Li）" in told(club.say("评 7 我自己觉得写得很不错", "wang"))
    assert club.say("真好呀", "wang", quote="分享 今天读完了第三章") == []
    assert club.read(Comment) == []


def test_a_quote_of_a_question_stays_an_answer(club: Life):
    club.say("提问 从哪一本读起比较好？")

    lines = club.say("谢谢提问，我觉得先读目录", "wang", quote="提问 从哪一本读起比较好？")

    assert deeds(lines) == [("answer", 5)]
    assert club.read(Comment) == []


def test_what_staff_feature_becomes_its_authors_share(club: Life):
    club.say("地图画得好，是因为先看路再走", "li")

    lines = club.say("精华 @Li", "owner", quote="地图画得好，是因为先看路再走")
    again = club.say("精华 @Li", "owner", key="b", quote="地图画得好，是因为先看路再走")

    assert deeds(lines) == [("featured", 6)]
    assert "收进精华啦（1）" in told(lines)
    (item,) = club.read(Item)
    assert (item.kind, item.status, item.text) == (
        "share", "featured", "地图画得好，是因为先看路再走",
    )  # fmt: skip
    assert deeds(again) == []
    assert club.read(Voice)[0].vouched


def test_a_numbered_contribution_is_featured_by_its_number(club: Life):
    club.say("分享 地图画得好，是因为先看路再走", "li")

    assert deeds(club.say("精华 1", "owner")) == [("featured", 6)]
    assert "已经在精华里" in told(club.say("精华 1", "owner", key="again"))
    assert "1（Li）" in told(club.say("精华 9", "owner"))
    assert "由群主" in told(club.say("精华 1", "wang"))


def test_what_the_bot_had_not_heard_is_kept_by_name_and_quote():
    with life(PACK, groups=[builders.group(channels={"aibot": GROUP})]) as club:
        club.join("li", "owner")

        lines = club.say("精华 @Li", "owner", mentions_bot=True, quote="没有人听见的好话")
        again = club.say("精华 @Li", "owner", key="b", mentions_bot=True, quote="没有人听见的好话")

        assert deeds(lines) == [("featured", 6)]
        assert deeds(again) == []
        assert [each.text for each in club.read(Item)] == ["没有人听见的好话"]


def test_members_do_not_feature_and_nobody_features_themselves(club: Life):
    club.say("地图画得好，是因为先看路再走", "li")
    club.say("群主今天也读完了一章", "owner")

    assert "由群主" in told(club.say("精华 @Li", "wang", quote="地图画得好，是因为先看路再走"))
    assert "等别的伙伴" in told(club.say("精华", "owner", quote="群主今天也读完了一章"))
    named = club.say("精华 @Wang", "owner", key="c", quote="地图画得好，是因为先看路再走")
    assert "不能确定是哪一位" in told(named)
    assert club.read(Item) == []


def test_only_who_may_feature_is_told_of_it(club: Life):
    assert "精华" not in told(club.say("帮助 点赞", mentions_bot=True))
    assert "精华" in told(club.say("帮助 点赞", "owner", mentions_bot=True))


@settings(max_examples=15, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["赞", "取消赞", "评", "分享", "投稿", "精华", "👍", "谢谢", ""]),
            st.one_of(
                st.text(max_size=40),
                st.sampled_from(
                    ["1", "１", "9" * 30, "@Li", "@", "@Wang @Li", "²", "1 写得真好，我也这样"]
                ),
            ),
            st.sampled_from(["", "分享 今天读完了第三章", "1", "9" * 30, "没有人说过的话"]),
            st.sampled_from(["li", "wang", "owner"]),
            st.booleans(),
        ),
        max_size=6,
    )
)
def test_whatever_is_said_is_handled_and_the_books_balance(
    said: list[tuple[str, str, str, str, bool]],
):
    with life(PACK + SIGNALS) as club:
        club.join("li", "wang", "owner")
        club.say("分享 今天读完了第三章")
        for number, (word, rest, quote, sender, aloud) in enumerate(said):
            club.say(
                f"{word} {rest}", sender, key=f"m{number}", quote=quote, mentions_bot=aloud,
                group=GROUP if number % 3 else "",
            )  # fmt: skip
        club.wait(club.now + DAY)

        entries = club.read(LedgerEntry)
        for person in club.read(Person):
            own = [each.points for each in entries if each.person == person.id]
            assert person.balance == sum(own)
        assert all(each.giver != each.author for each in club.read(Like))
        assert club.read(Occurrence, status="pending", run_at__le=club.now) == []
