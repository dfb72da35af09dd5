"""The typed pack: shorthands, defaults, and what the words of a pack become."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from sop.fields.comparison import Comparison, parse_comparison
from sop.fields.pack_part import keys_of
from sop.fields.pack_types import DateRange, Rate
from sop.pack.pack import Pack
from sop.pack.pack_actions import AskAction, DropAction, PostAction, TaskAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_rules import Rules
from sop.pack.pack_steps import ACTIONS, Step, parse_action
from sop.times.durations import Cap, Span

DAY_MS = 86_400_000


def pack(**parts: Any) -> Pack:
    least = {"pack": "p", "title": "t", "timezone": "Asia/Shanghai", "steps": []}
    return Pack.model_validate({**least, **parts})


def step(**parts: Any) -> Step:
    return Step.model_validate({"id": "s", "when": "group.created", "do": [], **parts})


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> str:
    return str(error.value.errors()[0]["msg"])


@pytest.mark.parametrize(
    ("text", "unit", "comparison"),
    [
        (">= 30", "number", Comparison(">=", 30)),
        ("<30", "number", Comparison("<", 30)),
        ("== 0 in 30d", "number", Comparison("==", 0, 30 * DAY_MS)),
        ("> 14d", "duration", Comparison(">", 14 * DAY_MS)),
        (">= 60%", "percent", Comparison(">=", 0.6)),
        (">= -5", "number", Comparison(">=", -5)),
    ],
)
def test_comparisons_are_read(text: str, unit: Any, comparison: Comparison):
    assert parse_comparison(text, unit) == comparison


@pytest.mark.parametrize(
    "text", ["30", "=> 3", ">= ", ">= x", ">= 3 in", ">= 3 in 5", ">= 3 3", 30]
)
def test_what_is_no_comparison_is_refused(text: object):
    with pytest.raises(ValueError, match="write"):
        parse_comparison(text)


@pytest.mark.parametrize(
    ("op", "below", "equal", "above"),
    [
        (">=", False, True, True),
        (">", False, False, True),
        ("==", False, True, False),
        ("!=", True, False, True),
        ("<=", True, True, False),
        ("<", True, False, False),
    ],
)
def test_a_comparison_holds_on_its_side_of_the_value(
    op: Any, *, below: bool, equal: bool, above: bool
):
    comparison = Comparison(op, 10)

    assert [comparison.holds(number) for number in (9, 10, 11)] == [below, equal, above]


def test_a_pack_that_states_nothing_has_the_promised_defaults():
    plain = pack()

    assert plain.quiet is None
    assert plain.budget.group is None
    assert plain.rules.ladder == ("remind", "task")
    assert plain.rules.mute_ms == DAY_MS
    assert plain.rules.forget_after_ms is None
    assert plain.calendar.base == "cn"


def test_a_step_that_states_nothing_has_the_promised_defaults():
    plain = step()

    assert (plain.missed, plain.grace_ms, plain.priority, plain.in_) == (
        "latest",
        7_200_000,
        "normal",
        "regular",
    )
    assert not plain.is_conditional


def test_words_of_a_pack_become_typed_values():
    full = pack(
        quiet="22:30-07:30",
        budget={"group": "6/day", "member": "1/day", "mention_all": "1/7d"},
        skip=["2027-02-05..2027-02-12", "2027-05-01"],
        calendar={"off": ["2027-02-06"]},
    )

    assert full.quiet == Span(start_minute=1350, end_minute=450)
    assert full.budget.group == Cap(n=6, period="day")
    assert full.budget.mention_all == Rate(1, 7 * DAY_MS)
    assert date(2027, 2, 12) in full.skip[0]
    assert full.skip[1] == DateRange(date(2027, 5, 1), date(2027, 5, 1))
    assert full.calendar.off == (date(2027, 2, 6),)


def test_a_range_of_days_holds_both_its_ends_and_nothing_else():
    days = DateRange(date(2027, 2, 5), date(2027, 2, 12))

    assert [date(2027, 2, day) in days for day in (4, 5, 12, 13)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("value", "rate"), [(None, Rate(1)), ("1/30d", Rate(1, 30 * DAY_MS)), (3, Rate(3))]
)
def test_a_benefit_is_had_once_or_as_often_as_the_pack_says(value: object, rate: Rate):
    benefit: dict[str, Any] = {"id": "a", "title": "A", "kind": "code"}
    benefit |= {} if value is None else {"per_member": value}

    assert pack(benefits=[benefit]).benefits[0].per_member == rate


def test_a_list_left_empty_in_the_file_is_an_empty_list():
    assert pack(steps=None, levels=None, texts=None).levels == ()


def test_an_action_is_chosen_by_its_own_key():
    assert parse_action({"post": "x", "mention": "all"}) == PostAction(
        post=("x",), mention=("all",)
    )
    assert parse_action({"task": {"to": "owner", "text": "x", "due": "2h"}}) == TaskAction(
        to="owner", text="x", due="2h"
    )


def test_shorthands_stand_for_their_long_forms():
    assert parse_action({"drop": "a"}) == parse_action({"drop": {"pool": "a"}})
    assert parse_action({"post": "x"}) == parse_action({"post": ["x"]})
    assert step(when="member.joined", batch="60s").batch == step(batch={"for": "60s"}).batch
    assert pack(library={"a": ["x"]}).library == pack(library={"a": {"items": ["x"]}}).library
    assert pack(calendar="none").calendar == pack(calendar={"base": "none"}).calendar


def test_an_ask_has_texts_a_pool_or_the_item_dropped():
    asks = [parse_action({"ask": ask}) for ask in (["a", "b"], {"pool": "p"}, {"from": "item"})]

    assert all(isinstance(ask, AskAction) for ask in asks)
    sources = [ask.ask for ask in asks if isinstance(ask, AskAction)]
    assert sources[0].texts == ("a", "b")
    assert sources[1].pool == "p"
    assert sources[2].from_ == "item"


def test_an_ask_acknowledges_the_first_replies_it_names():
    action = parse_action(
        {"ask": "x", "ack": "first 3", "starter": {"after": "20m", "by": "owner"}}
    )

    assert isinstance(action, AskAction)
    assert (action.ack, action.for_ms) == (3, 43_200_000)


def test_a_drop_may_ask_a_person_first():
    action = parse_action({"drop": {"pool": "a", "prepare": {"by": "staff"}, "fallback": "b"}})

    assert isinstance(action, DropAction)
    assert action.prepare is not None
    assert (action.prepare.before_ms, action.fallback) == (45 * 60_000, "b")


@pytest.mark.parametrize("key", ACTIONS)
def test_every_action_refuses_a_key_it_does_not_know(key: str):
    body: Any = {"zzz": 1} if ACTIONS[key].UNDER else "x"
    with pytest.raises(ValidationError, match="unknown key"):
        parse_action({key: body} if ACTIONS[key].UNDER else {key: body, "zzz": 1})


@pytest.mark.parametrize("value", [5, "post", [], {}, {"post": "x", "dm": "y"}])
def test_what_is_no_single_action_is_refused(value: object):
    with pytest.raises(ValidationError):
        step(do=[value])


def test_checks_inherit_the_mode_of_the_rules_unless_they_say_theirs():
    rules = Rules.model_validate(
        {
            "checks": [
                {"id": "a", "detect": "ads"},
                {"id": "b", "detect": "links", "mode": "enforce"},
                {"id": "c", "detect": "topic"},
            ],
            "mode": "observe",
        }
    )

    assert [check.mode for check in rules.checks] == ["observe", "enforce", "observe"]


def test_off_topic_chatter_is_observed_unless_the_check_says_enforce():
    checks = [{"id": "a", "detect": "topic"}, {"id": "b", "detect": "topic", "mode": "enforce"}]

    assert [each.mode for each in Rules.model_validate({"checks": checks}).checks] == [
        "observe",
        "enforce",
    ]


def test_a_detector_is_told_only_what_the_pack_sets():
    checks = [{"id": "a", "detect": "flood", "messages": 6, "within": "30s", "reason": "x"}]

    rules = Rules.model_validate({"checks": checks})
    assert rules.checks[0].params == {"messages": 6, "within": 30_000}


def test_free_words_may_be_numbers_as_they_were_written():
    library = {"quizzes": [{"ask": "?", "answer": [1949, True]}]}

    assert pack(library=library).library["quizzes"].items[0].answer == ("1949", "true")


def test_other_texts_may_not_be_numbers():
    with pytest.raises(ValidationError):
        pack(title=2027)


def test_an_item_has_its_season():
    library = {"a": [{"text": "x", "from": "2027-02-01", "until": "2027-02-03"}]}
    item = pack(library=library).library["a"].items[0]

    days = [item.in_season(date(2027, 2, day)) for day in (1, 3, 4)]
    assert (item.in_season(date(2027, 1, 31)), *days) == (False, True, True, False)


@pytest.mark.parametrize(
    ("who", "conditions"),
    [
        ("all", Conditions()),
        ("core", Conditions(layer="core")),
        ("leader", Conditions(role="leader")),
        ({"paid": True}, Conditions(paid=True)),
    ],
)
def test_who_may_vote_is_a_word_or_conditions(who: object, conditions: Conditions):
    action = parse_action({"vote": {"options": ["a", "b"], "who": who}})

    assert getattr(action, "who", None) == conditions


def test_conditions_may_offer_a_choice():
    conditions = Conditions.model_validate({"any": [{"score": ">= 120"}, {"paid": True}]})

    assert [each.is_empty for each in conditions.any] == [False, False]
    assert conditions.any[0].score == Comparison(">=", 120)


def test_a_pack_cannot_be_changed():
    with pytest.raises(ValidationError):
        setattr(pack(), "title", "other")  # noqa: B010 - assigning is what is tested


def test_lookups_find_by_id_or_not_at_all():
    found = pack(
        steps=[{"id": "a", "when": "group.created", "do": []}],
        benefits=[{"id": "b", "title": "B", "kind": "service"}],
    )

    assert found.step("a") is found.steps[0]
    assert found.benefit("b") is found.benefits[0]
    assert (found.step("b"), found.benefit("a")) == (None, None)


def test_unknown_keys_come_with_the_keys_there_are():
    with pytest.raises(ValidationError) as error:
        step(mised="skip")

    assert refusal(error) == "unknown key"
    assert error.value.errors()[0]["ctx"]["known"] == keys_of(Step)
