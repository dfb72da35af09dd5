"""What is explained is what is in force: two ways to the same value must not part."""

from typing import Any

from hypothesis import given, settings

from sop import kinds
from sop.pack.inheritance import applied, merged
from sop.pack.pack import Pack
from sop.schema import explanation
from sop.schema.explanation import Source, explain, shown
from sop.yaml import yaml_source
from tests.builders import HEAD, pack
from tests.unit.sop.test_inheritance import OVERRIDES

TEXT = """\
kind: interest
quiet: 22:30-07:30
budget: {group: 6/day}
texts: {gift: 书单, bye: 再见}
rules: {mode: enforce, mute: 2h, checks: [{id: ads, detect: ads}]}
levels: [{id: new, title: 新友, at: 0}]
"""
PACK = pack(TEXT)
TREE = yaml_source.compose(f"{HEAD}{TEXT}".encode(), "club.yaml")[0]


def found(community: Any = None, group: Any = None) -> dict[str, explanation.Setting]:
    sources = (
        Source(layer="kind", name="interest", data=kinds.written("interest")),
        Source(layer="pack", name="club", file="club.yaml", tree=TREE),
        Source(layer="community", name="c", data=community or {}),
        Source(layer="group", name="g", data=group or {}),
    )
    return {each.key: each for each in explain(Pack, sources)}


@settings(max_examples=100, deadline=None)
@given(OVERRIDES, OVERRIDES)
def test_what_is_explained_is_what_is_in_force(community: dict[str, Any], group: dict[str, Any]):
    told = found(community, group)
    own = applied(PACK, merged(community, group))

    assert told["quiet"].value == shown(own.quiet)
    assert told["budget.group"].value == shown(own.budget.group)
    assert told["budget.member"].value == shown(own.budget.member)
    assert told["rules.mode"].value == own.rules.mode
    assert {key: told[f"texts.{key}"].value for key in own.texts} == own.texts
    assert told["rules.mute"].value == "2h"


def test_a_place_is_told_where_there_is_one():
    first, second, third = found(group={"quiet": "23:00-07:00"})["quiet"].origins

    assert (first.layer, first.place) == ("group", "group g")
    assert (second.layer, second.place) == ("pack", "club.yaml:5")
    assert (third.layer, third.value) == ("default", "none")


def test_kinds_and_defaults_stand_behind_the_pack():
    told = found()

    assert told["recognition.by"].origins[0].layer == "kind"
    assert told["rules.forget_after"].value == "30d"
    assert told["timezone"].value == "Asia/Shanghai"
    assert told["score.window"].value == shown(PACK.score.window_ms)
    assert told["levels.new.title"].value == "新友"


def test_what_is_said_as_a_whole_stands_for_its_parts():
    told = {each.key for each in explain(Pack, [Source(layer="pack", name="", data={
        "calendar": "cn", "budget": {"group": "1/day"},
    })])}  # fmt: skip

    assert "calendar" in told
    assert not any(key.startswith("calendar.") for key in told)
    assert {"budget.group", "budget.member"} <= told


def test_everything_a_pack_may_say_has_a_key():
    told = found()
    stems = {key.partition(".")[0] for key in told}

    assert {field.alias or name for name, field in Pack.model_fields.items()} <= stems | {"steps"}
