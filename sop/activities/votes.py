"""Owns what a ballot means and what the ballots decide: options, seals, quorum, ties, bars.

Pure functions. Options are counted from 1, as people see and say them.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from sop.text import normalise

FEWEST_SECRET: Final = 3
"""Ballots from which a secret vote is told: from fewer, who voted could tell who chose what."""

BAR: Final = 8
"""Blocks of the longest bar; it fits a phone beside the words."""

SHORTEST_BEGINNING: Final = 2
"""Characters from which the beginning of an option stands for it."""


def choice_of(options: Sequence[str], said: str) -> int:
    """Return the option somebody names by its number, its name or its beginning; 0 for none."""
    wanted = normalise(said).rstrip("!.~ ")
    number = number_of(said)
    if number:
        return number if number <= len(options) else 0
    names = [normalise(option) for option in options]
    if wanted in names:
        return names.index(wanted) + 1
    if len(wanted) < SHORTEST_BEGINNING:
        return 0
    begun = [place for place, name in enumerate(names, 1) if name.startswith(wanted)]
    return begun[0] if len(begun) == 1 else 0


def number_of(said: str) -> int:
    """Return the number that the whole message is, 0 where it is anything else."""
    bare = unicodedata.normalize("NFKC", said[:_LONGEST]).strip(" .。!")
    return int(bare) if bare.isascii() and bare.isdecimal() and len(said) < _LONGEST else 0


_LONGEST: Final = 8


def sealed(vote: int, at: int, choice: int) -> str:
    """Return a choice so that nobody reads it by the way.

    Whoever holds the database and tries all options can undo it, as the program does: what
    keeps a ballot secret is that it is emptied when the vote is over.
    """
    return blake2b(f"{vote}:{at}:{choice}".encode(), digest_size=8).hexdigest()


def unsealed(vote: int, at: int, mark: str, options: int) -> int:
    """Return the choice that was sealed, 0 where it is none of so many options."""
    found = (choice for choice in range(1, options + 1) if sealed(vote, at, choice) == mark)
    return next(found, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a vote brought: ballots per option, in the order of the options.

    `winners` are the options with most ballots: several where they are equal, none where the
    vote does not count (`reached` is false: too few ballots) or nobody voted. `told` is false
    where the figures would tell who chose what.
    """

    counts: tuple[int, ...]
    reached: bool
    told: bool
    winners: tuple[int, ...]

    @property
    def ballots(self) -> int:
        """How many voted."""
        return sum(self.counts)


def tally(choices: Iterable[int], options: int) -> tuple[int, ...]:
    """Return how many chose each option; what is none of them counts for nothing."""
    counts = [0] * options
    for choice in choices:
        if 1 <= choice <= options:
            counts[choice - 1] += 1
    return tuple(counts)


def result(counts: Sequence[int], *, quorum: int = 0, secret: bool = False) -> Result:
    """Return what so many ballots per option decide."""
    ballots, most = sum(counts), max(counts, default=0)
    reached = ballots >= quorum
    told = not secret or not ballots or ballots >= FEWEST_SECRET
    decided = reached and told and most > 0
    winners = (place for place, count in enumerate(counts, 1) if count == most)
    return Result(
        counts=tuple(counts), reached=reached, told=told, winners=tuple(winners) if decided else ()
    )


def ranked(counts: Sequence[int]) -> tuple[int, ...]:
    """Return the options by their ballots, the most first, else in their own order."""
    places = range(1, len(counts) + 1)
    return tuple(sorted(places, key=lambda place: (-counts[place - 1], place)))


def bar(count: int, most: int) -> str:
    """Return a bar of blocks as long as the count is beside the highest; none is empty."""
    blocks = round(BAR * count / most) if most else 0
    return "▇" * (max(blocks, 1) if count else 0)


def share(count: int, ballots: int) -> int:
    """Return how many in a hundred of the ballots those are, rounded."""
    return round(100 * count / ballots) if ballots else 0
