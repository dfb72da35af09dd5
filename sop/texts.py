"""What the program itself says to people, from `texts.yaml`: a language is one file."""

from functools import cache
from typing import Any

from sop.yaml import yaml_source


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


_QUOTES = "\u300a\u300c\u300e\u201c"
"""Characters that open a title which is quoted already."""

_UNITS = (("day", 86_400_000), ("hour", 3_600_000), ("minute", 60_000))


_ROUNDED = ((86_400_000, 10 * 86_400_000), (3_600_000, 10 * 3_600_000))


def length(ms: int) -> str:
    """Return a length of time in its largest whole unit; nothing for less than a minute.

    One that is no whole number of hours or days, and long, is rounded to what people count in.
    """
    ms = next((round(ms / size) * size for size, many in _ROUNDED if ms >= many), ms)
    for unit, size in _UNITS:
        if ms >= size and ms % size == 0:
            return text(f"length.{unit}", count=ms // size)
    return text("length.minute", count=ms // 60_000) if ms >= 60_000 else ""  # noqa: PLR2004 - ms


def quoted(title: str) -> str:
    """Return a title in quotation marks, unless it brings its own."""
    return title if title[:1] in _QUOTES else text("people.quoted", title=title)
