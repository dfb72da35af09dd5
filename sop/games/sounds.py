"""How characters sound: their syllables without tones, from the table of pypinyin (MIT).

Only that file is read, when it is first asked for; the package itself is not imported.
"""

import json
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import metadata
from pathlib import Path
from typing import Final

_HAN: Final = range(0x4E00, 0xA000)


def alike(one: str, other: str) -> bool:
    """Tell whether two characters have a syllable in common, whatever its tone."""
    return one == other or not syllables(one).isdisjoint(syllables(other))


@lru_cache(maxsize=4096)
def syllables(character: str) -> frozenset[str]:
    """Return the syllables a character is read with; none for what is no Han character."""
    return frozenset(map(_toneless, filter(None, _table().get(character, "").split(","))))


def first_readings() -> Mapping[str, str]:
    """Return the most common syllable of every Han character in the table.

    The table is read for that and not kept: it takes megabytes, and few communities play with it.
    """
    return {char: _toneless(read.partition(",")[0]) for char, read in _read().items() if read}


@lru_cache(maxsize=2048)
def _toneless(syllable: str) -> str:
    # The two dots make another vowel, a tone does not.
    parted = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(char for char in parted if not unicodedata.combining(char))


@cache
def _table() -> Mapping[str, str]:
    return _read()


def _read() -> Mapping[str, str]:
    file = metadata.distribution("pypinyin").locate_file("pypinyin/pinyin_dict.json")
    table: Mapping[str, str] = json.loads(Path(str(file)).read_text(encoding="utf-8"))
    return {chr(int(code)): read for code, read in table.items() if int(code) in _HAN}
