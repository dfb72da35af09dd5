"""Two packs on the same input: lines that appear, disappear and change, and who ends otherwise."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rehearsal import difference_told
from bot.rehearsal.difference import Ended, differences
from bot.rehearsal.standing import Standing
from bot.rehearsal.wording import Names

DAY = "2026-12-01"


def line(clock: str = "08:00", do: str = "post", **fields: Any) -> dict[str, Any]:
    day = fields.pop("day", DAY)
    return {"at": f"{day}T{clock}:00+08:00", "group": "g", "do": do, **fields}


def stands(**fields: Any) -> Standing:
    values = {"name": "", "balance": 0, "score": 0, "level": "", "layer": "regular", **fields}
    return Standing(**values)


def ended(*lines: dict[str, Any], **people: Standing) -> Ended:
    return Ended(lines, people)


def between(old: Any, new: Any) -> list[dict[str, Any]]:
    return list(differences(ended(*old), ended(*new)))


MORNING = line(step="morning", text="早安")


def test_a_post_appears_or_disappears():
    assert between([], [MORNING]) == [{"change": "appears", **MORNING}]
    assert between([MORNING], []) == [{"change": "disappears", **MORNING}]


def test_a_post_that_says_something_else_changes():
    (found,) = between([MORNING], [{**MORNING, "text": "早"}])

    assert found == {
        "change": "changes", "at": MORNING["at"], "group": "g", "do": "post", "step": "morning",
        "old": {"text": "早安"}, "new": {"text": "早"},
    }  # fmt: skip


def test_a_post_that_moves_within_its_day_changes_its_time():
    (found,) = between([MORNING], [line("08:30", step="morning", text="早安")])

    assert (found["change"], found["old"]["at"][11:16], found["new"]["at"][11:16]) == (
        "changes", "08:00", "08:30",
    )  # fmt: skip


def test_a_step_that_has_another_name_is_still_that_step():
    (found,) = between([MORNING], [{**MORNING, "step": "dawn"}])

    assert (found["old"], found["new"]) == ({"step": "morning"}, {"step": "dawn"})


def test_the_same_words_on_another_day_are_another_post():
    found = between([MORNING], [line(day="2026-12-02", step="morning", text="早安")])

    assert [each["change"] for each in found] == ["disappears", "appears"]


def test_running_numbers_alone_are_no_difference_but_in_a_steps_own_words():
    assert between([line(do="task", text="完成 12")], [line(do="task", text="完成 13")]) == []
    (found,) = between([line(step="s", text="8 点见")], [line(step="s", text="9 点见")])
    assert found["change"] == "changes"


def test_points_are_told_as_one_figure_a_person():
    old = ended(line(do="points", member="li", points=1, deed="message"), li=stands(balance=1))
    new = ended(line(do="points", member="li", points=2, deed="message"), li=stands(balance=2))

    assert list(differences(old, new)) == [
        {"change": "person", "member": "li", "old": {"balance": 1}, "new": {"balance": 2}}
    ]


def test_who_is_warned_more_often_is_told_but_not_what_is_only_observed():
    strike = line(do="strike", member="li", rule="ads")
    watched = {**strike, "reason": "observe", "member": "wang"}

    found = list(differences(ended(), ended(strike, watched, li=stands(), wang=stands())))

    assert [each for each in found if each["change"] == "person"] == [
        {"change": "person", "member": "li", "old": {"warned": 0}, "new": {"warned": 1}}
    ]


def test_people_who_are_on_one_side_only_are_told_with_what_they_have():
    found = list(differences(ended(li=stands(balance=3, level="reader")), ended()))

    assert found == [{
        "change": "person", "member": "li",
        "old": {"balance": 3, "level": "reader"}, "new": {"balance": 0, "level": ""},
    }]  # fmt: skip


lines_st = st.lists(
    st.builds(
        line,
        st.sampled_from(["08:00", "09:00"]),
        st.sampled_from(["post", "dm", "task"]),
        step=st.sampled_from(["a", "b"]),
        text=st.sampled_from(["早", "晚 1", "晚 2"]),
    ),
    max_size=8,
)


@given(lines_st)
def test_nothing_differs_from_itself(lines: list[dict[str, Any]]):
    assert between(lines, list(map(dict, lines))) == []


@given(lines_st, lines_st)
def test_every_line_of_both_sides_is_accounted_for(old: Any, new: Any):
    found = between(old, new)

    kinds = [each["change"] for each in found]
    left, right = kinds.count("disappears"), kinds.count("appears")
    assert len(old) - left == len(new) - right
    assert [each["at"] for each in found] == sorted(each["at"] for each in found)


@given(lines_st, lines_st)
def test_the_other_way_round_appears_what_disappeared(old: Any, new: Any):
    there = [each["change"] for each in between(old, new)]
    back = [each["change"] for each in between(new, old)]

    assert there.count("appears") == back.count("disappears")


def told(*found: dict[str, Any]) -> list[str]:
    names = Names({"li": "李四"}, {"reader": "书友"})
    return [piece.text for piece in difference_told.tell(found, "old.yaml", names)]


def test_people_read_what_was_and_what_is():
    (found,) = between([MORNING], [{**MORNING, "text": "早"}])

    assert told(found) == [
        "── 与 old.yaml 相比 ──",
        "── 2026-12-01 周二 ──",
        "≠ 08:00  g  群里发 · morning",
        "       原来 早安",
        "       现在 早",
        "出现 0 处，消失 0 处，改变 1 处，0 人的积分、等级或提醒不同",
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ({"balance": 3, "score": 3}, {"balance": 5, "score": 4},
         "李四：余额 3 → 5、近期贡献 3 → 4"),
        ({"level": ""}, {"level": "reader"}, "李四：等级 无 → 书友"),
        ({"layer": "regular"}, {"layer": "core"}, "李四：层 regular → core"),
        ({"warned": 2}, {"warned": 0}, "李四：被提醒 2 次 → 0 次"),
    ],
)  # fmt: skip
def test_people_are_told_by_name(old: dict[str, Any], new: dict[str, Any], shown: str):
    assert shown in told({"change": "person", "member": "li", "old": old, "new": new})


def test_no_difference_is_said_so():
    assert told()[-1] == "没有差别"
