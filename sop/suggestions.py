"""Owns the second half of an error sentence: what the operator probably meant."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

# Below this likeness (of 100) a guess misleads more often than it helps.
NEAR = 50


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?` with the nearest known word, or `otherwise` when none is near."""
    near = process.extractOne(word, list(known), scorer=fuzz.ratio, score_cutoff=NEAR)
    return f"did you mean {near[0]}?" if near else otherwise
