"""The JSON Schema of a pack says what the loader says, as far as form goes."""

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.checks.check_subject import walk
from sop.checks.loader import load_pack
from sop.fields.pack_part import Part, keys_of
from sop.pack.pack import Pack
from sop.pack.pack_rules import CHECKS, CheckSpec
from sop.pack.pack_steps import ACTIONS, StepAction
from sop.schema import format_words
from sop.schema.schema import bindings_schema, pack_schema
from sop.times.durations import format_duration, format_time_of_day
from sop.yaml import yaml_source

ROOT = Path(__file__).parents[3]
INVALID = sorted((ROOT / "tests" / "packs" / "invalid").glob("*.yaml"))
VALID = sorted(
    path
    for folder in ("sop/packs", "bot/rehearsal", "bot/bench", "tests")
    for path in (ROOT / folder).rglob("*.yaml")
    if path not in INVALID and b"\nsteps:" in path.read_bytes()
)
README = (ROOT / "README.md").read_text("utf-8")
SCHEMA = pack_schema()
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
HEAD = "pack: p\ntitle: t\ntimezone: Asia/Shanghai\n"


def data_of(path: Path) -> Any:
    tree, _ = yaml_source.compose(path.read_bytes(), path.name)
    return tree.data if tree else None


def accepts(text: str) -> bool:
    tree, _ = yaml_source.compose((HEAD + text).encode(), "p.yaml")
    assert tree is not None
    return bool(VALIDATOR.is_valid(tree.data))


def parts(model: type[Part]) -> set[type[Part]]:
    return {model}.union(*(parts(each) for each in model.__subclasses__()))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA, ensure_ascii=False)) == SCHEMA
    assert pack_schema("en").keys() == SCHEMA.keys()


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.name)
def test_every_pack_that_loads_fits_the_schema(path: Path):
    pack, problems = load_pack(path.read_bytes(), path.name)
    if pack is None:
        pytest.skip(f"no pack by itself: {problems[0]}")

    assert [error.message for error in VALIDATOR.iter_errors(data_of(path))] == []


def test_a_post_without_any_text_fits_neither():
    steps = "steps: [{{id: a, when: 08:00 daily, do: [{{post: {}}}]}}]\n"

    assert accepts(steps.format("[早]"))
    assert not accepts(steps.format("[]"))


def stated(value: object) -> set[tuple[str, str]]:
    """Every key that a typed pack states, with the name of its model."""
    found = {
        (type(part).__name__, type(part).model_fields[name].alias or name)
        for _, part in walk(value)
        if isinstance(part, Part)
        for name in part.model_fields_set
    }
    assert found
    return found


def test_every_key_of_the_format_stands_in_a_pack_that_is_clean():
    path = ROOT / "tests" / "packs" / "valid" / "everything.yaml"
    pack, problems = load_pack(path.read_bytes(), path.name)
    assert problems == ()

    models = {each for each in parts(Part) if each.__module__ in {"sop.pack.pack", *PACK_MODULES}}
    unused = {
        (model.__name__, key)
        for model in models - {CheckSpec}
        if not model.__name__.endswith("Body")
        for key in keys_of(model)
        if not (issubclass(model, CheckSpec) and key in keys_of(CheckSpec))
    } - stated(pack)
    assert unused <= {("Pool", "items")}, "let tests/packs/valid/everything.yaml use them"


def test_there_are_packs_to_hold_against_the_schema():
    assert len(VALID) >= 3


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_what_the_schema_refuses_the_loader_refuses(path: Path):
    data = data_of(path)
    if data is None or VALIDATOR.is_valid(data):
        return

    assert load_pack(path.read_bytes(), path.name)[0] is None


def test_the_schema_refuses_most_of_what_is_wrong_by_form():
    refused = [path for path in INVALID if not VALIDATOR.is_valid(data_of(path) or {})]

    assert len(refused) >= len(INVALID) // 3


def test_every_key_of_every_model_is_in_the_schema_and_described_in_both_languages():
    models = parts(Part) - {Part, StepAction, CheckSpec}
    defined = SCHEMA["$defs"]
    for model in models:
        if model.__module__ not in {"sop.pack.pack", *PACK_MODULES} or model.__name__.endswith(
            "Body"
        ):
            continue
        names = [f"check-{kind}" for kind, each in CHECKS.items() if each is model]
        for name in names or [model.__name__]:
            assert tuple(defined[name]["properties"]) == keys_of(model), name
            assert all(each.get("description") for each in defined[name]["properties"].values())
        for language in format_words.LANGUAGES:
            assert format_words.title_of(model.__name__, language), model


PACK_MODULES = {
    f"sop.pack.pack_{name}"
    for name in (
        "actions",
        "budget",
        "campaigns",
        "conditions",
        "people",
        "rules",
        "score",
        "steps",
    )
}


def test_no_words_are_kept_for_keys_that_are_gone():
    models = {model.__name__: model for model in parts(Part)}
    words = yaml_source.load_packaged("format_words.yaml")
    for name in words.keys() - {"common", "examples", "heads", "forms"}:
        known = {*keys_of(models[name]), "is"}
        assert words[name].keys() <= known, name


