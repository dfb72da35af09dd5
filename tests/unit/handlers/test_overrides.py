"""Every handler sees the pack as the event's group has it."""

from typing import Any

import pytest

from handlers import overrides
from handlers.posting.rendering import render
from sop.times.durations import Cap
from tests import builders
from tests.builders import EVENING
from tests.lives import HOUR, MINUTE, life, of, texts

PACK = """\
budget: {group: 6/day}
texts: {gift: 书单}
rules:
  checks: [{id: ads, detect: words, any: [代购]}]
steps:
  - {id: tea, when: 20:30 daily, do: [{post: "礼物是{{ texts.gift }}"}]}
  - {id: night, when: 23:00 daily, do: [{post: 晚安}]}
"""


def bound(**override: Any) -> Any:
    return builders.group(override=override)


@pytest.mark.parametrize(
    ("override", "reason"), [({}, ""), ({"rules": {"mode": "observe"}}, "observe")]
)
def test_rules_are_those_of_the_group(override: dict[str, Any], reason: str):
    with life(PACK, groups=[bound(**override)]) as club:
        (strike,) = of(club.say("专业代购，欢迎私聊"), "strike")

        assert strike.reason == reason


def test_a_check_is_told_otherwise_in_one_group_alone():
    own = {"rules": {"checks": {"ads": {"any": ["拼单"]}}}}
    other = builders.group(id="g2")
    with life(PACK, groups=[bound(**own), other]) as club:
        assert of(club.say("专业代购，欢迎私聊"), "strike") == []
        assert len(of(club.say("一起拼单吗"), "strike")) == 1
        club.now += MINUTE
        assert of(club.say("一起拼单吗", "wang", group="g2"), "strike") == []
        assert len(of(club.say("专业代购，欢迎私聊", "wang", group="g2"), "strike")) == 1


def test_texts_are_those_of_the_group():
    group = bound(texts={"gift": "读书灯"})
    with life(PACK, groups=[group]) as club:
        club.enforce(group)

        assert texts(club.wait(EVENING + HOUR), "post") == ["礼物是读书灯"]


def test_quiet_hours_are_those_of_the_group():
    group = bound(quiet="22:00-06:00")
    with life(PACK, groups=[group]) as club:
        club.enforce(group)
        club.wait(EVENING + 2 * HOUR)

        assert [each.do for each in club.wait(EVENING + 4 * HOUR)] == ["held"]
        assert texts(club.wait(EVENING + 10 * HOUR), "post") == ["晚安"]


def test_workdays_are_those_of_the_group():
    """2026-12-03 is a Thursday, and free in one group alone."""
    pack = "steps:\n  - {id: tea, when: 08:00 workdays, do: [{post: 早安}]}\n"
    groups = [bound(calendar={"off": ["2026-12-03"]}), builders.group(id="g2")]
    with life(pack, groups=groups) as club:
        club.enforce(*groups)
        club.enforce(*groups)

        lines = of(club.wait(EVENING + 16 * HOUR), "post")
        assert [each.group for each in lines] == ["g2"]
        lines = of(club.wait(EVENING + 40 * HOUR), "post")
        assert sorted(each.group for each in lines) == ["g1", "g2"]
        club.enforce(bound(calendar={"off": ["2026-12-07"]}), groups[1])
        assert [each.group for each in of(club.wait(EVENING + 112 * HOUR), "post")] == ["g2"]


def test_a_group_the_event_is_not_in_has_its_own_values_too():
    other = builders.group(id="g2", override={"budget": {"group": "2/day"}})
    with life(PACK, groups=[bound(texts={"gift": "灯"}), other]) as club, club.acting() as context:
        assert overrides.budget_of(context, other).group == Cap(n=2, period="day")
        assert overrides.budget_of(context, builders.group()).group == Cap(n=6, period="day")
        assert render(context, "{{ texts.gift }}", bound(texts={"gift": "灯"})) == "灯"
        assert render(context, "{{ texts.gift }}", other) == "书单"


def test_what_is_bound_anew_is_in_force_at_once():
    with life(PACK) as club:
        club.enforce()
        club.now += MINUTE
        club.enforce(bound(texts={"gift": "读书灯"}))

        assert texts(club.wait(EVENING + HOUR), "post") == ["礼物是读书灯"]
