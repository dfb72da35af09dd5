"""What a group may have otherwise than its pack: defaults, pack, community, group, the last wins.

An override is written like a part of the pack. Single values replace the pack's, texts and
checks are replaced one by one, days to skip add up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Final

from pydantic import Field, ValidationError, create_model

from sop.fields.pack_part import Part
from sop.fields.pack_types import Days, Id, Items, SpanText, Table, Template, TimeMinute
from sop.pack.pack import CalendarText, Pack
from sop.pack.pack_budget import Budget, Bundle
from sop.pack.pack_rules import CheckSpec, Mode, Raid, Rules, Rung, with_mode
from sop.pack.pack_steps import Step
from sop.problems import Path, suggestion
from sop.triggers.triggers import WallTime
from sop.yaml.schema_problems import Finding, findings

SUMMED: Final = "skip"
"""The one key whose values add up instead of replacing each other."""


WHOLE: Final = frozenset({"bundle", "calendar"})
"""Keys whose mappings replace each other as one."""


class RulesOverride(Part):
    """Rules of one community or group; `checks` maps a check's id to what it is told instead."""

    mode: Mode | None = None
    ladder: Annotated[Items[Rung], Field(min_length=1)] | None = None
    raid: Raid | None = None
    checks: Table[Id, Mapping[str, Any]] = Field(default_factory=dict)


class StepOverride(Part):
    """A step of one community or group: at another local time of day, or (`off`) not at all."""

    at: TimeMinute | None = None
    off: bool = False


class Override(Part):
    """What a community or group may have otherwise than its pack; None or empty: as there."""

    quiet: SpanText | None = None
    calendar: CalendarText | None = None
    budget: Budget | None = None
    bundle: Bundle | None = None
    skip: Items[Days] = ()
    rules: RulesOverride = RulesOverride()
    steps: Table[Id, StepOverride] = Field(default_factory=dict)
    texts: Table[str, Template] = Field(default_factory=dict)


def merged(outer: Mapping[str, Any], inner: Mapping[str, Any]) -> dict[str, Any]:
    """Return two overrides, as written, in one: where both say something the inner one wins."""
    found = dict(outer)
    for key, value in inner.items():
        known = found.get(key)
        if key not in WHOLE and isinstance(known, Mapping) and isinstance(value, Mapping):
            found[key] = merged(known, value)
        elif key == SUMMED:
            found[key] = [*(known or ()), *(value or ())]
        elif value is not None:
            found[key] = value
    return found


def plain(value: Any) -> Any:
    """Return an override as written in the form in which a record keeps it: frozen and JSON."""
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return tuple(map(plain, value))
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return int(value) if isinstance(value, int) else float(value)


def applied(pack: Pack, override: Mapping[str, Any]) -> Pack:
    """Return the pack as a group with that override has it; an unusable one changes nothing."""
    try:
        typed = Override.model_validate(override)
        changes = {name: change(pack, typed) for name, change in _CHANGES.items()}
    except ValidationError:
        return pack
    return pack.model_copy(update=changes)


def override_findings(pack: Pack, override: Override) -> tuple[Finding, ...]:
    """Return what is wrong in an override of that pack, by path in the override."""
    return (
        *_unknown_texts(pack, override), *_wrong_checks(pack, override),
        *_wrong_steps(pack, override),
    )  # fmt: skip


def _unknown_texts(pack: Pack, override: Override) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            path=("texts", name), message=f'the pack has no text "{name}": nothing would use it',
            suggestion=suggestion(name, pack.texts), at_key=True,
        )
        for name in override.texts
        if name not in pack.texts
    )  # fmt: skip


def _wrong_checks(pack: Pack, override: Override) -> tuple[Finding, ...]:
    specs = {each.id: each for each in pack.rules.checks}
    found: list[Finding] = []
    for name, told in override.rules.checks.items():
        path: Path = ("rules", "checks", name)
        if name not in specs:
            message = f'the pack has no check "{name}"'
            near = suggestion(name, specs)
            found.append(Finding(path=path, message=message, suggestion=near, at_key=True))
            continue
        try:
            _told(type(specs[name])).model_validate(told)
        except ValidationError as error:
            found.extend(_below(path, each) for each in findings(error))
    return tuple(found)


def _wrong_steps(pack: Pack, override: Override) -> Iterator[Finding]:
    known = {step.id: step for step in pack.steps}
    for name, told in override.steps.items():
        path: Path = ("steps", name)
        if name not in known:
            message = f'the pack has no step "{name}"'
            near = suggestion(name, known)
            yield Finding(path=path, message=message, suggestion=near, at_key=True)
        elif told.at is not None and not isinstance(known[name].when, WallTime):
            message = "the step has no time of day that could be another one"
            yield Finding(path=(*path, "at"), message=message)


def _below(path: Path, found: Finding) -> Finding:
    return Finding(
        path=(*path, *found.path), message=found.message, suggestion=found.suggestion,
        severity=found.severity, at_key=found.at_key, missing=found.missing,
    )  # fmt: skip


@cache
def _told(kind: type[CheckSpec]) -> type[Part]:
    """Return the model of what a check of that kind may be told otherwise: every key optional."""
    fields: dict[str, Any] = {
        name: (field.rebuild_annotation(), None)
        for name, field in kind.model_fields.items()
        if name not in ("id", "detect")
    }
    return create_model(f"{kind.__name__}Override", __base__=Part, **fields)


def _budget(pack: Pack, override: Override) -> Budget:
    if override.budget is None:
        return pack.budget
    said = {key: value for key, value in override.budget if value is not None}
    return pack.budget.model_copy(update=said)


def _rules(pack: Pack, override: Override) -> Rules:
    own, rules = override.rules, pack.rules
    checks = tuple(_check(each, own) for each in rules.checks)
    return rules.model_copy(
        update={
            "mode": own.mode or rules.mode, "ladder": own.ladder or rules.ladder, "checks": checks,
            "raid": own.raid or rules.raid,
        }
    )  # fmt: skip


def _check(spec: CheckSpec, own: RulesOverride) -> CheckSpec:
    spec = with_mode(spec, own.mode) if own.mode else spec
    told = own.checks.get(spec.id, {})
    if not told:
        return spec
    typed = _told(type(spec)).model_validate(told)
    return spec.model_copy(update={name: getattr(typed, name) for name in typed.model_fields_set})


def _steps(pack: Pack, override: Override) -> tuple[Step, ...]:
    own = override.steps
    return tuple(
        _step(each, own[each.id]) if each.id in own else each
        for each in pack.steps
        if each.id not in own or not own[each.id].off
    )


def _step(step: Step, own: StepOverride) -> Step:
    if own.at is None or not isinstance(step.when, WallTime):
        return step
    return step.model_copy(update={"when": replace(step.when, time_minute=own.at)})


_CHANGES: Final[Mapping[str, Callable[[Pack, Override], Any]]] = {
    "quiet": lambda pack, own: own.quiet or pack.quiet,
    "calendar": lambda pack, own: own.calendar or pack.calendar,
    "budget": _budget,
    "bundle": lambda pack, own: own.bundle or pack.bundle,
    "skip": lambda pack, own: (*pack.skip, *own.skip),
    "rules": _rules,
    "steps": _steps,
    "texts": lambda pack, own: {**pack.texts, **own.texts},
}
"""How each key of an override changes the pack."""
