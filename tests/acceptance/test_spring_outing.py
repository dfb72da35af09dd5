"""A week of a club: an open and a secret vote, a sign-up from its opening to the thanks."""

import re

from tests.acceptance.rehearsing import Tale

TALE = Tale("spring-outing", "2027-03-01T19:00:00+08:00", "2027-03-07T00:00:00+08:00")


def _with_code() -> list[str]:
    """The script with the code that staff were sent: in life they read it to people."""
    tasks = (line.get("text", "") for line in TALE.play())
    code = next(found[1] for text in tasks if (found := re.search("签到码是 (\\d{6})", text)))
    return [line.replace("CODE", code) for line in TALE.script]


def test_a_club_decides_where_to_go_and_goes():
    assert TALE.unmet(TALE.play(_with_code())) == []


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2027-03-03T07:30:00+08:00", _with_code())
