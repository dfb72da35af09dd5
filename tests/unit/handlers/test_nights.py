"""What changes by time alone is noticed at night, in slices, once."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handlers.ports import Store
from handlers.steps import nights
from sop.actions import Action
from sop.events import StepDue
from sop.model import LedgerEntry, Occurrence, Person
from tests import builders
from tests.builders import COMMUNITY, EVENING
from tests.databases import rolled_back

DAY = 86_400_000
NIGHT = EVENING + 4 * 3_600_000 + 5 * 60_000
LEVELS = "levels: [{id: sprout, title: 新芽, at: 0}, {id: reader, title: 书友, at: 30}]"
FADING = f"score: {{window: 30d}}\n{LEVELS}"


@contextmanager
def opened() -> Iterator[Store]:
    with rolled_back() as store:
        yield store


def member(store: Store, number: int, earned: int, at: int, **fields: object) -> None:
    """Store a reader with one entry of the ledger."""
    values = {"score": earned, "scored_at": EVENING, "level": "reader", **fields}
    store.put(builders.person(number, **values))
    store.put(
        LedgerEntry(
            community=COMMUNITY, id=number, person=number, group="", deed="message",
            points=earned, standing=earned, source=f"s{number}", step="", version="v1", at=at,
        )
    )  # fmt: skip


def night(store: Store, pack: str = FADING, now: int = NIGHT) -> tuple[Action, ...]:
    """Let the longest planned night be due."""
    rows = store.find(
        Occurrence, kind=nights.DAILY, status="pending", run_at__le=now, order="run_at", limit=1
    )
    if not rows:
        return ()
    row = rows[0]
    event = StepDue(
        key="due", community=COMMUNITY, at=now, kind=row.kind, step=row.step,
        subject=row.subject, cause=row.cause, due_at=row.due_at,
    )  # fmt: skip
    return nights.nightly(event, context(store, pack, now)).actions


def context(store: Store, pack: str, now: int):
    return builders.context(store, builders.book(builders.HEAD + pack), group_id="", now=now)


def planned(store: Store) -> None:
    nights.plan_daily(context(store, FADING, EVENING))


def test_a_level_lost_by_time_alone_is_noticed():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - 30 * DAY)
        member(store, 2, 50, EVENING - DAY)

        found = night(store)

        assert [(each.do, each.member, each.text, each.reason) for each in found] == [
            ("level", "1", "sprout", "down")
        ]


def test_a_score_that_rises_when_a_loss_is_forgotten_is_noticed():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - DAY, score=-10, level="sprout")

        found = night(store)

        assert [(each.text, each.reason) for each in found] == [("reader", "up")]


def test_the_next_night_is_planned_and_the_same_one_runs_once():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - 30 * DAY)

        night(store)

        rows = store.find(Occurrence, kind=nights.DAILY, status="pending")
        assert [row.due_at for row in rows] == [NIGHT + DAY]
        assert night(store) == ()


def test_many_members_are_looked_at_in_slices():
    with opened() as store:
        planned(store)
        for number in range(1, nights.SLICE + 2):
            member(store, number, 50, EVENING - 30 * DAY)

        found = [[each.member for each in night(store)] for _ in range(3)]

        assert [len(each) for each in found] == [nights.SLICE, 1, 0]
        assert found[1] == [str(nights.SLICE + 1)]
        assert store.count(Occurrence, kind=nights.DAILY, status="pending") == 1


@pytest.mark.parametrize(
    ("fields", "looked_at"),
    [
        pytest.param({}, True, id="a score of yesterday"),
        pytest.param({"scored_at": NIGHT}, False, id="computed this night already"),
        pytest.param({"score": 0}, False, id="no score at all"),
    ],
)
def test_only_scores_that_could_have_changed_are_computed(
    fields: dict[str, int], *, looked_at: bool
):
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - DAY, **fields)

        night(store)

        person = store.get(Person, COMMUNITY, 1)
        assert person is not None
        assert (person.scored_at == NIGHT and "scored_at" not in fields) is looked_at


def test_without_levels_the_score_is_still_brought_up_to_date():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - 30 * DAY)

        assert night(store, "score: {window: 30d}") == ()

        person = store.get(Person, COMMUNITY, 1)
        assert person is not None
        assert person.score == 0


def test_a_score_that_time_cannot_change_is_left_alone():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - 30 * DAY, level="sprout")

        assert night(store, LEVELS) == ()
        assert store.count(Occurrence, kind=nights.DAILY, status="pending") == 1


def test_after_days_of_standstill_one_night_catches_up():
    with opened() as store:
        planned(store)
        member(store, 1, 50, EVENING - 29 * DAY)

        found = night(store, now=NIGHT + 3 * DAY + 1)

        assert [each.text for each in found] == ["sprout"]
        rows = store.find(Occurrence, kind=nights.DAILY, status="pending")
        assert [row.due_at for row in rows] == [NIGHT + 4 * DAY]


def test_just_after_midnight_the_night_is_still_to_come():
    with opened() as store:
        nights.plan_daily(context(store, FADING, NIGHT - 60_000))
        nights.plan_daily(context(store, FADING, NIGHT - 60_000))

        rows = store.find(Occurrence, kind=nights.DAILY)
        assert [row.due_at for row in rows] == [NIGHT]
