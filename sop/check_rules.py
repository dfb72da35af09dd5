"""Checks of the rules: detectors that cannot be built, rungs that never come."""

from collections.abc import Iterator

from sop import detectors
from sop.check_subject import Subject
from sop.detect_words import compile_pattern
from sop.pack_rules import WordsCheck
from sop.schema_problems import Finding


def unusable_detectors(subject: Subject) -> Iterator[Finding]:
    """Find checks whose detector refuses what it is told."""
    for index, check in enumerate(subject.pack.rules.checks):
        path = ("rules", "checks", index)
        broken = _broken_patterns(check, path) if isinstance(check, WordsCheck) else ()
        yield from broken
        if not broken:
            try:
                detectors.build(check.detect, check.params)
            except ValueError as error:
                yield Finding(path=path, message=str(error))


def _broken_patterns(check: WordsCheck, path: tuple[str | int, ...]) -> tuple[Finding, ...]:
    told = ((index, refusal(pattern)) for index, pattern in enumerate(check.regex))
    return tuple(
        Finding(path=(*path, "regex", index), message=message)
        for index, message in told
        if message
    )


def refusal(pattern: str) -> str:
    """Return why a pattern cannot be used, or an empty text."""
    try:
        compile_pattern(pattern)
    except ValueError as error:
        return str(error)
    return ""


def unreachable_rungs(subject: Subject) -> Iterator[Finding]:
    """Find confirmations of rungs that the ladder does not have."""
    for index, rung in enumerate(subject.pack.rules.confirm):
        if rung not in subject.pack.rules.ladder:
            message = f"the ladder has no {rung}: this confirms nothing"
            yield Finding(path=("rules", "confirm", index), message=message, severity="warning")
