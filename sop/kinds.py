"""What the kind of a community brings: defaults of recognition, signal and rules.

A pack that says something itself is not touched in it.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sop.fields.pack_part import Part
from sop.pack.pack import Pack
from sop.pack.pack_people import Recognition, Signal
from sop.pack.pack_rules import Rules
from sop.yaml import yaml_source


class Kind(Part):
    """The defaults of one kind of community."""

    recognition: Recognition
    signal: Signal
    rules: Rules


def written(kind: str | None) -> Mapping[str, Any]:
    """Return the defaults of a kind as they are written; none for a pack without a kind."""
    found: Mapping[str, Any] = yaml_source.load_packaged("kinds.yaml").get(kind or "", {})
    return found


@cache
def typed(kind: str) -> Kind:
    """Return the defaults of a kind."""
    return Kind.model_validate(written(kind))


def completed(pack: Pack) -> Pack:
    """Return the pack with the defaults of its kind where it says nothing."""
    if pack.kind is None:
        return pack
    kind = typed(pack.kind)
    changes: dict[str, Any] = {"rules": _below(pack.rules, kind.rules)}
    for name in ("recognition", "signal"):
        if name not in pack.model_fields_set:
            changes[name] = getattr(kind, name)
    return pack.model_copy(update=changes)


def _below(rules: Rules, default: Rules) -> Rules:
    free = default.model_fields_set - rules.model_fields_set
    return rules.model_copy(update={name: getattr(default, name) for name in free})
