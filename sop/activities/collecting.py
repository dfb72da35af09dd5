"""What a collection takes, for which of several something is meant, and how its entries rank.

Pure functions; instants are ms UTC.
"""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final
from unicodedata import normalize

from sop.detectors.detect_ads import contact
from sop.detectors.detector_data import packaged
from sop.detectors.detector_params import Params
from sop.detectors.verdicts import Detector, Utterance
from sop.text import normalise

COMMANDS: Final[Mapping[str, tuple[str, ...]]] = {
    "submit": ("story", "photo", "thanks", "review", "idea"),
    "checkin": ("checkin",),
    "wish": ("wish",),
    "snag": ("snag",),
}
"""The kinds of collections that each command gives an entry for."""

KINDS: Final = tuple(kind for kinds in COMMANDS.values() for kind in kinds)

PENDING: Final = "pending"
REJECTED: Final = "rejected"
WITHDRAWN: Final = "withdrawn"
LATE: Final = "late"
FIXED: Final = "fixed"
CONFIRMED: Final = "confirmed"
MADE_UP: Final = "made-up"

HIDDEN: Final = frozenset({PENDING, REJECTED, WITHDRAWN, LATE})
"""Statuses of an entry that is shown to nobody: not yet, or not any more."""

SHOWN: Final = ("open", "accepted", "featured", FIXED, CONFIRMED)
"""Statuses of what members gave and may like."""

_SPREAD: Final = re.compile(r"(?<=\d)[ .·_-]{1,3}(?=\d)")
"""What parts the digits of a number that is not to be found."""

LONGEST_NAME: Final = 20
"""Characters that the name of a team may have."""

MOST_CANDIDATES: Final = 9
"""Collections among which one may be chosen by its number: one digit."""

HALVES: Final = 2
"""A goal is told of in so many parts."""


