"""How alike two texts are, and which of several is nearest.

rapidfuzz is loaded by the first comparison: four megabytes that a program at rest does without.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal

Measure = Literal["ratio", "typing", "letters"]
"""What counts: the characters in common, slips of typing (a swap once), or letters changed."""

_WHOLE: Final = 100.0


def ratio(a: str, b: str) -> float:
    """Return the characters two texts have in common, from 0.0 to 1.0 (equal)."""
    alike: float = _loaded()["ratio"](a, b)
    return alike / _WHOLE


def nearest(
    word: str, known: Sequence[str], least: float, measure: Measure = "ratio"
) -> str | None:
    """Return the known word that is most like a word, if one is at least so much (0.0 to 1.0)."""
    loaded = _loaded()
    cutoff = least * _WHOLE if measure == "ratio" else least
    found = loaded["nearest"](word, known, scorer=loaded[measure], score_cutoff=cutoff)
    return None if found is None else str(found[0])


@cache
def _loaded() -> Mapping[str, Any]:
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above
    from rapidfuzz.distance import OSA, DamerauLevenshtein  # noqa: PLC0415

    return {
        "nearest": process.extractOne,
        "ratio": fuzz.ratio,
        "typing": OSA.normalized_similarity,
        "letters": DamerauLevenshtein.normalized_similarity,
    }
