"""Checks of what communities and groups have otherwise, against the pack it changes.

An override may only bring problems of its own: what the pack has anyway is told in the pack.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from pydantic_core import to_json

from sop.bindings.bindings import Bindings
from sop.checks import check_budget, check_rules, check_texts, check_times
from sop.checks.check_subject import Subject
from sop.pack.inheritance import Override, applied, override_findings
from sop.pack.pack import Pack
from sop.problems import Path
from sop.yaml.schema_problems import Finding

CHECKS: Final[tuple[Callable[[Subject], Iterator[Finding]], ...]] = (
    check_texts.broken_templates,
    check_texts.unknown_names,
    check_texts.unknown_calls,
    check_texts.spoken_replies,
    check_rules.unusable_detectors,
    check_rules.unusable_patterns,
    check_rules.unreachable_rungs,
    check_times.in_quiet_hours,
    check_budget.over_budget,
)
"""What an override can break."""


def findings(bindings: Bindings, subjects: Mapping[str, Subject]) -> Iterator[Finding]:
    """Yield what is wrong, by path in `groups.yaml`; `subjects` are the packs by id."""
    for community in bindings.communities:
        found = subjects.get(community.pack)
        if found is None:
            continue
        variants = _Variants(replace(found, groups=()))
        yield from _below(community.path, variants, {}, community.override, community.inherited)
        for group in community.groups:
            yield from _below(
                group.path, variants, community.inherited, group.override, group.inherited
            )


@dataclass(frozen=True, slots=True)
class _Variants:
    """A pack under overrides, each checked once however many groups have it."""

    subject: Subject
    known: dict[bytes, tuple[Pack, tuple[Finding, ...]]] = field(default_factory=dict)

    def under(self, inherited: Mapping[str, Any]) -> tuple[Pack, tuple[Finding, ...]]:
        """Return the pack as it is under an override, and what is found in it."""
        key = to_json(inherited)
        if key not in self.known:
            subject = replace(self.subject, pack=applied(self.subject.pack, inherited))
            found = tuple(each for check in CHECKS for each in check(subject))
            self.known[key] = (subject.pack, found)
        return self.known[key]


def _below(
    path: Path,
    variants: _Variants,
    before: Mapping[str, Any],
    own: Override,
    inherited: Mapping[str, Any],
) -> Iterator[Finding]:
    """Yield what `own` brings where without it the pack would be as under `before`."""
    if not own.model_fields_set:
        return
    told = override_findings(variants.subject.pack, own)
    yield from (replace(each, path=(*path, "override", *each.path)) for each in told)
    if told:
        return
    known = set(variants.under(before)[1])
    pack, found = variants.under(inherited)
    for each in found:
        place = _place(pack, own, each.path) if each not in known else ()
        if place:
            message = f"{_step(pack, each.path)}{each.message}"
            yield replace(each, path=(*path, "override", *place), message=message)


def _place(pack: Pack, own: Override, path: Path) -> Path:
    """The place in the override that is to blame for a finding in the pack; empty for none."""
    match path:
        case ("texts", name, *_) if name in own.texts:
            return ("texts", name)
        case ("rules", "checks", int(index), *rest):
            name = pack.rules.checks[index].id
            return ("rules", "checks", name, *rest) if name in own.rules.checks else ()
        case ("rules", *_):
            return ("rules", "ladder") if own.rules.ladder else ()
        case _:
            return _by_step(own, path)


def _by_step(own: Override, path: Path) -> Path:
    if path[-1:] == ("when",) or path[:1] == ("bundle",):
        found = "bundle" if own.bundle and path[0] == "bundle" else "quiet"
    elif path[-1:] == ("do",) or path[:1] == ("budget",):
        found = "budget"
    else:
        found = "texts"
    return (found,) if getattr(own, found) else ()


def _step(pack: Pack, path: Path) -> str:
    """Name the step a finding is about, which the place in the override does not."""
    if path[0] != "steps":
        return ""
    return f'step "{pack.steps[int(path[1])].id}" '
