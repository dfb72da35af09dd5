"""连续打卡: what is kept on the person is what the ledger says."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.accounts import verification
from handlers.ledger import ledger, streaks
from handlers.recognition import moments
from sop.model import LedgerEntry, Person
from tests.builders import COMMUNITY, EVENING
from tests.lives import DAY, Life, life, texts

PACK = "score: {earn: {checkin: {points: 2, cap: 1/day}, message: {points: 1}}}"


def kept(club: Life) -> tuple[int, str]:
    person = club.person()
    return person.streak, person.streak_on


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=10))
@settings(max_examples=15, deadline=None)
def test_what_is_kept_is_what_the_ledger_says(days: list[tuple[int, bool]]):
    with life(PACK) as club:
        club.join("li")
        for number, (later, undone) in enumerate(days):
            club.now += later * DAY
            lines = club.say("打卡 今天", key=str(number))
            if undone and any(line.do == "points" and line.deed == "checkin" for line in lines):
                newest = club.read(LedgerEntry, deed="checkin", order="-id", limit=1)[0]
                with club.acting() as context:
                    moments.follow(context, ledger.reverse(context, newest, f"undo:{number}"))
            before = kept(club)
            with club.acting() as context:
                streaks.recount(context, 1)
            assert kept(club) == before


def test_a_run_is_told_from_the_second_day_on():
    with life(PACK) as club:
        club.join("li")
        said = []
        for day in (0, 1, 2, 4):
            club.now = EVENING + day * DAY
            said.append("".join(texts(club.say("打卡 今天", key=str(day)))))

        assert ["连续打卡" in each for each in said] == [False, True, True, False]
        assert "连续打卡 3 天" in said[2]
        again = "".join(texts(club.say("打卡 又来", key="again")))
        assert "连续打卡" not in again
        club.now += DAY
        club.say("打卡 今天", key="more")
        assert "连续打卡 2 天" in "".join(texts(club.say("成长", key="growth")))
        club.now += 2 * DAY
        assert "连续打卡" not in "".join(texts(club.say("成长", key="later")))


def test_a_clock_that_was_put_back_fills_a_gap_as_the_ledger_does():
    with life(PACK) as club:
        club.join("li")
        for day in (0, 2, 1):
            club.now = EVENING + day * DAY
            club.say("打卡 今天", key=str(day))
        assert kept(club) == (3, "2026-12-04")
        with club.acting() as context:
            person = context.store.get(Person, COMMUNITY, 1)
            context.store.put(replace(person, streak=4))
            (found,) = verification.differences(context.store, club.book, COMMUNITY)
        assert "streak 4 up to 2026-12-04, the ledger says 3" in found


def test_a_check_in_that_is_not_booked_is_no_day_of_a_run():
    with life("score: {earn: {message: {points: 1}}}") as club:
        club.join("li")
        club.say("打卡 今天")

        assert kept(club) == (0, "")
        with club.acting() as context:
            assert context.store.get(Person, COMMUNITY, 1) is not None
            assert streaks.extend(context, 99) == ""


def test_who_gave_something_is_no_beginner_where_there_are_no_levels():
    with life("score: {earn: {message: {points: 1}}}") as club:
        assert "刚刚起步" in "".join(texts(club.say("成长", key="first")))
        club.say("今天读完了第三章", key="gave")

        assert "近期的贡献是 1 分" in "".join(texts(club.say("成长", key="then")))