def test_every_action_and_detector_has_its_own_form():
    step = "steps: [{{id: a, when: group.created, do: [{}]}}]\n"
    assert accepts(step.format("{post: x, mention: all}"))
    assert accepts(step.format("{drop: morning}, {drop: {pool: morning, prepare: {}}}"))
    assert not accepts(step.format("{post: x, questions: {}}"))
    assert not accepts(step.format("{psot: x}"))
    for key, model in ACTIONS.items():
        assert not accepts(step.format(f"{{{key}: {{nothing: 1}}}}")), model

    rule = "steps: []\nrules: {{checks: [{}]}}\n"
    assert accepts(rule.format("{id: a, detect: flood, messages: 3, within: 30s}"))
    assert not accepts(rule.format("{id: a, detect: flood, messages: 3}"))
    assert not accepts(rule.format("{id: a, detect: ads, messages: 3}"))
    assert not accepts(rule.format("{id: a, detect: nonsense}"))


@pytest.mark.parametrize(
    "when",
    [
        "08:00 daily", "每天 08:00", "08：00 每周三", "GROUP.created",
        "member.joined + 1d at 10:00",
        "建群后3天 09:00", "{cron: '0 8 * * 1-5'}", "{says: 多少钱}", "{says: [1, a], mode: all}",
        "{silence: 24h}", "{likes_given: 10, distinct: 5}", "{after: other, delay: 30m}",
        "生日", "start - 1d at 20:00",
    ],
)  # fmt: skip
def test_every_form_of_a_trigger_fits(when: str):
    text = f"steps: [{{id: other, when: {when}, do: [{{post: x}}]}}]\n"
    found = load_pack((HEAD + text).encode(), "p.yaml")[1]

    assert not [each for each in found if each.path.endswith("when")], found
    assert accepts(text)


@pytest.mark.parametrize(
    "when", ["never", "8 daily", "{sais: a}", "{silence: long}", "{score: 0}", "{says: []}", "5"]
)
def test_what_is_no_trigger_does_not_fit(when: str):
    text = f"steps: [{{id: other, when: {when}, do: [{{post: x}}]}}]\n"

    assert not accepts(text)
    assert load_pack((HEAD + text).encode(), "p.yaml")[0] is None


@given(st.integers(1_000, 300 * 86_400_000).map(format_duration))
def test_every_length_of_time_fits(duration: str):
    assert accepts(f"steps: []\nscore: {{window: {duration}}}\n")


@given(st.integers(0, 1439).map(format_time_of_day))
def test_every_time_of_day_fits(time: str):
    assert accepts(f"steps: []\nbundle: {{at: '{time}'}}\n")


short = st.sampled_from(
    ["1/7d", "3/day", "60%", ">= 3", ">= 3 in 30d", "30m", "08:30", "22:30-07:30", "cn", "first 3",
     "2027-02-05..2027-02-12", "2027-02-05", "x", "", "all", True, False, 0, 1, 2.5, None, [], {}]
)  # fmt: skip
places = st.sampled_from(
    ["calendar", "quiet", "skip", "first_benefit", "budget.group", "bundle.at", "bundle.max",
     "rules.mute", "rules.ladder", "rules.exempt", "score.half_life", "layers.core.size",
     "leaders.vote.pass", "care.answer_within", "care.within", "likes.per_day", "tags", "links.a",
     "segments.a.score", "segments.a.active_days", "segments.a.tenure", "segments.a.paid",
     "segments.a.any", "texts.a", "library.a", "benefit_budget.cost", "score.earn.message.cap"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(places, short)
def test_what_the_loader_takes_the_schema_takes(place: str, value: Any):
    data: dict[str, Any] = {"pack": "p", "title": "t", "timezone": "UTC", "steps": []}
    inner = data
    *outer, last = place.split(".")
    for key in outer:
        inner = inner.setdefault(key, {})
    inner[last] = value

    pack, _ = load_pack(json.dumps(data).encode(), "p.yaml")
    assert pack is None or VALIDATOR.is_valid(data)


def test_the_schema_of_bindings_takes_what_the_readme_shows_and_no_other_channel():
    validator = jsonschema.Draft202012Validator(bindings_schema())
    jsonschema.Draft202012Validator.check_schema(bindings_schema())
    fences = re.findall(r"```yaml\n(communities:.*?)```", README, re.DOTALL)

    assert fences
    for fence in fences:
        tree, _ = yaml_source.compose(fence.encode(), "groups.yaml")
        assert tree is not None
        assert [error.message for error in validator.iter_errors(tree.data)] == []
    wrong = {"communities": {"a": {"pack": "p", "core": {"id": "c", "channels": {"mail": "x"}}}}}
    assert not validator.is_valid(wrong)


def test_every_key_of_the_bindings_is_described():
    for name, part in bindings_schema("en")["$defs"].items():
        assert part["description"], name
        for key, value in part["properties"].items():
            assert value.get("description"), (name, key)


def test_the_root_takes_the_keys_of_a_pack_and_no_others():
    assert tuple(SCHEMA["$defs"]["Pack"]["properties"]) == keys_of(Pack)
    assert SCHEMA["$defs"]["Pack"]["required"] == ["pack", "title", "timezone", "steps"]
    assert not accepts("steps: []\nlevles: []\n")
