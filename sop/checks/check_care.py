"""Checks of `care`: promises that contradict each other or the hours, and that nobody can keep."""

from collections.abc import Iterator

from sop.activities.care import PAID, minutes_of, outside, taken_by, words_of
from sop.bindings.bindings import Binding
from sop.channels import can, hears_all
from sop.checks.check_bound import Note, heard, together
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_people import Care
from sop.times.durations import MINUTE_MS, Span, format_duration
from sop.yaml.schema_problems import Finding


def odd_care(subject: Subject) -> Iterator[Finding]:
    """Find times that cannot be kept, and grades no question gets or nobody answers."""
    care = subject.pack.care
    if care is not None:
        yield from _hours(subject, care)
        yield from _times(care)
        yield from _grades(subject, care)


def _hours(subject: Subject, care: Care) -> Iterator[Finding]:
    quiet = subject.pack.quiet
    if care.within is not None and quiet is not None and _overlap(care.within, quiet):
        message = "reaches into quiet hours: people are asked about questions in them"
        yield warning(("care", "within"), message)
    if not care.answer_within_ms:
        yield warning(("care", "answer_within"), "leaves no time to answer: say 30m or more")
    asleep = outside(care.within) if care.within else quiet
    awake = minutes_of(outside(asleep)) * MINUTE_MS if asleep else 0
    if asleep and care.answer_within_ms > awake:
        message = (
            f"is longer than the {format_duration(awake)} a day that count: "
            "who asks may hear nothing for days"
        )
        yield warning(("care", "answer_within"), message)


def _overlap(one: Span, other: Span) -> bool:
    return _holds(one, other.start_minute) or _holds(other, one.start_minute)


def _holds(span: Span, minute: int) -> bool:
    return (minute - span.start_minute) % (24 * 60) < minutes_of(span)


def _times(care: Care) -> Iterator[Finding]:
    for name, grade in care.grades.items():
        if not grade.due_ms:
            message = "leaves no time to answer: say 10m or more"
            yield warning(("care", "grades", name, "due"), message)
        elif grade.due_ms > care.answer_within_ms:
            length = format_duration(care.answer_within_ms)
            message = f"is later than any question is answered, after {length}"
            yield warning(("care", "grades", name, "due"), message)


def _grades(subject: Subject, care: Care) -> Iterator[Finding]:
    for name, grade in care.grades.items():
        path = ("care", "grades", name)
        taken = taken_by(care.grades, name)
        if not words_of(grade) and (name != PAID or grade.says):
            yield warning(path, "has no words under says: no question is of this grade")
        elif taken:
            message = f'never applies: "{taken}" takes every question with these words'
            yield warning((*path, "says"), message)
        if grade.to == "leader" and subject.pack.leaders is None:
            yield warning((*path, "to"), "the pack has no leaders: say owner or staff")


def unheard_questions(subject: Subject) -> Iterator[Finding]:
    """Find groups in which no question, or not every answer, can be heard."""
    if subject.pack.care is not None:
        yield from together((_unheard,), subject)


def _unheard(subject: Subject, group: Binding) -> Iterator[Note]:
    del subject
    if not can(group.channels, "hear_mentions") and not hears_all(group.channels):
        yield Note(("care",), f"{{where}} no question is heard: {heard(group)}")
