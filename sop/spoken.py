"""Steps that a member's words set off, with their words compiled."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from sop.detectors.detect_words import WordList, compile_pattern
from sop.pack.pack_steps import Step
from sop.triggers.triggers import Mode, Says

Matcher = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Spoken:
    """A step, and whether a normalised text sets it off. Takes time linear in the text."""

    step: Step
    matches: Matcher


def compile_steps(steps: Iterable[Step]) -> tuple[Spoken, ...]:
    """Return the steps with a `says` trigger, in file order.

    Raises `ValueError` for a pattern that `check` refuses.
    """
    return tuple(
        Spoken(step, _MATCHERS[step.when.mode](step.when.words))
        for step in steps
        if isinstance(step.when, Says)
    )


def _any(words: tuple[str, ...]) -> Matcher:
    listed = WordList.of(words)
    return lambda normal: bool(listed.found(normal))


def _all(words: tuple[str, ...]) -> Matcher:
    listed = WordList.of(words)
    return lambda normal: 0 < len(listed.words) == len(listed.found(normal))


def _patterns(words: tuple[str, ...]) -> Matcher:
    searches = tuple(map(compile_pattern, words))
    return lambda normal: any(search(normal) is not None for search in searches)


_MATCHERS: Final[Mapping[Mode, Callable[[tuple[str, ...]], Matcher]]] = {
    "any": _any,
    "all": _all,
    "regex": _patterns,
}
