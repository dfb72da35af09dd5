"""Each night: who entered a segment, who left, and of how many nobody can tell."""

from typing import Any

from handlers.people import segments
from handlers.recognition import rollcall
from sop.model import SegmentDay, SegmentSpell
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, Life, life

PACK = """
score: {earn: {message: {points: 1}}}
segments:
  payer: {paid: true}
  talker: {active_days: ">= 1 in 2d"}
"""
MIDNIGHT = EVENING + 4 * HOUR + 5 * 60_000
"""00:05 of the next day."""


def spells(club: Life, **where: Any) -> list[tuple[int, str, int]]:
    """Who has been in what, and after how many nights."""
    found = club.read(SegmentSpell, **where)
    return sorted((each.person, each.segment, (each.since - MIDNIGHT) // DAY) for each in found)


def test_transitions_are_noted_with_their_night():
    with life(PACK) as club:
        club.enforce()
        club.join("li", "wang")
        club.say("早")
        club.wait(MIDNIGHT)
        assert spells(club, until=0) == [
            (1, "newcomer", 0), (1, "talker", 0), (2, "newcomer", 0),
        ]  # fmt: skip

        club.wait(MIDNIGHT + 20 * DAY)
        assert spells(club, until=0) == [(1, "lurker", 14), (2, "lurker", 14)]
        assert len(club.read(SegmentDay)) == 21
        ended = [each for each in club.read(SegmentSpell) if each.until]
        assert {each.segment for each in ended} == {"newcomer", "talker"}


def test_who_leaves_the_groups_leaves_the_segments():
    with life(PACK) as club:
        club.enforce()
        club.join("li")
        club.wait(MIDNIGHT)
        with club.acting() as context:
            context.store.put(builders.member(1, left_at=MIDNIGHT))
        club.wait(MIDNIGHT + DAY)

        assert spells(club, until=0) == []
        assert club.read(SegmentDay, order="-day")[0].members == 0


def test_what_is_not_heard_moves_nobody_and_is_counted():
    group = builders.group(channels={"aibot": "g1"})
    with life(PACK, groups=(group,)) as club:
        club.enforce(group)
        club.join("li")
        club.say("早", mentions_bot=True)
        club.wait(MIDNIGHT)
        assert spells(club) == [(1, "newcomer", 0)]
        club.wait(MIDNIGHT + 30 * DAY)

        assert spells(club, until=0) == []
        with club.acting() as context:
            found = segments.figures(context, 7)
        figures = {each.name: each for each in found.segments}
        assert (figures["talker"].known, figures["talker"].unknown) == (0, 1)
        assert (figures["payer"].known, figures["payer"].own) == (1, True)
        assert (figures["newcomer"].members, figures["newcomer"].own) == (0, False)
        assert found.day == "2027-01-02"


def test_everybody_is_looked_at_in_slices_and_changes_are_counted():
    count = rollcall.SLICE * 2 + 3
    with life(PACK) as club:
        club.enforce()
        club.join(*(f"m{number}" for number in range(count)))
        club.wait(MIDNIGHT)
        with club.acting() as context:
            found = segments.figures(context, 7)

        assert found.members == count
        newcomers = next(each for each in found.segments if each.name == "newcomer")
        assert (newcomers.members, newcomers.known, newcomers.entered) == (count, count, count)
        assert newcomers.left == 0


def test_before_the_first_night_nothing_is_known():
    with life(PACK) as club, club.acting() as context:
        found = segments.figures(context, 7)

    assert (found.day, found.members) == ("", 0)
    assert {each.members for each in found.segments} == {0}


def test_a_segment_that_is_no_more_is_left():
    with life(PACK) as club:
        club.enforce()
        club.join("li")
        club.say("早")
        club.wait(MIDNIGHT)
        club.edit("score: {earn: {message: {points: 1}}}")
        club.wait(MIDNIGHT + DAY)

        assert spells(club, until=0) == [(1, "newcomer", 0)]
