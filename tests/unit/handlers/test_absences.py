"""Members who fell silent: missed once per spell, to the minute, and never by guesswork."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from sop.events import MemberLeft
from sop.model import Occurrence, StepRun
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
steps:
  - {id: missed-you, when: {inactive: 3d}, grace: 30d, do: [{dm: "{{ member.name }}，好久不见"}]}
"""
DEAF = {"aibot": GROUP}


def runs(club: Life) -> list[tuple[int, int]]:
    return [(run.person, run.at) for run in club.read(StepRun, order="id")]


def test_who_is_silent_that_long_is_missed_once_until_they_speak_again():
    with life(PACK) as club:
        club.enforce()
        club.join("amy", "bob")
        club.wait(EVENING + DAY + 7 * MINUTE)
        club.say("我在读", "bob")

        assert texts(club.wait(EVENING + 10 * DAY), "dm") == ["Amy，好久不见", "Bob，好久不见"]
        club.say("又来了", "amy")
        club.wait(EVENING + 30 * DAY)

        amy, bob = club.person("amy").id, club.person("bob").id
        assert runs(club) == [
            (amy, EVENING + 3 * DAY),
            (bob, EVENING + 4 * DAY + 7 * MINUTE),
            (amy, EVENING + 13 * DAY),
        ]


def test_who_runs_the_group_is_not_missed():
    group = builders.group(owner="boss", staff=("helper",))
    with life(PACK, groups=[group]) as club:
        club.enforce(group)
        club.join("boss", "helper", "amy")

        assert texts(club.wait(EVENING + 10 * DAY), "dm") == ["Amy，好久不见"]


def test_in_a_group_that_is_not_heard_whole_nobody_can_be_missed():
    with life(PACK, groups=[builders.group(channels=DEAF)]) as club:
        club.enforce(builders.group(channels=DEAF))
        club.join("amy")

        assert club.wait(EVENING + 10 * DAY) == []


def test_what_was_not_heard_before_counts_from_when_everything_is():
    with life(PACK) as club:
        club.enforce(builders.group(channels=DEAF))
        club.join("amy")
        club.wait(EVENING + 5 * DAY)
        club.enforce(builders.group())
        club.wait(EVENING + 20 * DAY)

        assert [at for _, at in runs(club)] == [EVENING + 8 * DAY]


def test_when_the_group_cannot_be_heard_any_more_what_was_planned_is_unknown():
    with life(PACK) as club:
        club.enforce()
        club.join("amy")
        club.wait(EVENING + 2 * DAY + HOUR)
        club.enforce(builders.group(channels=DEAF))

        assert of(club.wait(EVENING + 9 * DAY), "dm") == []
        club.enforce()
        club.wait(EVENING + 30 * DAY)
        assert [at for _, at in runs(club)] == [EVENING + 12 * DAY]


def test_silence_from_before_the_step_was_in_force_is_not_made_up():
    with life() as club:
        club.enforce()
        club.join("amy")
        club.wait(EVENING + 2 * DAY)
        club.join("bob")
        club.wait(EVENING + 4 * DAY)
        club.book = builders.book(builders.HEAD + PACK)
        club.enforce()
        club.wait(EVENING + 30 * DAY)

        assert runs(club) == [
            (club.person("bob").id, EVENING + 5 * DAY), (club.person("amy").id, EVENING + 7 * DAY),
        ]  # fmt: skip


def test_an_edit_misses_nobody_twice_in_one_spell():
    with life(PACK) as club:
        club.enforce()
        club.join("amy")
        club.wait(EVENING + 4 * DAY)
        club.book = builders.book(builders.HEAD + PACK.replace("3d", "5d"))
        club.enforce()
        club.wait(EVENING + 30 * DAY)

        assert [at for _, at in runs(club)] == [EVENING + 3 * DAY]


def test_who_speaks_or_leaves_in_time_is_not_missed():
    with life(PACK) as club:
        club.enforce()
        club.join("amy", "bob")
        club.wait(EVENING + 3 * DAY - 1)
        club.say("在的", "amy")
        club.happen(MemberLeft, group=GROUP, member="bob")

        assert club.wait(EVENING + 4 * DAY) == []


