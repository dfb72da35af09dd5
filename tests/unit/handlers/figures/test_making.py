"""Reports from lived days: what was heard is counted, what could not be is unknown."""

from dataclasses import replace

import pytest

from handlers.figures import making, telling
from handlers.people import people
from sop.figures.effects import effect
from sop.figures.report import Count, StepFigures
from sop.model import BOT, Claim, Member, Person, Thread, ThreadReply
from sop.told_events import IdentitiesMerged
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, life
from tests.unit.handlers.figures.weeks import (
    ADDRESSED,
    DEAF,
    PACK,
    WEEK,
    came,
    comment,
    entry,
    fill,
    item,
    like,
    report,
    run,
    said,
)


def test_a_week_is_counted_beside_the_week_before_with_the_bots_posts_apart():
    with life(PACK) as club:
        fill(
            club, builders.person(1), builders.person(2), builders.member(1), builders.member(2),
            said(1, 1, EVENING - HOUR), said(2, 1, EVENING), said(3, 2, EVENING - 6 * DAY),
            said(4, 2, EVENING - 8 * DAY), said(5, BOT, EVENING - HOUR),
            said(6, 1, EVENING - WEEK),
        )  # fmt: skip
        activity = report(club).activity

        assert activity.messages == Count(value=3, before=2)
        assert activity.active == Count(value=2, before=2)
        assert (activity.posts.value, activity.members) == (1, Count(value=2))
        assert report(club, "daily").activity.messages == Count(value=2, before=0)


def test_what_cannot_be_heard_is_unknown_and_what_is_half_heard_is_at_least():
    with life(PACK, groups=[DEAF]) as club:
        fill(club, builders.person(1), builders.member(1, joined_at=EVENING - DAY))
        found = report(club)

        assert found.activity.messages == Count(value=None)
        assert found.activity.joined == found.activity.left == Count(value=None)
        assert found.activity.heat is None
        assert [each.members for each in found.coming[:4]] == [None] * 4
        assert found.cohorts == ()
        assert "不清楚" in telling.full(found, club.book.zone)
        assert " 0 " not in telling.full(found, club.book.zone).splitlines()[2]
    with life(PACK, groups=[ADDRESSED]) as club:
        fill(club, builders.person(1), builders.member(1), said(1, 1, EVENING))
        found = report(club)

        assert found.activity.messages == Count(value=1, before=0, least=True)
        assert "至少 1" in telling.full(found, club.book.zone)
        assert found.coverage.share == 0.0


def test_hours_before_the_bot_came_are_not_empty_ones():
    young = builders.group(created_at=EVENING - 3 * DAY)
    with life(PACK, groups=[young]) as club:
        fill(club, builders.person(1), builders.member(1), said(1, 1, EVENING - HOUR))
        heat = report(club).activity.heat

        assert heat is not None
        assert heat[2][19] == 1.0
        assert heat[2][18] == 0.0
        assert heat[6][12] is None
        activity = report(club).activity
        assert activity.messages.before is activity.joined.before is activity.left.before is None


def test_what_merged_people_said_counts_for_who_they_are():
    with life(PACK) as club:
        club.join("li", "wang")
        club.say("早", "li")
        club.say("早", "wang")
        assert report(club).activity.active.value == 2

        with club.acting() as context:
            one, other = (people.find_person(context.store, COMMUNITY, w) for w in ("li", "wang"))
        assert one is not None
        assert other is not None
        club.happen(IdentitiesMerged, into="li", gone="wang")
        assert report(club).activity.active.value == 1


