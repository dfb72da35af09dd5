"""What a deed pays, and what points amount to: pure arithmetic over ledger and pack.

Balance is the plain sum. Score is the sum within `window`, each entry halved continuously
every `half_life` (weight 0.5 ** (age / half_life)), rounded half up once.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from sop import likeness
from sop.frozen import quick
from sop.model import LedgerEntry, Person
from sop.pack.pack_score import Earn, Level, Lose, Score
from sop.text import visible_length
from sop.times import localtime

ALIKE: Final = 0.9
"""Likeness from which a text counts as one the member has said before."""

KEPT_TEXT: Final = 200
"""Characters kept of a member's recent texts: enough to tell copies, bounded for the row."""

EARLIER: Final = "/earlier"
"""Ends the name of a deed's tally in the period before: around midnight events come in any order,
and clocks are put back."""


@quick
@dataclass(frozen=True, slots=True)
class Award:
    """What one deed pays: `balance` and `score` points, or `refused` with the reason."""

    balance: int = 0
    score: int = 0
    refused: str = ""


def period_of(period: str, at: int, zone: ZoneInfo) -> str:
    """Name the local day or ISO week an instant is in."""
    return period_name(period, localtime.local_date(at, zone))


@lru_cache(maxsize=64)
def period_name(period: str, day: date) -> str:
    """Name the day, or the ISO week it is in, as awards are counted by."""
    if period == "day":
        return day.isoformat()
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02}"


MOST: Final = 10**15
"""No balance or score goes beyond, either way: sums of it still fit a 64-bit column."""


def fits(*figures: int) -> bool:
    """Tell whether figures are within what a person's can hold."""
    return min(figures) >= -MOST and max(figures) <= MOST


