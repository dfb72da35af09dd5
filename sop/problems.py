"""Problems: what is wrong in a file of the operator's, where, and what would be right."""

import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final, Literal

from sop import likeness

Path = tuple[str | int, ...]
Severity = Literal["error", "warning"]

# Half the letters may differ: `daly` finds `daily`, `xyz` finds nothing.
_NEAR: Final = 0.5

# Blanks of other widths, and letters of fonts of one's own.
_HARMLESS: Final = frozenset({"Zs", "Co"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One problem; line and column count from 1, columns in characters.

    `fatal` says that the file cannot be read as what it should be at all.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    suggestion: str = ""
    severity: Severity = "error"
    fatal: bool = False

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}:{self.column}: "
        path = f"{self.path}: " if self.path else ""
        hint = f" (did you mean {self.suggestion}?)" if self.suggestion else ""
        return plain_line(f"{where}{path}{self.message}{hint}")

    def told(self) -> str:
        """The line for people, which says whether it is only a warning."""
        return f"{self}" if self.severity == "error" else f"{self} (warning)"

    def as_dict(self) -> dict[str, Any]:
        """Return what `check --json` prints of it."""
        return {name: value for name, value in asdict(self).items() if name != "fatal"}


def plain_line(line: str) -> str:
    """Return the line with its controls spelled out: no terminal obeys it, and it stays one."""
    return line if line.isprintable() else "".join(map(_visible, line))


def _visible(sign: str) -> str:
    if sign.isprintable() or unicodedata.category(sign) in _HARMLESS:
        return sign
    return sign.encode("unicode_escape").decode()


def path_text(path: Path) -> str:
    """Return a path as operators read it: `steps[2].do[0].post`."""
    parts = (f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return "".join(parts).removeprefix(".")


def suggestion(written: object, known: Iterable[str]) -> str:
    """Return the known word that was probably meant, or an empty text."""
    return likeness.nearest(str(written)[:100], list(known), _NEAR, "letters") or ""


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems as they stand in the file, each once."""
    unique = dict.fromkeys(problems)
    return tuple(sorted(unique, key=lambda each: (each.file, each.line, each.column)))
