"""What every mapping of a pack has in common: frozen, strict, and sure of its keys."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import (
    BaseModel,
    ConfigDict,
    ModelWrapValidatorHandler,
    ValidationError,
    model_validator,
)
from pydantic_core import InitErrorDetails, PydanticCustomError


class Part(BaseModel):
    """A mapping of the pack: frozen, typed strictly, and no key but those it knows.

    `UNDER` is the YAML key a model's fields stand under when that key is not a field itself
    (`{drop: {pool: …}}`), empty otherwise. `ELSEWHERE` says of keys that are often written here
    where they belong.
    """

    # A part is mostly read as part of another one, whose validator holds it: its own can wait.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)

    UNDER: ClassVar[str] = ""
    ELSEWHERE: ClassVar[Mapping[str, str]] = {}

    @model_validator(mode="wrap")
    @classmethod
    def _name_known_keys(cls, value: Any, handler: ModelWrapValidatorHandler["Part"]) -> "Part":
        try:
            return handler(value)
        except ValidationError as error:
            raise _with_known_keys(error, keys_of(cls), cls.ELSEWHERE) from None


def keys_of(model: type[BaseModel]) -> tuple[str, ...]:
    """Return the YAML keys of a part, in the order they are declared."""
    return tuple(field.alias or name for name, field in model.model_fields.items())


def _with_known_keys(
    error: ValidationError, known: tuple[str, ...], elsewhere: Mapping[str, str]
) -> ValidationError:
    lines = [_line(dict(line), known, elsewhere) for line in error.errors(include_url=False)]
    return ValidationError.from_exception_data(error.title, lines)


def _line(
    line: dict[str, Any], known: tuple[str, ...], elsewhere: Mapping[str, str]
) -> InitErrorDetails:
    kind: Any = line["type"]
    context = line.get("ctx", {})
    if kind == "extra_forbidden" and len(line["loc"]) == 1:
        belongs = elsewhere.get(str(line["loc"][0]), "")
        context = {"message": "unknown key", "known": known, "belongs": belongs}
        kind = PydanticCustomError("unknown_key", "{message}", context)
    elif kind in {"unknown_key", "problem"}:
        kind = PydanticCustomError(kind, "{message}", context)
    return InitErrorDetails(type=kind, loc=line["loc"], input=line["input"], ctx=context)


def problem(
    message: str, *, known: tuple[str, ...] = (), tried: tuple[object, ...] = (), at: str = ""
) -> PydanticCustomError:
    """Make an error for the operator; `tried` is what was written instead of one of `known`.

    `at` names the key below the guilty mapping that is to blame.
    """
    context = {"message": message, "known": known, "tried": tried, "at": at}
    return PydanticCustomError("problem", "{message}", context)