def test_a_step_is_measured_after_its_runs_in_the_group_it_ran_in():
    runs = [EVENING - days * DAY - 12 * HOUR for days in range(1, 8)]
    with life(PACK) as club:
        fill(
            club, builders.person(1), builders.member(1), builders.member(2, left_at=runs[0] + 5),
            *(run(number, at) for number, at in enumerate(runs, 1)),
            *(said(number, 1, at + HOUR) for number, at in enumerate(runs, 1)),
            *(entry(1, "message", at + HOUR, 3) for at in runs),
            Thread(
                community=COMMUNITY, id=1, group=GROUP, step="morning", kind="ask", title="",
                text="", opened_at=runs[0], closes_at=EVENING,
            ),
            ThreadReply(
                community=COMMUNITY, thread=1, person=1, at=runs[0] + HOUR, message_id="m1"
            ),
            Claim(community=COMMUNITY, id=1, benefit="b", person=1, at=runs[0] + 1, group=GROUP),
        )  # fmt: skip
        (found,) = report(club).steps

        assert (found.step, found.title, found.runs) == ("morning", "早读", 7)
        assert found.against == "same-time"
        after = {name: each.after for name, each in found.effects.items()}
        assert after["active"] == 1.0
        assert after["points"] == 3.0
        assert after["replies"] == after["leaves"] == after["claims"] == pytest.approx(1 / 7)
        assert found.effects["active"].difference == 1.0
        assert found.effects["active"].verdict == "more"


def test_a_step_nobody_could_hear_the_answers_to_says_nothing_of_them():
    with life(PACK, groups=[replace(DEAF, created_at=1)]) as club:
        fill(club, run(1, EVENING - DAY))
        (found,) = report(club).steps

        assert set(found.effects) == {"points", "claims"}


def test_a_step_that_no_member_meets_has_no_effect():
    unmet = """
  - {id: review, when: "10:00 daily", do: [{review: layers}]}
  - {id: staff, when: "10:00 daily", do: [{report: {kind: daily, to: staff}}]}
  - {id: aloud, when: "10:00 daily", do: [{report: {kind: daily, to: group}}]}
"""
    with life(PACK + unmet) as club:
        fill(club, *(run(at, EVENING - DAY, step) for at, step in enumerate(
            ("review", "staff", "aloud"), 1)
        ))  # fmt: skip

        assert [each.step for each in report(club).steps] == ["aloud"]


def test_a_difference_nobody_would_see_is_not_told():
    hardly, clearly = (
        effect([(0.0, [usual, usual, usual])] * 6) for usual in (0.01, 0.5)
    )  # fmt: skip
    with life(PACK) as club:
        found = report(club)
        step = StepFigures(
            group=GROUP, step="morning", title="早读", runs=6, against="same-time",
            effects={"leaves": clearly, "points": hardly},
        )  # fmt: skip
        told = telling.full(replace(found, steps=(step,)), club.book.zone)

    assert "「早读」6 次：离开 0（-0.5，更少）\n" in told


def test_contents_are_judged_by_what_they_brought():
    with life(PACK) as club:
        fill(
            club, *(builders.person(each) for each in (1, 2, 3)), builders.member(1),
            item(1, 1), item(2, 2), item(3, 1, "question"), item(4, 2, "answer", parent=3),
            item(5, 3, "story", status="rejected"),
            like(1, 2, 1), like(1, 3, 1), like(2, 1, 2, status="held"),
            comment(1, 3),
        )  # fmt: skip
        found = {each.kind: each for each in report(club).contents}

        assert found.keys() == {"share", "question"}
        assert (found["share"].count, found["share"].replies, found["share"].likes) == (2, 0.5, 1)
        assert (found["question"].replies, found["question"].small) == (1.0, True)


def test_a_question_of_the_bots_that_nobody_answered_brought_nothing():
    with life(PACK) as club:
        asked = Thread(
            community=COMMUNITY, id=1, group=GROUP, step="morning", kind="ask", title="",
            text="", opened_at=EVENING - HOUR, closes_at=EVENING,
        )  # fmt: skip
        fill(club, asked, replace(asked, id=2, kind="game"))
        (found,) = report(club).contents

        assert (found.kind, found.count, found.replies) == ("bot-ask", 1, 0.0)


def test_newcomers_are_followed_from_joining_to_the_core():
    fresh = EVENING - 10 * DAY
    with life(PACK) as club:
        fill(
            club,
            *(builders.person(each) for each in range(1, 6)),
            builders.person(6, role="leader", name="阿秋"),
            replace(builders.person(4), layer="core"),
            builders.member(6),
            *(came(each, fresh) for each in range(1, 5)),
            builders.member(5, joined_at=1),
            came(9, fresh, introduced_at=fresh + 1),
            entry(1, "introduce", fresh), entry(2, "checkin", fresh + DAY),
            entry(5, "share", fresh), item(1, 3), like(1, 2, 3), item(2, 6), like(2, 4, 6),
        )  # fmt: skip
        found = report(club)

        assert [each.members for each in found.coming] == [5, 4, 3, 2, 1]
        assert [(each.name, each.likes) for each in found.leaders] == [("阿秋", 1)]


