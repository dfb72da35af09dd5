"""A pack in force: compiled once, never changed, shared by every event handled under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic_core import to_json

from sop import spoken
from sop.activities import challenges, commands
from sop.budgets import budget
from sop.detectors import detectors
from sop.pack import inheritance
from sop.pack.pack import Pack, StandingAnswer
from sop.pack.pack_steps import Step
from sop.text import normalise
from sop.times import calendars

MOST_VARIANTS: Final = 1_000
"""Overrides a book is kept compiled for at a time."""


@dataclass(frozen=True)
class Book:
    """A pack with what is compiled from it. `version` is the fingerprint of its text.

    `files` are contents of what lies beside the pack, `missing` names what should and does not.
    `public_url` is the origin under which members reach this deployment, empty where they cannot.
    `base` is the book as the pack has it, where this one is a group's variant of it.
    """

    pack: Pack
    version: str
    bot_name: str = ""
    public_url: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)
    missing: frozenset[str] = frozenset()
    base: "Book | None" = field(default=None, repr=False, compare=False)
    variants: dict[bytes, "Book"] = field(default_factory=dict, repr=False, compare=False)

    def of(self, override: Mapping[str, Any]) -> "Book":
        """Return the book as a group with that override has it; the base, where it is empty."""
        base = self.base or self
        if not override:
            return base
        key = to_json(override)
        found = base.variants.get(key)
        if found is None:
            if len(base.variants) >= MOST_VARIANTS:
                base.variants.clear()
            pack = inheritance.applied(base.pack, override)
            found = replace(base, pack=pack, base=base, variants={})
            base.variants[key] = found
        return found

    @cached_property
    def zone(self) -> ZoneInfo:
        """The pack's time zone."""
        return ZoneInfo(self.pack.timezone)

    @cached_property
    def calendar(self) -> calendars.Calendar:
        """Its workdays and holidays."""
        return calendars.calendar_for(self.pack.calendar)

    @cached_property
    def rules(self) -> detectors.RuleBook:
        """Its checks, compiled."""
        return detectors.RuleBook(self.pack.rules.checks)

    @cached_property
    def words(self) -> commands.Words:
        """The command words in force."""
        return commands.words_for(self.pack.commands, challenges.daily_words(self.pack.steps))

    @cached_property
    def answers(self) -> tuple[tuple[tuple[str, ...], StandingAnswer], ...]:
        """The standing answers, each with its phrases in the form texts are matched in."""
        return tuple(
            (tuple(normalise(phrase) for phrase in answer.asks), answer)
            for answer in self.pack.answers
        )

    @cached_property
    def spoken(self) -> tuple[spoken.Spoken, ...]:
        """The steps that a member's words set off."""
        return spoken.compile_steps(self.pack.steps)

    @cached_property
    def steps(self) -> dict[str, Step]:
        """The steps by id, in file order."""
        return {step.id: step for step in self.pack.steps}

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Which of several steps due at one instant goes first: the one of the lowest rank."""
        return {
            step.id: budget.rank_of(step.priority, position)
            for position, step in enumerate(self.pack.steps)
        }

    def step(self, step_id: str) -> Step | None:
        """Return the step with that id, or None where the pack no longer has it."""
        return self.steps.get(step_id)
