"""What began under a version of the pack is finished under it; the next begins under the new."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.model import LedgerEntry, Occurrence, Thread
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

EARN = "score:\n  earn:\n    reply: {points: %d}\n    question: {points: %d}\n"
NOTHING = "steps: []\n"
SLOT = """\
  - {id: qa, when: 20:30 daily, do: [{questions: {title: 答疑, for: 60m, digest: true}}]}
"""
AFTER = "  - {id: late, when: {after: qa, delay: 30m}, do: [{post: 谢谢}]}\n"


def asking(points: int = 3, hours: int = 2, prompt: str = "今天读到哪？", more: str = "") -> str:
    return (
        f"{EARN % (points, points)}steps:\n"
        f"  - {{id: daily, when: 20:30 daily, do: [{{ask: {prompt}, for: {hours}h{more}}}]}}\n"
    )


def holding(words: str, *, at: str = "23:00", more: str = "") -> str:
    return (
        "quiet: 22:00-07:00\n"
        f"texts: {{sign: {words}的落款}}\n"
        f'steps:\n  - {{id: late, when: {at} daily, do: [{{post: "{words} {{{{ texts.sign }}}}"}}]'
        f"{more}}}\n"
    )


def paid(club: Life) -> list[tuple[str, int, str]]:
    found = club.read(LedgerEntry, order="id")
    return [(each.deed, each.points, each.version) for each in found]


def test_an_open_prompt_keeps_its_points_and_its_hours():
    with life(asking(3, 2)) as club:
        club.enforce()
        club.wait(EVENING + 31 * MINUTE)
        club.edit(asking(50, 1))
        club.wait(EVENING + 2 * HOUR)
        club.say("读到第三章了")

        assert paid(club) == [("reply", 3, "v1")]
        club.wait(EVENING + 3 * HOUR)
        assert [each.status for each in club.read(Thread)] == ["closed"]

        club.wait(EVENING + DAY + 31 * MINUTE)
        club.say("今天又读了一章", "wang")
        assert paid(club)[1:] == [("reply", 50, "v2")]
        club.wait(EVENING + DAY + 95 * MINUTE)
        assert [each.status for each in club.read(Thread)] == ["closed", "closed"]


@pytest.mark.parametrize("after", [NOTHING, "steps:\n  - {id: new, when: 21:00 daily, do: []}\n"])
def test_a_step_that_is_taken_out_ends_what_it_began(after: str):
    with life(asking(more=", starter: {after: 20m, by: owner}")) as club:
        club.enforce()
        club.wait(EVENING + 31 * MINUTE)
        club.edit(EARN % (9, 9) + after)

        lines = club.wait(EVENING + HOUR)
        assert len(of(lines, "task")) == 1
        club.say("读到第三章了")
        assert paid(club) == [("reply", 3, "v1")]

        club.wait(EVENING + 2 * DAY)
        (thread,) = club.read(Thread)
        assert thread.status == "closed"
        with club.acting() as context:
            assert context.group is not None
            assert context.group.threads == ()
        assert club.read(Occurrence, status="pending", step="daily") == []


def test_a_questions_slot_keeps_its_rules_until_it_closes():
    with life(f"{EARN % (1, 4)}steps:\n{SLOT}") as club:
        club.enforce()
        club.wait(EVENING + 31 * MINUTE)
        club.edit(EARN % (1, 70) + NOTHING)
        club.say("从哪本书读起最好？")
        assert paid(club) == [("question", 4, "v1")]

        lines = club.wait(EVENING + 3 * HOUR)
        assert any("从哪本书读起最好" in each for each in texts(lines, "post"))
        club.say("提问 第二本读什么呢", "wang")
        assert paid(club)[1:] == [("question", 70, "v2")]


def test_a_held_post_goes_out_as_it_was_when_it_fell_due():
    with life(holding("旧的")) as club:
        club.enforce()
        assert [each.do for each in club.wait(EVENING + 4 * HOUR)] == ["held"]
        club.edit(holding("新的"))

        assert texts(club.wait(EVENING + 12 * HOUR), "post") == ["旧的 旧的的落款"]
        assert texts(club.wait(EVENING + 36 * HOUR), "post") == ["新的 新的的落款"]


@pytest.mark.parametrize(
    "after",
    [
        NOTHING,
        holding("新的", at="06:00"),
        holding("新的", more=", in: core"),
        "steps:\n  - {id: late, when: {says: 晚安}, do: [{post: 晚安}]}\n",
    ],
    ids=["taken out", "another time", "other groups", "another trigger"],
)
def test_no_edit_takes_back_a_held_post(after: str):
    with life(holding("旧的")) as club:
        club.enforce()
        club.wait(EVENING + 4 * HOUR)
        club.edit(after)
        club.edit(f"{after}# again\n")

        assert texts(club.wait(EVENING + 12 * HOUR), "post") == ["旧的 旧的的落款"]


def test_a_held_post_asks_today_whether_it_may():
    """The step is the old one, what it looks at is as it is now."""
    with life(holding("旧的", more=", if: {role: owner}")) as club:
        club.enforce()
        club.wait(EVENING + 4 * HOUR)
        club.edit(NOTHING, builders.group())
        with club.acting() as context:
            assert context.group is not None
            context.store.put(replace(context.group, paused=True))

        lines = club.wait(EVENING + 12 * HOUR)
        assert [(each.do, each.reason) for each in lines] == [("dropped", "paused")]


def test_when_the_bot_may_speak_is_what_is_in_force_now():
    with life(holding("旧的")) as club:
        club.enforce()
        club.wait(EVENING + 4 * HOUR)
        club.edit(holding("新的").replace("07:00", "09:00"))

        assert texts(club.wait(EVENING + 12 * HOUR), "post") == []
        assert texts(club.wait(EVENING + 14 * HOUR), "post") == ["旧的 旧的的落款"]


def welcome(words: str, span: str = "10m") -> str:
    return (
        f"steps:\n  - {{id: hello, when: member.joined, batch: {span}, "
        f'do: [{{post: "{words} {{{{ members }}}}"}}]}}\n'
    )


def test_an_open_batch_ends_as_it_began_with_all_who_came_meanwhile():
    with life(welcome("旧的欢迎")) as club:
        club.enforce()
        club.join("amy")
        club.edit(welcome("新的欢迎", "20m"))
        club.now += MINUTE
        club.join("bob")

        assert texts(club.wait(EVENING + 10 * MINUTE), "post") == ["旧的欢迎 Amy、Bob"]
        club.join("carl")
        assert texts(club.wait(EVENING + HOUR), "post") == ["新的欢迎 Carl"]


def test_an_open_batch_outlives_its_step():
    with life(welcome("旧的欢迎")) as club:
        club.enforce()
        club.join("amy")
        club.edit(NOTHING)
        club.join("bob")

        assert texts(club.wait(EVENING + HOUR), "post") == ["旧的欢迎 Amy"]


def test_standing_is_reckoned_by_the_pack_in_force_all_the_time():
    levels = "levels: [{id: start, title: 新友, at: 0}, {id: high, title: 常客, at: %d}]\n"
    with life(levels % 3 + asking(3)) as club:
        club.enforce()
        club.wait(EVENING + 31 * MINUTE)
        club.edit(levels % 100 + asking(3))
        club.say("读到第三章了")

        assert paid(club) == [("reply", 3, "v1")]
        assert club.person().level == "start"


PACKS = (
    NOTHING,
    asking(3, 2, more=", starter: {after: 20m, by: owner}"),
    asking(9, 1, prompt="晚上读什么？"),
    holding("甲"),
    holding("乙", at="23:30", more=", in: all"),
    welcome("欢迎"),
    welcome("你好", "3h"),
    f"quiet: 21:00-08:00\nsteps:\n{SLOT}{AFTER}",
)
MOVES = st.one_of(
    st.tuples(st.just("edit"), st.sampled_from(PACKS)),
    st.tuples(st.just("wait"), st.sampled_from([MINUTE, 25 * MINUTE, 2 * HOUR, 9 * HOUR])),
    st.tuples(st.just("join"), st.sampled_from(["amy", "bob"])),
    st.tuples(st.just("say"), st.sampled_from(["今天读到第三章", "从哪本读起呢？"])),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(MOVES, max_size=12))
def test_whatever_is_edited_when_all_that_began_ends(moves: list[tuple[str, Any]]):
    with life(PACKS[1]) as club:
        club.enforce()
        for kind, value in moves:
            if kind == "wait":
                club.wait(club.now + value)
            elif kind == "edit":
                club.edit(value)
            else:
                club.now += MINUTE
                club.join(value) if kind == "join" else club.say(value)
        club.edit(NOTHING)
        club.wait(club.now + 2 * DAY)

        pending = club.read(Occurrence, status="pending")
        assert {each.kind for each in pending} <= {"daily"}
        assert {each.status for each in club.read(Thread)} <= {"closed"}
        assert all(not each.error for each in club.handled)


def test_a_version_that_is_not_kept_is_replaced_by_the_one_in_force():
    with life(holding("旧的")) as club:
        club.enforce()
        club.wait(EVENING + 4 * HOUR)
        club.edit(holding("新的"))
        del club.editions["v1"]

        assert texts(club.wait(EVENING + 12 * HOUR), "post") == ["新的 新的的落款"]
