"""Whole files through the loader: what is told, where, and that nothing can make it fall over."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.checks.loader import load_pack
from sop.fields.pack_part import keys_of
from sop.pack.pack import Pack
from sop.pack.pack_steps import Step
from sop.problems import Problem

ROOT = Path(__file__).parents[3]
PACKS = ROOT / "sop" / "packs"
INVALID = sorted((ROOT / "tests" / "packs" / "invalid").glob("*.yaml"))
EXPECT = re.compile(r"# expect: (\d+):(\d+) (\S*): (warning: )?(.*)")
HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"


def expected_of(path: Path) -> list[tuple[str, ...]]:
    lines = (line for line in path.read_text("utf-8").splitlines() if line.startswith("# expect"))
    return [match.groups(default="") for match in map(EXPECT.fullmatch, lines) if match]


def load(text: str, **around: Any):
    return load_pack(text.encode(), "p.yaml", **around)


def told(text: str, **around: Any) -> list[str]:
    return [str(problem) for problem in load(text, **around)[1]]


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_every_problem_of_an_invalid_pack_is_told_at_its_place(path: Path):
    expected = expected_of(path)
    problems = load_pack(path.read_bytes(), path.name)[1]

    shown = [str(problem) for problem in problems]
    assert len(problems) == len(expected), shown
    for problem, (line, column, where, warning, message) in zip(problems, expected, strict=True):
        assert (problem.line, problem.column) == (int(line), int(column)), shown
        assert problem.path == where
        assert message in str(problem)
        assert problem.severity == ("warning" if warning else "error")


def test_there_are_enough_invalid_packs():
    assert len(INVALID) >= 90


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_a_pack_with_an_error_is_not_given_out(path: Path):
    pack, problems = load_pack(path.read_bytes(), path.name)

    assert (pack is None) == any(problem.severity == "error" for problem in problems)


def test_the_shipped_pack_is_clean():
    files = {path.name for path in PACKS.iterdir()}
    pack, problems = load_pack((PACKS / "reading-club.yaml").read_bytes(), "r.yaml", files)

    assert problems == ()
    assert pack is not None
    assert [step.id for step in pack.steps][:3] == ["charter", "welcome", "intro-nudge"]


def test_files_that_are_not_beside_the_pack_are_warnings():
    data = (PACKS / "reading-club.yaml").read_bytes()
    pack, problems = load_pack(data, "r.yaml", {"week.pdf"})

    assert pack is not None
    assert [(each.severity, each.path) for each in problems] == [("warning", "benefits[1].codes")]


def test_an_empty_steps_list_is_allowed():
    assert told(HEAD + "steps: []\n") == []
    assert told(HEAD + "steps:\n") == []


def test_a_problem_reads_as_file_line_column_path_and_sentence():
    assert told(HEAD + "steps: []\nlevles: []\n") == [
        "p.yaml:5:1: levles: unknown key (did you mean levels?)"
    ]


def test_a_problem_as_a_mapping_has_the_promised_keys():
    problem = load(HEAD + "steps: []\nlevles: []\n")[1][0]

    assert problem.as_dict() == {
        "file": "p.yaml",
        "line": 5,
        "column": 1,
        "path": "levles",
        "message": "unknown key",
        "suggestion": "levels",
        "severity": "error",
    }


@pytest.mark.parametrize("data", [b"", b"\xff\xfe", b"- a", b"a: [", b"x" * (1024 * 1024 + 1)])
def test_what_is_no_pack_at_all_is_fatal(data: bytes):
    pack, problems = load_pack(data, "p.yaml")

    assert pack is None
    assert [problem.fatal for problem in problems] == [True]


def test_a_pack_with_errors_is_still_a_pack():
    assert not any(problem.fatal for problem in load("pack: p\n")[1])


def test_a_broken_part_hides_no_problem_elsewhere():
    text = HEAD + (
        "steps:\n"
        "  - {id: a, when: nonsense, do: [{drop: x}]}\n"
        "  - {id: b, when: {after: a}, do: [{drop: nowhere}]}\n"
    )

    paths = [problem.path for problem in load(text)[1]]
    assert paths == ["steps[0].when", "steps[1].do[0].drop"]


def test_a_step_after_a_broken_one_may_speak_of_its_member():
    text = HEAD + (
        "steps:\n"
        "  - {id: a, when: nonsense, do: []}\n"
        "  - {id: b, when: {after: a}, do: [{dm: '{{ member.name }}'}]}\n"
    )

    assert [problem.path for problem in load(text)[1]] == ["steps[0].when"]


def test_an_alias_is_told_where_its_anchor_stands():
    text = HEAD + (
        "steps:\n"
        "  - {id: a, when: &t 25:00 daily, do: [{post: x}]}\n"
        "  - {id: b, when: *t, do: [{post: x}]}\n"
    )

    problems = load(text)[1]
    assert {(problem.line, problem.column) for problem in problems} == {(5, 19)}
    assert [problem.path for problem in problems] == ["steps[0].when", "steps[1].when"]


def test_the_end_of_the_known_holidays_is_a_warning_only_where_they_matter():
    workdays = HEAD + "steps:\n  - {id: a, when: 08:00 workdays, do: [{post: x}]}\n"
    daily = HEAD + "steps:\n  - {id: a, when: 08:00 daily, do: [{post: x}]}\n"

    assert told(workdays, today=date(2025, 6, 1)) == []
    assert "2090 are not known" in told(workdays, today=date(2090, 6, 1))[0]
    assert told(daily, today=date(2090, 6, 1)) == []


def test_a_day_that_is_over_is_a_warning():
    text = HEAD + (
        "library: {a: [{text: x, until: 2026-12-31}, {text: y, from: 2027-01-02}]}\n"
        "steps:\n  - {id: a, when: 2027-01-01 09:00, do: [{post: x}]}\n"
        "  - {id: b, when: {after: a}, do: [{post: x}]}\n"
    )

    assert told(text) == told(text, today=date(2026, 12, 31)) == []
    assert [line.split(": ", 1)[1] for line in told(text, today=date(2027, 1, 2))] == [
        "library.a[0].until: is over: this item will not be dropped again",
        "steps[0].when: can never run again: this day is over",
        'steps[1].when.after: can never run: it waits for "a", which never runs',
    ]


keys = st.sampled_from(
    sorted(
        {*keys_of(Pack), *keys_of(Step), "post", "ask", "drop", "vote", "detect", "any", "core"}
    )
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 10**20),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "a", ">= 3", "08:00 daily", "{{ x", "1/7d", "60%", "member.joined"]),
    st.text(max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=120, deadline=None)
@given(st.dictionaries(keys, values, max_size=6))
def test_no_data_of_any_shape_makes_the_loader_raise(data: Any):
    flow = "{pack: p, title: t, timezone: Asia/Shanghai, " + json.dumps(data)[1:]

    assert isinstance(load(flow)[1], tuple)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_make_the_loader_raise(data: Any):
    pack, problems = load_pack(data, "p.yaml")

    assert pack is None
    assert problems


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_pack_never_makes_the_loader_raise(data: Any):
    source = (PACKS / "reading-club.yaml").read_bytes()[:3_000]
    start = data.draw(st.integers(0, len(source)))
    length = data.draw(st.integers(0, 40))
    noise = data.draw(st.binary(max_size=6) | st.sampled_from([b"\t", b"- ", b"{", b": ", b"&a"]))

    assert isinstance(load_pack(source[:start] + noise + source[start + length :], "p")[1], tuple)


def test_a_problem_is_one_line_that_no_terminal_obeys():
    problem = Problem(
        file="a\x1b[31m.yaml", line=1, column=2, path="x\r\nb.yaml:1:1: y", message="早　安\u202e",
        suggestion="\x9b2J",
    )  # fmt: skip

    assert str(problem) == (
        r"a\x1b[31m.yaml:1:2: x\r\nb.yaml:1:1: y: 早　安\u202e (did you mean \x9b2J?)"
    )
