"""Checks of the rules: detectors that cannot be built, rungs that never come."""

import re
from collections.abc import Iterator
from typing import Final

from sop.checks.check_subject import Subject
from sop.detectors import detectors
from sop.detectors.detect_words import PatternTooLargeError, pattern_size
from sop.detectors.detector_data import AdsData, Packaged, Reasons
from sop.pack.pack_rules import CHECKS, WordsCheck
from sop.problems import Path
from sop.triggers import triggers
from sop.yaml.schema_problems import Finding

_NOTHING: Final = re.compile("")

# Whether a detector takes what it is told does not depend on the packaged words, which take long.
_BARE: Final = Packaged(
    reasons={kind: Reasons(found="", clear="") for kind in CHECKS},
    endings=frozenset(),
    rumours=(),
    contacts=(),
    ads=AdsData(
        thresholds={"low": 1, "normal": 1, "high": 1}, asking={"low": 1, "normal": 1, "high": 1},
        contact={}, link=1, prices=1, number=1, poster=1, disguise=1, homophones=1,
        warning=1, learned=1,
        solicit=1, wording={}, known=frozenset(), hints=(), reach=(), asks=_NOTHING,
        price=_NOTHING, handle=_NOTHING, bare=_NOTHING, warns=_NOTHING, quotes=_NOTHING,
        introduces=_NOTHING, passes=_NOTHING, signals=(),
    ),
)  # fmt: skip

MAX_PATTERNS: Final = 100
"""Patterns of rules and triggers in one pack: every message is held against each of them."""

MAX_PATTERN_SIZE: Final = 20_000
"""What they may cost together: some tenths of a second for the longest message made for it."""

_TOGETHER_TOO_LARGE: Final = (
    "with this one the patterns of the pack are too large to hold every message against them, and "
    "none after it was looked at: repeat less in them (a{0,900} counts 900 times), or use words"
)

# One that is refused for its size took its time, too.
_OVERSIZE: Final = MAX_PATTERN_SIZE // 4


def unusable_detectors(subject: Subject) -> Iterator[Finding]:
    """Find checks whose detector refuses what it is told."""
    for index, check in enumerate(subject.pack.rules.checks):
        path = ("rules", "checks", index)
        if isinstance(check, WordsCheck) and check.regex:
            # A pattern that is refused, or is one too many, is told by its own check.
            continue
        try:
            detectors.build(check.detect, check.params, _BARE)
        except ValueError as error:
            yield Finding(path=path, message=str(error))


def unusable_patterns(subject: Subject) -> Iterator[Finding]:
    """Find patterns that are not matched in linear time, and such as are too many or too large.

    Those beyond the bounds are not even compiled, because each may take its time and memory.
    """
    patterns = list(_patterns(subject))
    room = MAX_PATTERN_SIZE
    for path, pattern in patterns[:MAX_PATTERNS]:
        size, message = _weighed(pattern)
        room -= size
        if message:
            yield Finding(path=path, message=message)
        if room < 0:
            yield Finding(path=path, message=_TOGETHER_TOO_LARGE)
            break
    if len(patterns) > MAX_PATTERNS:
        message = f"a pack has at most {MAX_PATTERNS} patterns: use words, or join some with |"
        yield Finding(path=patterns[MAX_PATTERNS][0], message=message)


def _patterns(subject: Subject) -> Iterator[tuple[Path, str]]:
    for path, step in subject.placed:
        if isinstance(step.when, triggers.Says) and step.when.mode == "regex":
            for place, pattern in enumerate(step.when.words):
                yield (*path, "when", "says", place), pattern
    for index, check in enumerate(subject.pack.rules.checks):
        for place, pattern in enumerate(check.regex if isinstance(check, WordsCheck) else ()):
            yield ("rules", "checks", index, "regex", place), pattern


def _weighed(pattern: str) -> tuple[int, str]:
    """Return a pattern's size, and why it cannot be used or an empty text."""
    try:
        return pattern_size(pattern), ""
    except PatternTooLargeError as error:
        return _OVERSIZE, str(error)
    except ValueError as error:
        return len(pattern), str(error)


def unreachable_rungs(subject: Subject) -> Iterator[Finding]:
    """Find confirmations of rungs that the ladder does not have."""
    for index, rung in enumerate(subject.pack.rules.confirm):
        if rung not in subject.pack.rules.ladder:
            message = f"the ladder has no {rung}: this confirms nothing"
            yield Finding(path=("rules", "confirm", index), message=message, severity="warning")
