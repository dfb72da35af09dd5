"""What members are told of a rule and of a measure: the same words for whoever asks for them."""

from collections.abc import Mapping
from typing import Final

from sop.book import Book
from sop.detectors import raids
from sop.texts import length, text
from sop.times import localtime
from sop.times.durations import HOUR_MS

_TOLD: Final[Mapping[str, str]] = {
    "remind": "rules.reminder",
    "remind-privately": "rules.reminder",
    "mute-points": "rules.muted",
    "remove": "rules.removed",
}


def rule_name(book: Book, rule: str) -> str:
    """Return what members call a rule: the pack's reason, else the kind of detector."""
    check = next((each for each in book.pack.rules.checks if each.id == rule), None)
    if check is None:
        return text("rules.raid" if rule == raids.RULE else "rules.staff")
    return check.reason or text(f"rules.{check.detect}")


def of_measure(book: Book, rung: str, rule: str, name: str, when: str = "") -> str:
    """Return what a measure tells the member in private, empty where it tells them nothing.

    `when` says when the message was said; empty: just now.
    """
    key = _TOLD.get(rung)
    if key is None:
        return ""
    words = text(
        key, name=name, rule=rule_name(book, rule), length=length(book.pack.rules.mute_ms),
        when=when or text("rules.just-now"),
    )  # fmt: skip
    return with_appeal(book, words, "rules.may-appeal")


def when(book: Book, at: int, now: int) -> str:
    """Return the day of a message that people decided about later, empty for one of just now."""
    if now - at <= HOUR_MS:
        return ""
    day = localtime.local_date(at, book.zone)
    return text("rules.that-day", month=day.month, day=day.day)


def with_appeal(book: Book, words: str, how: str) -> str:
    """Add how to object (the text `how`), where the pack lets members appeal."""
    return words if book.pack.rules.appeal is None else f"{words}\n{text(how)}"
