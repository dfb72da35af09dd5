"""Offers: who is left out, what stops them, and what check says of them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities import offers
from sop.bindings.bindings import Binding
from sop.checks import check_offers
from sop.checks.check_subject import Subject
from sop.checks.loader import load_pack
from sop.names import Names
from sop.pack.pack_offers import Guard

HEAD = (
    "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"
    "benefits: [{id: class, title: 课, kind: quota}]\nlevels: [{id: old, title: 老友, at: 9}]\n"
)


def test_the_same_members_are_left_out_for_ever_and_about_as_many_as_the_share():
    held = [n for n in range(10_000) if offers.is_left_out("c", "class", n, 0.1)]
    assert 900 < len(held) < 1_100
    assert held == [n for n in range(10_000) if offers.is_left_out("c", "class", n, 0.1)]
    other = [n for n in range(10_000) if offers.is_left_out("c", "other", n, 0.1)]
    assert len({*held} & {*other}) < 200


@given(st.integers(0), st.floats(0, 1), st.floats(0, 1))
def test_a_larger_share_leaves_out_those_and_more(person: int, one: float, two: float):
    small, large = sorted((one, two))
    if offers.is_left_out("c", "b", person, small):
        assert offers.is_left_out("c", "b", person, large)
    assert not offers.is_left_out("c", "b", person, 0.0)
    assert offers.is_left_out("c", "b", person, 1.0)


@pytest.mark.parametrize(
    ("complaints", "leaves", "harm"),
    [
        ((0, 0), (0, 0), None),
        ((2, 0), (4, 0), None),
        ((3, 0), (0, 0), "complaints"),
        ((3, 1), (0, 0), "complaints"),
        ((3, 2), (0, 0), None),  # not twice as many as before
        ((4, 2), (0, 0), "complaints"),
        ((0, 0), (5, 2), "leaves"),
        ((0, 0), (9, 5), None),
        ((0, 0), None, None),  # nobody can tell
        ((3, 0), None, "complaints"),
    ],
)
def test_offers_stop_when_there_is_much_of_it_and_more_than_before(
    complaints: tuple[int, int], leaves: tuple[int, int] | None, harm: str | None
):
    stop = offers.stopped_by(Guard(), {"complaints": complaints, "leaves": leaves})
    assert (stop.harm if stop else None) == harm


def subject(text: str, *groups: Binding) -> Subject:
    pack, problems = load_pack((HEAD + text).encode(), "p.yaml")
    assert pack is not None, problems
    return Subject(pack=pack, names=Names.of({}), groups=groups)


def messages(text: str) -> list[str]:
    return [each.message for each in check_offers.offered_first(subject(text))]


def step(more: str) -> str:
    return f"steps: [{{id: s, when: {{says: [课]}}, do: [{{offer: class}}]{more}}}]\n"


def test_an_offer_before_anything_was_given_is_warned_of():
    (bare,) = messages(step(""))
    assert "nothing need be given" in bare
    assert messages(step(', if: {value_posts: ">= 3 in 7d"}')) == []
    assert messages(step(", if: {any: [{paid: true}, {level: old}]}")) == []
    assert messages(step(", if: {any: [{paid: true}]}")) == [bare]


def test_an_offer_without_a_limit_is_told_of():
    seldom = "offers: nothing says how seldom s offers: set limit"
    assert seldom in check_offers.told(subject(step("")))
    assert seldom not in check_offers.told(subject(step(", limit: {member: 1/7d}")))
    assert seldom not in check_offers.told(subject("offers: {per_member: 1/7d}\n" + step("")))


def test_what_holds_for_offers_is_told():
    told = list(check_offers.told(subject(step(", limit: {member: 1/7d}"))))
    assert "cannot be told from chance" in told[0]
    assert "3 complaints or 5 leaves within 7d" in told[1]
    heard = Binding(id="alpha", title="A", kind="regular", channels={"aibot": "x"})
    more = "offers: {holdout: 10%, guard: {complaints: 2, within: 3d}}\n"
    told = list(check_offers.told(subject(more + step(", limit: {member: 1/7d}"), heard)))
    assert told[0].startswith("offers: 10% of the members")
    assert "2 complaints or 5 leaves within 3d" in told[1]
    assert told[2] == 'group "alpha": its channels do not tell who leaves: that stops no offers'
    assert list(check_offers.told(subject("steps: []\n"))) == []


def test_an_offer_that_those_left_out_see_as_well_is_told_of():
    both = "offers to a whole group: those left out see it too"
    more = "offers: {holdout: 10%}\n"
    group = 'steps: [{id: s, when: "08:00 daily", do: [{offer: class}]}]\n'
    assert f"offers: s {both}" in list(check_offers.told(subject(more + group)))
    assert both not in "\n".join(check_offers.told(subject(group)))
    assert both not in "\n".join(check_offers.told(subject(more + step(""))))
