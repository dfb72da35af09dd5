"""Advice: the most pressing first, and a change only on figures that chance does not explain."""

from dataclasses import replace
from typing import Any

import pytest

from sop.figures.advice import Signs, advise
from sop.figures.coverage import Coverage
from sop.figures.effects import effect
from sop.figures.hours import Best
from sop.figures.intervals import Interval
from sop.figures.report import Activity, Advice, Count, Questions, StepFigures
from sop.pack.inheritance import Override

ALL = Coverage(all_heard=1, addressed=0, deaf=0, members=20, members_heard=20, known=20, rosters=1)
EVENING = Best(weekday=2, hour=20, mean=9.0, interval=Interval(8, 10), weeks=8, confidence="sure")
CALM = Activity(
    messages=Count(value=200, before=200), active=Count(value=15, before=15),
    members=Count(value=20), joined=Count(value=0), left=Count(value=0), posts=Count(value=7),
    weeks=8, heat=None, best=(EVENING,),
)  # fmt: skip
WELL = Signs(
    group="g1", coverage=ALL, activity=CALM, steps=(), questions=None, minutes={"morning": 480},
    newcomers=0, unanswered=0, leaders=1, cap=None, days=7,
)  # fmt: skip


def step(**figures: list[tuple[float, list[float]]]) -> StepFigures:
    effects = {name: found for name, runs in figures.items() if (found := effect(runs))}
    return StepFigures(
        group="g1", step="morning", title="早安", runs=6, against="same-time", effects=effects
    )


def runs(*after: float) -> list[tuple[float, list[float]]]:
    return [(each, [3.0, 4.0, 3.0]) for each in after]


def reasons(**changes: Any) -> list[str]:
    return [each.reason for each in advise(replace(WELL, **changes))]


def first(**changes: Any) -> Advice:
    return advise(replace(WELL, **changes))[0]


def test_a_group_that_goes_well_gets_three_things_that_never_harm():
    assert reasons() == ["ask", "thank", "host"]
    assert reasons(activity=replace(CALM, best=(), active=Count(value=None))) == [
        "host", "talk", "invite",
    ]  # fmt: skip


def test_nobody_knows_how_a_group_is_and_still_there_are_three_things_to_do():
    deaf = replace(ALL, all_heard=0, deaf=1, members=0, members_heard=0, known=0, rosters=0)
    nothing = replace(CALM, messages=Count(value=None), active=Count(value=None), best=())

    assert reasons(coverage=deaf, activity=nothing) == ["deaf", "host", "talk"]
    assert len(reasons(activity=replace(nothing, members=Count(value=0)), leaders=0)) == 3


def test_an_hour_seen_in_few_weeks_is_no_reason_to_ask_then():
    thin = replace(CALM, best=(replace(EVENING, weeks=2, confidence="thin"),))

    assert reasons(activity=thin) == ["thank", "host", "talk"]


def test_what_is_settled_makes_room_for_what_comes_next():
    assert [each.reason for each in advise(WELL, frozenset({"ask", "host"}))] == [
        "thank", "talk", "invite",
    ]  # fmt: skip


def test_a_step_compared_with_other_hours_of_its_days_is_no_reason_to_stop_it():
    fewer = step(active=runs(0, 0, 0, 0, 0, 0))

    assert first(steps=(fewer,)).reason == "rest-silent"
    assert "rest-silent" not in reasons(steps=(replace(fewer, against="same-day"),))


def test_nothing_is_changed_on_what_was_only_half_heard():
    half = replace(ALL, all_heard=0, addressed=1)

    assert "rest-silent" not in reasons(coverage=half, steps=(step(active=runs(*[0] * 6)),))
    assert "move" not in reasons(coverage=half, steps=(step(active=runs(3, 4, 3, 4, 3, 4)),))
    assert reasons(coverage=half, steps=(step(leaves=runs(9, 8, 9, 8, 9, 9)),))[0] == "rest-leaves"


