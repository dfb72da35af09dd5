"""The weekly account of what enforcing would have done."""

from typing import Any

from sop.model import Strike, Task
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of

PACK = """
rules:
  mode: observe
  checks:
    - {id: promo, detect: words, any: [加微信], reason: 不发广告}
  ladder: [remind, mute-points]
  forget_after: 30d
score: {earn: {message: {points: 2}}, lose: {strike: {points: 10}}}
steps: []
"""
# Wednesday 20:00; the Monday after it is 2026-12-07.
MONDAY = EVENING + 5 * DAY - 10 * HOUR - 30 * MINUTE


def club(**fields: Any) -> Any:
    group = builders.group(owner="boss", staff=("helper",), **fields)
    return life(PACK, groups=[group])


def observed(lived: Life) -> None:
    for number, sender in enumerate(("li", "li", "wang")):
        lived.now = EVENING + number * MINUTE
        lived.say(f"需要的加微信 {number}", sender)


def test_on_monday_staff_hear_what_would_have_been_done_and_nobody_else():
    with club() as lived:
        lived.enforce(builders.group(owner="boss", staff=("helper",)))
        observed(lived)

        lines = lived.wait(MONDAY + HOUR)

        told = [each for each in of(lines, "dm", "post") if "观察结果" in each.text]
        assert [(each.do, each.to) for each in told] == [("dm", "staff")]
        assert "不发广告：3 条，2 人" in told[0].text
        assert "提醒 2 次" in told[0].text
        assert "暂停计分 1 次" in told[0].text
        assert "「需要的加微信 0」" in told[0].text
        assert all(each.observed for each in lived.read(Strike))


def test_a_week_without_anything_and_the_week_after_are_silent():
    with club() as lived:
        lived.enforce(builders.group(owner="boss", staff=("helper",)))
        assert lived.wait(MONDAY + HOUR) == []
        lived.now = MONDAY + 2 * HOUR
        lived.say("需要的加微信", "li")

        first = lived.wait(MONDAY + 7 * DAY + HOUR)
        second = lived.wait(MONDAY + 14 * DAY + HOUR)

        assert sum("观察结果" in each.text for each in of(first, "dm")) == 1
        assert not any("观察结果" in each.text for each in of(second, "dm"))


def test_where_nobody_is_reached_in_private_it_is_a_task():
    mentions = {"aibot": GROUP}
    with club(channels=mentions) as lived:
        lived.enforce(builders.group(owner="boss", staff=("helper",), channels=mentions))
        lived.say("需要的加微信", "li", channel="aibot", mentions_bot=True)

        lived.wait(MONDAY + HOUR)

        (task,) = lived.read(Task, kind="observed-week")
        assert f"完成 {task.id}" in task.text


def test_of_a_flood_of_observed_messages_staff_hear_the_first_of_an_hour():
    with club() as lived:
        lived.enforce(builders.group(owner="boss", staff=("helper",)))
        told = []
        for number in range(30):
            lived.now += 1_000
            told += of(lived.say(f"需要的加微信 {number}", f"u{number}"), "dm")
        assert len(told) == 20
        assert len(lived.read(Strike)) == 30

        lived.now += HOUR
        assert len(of(lived.say("需要的加微信", "li"), "dm")) == 1
