"""A pack comes into force: groups as bound, plans that follow, and nothing twice."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from handlers.ports import Context, Store
from handlers.steps import enforcement, nights
from handlers.timing import scheduling
from sop.book import Book
from sop.events import PackEnforced
from sop.model import Group, Occurrence, StepRun
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import rolled_back

HOUR = 3_600_000
DAY = 24 * HOUR

MORNING = "steps: [{id: morning, when: '08:00 daily', do: [{post: hello}]}]"
LATE = "steps: [{id: morning, when: '22:00 daily', do: [{post: hello}]}]"
SILENT = "steps: [{id: wake, when: {silence: %s}, do: [{post: hello}]}]"


@dataclass
class Lane:
    """A community's state, and the pack now in force."""

    store: Store
    now: int = EVENING

    def enforce(self, pack: str, *groups: Group) -> None:
        book = builders.book(pack)
        event = PackEnforced(
            key="enforce", community=COMMUNITY, at=self.now, version="v1",
            groups=groups or (builders.group(),),
        )  # fmt: skip
        outcome = enforcement.enforce(event, self.context(book))
        assert outcome.actions == ()

    def context(self, book: Book) -> Context:
        return builders.context(self.store, book, now=self.now, group_id="")

    def group(self, name: str = GROUP) -> Group:
        found = self.store.get(Group, COMMUNITY, name)
        assert found is not None
        return found

    def rows(self, kind: str = scheduling.STEP, status: str = "pending") -> list[Occurrence]:
        return list(self.store.find(Occurrence, kind=kind, status=status, order="due_at"))

    def due(self, kind: str = scheduling.STEP) -> list[int]:
        return [row.due_at for row in self.rows(kind)]

    def ran(self, step: str, at: int, due_at: int = 0) -> None:
        self.store.put(
            StepRun(
                community=COMMUNITY, id=self.store.number(COMMUNITY, "run"), group=GROUP,
                step=step, person=0, at=at, due_at=due_at or at,
            )
        )  # fmt: skip

    def everything(self) -> tuple[object, ...]:
        return (*self.store.find(Occurrence), *self.store.find(Group))


@contextmanager
def lane() -> Iterator[Lane]:
    with rolled_back() as store:
        yield Lane(store)


def test_groups_are_stored_as_bound_and_timed_steps_planned():
    with lane() as club:
        club.enforce(MORNING, builders.group(created_at=0))

        assert club.group().title == "晨读一群"
        assert club.due() == [EVENING + 12 * HOUR]


def test_what_a_group_has_lived_through_is_kept():
    with lane() as club:
        lived = builders.group(
            created_at=5, spoken_at=7, roster_at=8, threads=((3, "ask"),), paused=True,
            owner="learned", staff=("helper",),
        )  # fmt: skip
        club.store.put(lived)

        club.enforce(MORNING, Group(community=COMMUNITY, id=GROUP, title="新名", channels={}))

        assert club.group() == replace(lived, title="新名", channels={})


def test_a_bound_owner_wins_over_a_learned_one():
    with lane() as club:
        club.store.put(builders.group(owner="learned"))

        club.enforce(MORNING, builders.group(owner="bound"))

        assert club.group().owner == "bound"


def test_enforcing_the_same_pack_again_changes_nothing():
    pack = f"{MORNING[:-1]}, {SILENT[8:] % '24h'}"
    with lane() as club:
        club.enforce(pack)
        before = club.everything()

        club.enforce(pack)
        club.now += HOUR
        club.enforce(pack)

        assert club.everything() == before


def test_an_overdue_occurrence_survives_a_restart_with_the_same_pack():
    with lane() as club:
        club.enforce(MORNING)
        planned = club.rows()
        club.now += 13 * HOUR

        club.enforce(MORNING)

        assert club.rows() == planned


def test_an_edited_time_is_planned_anew():
    with lane() as club:
        club.enforce(MORNING)
        club.enforce(LATE)

        assert club.due() == [EVENING + 2 * HOUR]


def test_an_edit_taken_back_brings_the_first_plan_back():
    with lane() as club:
        club.enforce(MORNING)
        planned = club.rows()
        club.enforce(LATE)

        club.enforce(MORNING)

        assert club.rows() == planned


def test_an_edited_time_never_runs_twice_on_one_local_date():
    with lane() as club:
        club.enforce(MORNING)
        club.ran("morning", EVENING - 12 * HOUR)

        club.enforce(LATE)
        assert club.due() == [EVENING + DAY + 2 * HOUR]
        club.enforce(LATE)
        assert club.due() == [EVENING + DAY + 2 * HOUR]


def test_a_run_made_up_today_counts_for_today():
    with lane() as club:
        club.enforce(MORNING)
        club.ran("morning", EVENING - HOUR, due_at=EVENING - 36 * HOUR)

        club.enforce(LATE)

        assert club.due() == [EVENING + DAY + 2 * HOUR]


def test_what_is_held_for_quiet_hours_stays_and_counts_for_the_day_it_goes_out():
    with lane() as club:
        club.enforce(LATE)
        (row,) = club.rows()
        release = EVENING + 12 * HOUR
        held = replace(row, run_at=release, body={**row.body, "held": "quiet"})
        club.store.put(held)
        club.now = EVENING + 4 * HOUR

        club.enforce("steps: [{id: morning, when: '09:00 daily', do: [{post: hello}]}]")

        assert club.rows() == [held, *club.rows()[1:]]
        assert club.due()[1:] == [EVENING + 37 * HOUR]


