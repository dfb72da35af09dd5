"""The file for calendar programs, read back as they read it."""

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from icalendar import Calendar, Event

from bot.agenda.ics import calendar_file
from sop.agenda import agenda, agenda_marks
from sop.agenda.agenda import Known
from sop.book import Book
from tests import builders

BOOK = builders.book("""\
title: 书友会，读书；\\n与你
quiet: "22:30-07:30"
steps:
  - {id: morning, title: "早读; 一句, 一\\\\段 👍", when: "08:00 daily", do: [{post: 早}]}
  - {id: night, when: "23:00 wed", do: [{questions: {title: 答疑, for: 60m}}]}
  - {id: wake, when: {silence: 24h}, do: [{post: 在吗}]}
""")


def written(first: str, days: int, book: Book = BOOK, place: str = "") -> bytes:
    known = Known(title="一群" if place else "")
    found = agenda.agenda_of(book, known, date.fromisoformat(first), days)
    return calendar_file(agenda_marks.marked(found, book, known), book, known, place)


def events(data: bytes) -> list[Event]:
    return [each for each in Calendar.from_ical(data).walk("VEVENT") if isinstance(each, Event)]


def test_a_program_reads_when_what_and_how_long():
    found = [
        (event["summary"], event.start, event.end - event.start)
        for event in events(written("2026-12-02", 1))
    ]

    assert found == [
        ("早读; 一句, 一\\段 👍", datetime(2026, 12, 2, 0, 0, tzinfo=UTC), timedelta(minutes=15)),
        ("答疑", datetime(2026, 12, 2, 23, 30, tzinfo=UTC), timedelta(hours=1)),
    ]


def test_marks_stand_in_the_description_and_nobody_s_time_is_taken():
    morning, night = events(written("2026-12-02", 1))

    assert "description" not in morning
    assert night["description"] == "静默，次日 07:30 发"
    assert {str(each["transp"]) for each in (morning, night)} == {"TRANSPARENT"}
    assert not [*morning.walk("VALARM"), *night.walk("VALARM")]


def test_the_calendar_bears_the_names_of_community_and_group():
    calendar = Calendar.from_ical(written("2026-12-02", 1, place="club/alpha"))

    assert calendar["x-wr-calname"] == "书友会，读书；\\n与你 · 一群"
    assert calendar["x-wr-timezone"] == "Asia/Shanghai"
    assert calendar["version"] == "2.0"


def test_the_same_days_give_the_same_bytes_and_other_days_the_same_uids():
    assert written("2026-12-02", 3) == written("2026-12-02", 3)
    some, more = (
        {(str(event["uid"]), event.start) for event in events(written(first, days))}
        for first, days in (("2026-12-02", 2), ("2026-12-01", 9))
    )
    assert some < more


def test_groups_that_share_a_pack_have_events_of_their_own():
    uids = [
        {str(event["uid"]) for event in events(written("2026-12-02", 5, place=place))}
        for place in ("", "club/alpha", "beta")
    ]

    assert len(set.union(*uids)) == sum(map(len, uids)) == 3 * 6
    assert all(re.fullmatch(r"[a-zA-Z0-9.@-]+", uid) for uid in set.union(*uids))


def test_what_waited_for_one_morning_has_a_uid_each():
    book = builders.book("""\
quiet: "22:30-07:30"
steps:
  - {id: a, when: {cron: "0 23,1,3 * * *"}, do: [{post: 甲}]}
  - {id: b, when: {after: a}, do: [{post: 乙}]}
""")

    uids = [str(event["uid"]) for event in events(written("2026-12-02", 4, book))]

    assert len(uids) == len(set(uids)) > 20


def test_lines_are_folded_and_ended_as_the_standard_wants():
    data = written("2026-12-02", 30)

    assert data.startswith(b"BEGIN:VCALENDAR\r\n")
    assert data.endswith(b"END:VCALENDAR\r\n")
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert b"\n" not in data.replace(b"\r\n", b"")


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])
def test_times_are_right_in_every_zone_and_where_clocks_change(zone: str):
    book = builders.book(f"""\
timezone: {zone}
steps: [{{id: a, when: "08:00 daily", do: [{{post: 甲}}]}}]
""")

    starts = [event.start for event in events(written("2026-10-01", 60, book))]

    assert {each.astimezone(book.zone).strftime("%H:%M") for each in starts} == {"08:00"}
    assert len({each.astimezone(book.zone).date() for each in starts}) == 60


def test_days_without_anything_are_an_empty_calendar():
    assert events(written("2026-12-02", 5, builders.book())) == []


def test_a_name_of_several_lines_adds_nothing_to_the_file():
    pack = BOOK.pack.model_copy(update={"title": "书友会\r\nEND:VCALENDAR\nATTACH:x"})
    book = Book(pack=pack, version="", bot_name="")
    calendar = Calendar.from_ical(written("2026-12-02", 1, book))

    assert calendar["x-wr-calname"] == "书友会 END:VCALENDAR ATTACH:x"
    assert len(calendar.walk("VEVENT")) == 2
