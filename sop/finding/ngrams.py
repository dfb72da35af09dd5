"""What a text is found by: overlapping pairs of Han characters, single ones, and words."""

import re
from typing import Final

from sop.text import normalise

MOST: Final = 400
"""Terms of one text: what follows is not found by. Bounds the work of every search."""

_CLOSE: Final = "\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
"""The writings that put no blanks between words."""

_RUNS: Final = re.compile(f"[{_CLOSE}]+|[^\\W\\d_{_CLOSE}]+|\\d+")


def runs(text: str) -> tuple[str, ...]:
    """Return the stretches of one writing: of Han characters, of letters, of digits.

    They are normalised, in their order, and hold nothing that is not a letter or a digit.
    """
    return tuple(_RUNS.findall(normalise(text)))


def terms(text: str) -> tuple[str, ...]:
    """Return the terms of a text, each once: what every database keeps and looks for alike.

    Han characters give each pair of neighbours and each character alone, so that a word of two
    is found wherever it stands; letters and digits stay whole words. Never raises; at most
    `MOST`, none of them empty, none with a blank.
    """
    found = (term for run in runs(text) for term in grams(run))
    return tuple(dict.fromkeys(found))[:MOST]


def grams(run: str) -> tuple[str, ...]:
    """Return the terms of one stretch."""
    if not is_close(run):
        return (run,)
    return (*(run[i : i + 2] for i in range(len(run) - 1)), *run)


def is_close(run: str) -> bool:
    """Tell whether a stretch is of characters that are words by themselves."""
    return re.match(f"[{_CLOSE}]", run) is not None