def test_a_step_that_is_gone_takes_its_looks_along():
    with life(PACK) as club:
        club.enforce()
        club.join("amy")
        club.wait(EVENING + 2 * DAY + HOUR)
        assert club.read(Occurrence, status="pending", step="missed-you")
        club.book = builders.book()
        club.enforce()

        assert club.read(Occurrence, status="pending", step="missed-you") == []


def test_who_the_bot_missed_while_it_was_down_is_made_up_within_the_grace():
    pack = PACK.replace("grace: 30d", "grace: 2h")
    with life(pack) as club:
        club.enforce()
        club.join("amy")
        club.now += MINUTE
        club.join("bob")
        club.now = EVENING + 3 * DAY + 2 * HOUR + 1

        assert [line.reason for line in of(club.tick(), "dropped")] == ["missed"]
        assert [person for person, _ in runs(club)] == [club.person("bob").id]


def test_a_restart_after_the_clock_was_put_back_looks_again():
    with life(PACK) as club:
        club.enforce()
        club.join("amy")
        club.now += 30 * DAY
        club.tick()
        club.now -= 29 * DAY
        club.say("我回来了", "amy")
        club.enforce()
        club.wait(EVENING + 20 * DAY)

        assert [at for _, at in runs(club)] == [EVENING + 30 * DAY, EVENING + 4 * DAY]


said = st.tuples(
    st.integers(0, 4 * DAY // MINUTE), st.sampled_from(["amy", "bob"]),
    st.sampled_from(["say", "again", "down", "leave"]),
)  # fmt: skip


@given(st.lists(said, max_size=12))
@settings(max_examples=6, deadline=None)
def test_every_spell_that_is_long_enough_is_one_run_at_its_time(told: list[tuple[int, str, str]]):
    with life(PACK) as club:
        club.enforce()
        club.join("amy", "bob")
        began = {"amy": club.now, "bob": club.now}
        expected = []

        def spell_ends(name: str) -> None:
            if name in began and club.now > began[name] + 3 * DAY - (
                club.now == began[name] + 3 * DAY
            ):
                expected.append((club.person(name).id, began[name] + 3 * DAY))

        for pause, name, what in told:
            club.wait(club.now + pause * MINUTE + 1)
            spell_ends(name)
            if what == "leave":
                began.pop(name, None)
                club.happen(MemberLeft, group=GROUP, member=name)
                continue
            if what == "again":
                club.enforce()
            club.say(f"第 {club.now} 页", name)
            began[name] = club.now
        club.wait(club.now + 9 * DAY)
        for name in list(began):
            spell_ends(name)

        found = [(run.person, run.due_at) for run in club.read(StepRun)]
        assert sorted(found) == sorted(expected)


EVERYTHING = (
    PACK
    + """
  - {id: risen, when: member.level-up, do: [{dm: 升级}]}
  - {id: cake, when: member.birthday, do: [{dm: 生日}]}
  - {id: high, when: {score: 1000}, do: [{dm: 高分}]}
  - {id: loved, when: {likes: 3}, do: [{dm: 赞}]}
  - {id: news, when: "21:00 daily", do: [{drop: {pool: it, prepare: {}, tag: a}}]}
library: {it: [{text: a, tags: [a]}]}
"""
)
EARNING = "score: {earn: {message: {points: 1}}}\nlevels: [{id: new, title: 新, at: 0}]\n"
"""Every trigger that a message could have to do with, and does not set off."""


def test_a_message_costs_no_statement_more_for_all_that_is_found_ahead():
    counts = []
    for pack in (EARNING + EVERYTHING, EARNING + "steps: []"):
        with life(pack) as club:
            club.enforce()
            club.join("amy", "bob")
            club.tick()
            club.say("第一句", "amy")
            ran: list[str] = []
            with club.database.engine.connect() as connection:
                driver: Any = connection.connection.dbapi_connection
                driver.set_trace_callback(ran.append)
            club.say("今天读到第三章", "amy")
            counts.append(len(ran))

    assert counts[0] == counts[1] > 0


def test_a_whole_group_that_falls_silent_at_once_is_found_in_one_look():
    with life(PACK) as club:
        club.enforce()
        club.join(*(f"m{number}" for number in range(300)))
        club.wait(EVENING + 2 * DAY)

        rows = club.read(Occurrence, kind="step", step="missed-you", status="pending")
        assert {row.due_at for row in rows} == {EVENING + 3 * DAY}
        assert len(rows) == 300
