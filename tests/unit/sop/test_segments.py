"""Segments that exist in every pack, and what a pack makes of them."""

import pytest

from sop.bindings.bindings import Binding
from sop.checks.loader import load_pack
from sop.pack.conditions import in_segment
from sop.pack.pack_conditions import Conditions
from sop.standing import segments
from tests import builders

NAMES = {"newcomer", "regular", "star", "lurker", "fading", "returning"}


def test_the_six_exist_and_a_pack_may_define_them_and_more():
    pack = builders.pack("segments: {lurker: {paid: true}, vip: {score: '>= 5'}}")

    assert set(segments.defaults()) == NAMES
    assert set(segments.definitions(pack)) == NAMES | {"vip"}
    assert segments.definition(pack, "lurker") == Conditions(paid=True)
    assert segments.definition(pack, "star") == segments.defaults()["star"]
    with pytest.raises(KeyError):
        segments.definition(pack, "nobody")


def test_a_pack_may_ask_for_them_without_defining_them():
    pack = builders.pack(
        'steps: [{id: a, when: "10:00 wed", each: {segment: lurker}, do: [{dm: 好久不见}]}]'
    )

    assert pack.step("a") is not None


class Known:
    """Somebody of whom a few figures are known."""

    def __init__(self, tenure: int, seen: int, week: int, fortnight: int, month: int) -> None:
        self._tenure, self._seen = tenure * 86_400_000, seen * 86_400_000
        self._days = {7: week, 14: fortnight}
        self._month = month

    def tenure(self) -> int:
        return self._tenure

    def last_seen(self) -> int:
        return self._seen

    def active_days(self, within: int) -> int:
        return self._days.get(within // 86_400_000, self._month)

    def strikes(self, _within: int) -> int:
        return 0

    def deeds(self, deed: str, _within: int) -> int:
        return 3 if deed == "share" else 0

    def unheard(self) -> str:
        return "nobody hears"

    def segment(self, name: str) -> Conditions:
        return segments.defaults()[name]


@pytest.mark.parametrize(
    ("known", "found"),
    [
        (Known(3, 0, 1, 1, 1), {"newcomer"}),
        (Known(60, 0, 3, 5, 9), {"regular"}),
        (Known(60, 0, 6, 10, 25), {"regular", "star"}),
        (Known(60, 40, 0, 0, 1), {"lurker"}),
        (Known(60, 15, 0, 0, 9), {"fading"}),
        (Known(60, 1, 1, 1, 1), {"returning"}),
        (Known(30, 8, 0, 2, 5), set()),
    ],
)
def test_who_is_what(known: Known, found: set[str]):
    assert {name for name in NAMES if in_segment(name, known).holds} == found


HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"


def said(text: str, **channels: str) -> dict[str, str]:
    """What check says of a pack in a group, by path."""
    group = Binding(id="alpha", title="A", kind="regular", channels=channels)
    problems = load_pack((HEAD + text).encode(), "p.yaml", groups=(group,))[1]
    return {problem.path: problem.message for problem in problems}


def test_what_they_stand_on_is_unknown_where_it_cannot_be_heard():
    text = (
        'steps: [{id: a, when: "10:00 wed", each: {segment: lurker}, do: [{dm: 好久不见}]}]\n'
        'badges: [{id: keen, title: 常客, if: {active_days: ">= 9 in 30d"}}]\n'
    )
    found = said(text, aibot="x", appchat="y", app="")

    assert "active_days and last_seen of segment" in found["steps[0].each.segment"]
    assert "active_days is unknown of who is only in" in found["badges[0].if.active_days"]
    assert "badges[0].if.active_days" not in said(text, sandbox="x", archive="y", app="")


def test_a_step_that_contradicts_one_of_them_is_told():
    text = (
        'steps: [{id: a, when: "10:00 wed", each: {segment: newcomer}, if: {tenure: "> 30d"},'
        " do: [{dm: 你好}]}]\n"
    )

    assert "nobody of this segment fulfils if" in said(text)["steps[0].each"]
