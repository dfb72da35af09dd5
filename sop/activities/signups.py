"""Owns who gets a place: in order of coming, never more than there are, and for how long.

Pure functions; instants are ms UTC.
"""

import re
from hashlib import blake2b
from typing import Final, Literal

from sop.text import safe_name
from sop.times.durations import DAY_MS, HOUR_MS

Status = Literal["in", "waiting", "noted", "walked", "gone"]
"""in: has a place; waiting: for one; noted: until it opens for everybody; walked: came without
having signed up; gone: called off."""

USUAL_MS: Final = 7 * DAY_MS
"""How long names are taken where neither a length nor the event's time is told."""

EVENT_MS: Final = 6 * HOUR_MS
"""How long after an event's beginning people can still say that they are there."""

UNTIMED_MS: Final = 7 * DAY_MS
"""The same where nobody told when it is, from the end of the sign-up on."""

_DIGITS: Final = 6


def closes_at(opened_at: int, for_ms: int | None, event_at: int) -> int:
    """Return until when names are taken: for `for_ms`, or until the event (0: untold)."""
    ends = [opened_at + for_ms] if for_ms is not None else []
    ends += [event_at] if event_at else []
    return min(ends, default=opened_at + USUAL_MS)


def ends_at(closed_at: int, event_at: int) -> int:
    """Return when an event is over, of which names are no longer taken."""
    return event_at + EVENT_MS if event_at else closed_at + UNTIMED_MS


def status_of(
    *, taken: int, places: int | None, waiting: int, waitlist: bool, early: bool
) -> Status | None:
    """Return what becomes of who comes now; None: there is no place, and nobody waits here.

    Nobody passes those who wait already.
    """
    if early:
        return "noted"
    if places is None or (taken < places and not waiting):
        return "in"
    return "waiting" if waitlist else None


def free(taken: int, places: int | None) -> int:
    """Return how many places are left; of endless ones, more than anybody needs."""
    return max(places - taken, 0) if places is not None else _MANY


_MANY: Final = 100_000


def code(*secrets: object) -> str:
    """Return the six digits that are told at an event, made of what members do not know."""
    digest = blake2b("|".join(map(str, secrets)).encode(), digest_size=8).digest()
    return str(int.from_bytes(digest, "big") % 10**_DIGITS).zfill(_DIGITS)


def code_in(said: str) -> str:
    """Return the code that somebody says, empty where it is no code."""
    bare = said.strip(" .。!")
    return bare if len(bare) == _DIGITS and bare.isascii() and bare.isdecimal() else ""


def may_be_code(said: str) -> bool:
    """Tell whether somebody may mean a code that they got wrong: digits, nearly as many."""
    bare = said.strip(" .。!")
    return bare.isascii() and bare.isdecimal() and abs(len(bare) - _DIGITS) <= _WRONG_DIGITS


_WRONG_DIGITS: Final = 2


def is_of_others(said: str) -> bool:
    """Tell whether somebody signs up others, too: by how many they are, or by an @."""
    return said.startswith(("@", "\uff20")) or _PEOPLE.fullmatch(said) is not None


_PEOPLE: Final = re.compile(r"\d{1,2} ?[人位个名大]?")


def guest_name(said: str) -> str:
    """Return a companion's name fit to be shown; empty where it is none."""
    return "" if "?" in said or "\uff1f" in said else safe_name(said)
