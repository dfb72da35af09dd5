"""What every key of a pack is for, in the words of people who write packs."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, Literal

from sop.yaml import yaml_source

Language = Literal["en", "zh"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "zh")

_COMMON: Final = "common"


def title_of(model: str, language: Language = "zh") -> str:
    """Return what a part of the pack is; empty where nobody wrote it down."""
    return _said(_packaged().get(model, {}).get("is"), language)


def key_of(model: str, key: str, language: Language = "zh") -> str:
    """Return what a key of a part is for, else what the key means everywhere, else nothing."""
    words = _packaged()
    own = words.get(model, {}).get(key) or words[_COMMON].get(key)
    return _said(own, language)


def examples(key: str) -> tuple[str, ...]:
    """Return what editors propose for a key, besides what the code can list."""
    return tuple(_packaged()["examples"][key])


def form(name: str, language: Language) -> str:
    """Return how tables of keys name the form of a value."""
    return _said(_packaged()["forms"][name], language)


def heads(language: Language) -> tuple[str, ...]:
    """Return the heads of tables of keys."""
    return tuple(_said(pair, language) for pair in _packaged()["heads"].values())


def _said(pair: Any, language: Language) -> str:
    return str(pair[LANGUAGES.index(language)]) if pair else ""


@cache
def _packaged() -> Mapping[str, Mapping[str, Any]]:
    data: Mapping[str, Mapping[str, Any]] = yaml_source.load_packaged("format_words.yaml")
    return data