def half_up(value: float) -> int:
    """Round to the nearest whole number, halves away from zero."""
    return int(Decimal(repr(value)).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def award_for(
    spec: Earn,
    person: Person,
    deed: str,
    *,
    at: int,
    zone: ZoneInfo,
    normal: str,
    score: Score,
    said: str = "",
) -> Award:
    """Decide what a deed pays now.

    `said` is the text behind it, if any, and `normal` the same normalised: characters are
    counted as people see them, which normalising changes.
    """
    refused = _refusal(spec, person, deed, at, zone, normal) or _too_short(spec, said or normal)
    if refused:
        return Award(refused=refused)
    factor = score.paid_multiplier if pays(person, at) else None
    return Award(
        balance=half_up(spec.points * factor.balance) if factor else spec.points,
        score=half_up(spec.points * factor.score) if factor else spec.points,
    )


def _too_short(spec: Earn, said: str) -> str:
    return "short" if spec.min_chars and visible_length(said) < spec.min_chars else ""


def pays(person: Person, at: int) -> bool:
    """Tell whether the person pays at that instant."""
    return person.paid and (not person.paid_until or at < person.paid_until)


def _refusal(spec: Earn, person: Person, deed: str, at: int, zone: ZoneInfo, normal: str) -> str:
    if person.muted_until > at:
        return "muted"
    if spec.once and deed in person.lifetime:
        return "once"
    if capped(spec, person, deed, at, zone):
        return "cap"
    if spec.distinct and _said_before(normal, remembered(person, deed)[-spec.distinct :]):
        return "same"
    return ""


def capped(spec: Earn | Lose, person: Person, deed: str, at: int, zone: ZoneInfo) -> bool:
    """Tell whether the deed's cap is used up in the current local day or week."""
    if spec.cap is None:
        return False
    current = period_of(spec.cap.period, at, zone)
    return _counts(person, deed, current).get(current, 0) >= spec.cap.n


def is_forgotten(spec: Earn | Lose, person: Person, deed: str, at: int, zone: ZoneInfo) -> bool:
    """Tell whether nobody tallies that period any more: it lies before the newest two."""
    if spec.cap is None:
        return False
    current = period_of(spec.cap.period, at, zone)
    counts = _counts(person, deed, current)
    return len(counts) == len(_names(deed)) and current < min(counts)


def tally(
    spec: Earn | Lose, person: Person, deed: str, at: int, zone: ZoneInfo
) -> dict[str, tuple[str, int]]:
    """Return the person's tallies with one more award of the deed; the newest two periods stay."""
    tallies = dict(person.tallies)
    if spec.cap is None:
        return tallies
    current = period_of(spec.cap.period, at, zone)
    counts = _counts(person, deed, current)
    counts[current] = counts.get(current, 0) + 1
    for name in _names(deed):
        tallies.pop(name, None)
    return tallies | dict(zip(_names(deed), sorted(counts.items(), reverse=True), strict=False))


def _counts(person: Person, deed: str, current: str) -> dict[str, int]:
    """Return the awards tallied by period; an edit of the cap has begun other periods."""
    known = (person.tallies[name] for name in _names(deed) if name in person.tallies)
    return {period: count for period, count in known if len(period) == len(current)}


def bounds_of(period: str, at: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the first instant of the local day or ISO week an instant is in, and of the next."""
    day = localtime.local_date(at, zone)
    length = timedelta(days=1)
    if period != "day":
        day, length = day - timedelta(days=day.weekday()), timedelta(days=7)
    return localtime.local_midnight(day, zone), localtime.local_midnight(day + length, zone)


def without(
    spec: Earn | Lose | None, person: Person, entry: LedgerEntry, zone: ZoneInfo
) -> dict[str, tuple[str, int]]:
    """Return the person's tallies with the award of a reversed entry taken out of its period."""
    tallies = dict(person.tallies)
    if spec is None or spec.cap is None:
        return tallies
    counted_in = period_of(spec.cap.period, entry.at, zone)
    for name in _names(entry.deed):
        period, count = tallies.get(name, ("", 0))
        if period == counted_in and count:
            tallies[name] = (period, count - 1)
    return tallies


def _names(deed: str) -> tuple[str, str]:
    return deed, f"{deed}{EARLIER}"


def remembered(person: Person, deed: str) -> tuple[str, ...]:
    """Return the texts that paid the deed last, newest last."""
    head = f"{deed}:"
    return tuple([text[len(head) :] for text in person.recent if text.startswith(head)])


def remember(person: Person, deed: str, normal: str, distinct: int) -> tuple[str, ...]:
    """Return the person's recent texts with one more that paid the deed.

    Every deed has its own: one message may pay several, and is no copy of itself.
    """
    if not (normal and distinct):
        return person.recent
    head = f"{deed}:"
    others = [text for text in person.recent if not text.startswith(head)]
    own = [text for text in person.recent if text.startswith(head)]
    return (*others, *[*own, f"{head}{_bare(normal)}"][-distinct:])


def _bare(normal: str) -> str:
    """Return what is kept of a text: blanks and signs between its characters make no other one."""
    return ("".join(filter(str.isalnum, normal)) or normal)[:KEPT_TEXT]


def _said_before(normal: str, recent: Sequence[str]) -> bool:
    return likeness.nearest(_bare(normal), recent, ALIKE) is not None


Booked = tuple[int, int, int, int]
"""Of a ledger entry what its weight follows from: standing, at, id, reversal_of."""

BOOKED: Final = ("standing", "at", "id", "reversal_of")
"""The fields of `Booked`, by name."""


def score_at(entries: Iterable[Booked], now: int, score: Score) -> int:
    """Compute the standing from ledger entries at an instant, whatever their order.

    What was reversed never stood: it is left out with its reversal, however old it is.
    """
    since = now - score.window_ms if score.window_ms is not None else None
    counted = standing_entries(entry for entry in entries if since is None or entry[1] > since)
    half_life = score.half_life_ms
    if half_life is None:
        return sum([entry[0] for entry in counted])
    # Summed exactly: what rounds up must not depend on the order of reading. What is yet to come
    # (a clock that was put back) has not begun to fade.
    past = [points * 0.5 ** ((now - at) / half_life) for points, at, _, _ in counted if at <= now]
    return half_up(math.fsum(past)) + sum([entry[0] for entry in counted if entry[1] > now])


def standing_entries(entries: Iterable[Booked]) -> list[Booked]:
    """Return the entries that stand: neither reversed nor a reversal."""
    found = list(entries)
    undone = {entry[3] for entry in found}
    if undone <= {0}:
        return found
    return [entry for entry in found if not entry[3] and entry[2] not in undone]


def level_for(levels: Sequence[Level], score: int) -> Level | None:
    """Return the highest level whose `at` the score reaches; None where there is none.

    A first level at 0 is everybody's: a score below zero does not take it away.
    """
    best = None
    for level in levels:
        if level.at <= max(score, 0) and (best is None or level.at > best.at):
            best = level
    return best


def next_level(levels: Sequence[Level], score: int) -> Level | None:
    """Return the lowest level not yet reached."""
    missing = (level for level in levels if level.at > max(score, 0))
    return min(missing, key=lambda level: level.at, default=None)
