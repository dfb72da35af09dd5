"""What a picture of a day is made of: messages, notes, and who everybody is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from sop.texts import text

Tone = Literal["plain", "good", "bad", "task"]

_ROLES: Final = frozenset({"owner", "staff", "leader"})
"""What a line may call those in charge instead of by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message: `who` is a member's id, empty for the bot; `private` with whom, empty in group.

    `step` is the step the bot speaks for; `points` are the ledger entries the message earned,
    each with the deed in words.
    """

    at: int
    who: str
    words: str
    quote: str = ""
    mention: tuple[str, ...] = ()
    private: str = ""
    step: str = ""
    image: str = ""
    file: str = ""
    points: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """Something that happened; a task has a heading."""

    at: int
    words: str
    tone: Tone = "plain"
    heading: str = ""


Moment = Said | Noted


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """Who is who: names and roles by id; whoever is not there is called by the id."""

    names: Mapping[str, str] = field(default_factory=dict)
    roles: Mapping[str, str] = field(default_factory=dict)

    def name(self, who: str) -> str:
        """What somebody is called."""
        return self.names.get(who) or (text(f"pictures.to-{who}") if who in _ROLES else who)
