"""The lines the project writes itself about adverts and ordinary talk, read for training.

In a file of `sop/corpus` a line that begins with `# ` opens a family of lines of one kind; a name
in braces stands for one of its values in `blocks.yaml`, filled in anew for each copy of the line.
"""

import random
import re
from collections.abc import Iterator
from importlib import resources
from typing import NamedTuple

from sop.text import hash_normal
from sop.yaml import yaml_source

COPIES = 3
"""How often a line with braces is filled in."""

_BRACES = re.compile(r"\{(.)\}")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Line(NamedTuple):
    """A line, the kind it is of, and whether it is an advert."""

    text: str
    family: str
    is_advert: bool


def lines(seed: int = 7) -> list[Line]:
    """Return every line of the corpus, those with braces filled in; each text once."""
    chance = random.Random(seed)
    written = [*_written()]
    adverts = [line.text for line in written if line.is_advert and len(line.text) < 60]
    filled: dict[str, Line] = {}
    for line in written:
        for _ in range(COPIES if "{" in line.text else 1):
            text = line.text.replace("{广}", chance.choice(adverts))
            text = _filled(text, chance)
            filled.setdefault(text, line._replace(text=text))
    return [*filled.values()]


def digest() -> str:
    """Return a fingerprint of everything a model is made from."""
    return hash_normal("\n".join(f"{one.is_advert:d}{one.text}" for one in lines()))


def _written() -> Iterator[Line]:
    folder = resources.files("sop").joinpath("corpus")
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if not file.name.endswith(".txt"):
            continue
        family = ""
        for text in file.read_text(encoding="utf-8").splitlines():
            if text.startswith("# "):
                family = text[2:]
            elif text:
                yield Line(text, family, file.name.startswith("adverts"))


def _filled(text: str, chance: random.Random) -> str:
    blocks = yaml_source.load_packaged("blocks.yaml", "corpus")
    while match := _BRACES.search(text):
        value = chance.choice(blocks[match[1]])
        if match[1] in "号q电网手微邮链单码":
            value = _drawn(value, chance, mail=match[1] == "邮")
        text = text[: match.start()] + value + text[match.end() :]
    return text


def _drawn(pattern: str, chance: random.Random, *, mail: bool) -> str:
    """Put a letter for each `@` and a digit for each `#`; the last `@` of a mail address stays."""
    name, _, server = pattern.rpartition("@") if mail else (pattern, "", "")
    signs = (
        chance.choice("0123456789") if sign == "#"
        else chance.choice(_LETTERS) if sign == "@"
        else sign
        for sign in name
    )  # fmt: skip
    return "".join(signs) + (f"@{server}" if server else "")