def test_another_day_off_moves_what_was_planned_for_it():
    pack = "calendar: {base: cn, off: [%s]}\n" + MORNING.replace("daily", "workdays")
    with lane() as club:
        club.enforce(pack % "2027-01-01")
        assert club.due() == [EVENING + 12 * HOUR]

        club.enforce(pack % "2026-12-03")

        assert club.due() == [EVENING + 36 * HOUR]


def test_another_start_date_moves_what_counts_from_it():
    pack = "steps: [{id: first, when: 'start + 1d at 08:00', do: [{post: hello}]}]"
    with lane() as club:
        club.enforce(pack, builders.group(starts="2026-12-05"))
        first = club.due()

        club.enforce(pack, builders.group(starts="2026-12-07"))

        assert [due - was for due, was in zip(club.due(), first, strict=True)] == [2 * DAY]


def test_steps_that_are_gone_or_moved_are_no_longer_planned():
    with lane() as club:
        core = builders.group(id="core", kind="core")
        club.enforce(MORNING, builders.group(), core)
        scheduling.plan(
            club.context(builders.book(MORNING)), GROUP, scheduling.STEP, EVENING + DAY,
            step="morning", subject="7", cause="stint:1",
        )  # fmt: skip

        club.enforce(MORNING.replace("do:", "in: core, do:"), builders.group(), core)
        assert [(row.group, row.cause) for row in club.rows()] == [("core", "")]
        club.enforce("", builders.group(), core)
        assert club.rows() == []


def test_a_step_that_no_clock_drives_any_more_is_no_longer_planned():
    with lane() as club:
        club.enforce(MORNING)

        club.enforce(MORNING.replace("'08:00 daily'", "{says: [hello]}"))

        assert club.rows() == []


def test_a_group_no_longer_bound_is_retired_with_all_its_plans():
    with lane() as club:
        other = builders.group(id="g2")
        club.enforce(MORNING, builders.group(threads=((1, "ask"),)), other)
        scheduling.plan(
            club.context(builders.book(MORNING)), GROUP, "close-thread", EVENING + DAY, subject="1"
        )

        club.enforce(MORNING, other)

        assert club.group().retired
        assert [row.group for row in club.rows()] == ["g2"]
        assert club.rows("close-thread") == []


def test_a_group_bound_again_runs_again():
    with lane() as club:
        other = builders.group(id="g2")
        club.enforce(MORNING, builders.group(), other)
        club.enforce(MORNING, other)

        club.enforce(MORNING, builders.group(), other)

        assert not club.group().retired
        assert sorted(row.group for row in club.rows()) == [GROUP, "g2"]


def test_silence_is_planned_for_groups_that_run_and_hear():
    with lane() as club:
        club.enforce(
            SILENT % "24h",
            builders.group(created_at=EVENING - HOUR),
            builders.group(id="new", created_at=0),
            builders.group(id="deaf", created_at=EVENING, channels={"aibot": "deaf"}),
        )

        assert [(row.group, row.due_at) for row in club.rows(scheduling.SILENCE)] == [
            (GROUP, EVENING + 23 * HOUR)
        ]


def test_a_silence_that_was_long_enough_before_the_step_existed_counts_from_now():
    with lane() as club:
        club.enforce(SILENT % "24h", builders.group(spoken_at=EVENING - 9 * DAY))

        assert club.due(scheduling.SILENCE) == [EVENING + DAY]


def test_an_edited_silence_replaces_the_look_that_was_planned():
    with lane() as club:
        lived = builders.group(spoken_at=EVENING - HOUR)
        club.enforce(SILENT % "24h", lived)
        club.enforce(SILENT % "48h", lived)
        assert club.due(scheduling.SILENCE) == [EVENING + 47 * HOUR]

        club.enforce(SILENT % "12h", lived)
        assert club.due(scheduling.SILENCE) == [EVENING + 11 * HOUR]


def test_the_next_night_is_planned_once_and_follows_the_time_zone():
    with lane() as club:
        club.enforce(MORNING)
        assert club.due(nights.DAILY) == [EVENING + 4 * HOUR + 5 * 60_000]

        club.enforce(f"timezone: Asia/Tokyo\n{MORNING}")

        assert club.due(nights.DAILY) == [EVENING + 3 * HOUR + 5 * 60_000]


def test_every_step_is_planned_once_in_each_of_many_groups():
    pack = (
        "steps:\n"
        "  - {id: a, when: '08:00 daily', do: [{post: hello}]}\n"
        "  - {id: b, when: '20:30 wed', do: [{post: hello}]}\n"
        "  - {id: c, when: '10:00 day 1', do: [{post: hello}]}\n"
    )
    groups = tuple(builders.group(id=f"g{number}") for number in range(500))
    with lane() as club:
        club.enforce(pack, *groups)
        club.enforce(pack.replace("20:30", "21:00"), *groups)

        assert club.store.count(Occurrence, status="pending", kind=scheduling.STEP) == 1_500