def test_an_open_question_comes_first():
    waiting = Questions(
        group="g1", asked=3, answered=1, waiting=2, first_waiting=4, median_ms=None,
        longest_ms=None, late=None,
    )  # fmt: skip
    found = first(questions=waiting, newcomers=5)

    assert (found.reason, found.facts) == ("answer", {"count": "2", "number": "4"})
    assert reasons(questions=replace(waiting, waiting=None))[0] == "ask"


def test_a_step_after_which_people_leave_may_rest():
    found = first(steps=(step(leaves=runs(9, 8, 9, 8, 9, 9)),))

    assert found.change == {"steps": {"morning": {"off": True}}}
    assert Override.model_validate(found.change).steps["morning"].off


@pytest.mark.parametrize(
    "after",
    [
        pytest.param([9, 8, 9], id="too few to tell"),
        pytest.param([0, 9, 1, 8, 2, 2], id="no more than chance"),
    ],
)
def test_what_chance_or_too_few_runs_explain_changes_nothing(after: list[float]):
    assert not any(
        each.change for each in advise(replace(WELL, steps=(step(leaves=runs(*after)),)))
    )


def test_a_step_that_brings_nobody_moves_to_when_people_are_there():
    found = first(steps=(step(active=runs(3, 4, 3, 4, 3, 4)),))

    assert (found.reason, found.change) == ("move", {"steps": {"morning": {"at": "20:00"}}})
    assert Override.model_validate(found.change).steps["morning"].at == 20 * 60


def test_two_steps_are_not_moved_to_the_same_hour():
    idle = step(active=runs(3, 4, 3, 4, 3, 4))
    both = {"steps": (idle, replace(idle, step="noon")), "minutes": {"morning": 450, "noon": 780}}

    assert reasons(**both).count("move") == 1
    late = replace(EVENING, hour=22)
    two = advise(replace(WELL, activity=replace(CALM, best=(EVENING, late)), **both))
    moves = [each.change["steps"] for each in two if each.reason == "move"]
    assert moves == [{"morning": {"at": "20:00"}}, {"noon": {"at": "22:00"}}]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"minutes": {}}, id="a step without a time of day"),
        pytest.param({"minutes": {"morning": 1_170}}, id="a step that is near it already"),
        pytest.param(
            {"activity": replace(CALM, best=(replace(EVENING, confidence="likely"),))},
            id="no hour that is surely better",
        ),
    ],
)
def test_a_step_is_not_moved_for_nothing(changes: dict[str, Any]):
    assert "move" not in reasons(steps=(step(active=runs(3, 4, 3, 4, 3, 4)),), **changes)


def test_a_bot_that_says_more_than_everybody_else_may_say_less():
    loud = replace(CALM, posts=Count(value=70), messages=Count(value=20))
    found = first(activity=loud)

    assert found.change == {"budget": {"group": "9/day"}}
    assert first(activity=loud, cap=6).change == {"budget": {"group": "5/day"}}
    assert "quieter" not in reasons(activity=replace(loud, messages=Count(value=20, least=True)))
    assert "quieter" not in reasons(activity=replace(loud, posts=Count(value=7)))


def test_a_group_that_falls_silent_is_told_of_unless_it_may_be_chance_or_nobody_knows():
    fell = replace(CALM, members=Count(value=200), active=Count(value=20, before=90))

    assert reasons(activity=fell)[0] == "fading"
    assert "fading" not in reasons(activity=replace(fell, active=Count(value=80, before=90)))
    assert "fading" not in reasons(activity=replace(fell, active=Count(value=None)))
    assert "fading" not in reasons(
        activity=replace(fell, active=Count(value=20, before=90, least=True))
    )


def test_people_without_a_word_and_gifts_without_an_echo_want_somebody_to_look():
    assert reasons(newcomers=3, unanswered=3)[:2] == ["greet", "acknowledge"]
    assert reasons(newcomers=2, unanswered=2)[0] == "ask"
    assert "greet" not in reasons(newcomers=None)


def test_a_large_group_wants_a_leader_and_a_half_heard_one_better_ears():
    half = replace(ALL, all_heard=0, addressed=1)
    large = replace(CALM, members=Count(value=40))

    assert reasons(coverage=half, activity=large, leaders=0) == ["hear", "leader", "ask"]
