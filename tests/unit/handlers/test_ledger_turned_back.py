"""Clocks that are put back, and packs that are edited: the ledger bears out what follows."""

from handlers.ledger import ledger
from sop.model import LedgerEntry
from sop.told_events import IdentitiesMerged
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, Life, life

PACK = """
score: {window: 30d, half_life: 10d}
levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 12}]
seasons: {every: month}
"""
MORNING_OF_THE_2ND = 1_796_169_600_000  # 2026-12-02 08:00 in Shanghai, a Wednesday


def award(club: Life, points: int, userid: str = "user1") -> None:
    with club.acting(userid) as context:
        source = f"gift:{context.now}:{userid}"
        ledger.book_entry(context, context.person_id, "award", points, score=points, source=source)


def look(club: Life) -> int:
    with club.acting("user1") as context:
        return ledger.rescore(context, context.person_id).score


def test_what_is_booked_behind_the_last_look_at_a_score_counts_as_of_then():
    with life(PACK, now=MORNING_OF_THE_2ND) as club:
        award(club, 90)
        club.now += DAY + 14 * HOUR
        award(club, 90)
        club.now -= 13 * HOUR
        award(club, 90)
        assert club.unproven() == []


def test_what_was_taken_back_never_counts_however_far_a_clock_was_put_back():
    with life(PACK, now=MORNING_OF_THE_2ND) as club:
        award(club, 9)
        club.now -= 40 * DAY
        with club.acting("user1") as context:
            (entry,) = context.store.find(LedgerEntry, community=COMMUNITY)
            ledger.reverse(context, entry, "correction")
        club.now += 40 * DAY + HOUR
        assert look(club) == 0
        assert club.unproven() == []


def test_two_who_are_one_have_all_of_a_week_that_began_in_the_month_before():
    with life(PACK, now=MORNING_OF_THE_2ND - 2 * DAY) as club:
        award(club, 5)
        club.now += 2 * DAY
        award(club, 7)
        award(club, 1, "user2")
        club.now += 6 * DAY
        club.happen(IdentitiesMerged, into="user1", gone="user2")
        assert club.person("user1").boards["week"] == ("2026-W49", 13)
        assert club.unproven() == []


def test_scores_and_levels_follow_an_edit_of_the_pack_at_once():
    with life(PACK, now=MORNING_OF_THE_2ND) as club:
        club.enforce()
        award(club, 11)
        club.now += 9 * DAY
        for pack in (
            PACK.replace("half_life: 10d", "half_life: 100d"),
            PACK.replace(", half_life: 10d", ""),
            PACK.replace("window: 30d, half_life: 10d", "window: 7d"),
            "levels: [{id: reader, title: 书友, at: 10}]\nseasons: {every: month}\n",
        ):
            club.now += 1
            club.edit(pack)
            club.tick()
            assert club.unproven() == []
        person = club.person("user1")
        assert (person.score, person.level) == (11, "reader")


def test_an_edit_of_something_else_settles_nobody():
    with life(PACK, now=MORNING_OF_THE_2ND) as club:
        club.enforce()
        award(club, 11)
        before = club.person("user1")
        club.now += HOUR
        club.edit(f"{PACK}kind: knowledge\n")
        club.tick()
        assert club.person("user1") == before


def test_seasons_that_are_as_they_were_before_have_all_that_was_won_in_them():
    quarters = PACK.replace("every: month", "every: quarter")
    with life(quarters, now=MORNING_OF_THE_2ND) as club:
        club.enforce()
        club.tick()
        award(club, 5)
        for pack, season in ((PACK, "month:2026-12-01"), (quarters, "quarter:2026-10-01")):
            club.now += HOUR
            club.edit(pack)
            club.tick()
            assert club.person("user1").boards["season"] == (season, 5)
            assert club.unproven() == []
