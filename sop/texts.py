"""Every text the program itself says to people, from `texts.yaml`: another language is another file."""

from functools import cache
from typing import Any

from sop import yaml_source


@cache
def _texts() -> dict[str, str]:
    loaded: Any = yaml_source.load_packaged("texts.yaml")
    return {
        f"{area}.{name}": text for area, texts in loaded.items() for name, text in texts.items()
    }


def text(key: str, **values: object) -> str:
    """Return the text `area.name` with its `{placeholders}` filled in.

    Raises `KeyError` for an unknown key or a missing value: both are mistakes of the program.
    """
    return _texts()[key].format(**values).rstrip("\n")


def has(key: str) -> bool:
    """Tell whether there is such a text."""
    return key in _texts()
