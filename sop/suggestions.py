"""Owns the second half of an error sentence: what the operator probably meant."""

from collections.abc import Iterable

from sop import likeness

# Below this likeness a guess misleads more often than it helps.
NEAR = 0.5


def did_you_mean(word: str, known: Iterable[str], otherwise: str) -> str:
    """`did you mean …?` with the nearest known word, or `otherwise` when none is near."""
    near = likeness.nearest(word, list(known), NEAR)
    return f"did you mean {near}?" if near is not None else otherwise
