"""A week of a neighbourhood: stories, wishes, what is broken, a campaign and check-ins."""

from tests.acceptance.rehearsing import Tale

TALE = Tale("collections", "2026-12-01T06:00:00+08:00", "2026-12-08T07:00:00+08:00")


def test_everything_given_is_seen_to_and_a_campaign_ends_to_the_second():
    assert TALE.unmet(TALE.play()) == []


def test_who_wished_is_in_no_line_with_the_wish():
    told = [line for line in TALE.play() if "读书角" in line.get("text", "")]

    assert told
    assert not any(line.get("member") or "小陈" in line["text"] for line in told)


def test_a_run_cut_short_is_the_beginning_of_a_longer_one():
    TALE.is_begun_alike("2026-12-04T19:59:30+08:00")
