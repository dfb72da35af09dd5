"""How much of what a figure counts could be known at all: said beside every figure.

Words are counted as far as channels hear them, comings and goings as far as they tell of them;
what the program itself has booked or done is known whole.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

Sense = Literal["words", "roster", "record"]
"""By what a figure is known."""

SENSES: Final[Mapping[str, Sense]] = {
    "members": "roster", "joined": "roster", "left": "roster", "leaves": "roster",
    "entered": "roster", "posts": "record", "points": "record", "claims": "record",
    "core": "record", "invites": "record", "tasks": "record",
}  # fmt: skip
"""Of figures, effects and stages by name; all others are known by words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How much of what a figure counts is known: `share` of the members, None: nobody can tell.

    Of an addressed group, where only what @s the bot is heard, nothing is heard whole.
    """

    by: Sense
    known: Literal["all", "part", "nothing"]
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How much of what members say can be heard: groups and members by what their channels hear.

    `all_heard` are groups where everything is heard, `addressed` where only what @s the bot is,
    `deaf` where nothing is; of `rosters` of them joins and leaves are known, and `known` members
    are in those.
    """

    all_heard: int
    addressed: int
    deaf: int
    members: int
    members_heard: int
    known: int
    rosters: int

    @property
    def groups(self) -> int:
        """How many groups there are."""
        return self.all_heard + self.addressed + self.deaf

    @property
    def share(self) -> float | None:
        """The share of members of whom everything is heard; None where not all are known."""
        if not self.least:
            return 1.0
        if not self.all_heard:
            return 0.0
        known = self.members and self.rosters == self.groups
        return self.members_heard / self.members if known else None

    @property
    def least(self) -> bool:
        """Whether more may have been said than was heard."""
        return bool(self.addressed or self.deaf)

    @property
    def unheard(self) -> bool:
        """Whether nothing at all could be heard: then nobody knows what was said."""
        return not (self.all_heard or self.addressed)

    def of(self, figure: str) -> Reach:
        """Return how much is known of what a figure of that name counts."""
        by = SENSES.get(figure, "words")
        if by == "words" and self.least:
            return Reach(by=by, known="nothing" if self.unheard else "part", share=self.share)
        if by == "roster" and self.rosters < self.groups:
            if not self.rosters:
                return Reach(by=by, known="nothing", share=0.0)
            return Reach(by=by, known="part", share=None)
        return Reach(by=by, known="all", share=1.0)
