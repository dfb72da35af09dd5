"""What is known about a member, and what nobody can know."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.ledger import facts, ledger
from handlers.ports import Context
from sop.model import Item, LedgerEntry, Like, Person, StepRun, Strike
from sop.pack.pack_conditions import Conditions
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life, life

PACK = """
library: {poems: [一, 二]}
score:
  window: 30d
  earn:
    {message: {points: 1}, accepted: {points: 10}, like-received: {points: 2}, share: {points: 5}}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 10}]
segments: {keen: {score: ">= 10"}}
steps:
  - {id: poem, when: "08:00 daily", do: [{drop: poems}]}
  - {id: hello, when: member.joined, do: [{post: 你好}]}
"""


def known(club: Life, context: Context, *, group: bool = True) -> facts.StoredFacts:
    return facts.StoredFacts(context, context.group if group else None, context.person)


def run(number: int, **fields: Any) -> StepRun:
    values = {"community": COMMUNITY, "id": number, "group": GROUP, "step": "poem", "person": 0,
              "at": EVENING, "due_at": EVENING, **fields}  # fmt: skip
    return StepRun(**values)


def test_where_there_is_no_member_nothing_is_held():
    with life(PACK) as club, club.acting() as context:
        nobody = facts.StoredFacts(context, None, None)

        assert (nobody.layer(), nobody.role()) == ("regular", "member")
        assert not nobody.has_tag("摄影")
        assert not nobody.paid()
        assert not nobody.level_reached("reader")
        assert not nobody.recognised(DAY)
        assert not nobody.step_done("poem")
        counts = (nobody.score(), nobody.balance(), nobody.strikes(None), nobody.tenure(),
                  nobody.deeds("share", None), nobody.liked_in("摄影", None),
                  nobody.value_posts(None))  # fmt: skip
        assert set(counts) == {0}
        assert nobody.active_days(DAY) is None
        assert nobody.introduced() is None
        assert nobody.last_seen() is None


def test_what_is_stored_about_a_member_is_told():
    with life(PACK) as club:
        club.join("li")
        with club.acting("li") as context:
            person = context.person
            assert person is not None
            context.store.put(replace(person, layer="core", paid=True, tags=("摄影",)))
        club.now += 3 * DAY
        with club.acting("li") as context:
            ledger.book_entry(context, 1, "share", 12, score=9, source="a")
            ledger.credit(context, 1, "like-received", source="b")
            context.store.put(
                Like(
                    community=COMMUNITY,
                    target="item:g1:1",
                    giver=2,
                    author=1,
                    group=GROUP,
                    at=club.now,
                    day="2026-12-05",
                )
            )
            told = known(club, context)

            assert (told.layer(), told.role(), told.paid()) == ("core", "member", True)
            assert (told.score(), told.balance()) == (11, 14)
            assert told.has_tag("摄影")
            assert not told.has_tag("读书")
            assert told.liked_in("摄影", DAY) == 1
            assert told.liked_in("读书", DAY) == 0
            assert told.level_reached("reader")
            assert not told.level_reached("no-such-level")
            assert told.recognised(DAY)
            assert told.tenure() == 3 * DAY
            assert told.segment("keen") == Conditions.model_validate({"score": ">= 10"})
            assert (told.deeds("share", DAY), told.deeds("share", 0)) == (1, 0)


def test_a_reversed_award_is_no_deed_any_more():
    with life(PACK) as club, club.acting("li") as context:
        for source in "abc":
            ledger.credit(context, 1, "share", source=source)
        (entry,) = context.store.find(LedgerEntry, community=COMMUNITY, id=2)
        ledger.reverse(context, entry, "mistake")

        assert known(club, context).deeds("share", None) == 2
        assert known(club, context).deeds("accepted", None) == 0


def test_looking_at_a_score_changes_nothing():
    with life(PACK) as club:
        with club.acting("li") as context:
            ledger.book_entry(context, 1, "share", 12, score=12, source="a")
        before = club.person()
        club.now += 31 * DAY
        with club.acting("li") as context:
            assert known(club, context).score() == 0

        assert club.person() == before


@pytest.mark.parametrize(
    ("channels", "hears"), [({"sandbox": "s"}, True), ({"appchat": "a", "aibot": "b"}, False)]
)
def test_silence_is_known_only_where_everything_is_heard(channels: dict[str, str], *, hears: bool):
    with life(PACK, groups=[builders.group(channels=channels)]) as club:
        club.join("li")
        club.now += 2 * DAY
        with club.acting("li") as context:
            told = known(club, context)
            assert told.last_seen() == (2 * DAY if hears else None)
            assert told.introduced() == (False if hears else None)
            assert told.active_days(None) == (0 if hears else None)
        club.say("大家好，我是新来的李四")
        club.now += HOUR
        with club.acting("li") as context:
            told = known(club, context)
            assert told.last_seen() == (HOUR if hears else None)
            # Having heard it is knowing it.
            assert told.introduced() is True
            assert told.active_days(7 * DAY) == (1 if hears else None)


def test_active_days_are_those_within_the_window():
    with life(PACK) as club:
        for pause in (DAY, DAY, 5 * DAY, DAY):
            club.now += pause
            club.say(f"今天是 {club.now}")
        with club.acting("li") as context:
            told = known(club, context)
            assert [told.active_days(days * DAY) for days in (1, 2, 6, 7, 8)] == [1, 2, 2, 3, 4]
            assert told.active_days(None) == 4


def test_who_comes_back_after_long_was_last_seen_when_they_came():
    with life(PACK) as club:
        club.say("先走一步")
        with club.acting("li") as context:
            member = context.member
            assert member is not None
            context.store.put(replace(member, left_at=club.now))
        club.now += 60 * DAY
        club.join("li")
        club.now += HOUR
        with club.acting("li") as context:
            assert known(club, context).last_seen() == known(club, context).tenure() == HOUR


def test_strikes_count_in_their_window_unless_observed_or_reversed():
    with life(PACK) as club, club.acting("li") as context:
        for number, fields in enumerate(
            ({}, {"at": EVENING - 40 * DAY}, {"observed": True}, {"reversed_at": 5})
        ):
            values = {"community": COMMUNITY, "id": number, "person": 1, "group": GROUP,
                      "rule": "ads", "at": EVENING, "source": "m", "measure": ""}  # fmt: skip
            context.store.put(Strike(**{**values, **fields}))  # type: ignore[arg-type] # defaults

        assert known(club, context).strikes(30 * DAY) == 1
        assert known(club, context).strikes(None) == 2


def test_value_is_what_this_group_was_given():
    values: dict[str, Any] = {"community": COMMUNITY, "group": GROUP, "person": 1, "text": "x",
                              "at": EVENING, "message_id": "m"}  # fmt: skip
    with life(PACK) as club, club.acting("li") as context:
        for record in (
            run(1), run(2, at=EVENING - 8 * DAY), run(3, step="hello"), run(4, group="g2"),
            Item(number=1, kind="share", **values), Item(number=2, kind="question", **values),
            Item(number=3, kind="answer", status="accepted", **values),
            Item(number=4, kind="answer", **values),
        ):  # fmt: skip
            context.store.put(record)

        assert known(club, context).value_posts(7 * DAY) == 3
        assert known(club, context).value_posts(None) == 4


def test_a_step_is_done_for_the_member_or_for_the_group():
    with life(PACK) as club, club.acting("li") as context:
        context.store.put(run(1))
        context.store.put(run(2, step="hello", person=2))
        told = known(club, context)
        assert told.step_done("poem")
        assert not told.step_done("hello")

        context.store.put(run(3, step="hello", person=1))
        assert known(club, context).step_done("hello")
        assert not facts.StoredFacts(context, builders.group(id="g2"), told.person).step_done(
            "poem"
        )
        assert context.store.get(Person, COMMUNITY, 1) == told.person
