"""Pack, community, group: what is said closer to the group wins, and nothing else changes."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop import kinds
from sop.book import Book
from sop.pack import inheritance
from sop.pack.inheritance import applied, merged, plain
from sop.times.durations import Cap, Span
from tests.builders import pack

PACK = pack("""\
quiet: 22:30-07:30
budget: {group: 6/day, member: 1/day}
bundle: {at: "08:30", max: 1/day}
skip: ["2027-02-05..2027-02-12"]
texts: {gift: 首周福利, bye: 再见}
rules:
  ladder: [remind, remove]
  checks:
    - {id: ads, detect: ads}
    - {id: words, detect: words, any: [代购], mode: enforce}
    - {id: flood, detect: flood, messages: 5, within: 10s}
    - {id: topic, detect: topic}
""")


def test_nothing_said_changes_nothing():
    assert applied(PACK, {}) == PACK


def test_single_values_replace_those_of_the_pack():
    own = applied(PACK, {"quiet": "23:00-07:00", "bundle": {"at": "09:00"}})

    assert own.quiet == Span(start_minute=1380, end_minute=420)
    assert own.bundle is not None
    assert (own.bundle.at, own.bundle.max) == (540, None)
    assert own.budget == PACK.budget


def test_a_calendar_or_a_bundle_is_replaced_as_one():
    outer = {"calendar": {"off": ["2027-01-04"]}, "bundle": {"at": "09:00", "max": "2/day"}}
    own = applied(PACK, merged(outer, {"calendar": "none", "bundle": {"at": "10:00"}}))

    assert (own.calendar.base, own.calendar.off) == ("none", ())
    assert own.bundle is not None
    assert (own.bundle.at, own.bundle.max) == (600, None)


def test_a_budget_is_changed_in_what_is_said_of_it():
    own = applied(PACK, {"budget": {"group": "3/day"}}).budget

    assert (own.group, own.member) == (Cap(n=3, period="day"), PACK.budget.member)
    assert applied(PACK, {"budget": {"member": None}}).budget == PACK.budget


def test_days_to_skip_add_up():
    own = applied(PACK, {"skip": ["2027-03-01"]}).skip

    assert [any(day in days for days in own) for day in _days("2027-02-05", "2027-03-01")] == [
        True, True
    ]  # fmt: skip
    assert len(own) == 2


def _days(*texts: str) -> list[date]:
    return [date.fromisoformat(each) for each in texts]


def test_texts_are_replaced_one_by_one():
    assert applied(PACK, {"texts": {"gift": "另一份"}}).texts == {"gift": "另一份", "bye": "再见"}


def test_a_mode_is_that_of_every_check_without_one_of_its_own():
    own = applied(PACK, {"rules": {"mode": "observe"}}).rules

    assert own.mode == "observe"
    assert {each.id: each.mode for each in own.checks} == {
        "ads": "observe", "words": "enforce", "flood": "observe", "topic": "observe"
    }  # fmt: skip


def test_a_check_is_told_otherwise_in_what_is_said_of_it():
    told = {"ads": {"sensitivity": "high", "allow_domains": ["a.cn"]}, "flood": {"within": "1m"}}
    own = {each.id: each for each in applied(PACK, {"rules": {"checks": told}}).rules.checks}

    assert own["ads"].params == {"sensitivity": "high", "allow_domains": ("a.cn",)}
    assert own["flood"].params == {"messages": 5, "within": 60_000}
    assert own["words"] == PACK.rules.checks[1]


@pytest.mark.parametrize(
    "broken",
    [{"quiet": [1380, 420]}, {"nonsense": 1}, {"rules": {"checks": {"flood": {"within": "x"}}}}],
)
def test_what_cannot_be_read_changes_nothing(broken: dict[str, Any]):
    assert applied(PACK, broken) is PACK


def test_a_record_keeps_an_override_frozen_and_as_it_was():
    kept = plain({"skip": ["2027-03-01"], "rules": {"checks": {"ads": {"allow": ["a"]}}}})

    assert kept == {"skip": ("2027-03-01",), "rules": {"checks": {"ads": {"allow": ("a",)}}}}
    assert applied(PACK, kept).rules.checks[0].params == {"allow": ("a",)}


QUIET = st.sampled_from(["22:00-06:00", "23:00-07:00"])
CAP = st.sampled_from(["1/day", "2/day", "9/week"])
OVERRIDES = st.fixed_dictionaries(
    {},
    optional={
        "quiet": QUIET,
        "budget": st.dictionaries(st.sampled_from(["group", "member"]), CAP),
        "skip": st.lists(st.sampled_from(["2027-01-01", "2027-05-01..2027-05-05"]), max_size=2),
        "texts": st.dictionaries(st.sampled_from(["gift", "bye"]), st.sampled_from("甲乙丙")),
        "rules": st.fixed_dictionaries(
            {}, optional={"mode": st.sampled_from(["observe", "enforce"])}
        ),
    },
)


@settings(max_examples=100, deadline=None)
@given(OVERRIDES, OVERRIDES)
def test_a_groups_word_counts_before_its_communitys(outer: dict[str, Any], inner: dict[str, Any]):
    """One override of both is the same as the community's first and the group's on top."""
    assert applied(PACK, merged(outer, inner)) == applied(applied(PACK, outer), inner)


@settings(max_examples=100, deadline=None)
@given(OVERRIDES, OVERRIDES, OVERRIDES)
def test_it_is_all_the_same_which_two_are_merged_first(
    one: dict[str, Any], two: dict[str, Any], three: dict[str, Any]
):
    assert merged(merged(one, two), three) == merged(one, merged(two, three))


def test_a_book_is_compiled_once_for_each_override():
    book = Book(pack=PACK, version="v1")
    own = book.of({"quiet": "23:00-07:00"})

    assert own is book.of({"quiet": "23:00-07:00"})
    assert own.of({}) is book
    assert own.of({"quiet": "21:00-07:00"}).pack.quiet == Span(start_minute=1260, end_minute=420)
    assert (own.version, book.pack.quiet) == ("v1", PACK.quiet)
    assert book.of({}) is book


def test_only_so_many_variants_are_kept(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sop.book.MOST_VARIANTS", 3)
    book = Book(pack=PACK, version="v1")
    for number in range(10):
        book.of({"texts": {"gift": str(number)}})

    assert len(book.variants) <= 3


def test_a_kind_brings_what_the_pack_does_not_say():
    plain_pack = pack("kind: commerce\nrules: {forget_after: 5d}\n")

    assert plain_pack.rules.forget_after_ms == 5 * 86_400_000
    assert plain_pack.rules.confirm == ("remove",)
    assert plain_pack.recognition is not None
    assert plain_pack.recognition.by == "staff"
    own = pack("kind: commerce\nrecognition: {by: leader}\n")
    assert own.recognition is not None
    assert own.recognition.by == "leader"
    assert pack().recognition is None


@pytest.mark.parametrize("kind", ["product", "interest", "brand", "knowledge", "industry"])
def test_every_kind_has_its_defaults(kind: str):
    assert kinds.completed(pack(f"kind: {kind}\n")).signal is not None
    assert inheritance.override_findings(PACK, inheritance.Override()) == ()
