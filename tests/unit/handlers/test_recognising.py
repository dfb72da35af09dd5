"""Nobody who gives something hears nothing: prompts, tasks, thanks, and signals of demand."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from handlers.identity import identities
from handlers.recognition import recognising
from sop import kinds
from sop.actions import Action
from sop.events import MemberLeft
from sop.model import Member, Occurrence, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

RECOGNITION = "recognition: {within: 3h, of: [share, introduce], by: experienced, else: task}\n"
PACK = "score: {earn: {share: {points: 5}, like-received: {points: 2}}}\nsteps: []\n"
SIGNAL = (
    "signal: {strong: {likes: 3}, weak: {likes: 2, after: 1d}, then: {strong: task, weak: dm}}\n"
)

NOON = builders.EVENING - 8 * HOUR


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK + RECOGNITION, now=NOON) as living:
        seasoned(living, wang=50, zhao=40, owner=0)
        living.join("li")
        yield living


def seasoned(club: Life, **scores: int) -> None:
    club.join(*scores)
    for userid, score in scores.items():
        with club.acting(userid) as context:
            assert context.person is not None
            context.store.put(replace(context.person, score=score, scored_at=context.now))
            member = context.store.get(Member, COMMUNITY, GROUP, context.person_id)
            assert member is not None
            context.store.put(replace(member, came_at=context.now - 7 * DAY))


def asked(lines: list[Action]) -> list[str]:
    return [
        line.text.partition("，")[0] for line in of(lines, "dm") if "还没有人回应" in line.text
    ]


def waiting(club: Life) -> list[Occurrence]:
    return club.read(Occurrence, kind=recognising.KIND, status="pending")


def test_experienced_members_are_asked_one_after_the_other_and_then_it_is_a_task(club: Life):
    club.say("分享 今天读完了第三章")

    first = club.wait(NOON + 3 * HOUR)
    second = club.wait(NOON + 6 * HOUR)
    third = club.wait(NOON + 9 * HOUR)

    assert (asked(first), asked(second)) == (["Wang"], ["Zhao"])
    assert of(first, "post", "task") == []
    assert [line.to for line in of(third, "task")] == ["staff"]
    assert "今天读完了第三章" in texts(third, "task")[0]
    assert waiting(club) == []


def test_who_has_just_come_is_not_asked_as_somebody_of_experience(club: Life):
    club.join("xin")
    with club.acting("xin") as context:
        assert context.person is not None
        context.store.put(replace(context.person, score=99, scored_at=context.now))
    club.say("分享 今天读完了第三章")

    assert asked(club.wait(NOON + 3 * HOUR)) == ["Wang"]


@pytest.mark.parametrize(
    ("said", "fields"),
    [
        ("赞 1", {}),
        ("评 1 地图这个比喻我最喜欢", {}),
        ("真好", {"quote": "分享 今天读完了第三章"}),
        ("我也在读这一章", {"mentions": ("li",)}),
    ],
    ids=["like", "comment", "quote", "mention"],
)
def test_whoever_answers_a_contribution_recognises_it(
    club: Life, said: str, fields: dict[str, Any]
):
    club.say("分享 今天读完了第三章")
    club.say(said, "wang", **fields)

    assert waiting(club) == []
    assert asked(club.wait(NOON + 9 * HOUR)) == []
    assert club.read(Task) == []


def test_what_somebody_says_about_their_own_is_no_recognition(club: Life):
    club.say("分享 今天读完了第三章")
    club.say("补充一句", "li", quote="分享 今天读完了第三章")

    assert len(waiting(club)) == 1


def test_first_words_are_recognised_too(club: Life):
    club.say("大家好，我叫小李，喜欢历史书")
    club.say("第二句话", "li")

    assert [row.body["deed"] for row in waiting(club)] == ["introduce"]
    club.say("欢迎", "wang", quote="大家好，我叫小李，喜欢历史书")
    assert waiting(club) == []


def test_a_task_is_settled_when_somebody_answers_after_all(club: Life):
    club.say("分享 今天读完了第三章")
    club.wait(NOON + 9 * HOUR)
    assert [task.status for task in club.read(Task)] == ["open"]

    club.say("真好", "wang", quote="分享 今天读完了第三章")

    assert [task.status for task in club.read(Task)] == ["void"]


def test_who_wants_peace_is_not_asked_and_nobody_twice_a_day(club: Life):
    with club.acting("wang") as context:
        assert context.person is not None
        context.store.put(replace(context.person, nudges_off=True))
    club.say("分享 今天读完了第三章")
    club.say("分享 还有一段摘抄")

    lines = club.wait(NOON + 3 * HOUR)

    assert asked(lines) == ["Zhao"]
    assert len(of(lines, "task")) == 1


def test_without_a_task_the_group_is_thanked_within_its_budget():
    pack = PACK + RECOGNITION.replace("else: task", "else: none") + "budget: {group: 1/day}\n"
    with life(pack, now=NOON) as club:
        club.join("li")
        club.say("分享 今天读完了第三章")
        club.say("分享 还有一段摘抄")

        lines = club.wait(NOON + 3 * HOUR)

        assert texts(lines, "post") == [
            "谢谢 Li 的分享：今天读完了第三章。大家也来说说，哪一点打动了你？"
        ]
        assert [line.reason for line in of(lines, "dropped")] == ["budget"]


@pytest.mark.parametrize("shy", ["nudges_off", "unranked"])
def test_who_does_not_want_to_be_named_is_not_thanked_aloud(shy: str):
    pack = PACK + RECOGNITION.replace("else: task", "else: none")
    with life(pack, now=NOON) as club:
        club.join("li")
        club.say("分享 今天读完了第三章")
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, **{shy: True}))

        lines = club.wait(NOON + 3 * HOUR)

        assert of(lines, "post") == []
        assert [line.to for line in of(lines, "task")] == ["staff"]


@pytest.mark.parametrize("shy", ["nudges_off", "unranked"])
def test_much_of_an_echo_is_not_told_aloud_of_who_does_not_want_it(shy: str):
    with life(PACK + SIGNAL.replace("strong: task", "strong: post"), now=NOON) as club:
        club.join("li", "a", "b", "c")
        club.say("分享 想找一起读历史书的伙伴")
        with club.acting("li") as context:
            assert context.person is not None
            context.store.put(replace(context.person, **{shy: True}))

        lines = [line for each in "abc" for line in club.say("赞 1", each)]

        assert not [line for line in of(lines, "post") if "Li" in line.text]
        assert len(of(lines, "dm")) == (shy == "unranked")


def test_nobody_is_asked_to_answer_who_has_left(club: Life):
    club.say("分享 今天读完了第三章")
    club.happen(MemberLeft, group=GROUP, member="li")

    lines = club.wait(NOON + 9 * HOUR)

    assert asked(lines) == []
    assert of(lines, "task") == []


def test_where_not_all_is_heard_the_task_says_so_and_claims_nothing():
    group = builders.group(channels={"aibot": GROUP, "webhook": GROUP})
    with life(PACK + RECOGNITION, now=NOON, groups=[group]) as club:
        seasoned(club, wang=50, li=0)
        club.say("分享 今天读完了第三章", mentions_bot=True)

        assert "不知道有没有人回应" in texts(club.wait(NOON + 3 * HOUR), "task")[0]


def test_where_not_all_is_heard_who_is_asked_is_not_told_that_nobody_answered():
    group = builders.group(channels={"aibot": GROUP, "appchat": GROUP, "app": GROUP})
    with life(PACK + RECOGNITION, now=NOON, groups=[group]) as club:
        seasoned(club, wang=50, li=0)
        club.say("分享 今天读完了第三章", mentions_bot=True)

        (line,) = of(club.wait(NOON + 3 * HOUR), "dm")
        assert "不知道有没有人回应" in line.text


def test_what_was_said_does_not_outlive_its_recognition(club: Life):
    club.say("分享 今天读完了第三章")
    assert "第三章" in repr(waiting(club))
    club.wait(NOON + DAY)

    assert "第三章" not in repr(club.read(Occurrence, kind=recognising.KIND))


def test_under_another_number_nobody_recognises_their_own(club: Life):
    club.join("li2")
    club.say("分享 今天读完了第三章")
    one, other = club.person("li2"), club.person("li")
    with club.acting() as context:
        identities.merge(context, one, other)
    club.say("补充一句", "li2", quote="分享 今天读完了第三章")

    assert len(waiting(club)) == 1


def test_at_night_nobody_is_asked():
    with life(PACK + RECOGNITION + 'quiet: "14:00-08:00"\n', now=NOON) as club:
        seasoned(club, wang=50, li=0)
        club.say("分享 今天读完了第三章")

        assert asked(club.wait(NOON + 5 * HOUR)) == []
        assert asked(club.wait(NOON + DAY)) == ["Wang"]


def test_much_of_an_echo_is_told_once_as_a_task():
    with life(PACK + SIGNAL, now=NOON) as club:
        club.join("li", "a", "b", "c", "d")
        club.say("分享 想找一起读历史书的伙伴")

        lines = [of(club.say("赞 1", each), "task") for each in "abcd"]

        assert [len(each) for each in lines] == [0, 0, 1, 0]
        assert "已有 3 个赞" in lines[2][0].text
        told = [line.to for line in club.wait(NOON + 2 * DAY) if line.do == "dm"]
        assert set(told) <= {"staff", "owner"}


def test_much_of_an_echo_at_night_is_told_in_the_morning():
    pack = PACK + SIGNAL.replace("strong: task", "strong: post") + 'quiet: "13:00-08:00"\n'
    with life(pack, now=NOON) as club:
        club.join("li", "a", "b", "c")
        club.say("分享 想找一起读历史书的伙伴")
        club.now = NOON + 2 * HOUR
        told = [line for each in "abc" for line in club.say("赞 1", each)]

        assert not [line for line in of(told, "post") if "历史书" in line.text]
        assert not [
            line for line in of(club.wait(NOON + 9 * HOUR), "post") if "3 个赞" in line.text
        ]
        morning = of(club.wait(NOON + DAY), "post")
        assert len([line for line in morning if "已经有 3 个赞" in line.text]) == 1


def test_where_not_all_is_heard_nobody_is_told_of_hardly_any_echo():
    group = builders.group(channels={"aibot": GROUP, "appchat": GROUP, "app": GROUP})
    with life(PACK + SIGNAL, now=NOON, groups=[group]) as club:
        club.join("li", "wang")
        club.say("分享 想找一起读历史书的伙伴", mentions_bot=True)

        assert of(club.wait(NOON + 2 * DAY), "dm") == []


def test_hardly_any_echo_is_told_the_author_alone():
    with life(PACK + SIGNAL, now=NOON) as club:
        club.join("li", "wang")
        club.say("分享 想找一起读历史书的伙伴")
        club.say("赞 1", "wang")

        lines = club.wait(NOON + DAY)

        assert [line.to for line in of(lines, "dm")] == ["1"]
        assert "的分享 1 还没得到多少回应" in texts(lines, "dm")[0]
        assert "换个说法" in texts(lines, "dm")[0]
        assert not [line for line in of(lines, "post") if "换个说法" in line.text]


def test_who_has_left_hears_nothing_of_an_echo():
    with life(PACK + SIGNAL, now=NOON) as club:
        club.join("li", "wang")
        club.say("分享 想找一起读历史书的伙伴")
        club.happen(MemberLeft, group=GROUP, member="li")

        assert of(club.wait(NOON + DAY), "dm") == []


def test_hardly_any_echo_is_never_posted_whatever_the_pack_says():
    pack = PACK + SIGNAL.replace("weak: dm}", "weak: post}")
    with life(pack, now=NOON) as club:
        club.join("li", "wang")
        club.say("分享 想找一起读历史书的伙伴")

        lines = club.wait(NOON + DAY)
        assert of(lines, "post") == []
        assert len(of(lines, "dm")) == 1


def test_the_kind_of_a_community_brings_its_own_expectations():
    with life(PACK + "kind: industry\n", now=NOON) as club:
        seasoned(club, wang=50, li=0)
        club.say("分享 想找一起读历史书的伙伴")

        assert asked(club.wait(NOON + 6 * HOUR)) == ["Wang"]


@pytest.mark.parametrize(("kind", "told"), [("industry", True), ("interest", False)])
def test_hardly_any_echo_means_something_only_where_likes_are_a_demand(kind: str, told: bool):  # noqa: FBT001 - a parameter
    with life(PACK + f"kind: {kind}\n", now=NOON) as club:
        club.join("li", "wang", "zhao")
        club.say("分享 想找一起读历史书的伙伴")
        for giver in ("wang", "zhao"):
            club.say("赞 1", giver)

        lines = club.wait(NOON + DAY)

        assert ("换个说法" in "".join(texts(lines, "dm"))) == told


def test_an_industry_asks_for_thirty_likes_or_for_five_within_a_day():
    signal = kinds.typed("industry").signal
    assert signal.strong is not None
    assert signal.weak is not None
    assert (signal.strong.likes, signal.weak.likes, signal.weak.after_ms) == (30, 5, DAY)


def test_what_staff_let_in_days_later_is_not_missed_before_anybody_could_read_it():
    pack = PACK.replace("share: {points: 5}", "story: {points: 5}").replace(
        "steps: []\n",
        "steps: [{id: s, when: 12:00 daily,"
        " do: [{collect: {title: 故事, kind: story, for: 9d, review: true}}]}]\n",
    )
    with life(pack + RECOGNITION.replace("share", "story"), now=NOON - HOUR) as club:
        club.enforce()
        seasoned(club, wang=50, owner=0)
        club.wait(NOON)
        club.say("投稿 我和《小王子》", "li")
        club.wait(NOON + DAY)
        club.say("同意 1", "owner", group="", key="yes")

        assert asked(club.wait(NOON + DAY + 2 * HOUR)) == []
        assert asked(club.wait(NOON + DAY + 3 * HOUR)) == ["Wang"]
