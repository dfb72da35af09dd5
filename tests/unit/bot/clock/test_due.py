"""What is due becomes events: the longest due first, each with a key of its own."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.clock.due import due_events, event_of
from sop.budgets.budget import rank_of
from sop.model import Occurrence
from storage.database import Database
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import in_memory


@pytest.fixture(scope="module")
def database() -> Iterator[Database]:
    with in_memory() as database:
        yield database


def occurrence(step: str, run_at: int = EVENING, **fields: Any) -> Occurrence:
    values = {
        "community": COMMUNITY, "group": GROUP, "kind": "step", "subject": "", "cause": "",
        "due_at": run_at, **fields,
    }  # fmt: skip
    return Occurrence(step=step, run_at=run_at, **values)


def due(database: Database, *rows: Occurrence, now: int = EVENING, limit: int = 64) -> list[str]:
    batch = database.batch()
    try:
        with batch.event() as store:
            for row in rows:
                store.put(row)
        with batch.event() as store:
            return [event.step for event in due_events(store, now, limit)]
    finally:
        batch.rollback()


def test_what_is_due_this_very_millisecond_is_due(database: Database):
    rows = (
        occurrence("before", EVENING - 1), occurrence("now"), occurrence("after", EVENING + 1)
    )  # fmt: skip

    assert due(database, *rows) == ["before", "now"]


def test_what_waited_longest_comes_first_however_it_was_planned(database: Database):
    rows = (
        occurrence("late", EVENING),
        occurrence("held", EVENING - 5, due_at=EVENING - 900),
        occurrence("first", EVENING - 10),
    )

    assert due(database, *rows) == ["first", "held", "late"]


@pytest.mark.parametrize("status", ["done", "skipped", "dropped", "dead"])
def test_what_is_settled_is_not_due_again(database: Database, status: str):
    assert due(database, occurrence("s", status=status)) == []


def test_no_more_are_taken_than_asked_for_and_the_earliest_of_them(database: Database):
    rows = [occurrence(f"s{number:02}", EVENING - number) for number in range(20)]

    assert due(database, *rows, limit=3) == ["s19", "s18", "s17"]


def test_at_one_moment_the_rank_decides_then_what_had_waited_longer(database: Database):
    low, normal, high = (rank_of(each, 0) for each in ("low", "normal", "high"))
    rows = (
        occurrence("a", rank=low, due_at=EVENING - 9), occurrence("b", rank=normal + 1),
        occurrence("c", rank=high), occurrence("d", rank=normal, due_at=EVENING - 5),
        occurrence("e", rank=normal), occurrence("f", EVENING - 1, rank=low),
        occurrence("g", kind="close-thread"),
    )  # fmt: skip

    assert due(database, *rows) == ["f", "g", "c", "d", "e", "b", "a"]


def test_a_limit_does_not_part_what_a_group_has_at_one_moment(database: Database):
    rows = [
        occurrence(f"s{number}", group=group, rank=rank_of("normal", 9 - number))
        for group in ("g1", "g2") for number in range(3)
    ]  # fmt: skip

    assert due(database, *rows, limit=4) == ["s2", "s1", "s0"]
    assert due(database, *rows, limit=2) == ["s1", "s0"]
    assert len(due(database, *rows, limit=6)) == 6


def test_an_event_says_when_it_was_due_and_when_it_is_handled():
    event = event_of(
        occurrence("s", EVENING, due_at=EVENING - 7, subject="5", cause="2"), EVENING + 3
    )

    assert (event.community, event.group, event.kind, event.step) == (
        COMMUNITY, GROUP, "step", "s"
    )  # fmt: skip
    assert (event.subject, event.cause, event.due_at) == ("5", "2", EVENING - 7)
    assert event.at == EVENING + 3


def test_a_later_look_at_the_same_occurrence_gives_the_same_key():
    row = occurrence("s")

    assert event_of(row, EVENING).key == event_of(row, EVENING + 60_000).key


@pytest.mark.parametrize(
    "other",
    [{"community": "x"}, {"group": ""}, {"kind": "silence"}, {"subject": "1"}, {"cause": "1"},
     {"due_at": EVENING + 1}],
    ids=lambda other: next(iter(other)),
)  # fmt: skip
def test_whatever_tells_two_occurrences_apart_tells_their_events_apart(other: dict[str, Any]):
    one, two = occurrence("s"), replace(occurrence("s"), **other)

    assert event_of(one, EVENING).key != event_of(two, EVENING).key
