"""The way back from a trigger to what a pack writes."""

import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.times import days
from sop.triggers import triggers
from sop.triggers.trigger_forms import _DAYS, written

FORMS = [
    "08:00 daily", "08:30 workdays", "10:00 holidays", "20:00 wed", "20:00 mon,thu",
    "10:00 day 1,15", "10:00 last day", "2027-02-06 09:00", "09:00 festival 中秋",
    {"cron": "0 8 * * 1-5"}, "group.created", "group.created + 2h", "group.created + 3d at 09:00",
    "group.adopted + 1d at 10:00", "member.joined", "member.joined + 7d at 20:00", "member.left",
    "member.level-up", "member.promoted", "member.demoted", "member.birthday",
    "start - 1d at 20:00", "start at 08:00", "start + 3d at 08:00",
    {"says": ["多少钱", "怎么买"]}, {"says": ["a.*b"], "mode": "regex"}, {"silence": "5h"},
    {"inactive": "14d"}, {"likes": 20}, {"likes_given": 10, "distinct": 5}, {"likes_given": 3},
    {"score": 100}, {"after": "other", "delay": "30m"}, {"after": "other"},
]  # fmt: skip


@pytest.mark.parametrize("form", FORMS, ids=str)
def test_a_form_comes_back_as_it_was_written(form: object):
    assert written(triggers.parse_trigger(form)) == form


@pytest.mark.parametrize(
    ("said", "form"),
    [
        ("每天 08:00", "08:00 daily"), ("每周三 20:00", "20:00 wed"),
        ("建群后3天 09:00", "group.created + 3d at 09:00"),
        ("20:00 mon-wed", "20:00 mon,tue,wed"), ("member.joined + 24h", "member.joined + 1d"),
    ],
)  # fmt: skip
def test_other_ways_to_write_it_become_the_plain_one(said: str, form: str):
    assert written(triggers.parse_trigger(said)) == form


minutes = st.integers(0, 1_439)


@given(
    st.builds(triggers.AroundStart, days=st.integers(-999, 999), minute=minutes)
    | st.builds(triggers.Silence, ms=st.integers(1, 10**6).map(lambda s: s * 1_000))
    | st.builds(
        triggers.After, step=st.just("a"), delay_ms=st.integers(0, 10**6).map(lambda s: s * 1_000)
    )
    | st.builds(triggers.OneTime, date=st.dates(), minute=minutes)
)
def test_what_is_written_is_read_as_the_same_trigger(trigger: triggers.Trigger):
    form = written(trigger)

    assert triggers.parse_trigger(form) == trigger
    assert json.loads(json.dumps(form)) == form


def test_every_kind_of_days_can_be_written():
    assert set(_DAYS) == set(get_args(days.Kind))


def test_every_kind_of_trigger_was_written():
    kinds = {type(triggers.parse_trigger(form)) for form in FORMS}

    assert kinds == set(triggers.Trigger.__args__)
