"""A pack in force: compiled once, never changed, shared by every event handled under it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

from sop import calendars, commands, detectors, spoken
from sop.pack import Pack, StandingAnswer
from sop.pack_steps import Step
from sop.text import normalise


@dataclass(frozen=True)
class Book:
    """A pack with what is compiled from it. `version` is the fingerprint of its text."""

    pack: Pack
    version: str
    bot_name: str = ""
    files: Mapping[str, bytes] = field(default_factory=dict)

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
        return commands.words_for(self.pack.commands)

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

    def step(self, step_id: str) -> Step | None:
        """Return the step with that id, or None where the pack no longer has it."""
        return self.steps.get(step_id)
