"""What check tells besides problems, held to the code that does or does not do it."""

import re
from pathlib import Path
from typing import Any

import pytest

from handlers.steps import step_actions
from sop.bindings.bindings import Binding
from sop.checks import check_notes
from sop.checks.check_subject import Subject
from sop.checks.loader import load_pack
from sop.names import Names
from sop.pack.pack import Pack
from sop.pack.pack_conditions import Deed
from sop.pack.pack_steps import ACTIONS
from sop.triggers import triggers

ROOT = Path(__file__).parents[3]
HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"
# What names a deed without booking it: words that wait, and facts that count it.
_NO_BOOKING = {"recognition.py", "facts.py", "layering.py"}


def subject(text: str, *groups: Binding, stated: tuple[str, ...] = ()) -> Subject:
    pack, problems = load_pack((HEAD + text).encode(), "p.yaml")
    assert pack is not None, problems
    return Subject(pack=pack, names=Names.of({}), groups=groups, stated=stated)


def group(**channels: str) -> Binding:
    return Binding(id="alpha", title="A", kind="regular", channels=channels)


EARN = (
    "score: {earn: {message: {points: 1, cap: 10/day}, introduce: {points: 5, once: true},"
    " checkin: {points: 2, cap: 5/week}, accepted: {points: 10}, photo: {points: 99}}}\n"
    "steps: []\n"
)


REACHED = 'group "alpha": at most 355 points within 30 days, and without a cap accepted'
TALKED = "; 300 of them by talking to the bot: its channels hear mentions only"
DEAF = 'group "alpha": nobody can earn anything: its channels hear no messages'


@pytest.mark.parametrize(
    ("channels", "told"),
    [({"archive": "x"}, REACHED), ({"aibot": "x"}, REACHED + TALKED), ({"webhook": "x"}, DEAF)],
)
def test_the_points_within_reach_are_told_of_each_group(channels: Any, told: str):
    assert list(check_notes.within_reach(subject(EARN, group(**channels)))) == [told]


def test_nothing_is_told_of_points_where_nothing_earns_any_or_no_group_is_bound():
    assert list(check_notes.within_reach(subject("steps: []\n", group(archive="x")))) == []
    assert list(check_notes.within_reach(subject(EARN))) == []


def test_nothing_that_a_pack_states_waits_for_a_later_version():
    text = "admission: {}\nscore: {earn: {spread: {points: 3}}}\nsteps: []\n"

    assert list(check_notes.later_on(subject(text, stated=tuple(Pack.model_fields)))) == []


def handlers() -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in (ROOT / "handlers").rglob("*.py")}


def test_the_actions_left_to_people_are_those_no_handler_expands():
    by_hand = {key for key, model in ACTIONS.items() if model not in step_actions._EXPANDERS}

    assert check_notes.later()["actions"] == by_hand


def test_the_triggers_that_never_fire_are_those_nobody_calls():
    called = any("moments.liked(" in text for text in handlers().values())

    assert check_notes.later()["triggers"] == (set() if called else {"likes", "likes_given"})
    assert {triggers.Likes.__name__, triggers.LikesGiven.__name__} == {"Likes", "LikesGiven"}


def test_the_keys_without_effect_are_keys_that_no_handler_reads():
    keys = check_notes.later()["keys"]

    assert keys <= Pack.model_fields.keys()
    for key in keys:
        reading = [name for name, text in handlers().items() if re.search(rf"pack\.{key}\b", text)]
        assert reading == [], key


def test_the_deeds_that_cannot_be_earned_are_deeds_that_no_handler_books():
    deeds = check_notes.later()["deeds"]

    assert deeds <= set(Deed.__args__)  # type: ignore[attr-defined]
    for deed in deeds:
        booking = [
            name
            for name, text in handlers().items()
            if name not in _NO_BOOKING and re.search(rf"[\"']{deed}[\"']", text)
        ]
        assert booking == [], deed


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_keys_without_effect_are_owned_up_to_in_the_readme(name: str):
    text = (ROOT / name).read_text("utf-8")
    line = next(
        part for part in text.split("\n* ") if re.search("changes nothing yet|还不起作用", part)
    )
    named = set(re.findall(r"`(\w+)`", line))

    assert named & Pack.model_fields.keys() == check_notes.later()["keys"]