def test_those_who_joined_in_a_week_are_seen_in_the_weeks_after():
    fresh = EVENING - 2 * WEEK
    with life(PACK) as club:
        fill(
            club, builders.person(1), builders.person(2), came(1, fresh), came(2, fresh),
            said(1, 1, fresh + HOUR), said(2, 2, fresh + 1),
            said(3, 1, fresh + WEEK), said(4, 2, EVENING),
        )  # fmt: skip
        found = [each for each in report(club).cohorts if each.size]

        assert [(each.week, each.size, each.active) for each in found] == [
            ("2026-11-16", 2, (2, 1))
        ]


def test_a_community_is_the_sum_of_its_groups_and_each_stands_alone():
    other = builders.group(id="g2", title="二群")
    with life(PACK, groups=[builders.group(), other]) as club:
        fill(
            club, builders.person(1), builders.person(2), builders.member(1),
            builders.member(2, group="g2"), said(1, 1, EVENING),
            replace(said(2, 1, EVENING), group="g2"), replace(said(3, 2, EVENING), group="g2"),
        )  # fmt: skip
        with club.acting() as context:
            found = making.reports(context, "weekly")
            alone = making.reports(context, "weekly", "g2")
            none = making.reports(context, "weekly", "g3")

        assert [each.group for each in found] == ["", GROUP, "g2"]
        assert [each.activity.messages.value for each in found] == [3, 1, 2]
        assert [each.activity.active.value for each in found] == [2, 1, 2]
        assert (found[0].advice, len(found[1].advice)) == ((), 3)
        assert alone == [found[2]]
        assert none == []


def test_only_what_honours_is_said_in_front_of_all():
    with life(PACK) as club:
        fill(
            club, builders.person(1, name="小王", score=9), builders.person(2, name="小李"),
            builders.member(1), came(2, EVENING - DAY), said(1, 1, EVENING),
            item(1, 1), like(1, 2, 1),
        )  # fmt: skip
        words = telling.for_group(report(club))

        assert words.splitlines() == [
            "本周小结：1 位伙伴发言 1 条。近期贡献靠前的是 小王，谢谢大家！",
            "最受喜欢的是 小王 的「今天读到 ［好］ 的一段」，1 个赞。",
            "欢迎新来的 1 位伙伴。",
        ]

        fill(club, builders.person(1, name="小王", score=9, unranked=True))
        assert "小王" not in telling.for_group(report(club))


def test_who_has_left_or_is_back_is_not_greeted_and_no_word_of_theirs_is_praised():
    with life(PACK) as club:
        fill(
            club, *(builders.person(each, name=f"小{each}") for each in (1, 2, 3)),
            builders.member(1, left_at=EVENING - 1), item(1, 1), like(1, 2, 1),
            said(1, 2, EVENING),
            replace(came(2, EVENING - DAY), stint=2),
            replace(came(3, EVENING - DAY), left_at=EVENING - HOUR),
        )  # fmt: skip
        words = telling.for_group(report(club))

        assert words.splitlines() == ["本周小结：1 位伙伴发言 1 条。谢谢大家！"]


def test_what_puts_somebody_else_forward_is_not_praised_as_its_authors():
    with life(PACK) as club:
        fill(
            club, builders.person(1, name="小王"), builders.member(1), said(1, 1, EVENING),
            item(1, 1, "thanks", about=2), like(1, 1, 2),
        )  # fmt: skip

        assert "小王" not in telling.for_group(report(club))


def test_who_came_lately_and_said_nothing_is_counted_and_never_named():
    with life(PACK) as club:
        fill(
            club, *(builders.person(each, name=f"新人{each}") for each in (1, 2, 3)),
            *(came(each, EVENING - DAY) for each in (1, 2, 3)),
        )  # fmt: skip
        found = report(club)

        assert ("greet", {"count": "3"}) in [(each.reason, each.facts) for each in found.advice]
        assert "新人" not in telling.full(found, club.book.zone).replace("新人 ", "")
        assert isinstance(club.read(Person)[0], Person)
        assert club.read(Member)