def command_of(kind: str) -> str:
    """Return the command by which an entry of that kind is given."""
    return next(command for command, kinds in COMMANDS.items() if kind in kinds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A collection that is open: how it may be called, and what its entries may be of."""

    name: str
    title: str
    kind: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The place of the candidate that is meant, None where that is not certain; what was said."""

    place: int | None
    said: str
    category: str = ""


def choose(
    candidates: Sequence[Candidate], said: str, separators: str, *, has_image: bool = False
) -> Choice:
    """Tell which collection an entry is for: by its name, number or category, else the only one.

    A picture is for the only one that collects pictures, words for the only one that does not.
    """
    by_name = named(candidates, said, separators)
    if by_name is not None:
        return _with_category(candidates, *by_name)
    by_number = _by_number(candidates, said, separators)
    if by_number is not None:
        return _with_category(candidates, *by_number)
    fitting = [
        place
        for place, each in enumerate(candidates)
        if _leading(each.categories, said, separators) is not None
    ]
    if len(fitting) == 1:
        return _with_category(candidates, fitting[0], said)
    if len(candidates) > 1:
        pictures = [place for place, each in enumerate(candidates) if each.kind == "photo"]
        words = [place for place, each in enumerate(candidates) if each.kind != "photo"]
        alike = pictures if has_image else words
    else:
        alike = list(range(len(candidates)))
    if len(alike) == 1:
        return _with_category(candidates, alike[0], said)
    return Choice(place=None, said=said)


def named(candidates: Sequence[Candidate], said: str, separators: str) -> tuple[int, str] | None:
    """Return the place of the only one whose name stands first, and what follows it."""
    found: dict[int, str] = {}
    longest = 0
    for place, each in enumerate(candidates):
        for name in (each.title, each.name):
            rest = _after(name, said, separators)
            if rest is not None and len(name) >= longest:
                found = found if len(name) == longest else {}
                found[place], longest = rest, len(name)
    return next(iter(found.items())) if len(found) == 1 else None


def _by_number(
    candidates: Sequence[Candidate], said: str, separators: str
) -> tuple[int, str] | None:
    number, rest = normalize("NFKC", said[:1]), said[1:]
    if not number.isdecimal() or not 1 <= int(number) <= len(candidates) > 1:
        return None
    return (int(number) - 1, rest.lstrip(separators)) if rest[:1] in tuple(separators) else None


def _with_category(candidates: Sequence[Candidate], place: int, said: str) -> Choice:
    """The category that stands first, else the only one that is spoken of."""
    categories = candidates[place].categories
    first = [each for each in categories if normalise(said).startswith(normalise(each))]
    spoken = [each for each in categories if normalise(each) in normalise(said)]
    found = max(first, key=len) if first else spoken[0] if len(spoken) == 1 else ""
    return Choice(place=place, said=said, category=found)


def _leading(names: Iterable[str], said: str, separators: str) -> str | None:
    found = [name for name in names if _after(name, said, separators) is not None]
    return max(found, key=len) if found else None


def _after(name: str, said: str, separators: str) -> str | None:
    """Return what follows a name that stands first as a word; None where it does not."""
    head, rest = said[: len(name)], said[len(name) :]
    if not name or head.casefold() != name.casefold() or (rest and rest[0] not in separators):
        return None
    return rest.lstrip(separators)


def split_team(said: str, by: str, separators: str) -> tuple[str, str]:
    """Return the team that stands first (`家庭 张家 …`) and what was said beside it."""
    rest = _after(by, said, separators) if by else None
    if not rest:
        return "", said
    end = next((at for at, char in enumerate(rest) if char in separators), len(rest))
    return rest[:end][:LONGEST_NAME], rest[end:].lstrip(separators)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry as it stands: whose it is (0: nobody may know), its likes, and since when.

    `day` is the local date of a check-in: two of one day are one.
    """

    number: int
    person: int
    at: int
    team: str = ""
    likes: int = 0
    liked_at: int = 0
    day: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place of a ranking: an entry, a person's entries, or a team's.

    `count` is what it is ranked by. Of two with the same, who has reached it earlier goes first.
    """

    count: int
    reached_at: int
    numbers: tuple[int, ...]
    persons: tuple[int, ...]
    team: str = ""
    likes: int = 0


def ranked(
    entries: Iterable[Entry], *, per: str = "entry", team: bool = False, by_days: bool = False
) -> tuple[Place, ...]:
    """Return the places, the best first; what nobody liked (or gave) has none.

    Entries rank by likes; of a person (`per`) the best one counts. Teams rank by their entries,
    or (`per` person) their members; check-ins (`by_days`) by how many days somebody has.
    """
    if team:
        places = _teams(entries, per)
    elif by_days:
        places = _gathered(entries)
    else:
        places = [_single(each) for each in entries]
        places = _best_of_each(places) if per == "person" else places
    return tuple(sorted((each for each in places if each.count > 0), key=_order))


def _order(place: Place) -> tuple[int, int, int]:
    return -place.count, place.reached_at, place.numbers[0]


def _single(entry: Entry) -> Place:
    return Place(
        count=entry.likes, reached_at=entry.liked_at or entry.at, numbers=(entry.number,),
        persons=(entry.person,), likes=entry.likes,
    )  # fmt: skip


def _best_of_each(places: Iterable[Place]) -> list[Place]:
    best: dict[int, Place] = {}
    for place in sorted(places, key=_order):
        # Who is not known is never taken for the same.
        best.setdefault(place.persons[0] or -place.numbers[0], place)
    return list(best.values())


def _gathered(entries: Iterable[Entry]) -> list[Place]:
    found: dict[int, dict[str, Entry]] = {}
    for entry in sorted(entries, key=lambda each: (each.at, each.number)):
        found.setdefault(entry.person, {}).setdefault(entry.day, entry)
    return [_days(person, [*days.values()]) for person, days in found.items()]


def _days(person: int, firsts: Sequence[Entry]) -> Place:
    return Place(
        count=len(firsts), reached_at=firsts[-1].at, persons=(person,),
        numbers=tuple(each.number for each in firsts),
    )  # fmt: skip


def _teams(entries: Iterable[Entry], per: str) -> list[Place]:
    teams: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: (each.at, each.number)):
        if entry.team:
            teams.setdefault(normalise(entry.team), []).append(entry)
    return [_team(found, per) for found in teams.values()]


def _team(entries: Sequence[Entry], per: str) -> Place:
    firsts = {entry.person: entry for entry in reversed(entries)}
    counted = sorted(firsts.values(), key=lambda each: each.at) if per == "person" else entries
    return Place(
        count=len(counted), reached_at=counted[-1].at, team=entries[0].team,
        numbers=tuple(each.number for each in entries),
        persons=tuple(dict.fromkeys(each.person for each in entries)),
        likes=sum(each.likes for each in entries),
    )  # fmt: skip


def mark_passed(before: int, now: int, goal: int) -> int:
    """Return how much of the goal in halves has just been reached: 1, 2, or 0 for nothing new."""
    passed = [half for half in (1, HALVES) if before < math.ceil(goal * half / HALVES) <= now]
    return max(passed, default=0)


@cache
def _contacts() -> Detector:
    return contact(Params("contact", {}), packaged())


def has_contact(said: str) -> bool:
    """Tell whether a text holds a phone number, messenger id, group number or mail address."""
    normal = normalise(said)
    return any(
        (verdict := _contacts()(Utterance(text=said, normal=each, at=0))) and verdict.violated
        for each in (normal, _SPREAD.sub("", normal))
    )
