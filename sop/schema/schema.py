"""The formats of a pack and of `groups.yaml` as JSON Schema (2020-12), made from their models.

Editors complete and check files with it. It knows the form of every key; what names mean and
which things contradict each other only `check` tells.
"""

import types
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BeforeValidator, PlainValidator
from pydantic.fields import FieldInfo

from sop.bindings.binding_form import FileForm, GroupForm
from sop.channels import CAPABILITIES
from sop.fields.pack_part import Part
from sop.fields.pack_types import listed, mapped, one_or_many
from sop.pack import pack_rules, pack_steps
from sop.pack.pack import Pack
from sop.schema import format_words, schema_triggers
from sop.schema.format_words import Language
from sop.schema.schema_types import KNOWN, SHORT_FORMS, Schema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

_PLAIN: Final[Mapping[Any, Schema]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    type(None): {"type": "null"},
    Any: {},
}
_CHECK: Final = "check-"
_BOUNDS: Final = {
    "minimum": "ge",
    "exclusiveMinimum": "gt",
    "maximum": "le",
    "exclusiveMaximum": "lt",
    "minItems": "min_length",
    "minProperties": "min_length",
}


def pack_schema(language: Language = "zh") -> Schema:
    """Return the JSON Schema of a pack file, described in that language."""
    return _Models(language).whole(Pack, "Qunyun SOP pack")


def bindings_schema(language: Language = "zh") -> Schema:
    """Return the JSON Schema of `groups.yaml`, described in that language."""
    whole = _Models(language).whole(FileForm, "Qunyun groups.yaml")
    channels = whole["$defs"][GroupForm.__name__]["properties"]["channels"]
    channels["propertyNames"] = {"enum": sorted(CAPABILITIES)}
    return whole


@dataclass(slots=True)
class _Models:
    """Makes the schema of types, and gathers the models that they need."""

    language: Language
    found: dict[str, Schema] = field(default_factory=dict)

    def whole(self, model: type[Part], title: str) -> Schema:
        """Return the schema of a file that holds one such part."""
        root = self.of(model)
        found = dict(sorted(self.found.items()))
        return {"$schema": DIALECT, "title": title, **root, "$defs": found}

    def of(self, wanted: Any) -> Schema:
        """Return the schema of an annotation."""
        known = next((schema for alias, schema in KNOWN if alias == wanted), None)
        if known is not None:
            return known
        if wanted in _PLAIN:
            return _PLAIN[wanted]
        origin, inner = get_origin(wanted), get_args(wanted)
        if origin is Annotated:
            return self._annotated(inner[0], inner[1:])
        if origin in {Union, types.UnionType}:
            return {"anyOf": [self.of(each) for each in inner]}
        if origin is Literal:
            return {"enum": list(inner)}
        if isinstance(wanted, type) and issubclass(wanted, Part):
            return self._model(wanted)
        return self._collection(origin, inner)

    def _collection(self, origin: Any, inner: tuple[Any, ...]) -> Schema:
        if origin is tuple:
            return {"type": "array", "items": self.of(inner[0])}
        return {
            "type": "object",
            "propertyNames": self.of(inner[0]),
            "additionalProperties": self.of(inner[1]),
        }

    def _annotated(self, wanted: Any, readers: tuple[Any, ...]) -> Schema:
        """Return the schema of a type with its readers, the outermost last."""
        schema, readers = _begun(wanted, readers)
        for reader in readers:
            if isinstance(reader, PlainValidator):
                return self._chosen(reader.func)
            if isinstance(reader, FieldInfo):
                schema = {**(schema or self.of(wanted)), **_bounds(reader)}
            if isinstance(reader, BeforeValidator):
                schema = self._read(reader.func, schema or self.of(wanted), wanted)
        return schema or self.of(wanted)

    def _read(self, reader: Any, own: Schema, wanted: Any) -> Schema:
        if reader in {listed, mapped}:
            return {"anyOf": [own, {"type": "null"}]}
        if reader is one_or_many:
            return {"anyOf": [own, own["items"], {"type": "null"}]}
        return SHORT_FORMS[reader](own, lambda key: self._key(wanted, key))

    def _key(self, model: type[Part], key: str) -> Schema:
        hints = get_type_hints(model, include_extras=True)
        names = {each.alias or name: name for name, each in model.model_fields.items()}
        return self.of(hints[names[key]])

    def _chosen(self, reader: Any) -> Schema:
        """Return the schema where a table of models is chosen from by a key."""
        if reader is pack_steps.parse_when:
            return schema_triggers.schema()
        if reader is pack_rules.parse_check:
            return {"anyOf": [self._check(kind) for kind in pack_rules.CHECKS]}
        assert reader is pack_steps.parse_action, reader
        return {"anyOf": [self._action(key) for key in pack_steps.ACTIONS]}

    def _check(self, kind: str) -> Schema:
        name = f"{_CHECK}{kind}"
        body = self._body(pack_rules.CHECKS[kind])
        detect = {**body["properties"]["detect"], "const": kind}
        self.found[name] = {**body, "properties": {**body["properties"], "detect": detect}}
        return {"$ref": f"#/$defs/{name}"}

    def _action(self, key: str) -> Schema:
        model = pack_steps.ACTIONS[key]
        own = self._model(model)
        if not model.UNDER:
            return {"title": key, **own}
        short = SHORT_FORMS[pack_steps.pool_alone] if key == "drop" else None
        value = short(own, lambda name: self._key(model, name)) if short else own
        return {
            "title": key, "type": "object", "properties": {key: value}, "required": [key],
            "additionalProperties": False,
        }  # fmt: skip

    def _model(self, model: type[Part]) -> Schema:
        name = model.__name__
        if name not in self.found:
            self.found[name] = {}
            self.found[name] = self._body(model)
        return {"$ref": f"#/$defs/{name}"}

    def _body(self, model: type[Part]) -> Schema:
        hints = get_type_hints(model, include_extras=True)
        written = [(each.alias or key, key) for key, each in model.model_fields.items()]
        properties = {
            key: _told(self.of(hints[own]), self._words(model, key)) for key, own in written
        }
        needed = [key for key, own in written if model.model_fields[own].is_required()]
        return {
            "type": "object",
            "description": format_words.title_of(model.__name__, self.language),
            "properties": properties,
            **({"required": needed} if needed else {}),
            "additionalProperties": False,
        }

    def _words(self, model: type[Part], key: str) -> str:
        """Return what the key is for: what its own model says, or the one that it extends."""
        owners = (each for each in model.__mro__ if key in getattr(each, "__annotations__", {}))
        names = [model.__name__, *(each.__name__ for each in owners)]
        told = (format_words.key_of(name, key, self.language) for name in names)
        return next(filter(None, told), "")


def _begun(wanted: Any, readers: tuple[Any, ...]) -> tuple[Schema | None, tuple[Any, ...]]:
    """Return the schema of the known type that the annotation adds to, and what it adds."""
    for length in range(len(readers) - 1, 0, -1):
        begun = Annotated[(wanted, *readers[:length])]
        for alias, schema in KNOWN:
            if alias == begun:
                return schema, readers[length:]
    return None, readers


def _told(schema: Schema, words: str) -> Schema:
    return {**schema, "description": words} if words else schema


def _bounds(info: FieldInfo) -> Schema:
    return {
        name: getattr(each, bound)
        for each in info.metadata
        for name, bound in _BOUNDS.items()
        if hasattr(each, bound)
    }
