"""Steps that count from a beginning or a joining, when the pack is edited under way."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.events import GroupCreated
from sop.model import Group, Occurrence
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, texts

FRESH = builders.group(created_at=0)

NINE = EVENING + 13 * HOUR
"""The next morning at nine."""

PACK = """
steps:
  - {id: week, when: member.joined + 3d at 09:00, do: [{dm: 三天}]}
  - {id: opening, when: group.created + 3d at 09:00, do: [{post: 开群三天}]}
"""

NONE = "steps: []\n"


def begin(club: Life, *groups: Group) -> None:
    """A group begins at eight in the evening; Li joins at once, Chen a day later."""
    club.enforce(*(groups or (FRESH,)))
    club.happen(GroupCreated, group=GROUP, owner="boss", members=("old",))
    club.join("li")
    club.wait(EVENING + DAY)
    club.join("chen")


def at(club: Life, until: int) -> list[tuple[str, int]]:
    """Let the clock run; returns what is said, and how long after nine in the morning."""
    said = []
    while club.now < until:
        club.now += 30 * MINUTE
        said += [(text, (club.now - NINE) / HOUR) for text in texts(club.tick(), "dm", "post")]
    return said


@pytest.mark.parametrize(
    ("before", "after"),
    [("09:00", "10:30"), ("10:30", "09:00"), ("3d at 09:00", "2d at 10:30"), ("3d", "5d")],
)
def test_a_time_that_is_edited_moves_for_all_whose_time_is_still_to_come(before: str, after: str):
    edited = PACK.replace(before, after)
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        club.edit(edited, FRESH)
        moved = at(club, EVENING + 8 * DAY)
    with life(edited, groups=[FRESH]) as club:
        begin(club)
        assert moved == at(club, EVENING + 8 * DAY)


def test_a_time_zone_that_is_put_right_moves_all_whose_time_is_still_to_come():
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        club.edit("timezone: Asia/Tokyo\n" + PACK, FRESH)

        said = sorted(at(club, EVENING + 8 * DAY))
        assert said == [("三天", 47), ("三天", 71), ("开群三天", 47)]


def test_an_edit_that_is_taken_back_leaves_everything_as_it_was():
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        for pack in (PACK.replace("09:00", "10:30"), NONE, PACK):
            club.edit(pack, FRESH)

        assert at(club, EVENING + 8 * DAY) == [
            ("三天", 48), ("开群三天", 48), ("三天", 72),
        ]  # fmt: skip


def test_a_step_that_is_added_comes_for_all_whose_time_is_still_to_come():
    with life(NONE, groups=[FRESH]) as club:
        begin(club)
        club.edit(PACK, FRESH)

        said = at(club, EVENING + 8 * DAY)
        assert sorted(said) == [("三天", 48), ("三天", 72), ("开群三天", 48)]
        assert [row.subject for row in club.read(Occurrence, step="opening")] == [""]


def test_what_fell_due_before_the_edit_is_not_made_up_and_what_ran_does_not_come_again():
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        club.wait(NINE + 2 * DAY + HOUR)
        club.edit(PACK.replace("3d", "4d").replace("三天", "四天"), FRESH)
        assert at(club, EVENING + 8 * DAY) == [("四天", 96)]

    with life(NONE, groups=[FRESH]) as club:
        begin(club)
        club.wait(NINE + 2 * DAY)
        club.edit(PACK.replace("09:00", "08:00"), FRESH)
        assert at(club, EVENING + 8 * DAY) == [("三天", 71)]


def test_members_who_were_there_before_anybody_looked_are_no_newcomers():
    with life(NONE, groups=[FRESH]) as club:
        begin(club)
        club.edit(PACK, FRESH)
        club.wait(EVENING + 8 * DAY)

        whom = {row.subject for row in club.read(Occurrence, step="week")}
        assert whom == {str(club.person(name).id) for name in ("li", "chen")}


@pytest.mark.parametrize("when", ['"08:00 daily"', "group.adopted + 3d", "{says: [你好]}"])
def test_a_step_that_gets_another_trigger_forgets_what_the_first_had_planned(when: str):
    edited = f"""
steps:
  - {{id: week, when: {when}, do: [{{post: 早}}]}}
  - {{id: opening, when: {when}, do: [{{post: 早}}]}}
"""
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        club.edit(edited, FRESH)
        moments = [moment for _, moment in at(club, EVENING + 8 * DAY)]

        assert all(moment % 24 == 23 for moment in moments)
        assert len(moments) in (0, 14)


def test_newcomers_of_one_moment_still_share_their_post_after_an_edit():
    pack = """
steps:
  - {id: day, when: member.joined + 1d, batch: 10m, do: [{post: "{{ members }} 第一天"}]}
"""
    with life(pack, groups=[FRESH]) as club:
        club.enforce(FRESH)
        club.join("amy")
        club.now += 5 * MINUTE
        club.join("bob")
        club.now += HOUR
        club.join("cat")
        club.edit(pack.replace("1d", "2d").replace("第一天", "第二天"), FRESH)

        assert texts(club.wait(EVENING + 2 * DAY + 10 * MINUTE)) == ["Amy、Bob 第二天"]
        assert texts(club.wait(EVENING + 3 * DAY)) == ["Cat 第二天"]


def test_enforcing_the_same_pack_again_changes_nothing():
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        before = club.read(Occurrence)
        club.enforce(FRESH)

        assert club.read(Occurrence) == before


PACKS = (
    NONE, PACK, PACK.replace("09:00", "10:30"), PACK.replace("3d at 09:00", "1d"),
    PACK.replace("3d", "2d").replace("do: [{dm", "batch: 20m, do: [{dm"),
    'quiet: "20:30-07:30"\n' + PACK.replace("3d at 09:00", "1h"),
)  # fmt: skip

moves = st.tuples(
    st.sampled_from(PACKS), st.sampled_from([MINUTE, 2 * HOUR, 13 * HOUR]), st.booleans()
)


@given(st.lists(moves, max_size=8))
@settings(max_examples=15, deadline=None)
def test_however_often_the_pack_is_edited_nothing_comes_twice(told: list[tuple[str, int, bool]]):
    with life(PACK, groups=[FRESH]) as club:
        begin(club)
        for pack, pause, looks in told:
            club.edit(pack, FRESH)
            club.now += pause
            if looks:
                club.tick()
        club.edit(PACK, FRESH)
        club.wait(club.now + 8 * DAY)

        rows = club.read(Occurrence, kind="step", status="done")
        assert max(Counter((row.step, row.subject) for row in rows).values(), default=1) == 1
        assert club.read(Occurrence, kind="step", status="pending") == []
