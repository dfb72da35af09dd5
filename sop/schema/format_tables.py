"""All keys of a pack as Markdown tables, made from its schema."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from sop.schema import schema_triggers
from sop.schema.format_words import Language, form, heads
from sop.schema.schema import pack_schema

_FIRST: Final = "Pack"

Properties = Mapping[str, Any]


def tables(language: Language) -> str:
    """Return one table for each part of a pack, the pack itself first."""
    parts = pack_schema(language)["$defs"]
    names = [_FIRST, *(name for name in parts if name != _FIRST)]
    lines = (line for name in names for line in _table(name, parts[name], language))
    return "\n".join(lines).strip()


def _table(name: str, part: Properties, language: Language) -> Iterator[str]:
    yield f"### {name}"
    yield ""
    yield f"{part['description']}"
    yield ""
    yield f"| {' | '.join(heads(language))} |"
    yield "|---|---|---|"
    for key, value in part["properties"].items():
        needed = f" ({form('required', language)})" if key in part.get("required", ()) else ""
        takes = takes_of(value, language).replace("|", "\\|")
        yield f"| `{key}` | {takes}{needed} | {value.get('description', '')} |"
    yield ""


def takes_of(value: Properties, language: Language) -> str:
    """Return in a few words what a key takes: the values, an example, or the part it holds."""
    if value.get("title") == schema_triggers.TITLE:
        return form("trigger", language)
    name = _model(value)
    if name:
        return f"[{value.get('title', name)}](#{name.lower()})"
    if "const" in value or "enum" in value:
        return ", ".join(f"`{each}`" for each in value.get("enum", [value.get("const")]))
    if "anyOf" in value:
        return _any_of(value["anyOf"], language)
    if value.get("examples"):
        return ", ".join(f"`{each}`" for each in value["examples"])
    return _plain(value, language)


def _model(value: Properties) -> str:
    """Return the part that stands there, be it under a key; empty where it is none."""
    under = value.get("properties", {}).get(value.get("title"), {})
    for each in (value, under, *under.get("anyOf", ())):
        if "$ref" in each:
            return str(each["$ref"]).rsplit("/", 1)[-1]
    return ""


def _any_of(forms: list[Properties], language: Language) -> str:
    """Join what may stand there; a thing beside a list of such things is told once."""
    several = next((each for each in forms if each.get("type") == "array"), None)
    told: list[str] = []
    for each in forms:
        if several and each == several["items"]:
            told[0:0] = [form("several", language) + takes_of(each, language)]
        elif each.get("type") != "null" and not (each is several and several["items"] in forms):
            told.append(takes_of(each, language))
    return form("or", language).join(dict.fromkeys(told))


def _plain(value: Properties, language: Language) -> str:
    kind = value.get("type", "string")
    if kind == "array":
        return form("array", language) + takes_of(value["items"], language)
    if kind == "object":
        inner = value.get("additionalProperties")
        return form("object", language) + takes_of(inner, language) if inner else ""
    return form("string" if isinstance(kind, list) else kind, language)
