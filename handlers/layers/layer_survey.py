"""What a review of the layers reads once for everybody: groups, memberships, proposals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from handlers.ledger.facts import StoredFacts
from handlers.people import people, trials
from handlers.ports import Context
from sop.model import Group, LayerMove, Member, Person, Task
from sop.pack.pack_people import Core
from sop.pack.pack_steps import Step
from sop.times.durations import DAY_MS

PROPOSALS: Final = ("promote", "demote")
"""Kinds of tasks that propose a change of layer; the kind and the person make their `about`."""

ASK_AGAIN_MS: Final = DAY_MS
"""How long an answered proposal is not made again."""

UNDER_WAY_MS: Final = 3 * ASK_AGAIN_MS
"""How long a move that no roster has borne out keeps anything else from being decided."""

CHUNK: Final = 500
"""Persons whose memberships are read in one statement."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who qualifies for the core, and what they wait for.

    A place, where one is free (`placed`) the next review, or (`until`, ms) their time to be over.
    """

    person: Person
    score: int
    until: int = 0
    placed: bool = False


@dataclass(frozen=True)
class Survey:
    """One review of a community: what it reads once for everybody."""

    context: Context
    step: Step | None
    core: Core

    @cached_property
    def groups(self) -> Mapping[str, Group]:
        """The bound groups by id."""
        context = self.context
        found = context.store.find(Group, community=context.community, retired=False)
        return {group.id: group for group in found}

    def free(self, kept: int) -> int | None:
        """Return how many places are free besides those kept; None where there is no limit."""
        context, size = self.context, self.core.size
        if size is None:
            return None
        return size - kept - context.store.count(Person, community=context.community, layer="core")

    @cached_property
    def open(self) -> Mapping[str, Task]:
        """The open proposals by what they are about."""
        found = self.context.store.find(
            Task, community=self.context.community, status="open", kind__in=PROPOSALS
        )
        return {task.about: task for task in found}

    @cached_property
    def moving(self) -> frozenset[int]:
        """Who is on the way between the groups: nothing else is decided about them meanwhile."""
        found = self.context.store.find(
            LayerMove, community=self.context.community, status="open",
            at__gt=self.context.now - UNDER_WAY_MS,
        )  # fmt: skip
        return frozenset(move.person for move in found)

    @cached_property
    def answered(self) -> frozenset[str]:
        """What was proposed and answered a short while ago."""
        found = self.context.store.find(
            Task, community=self.context.community, kind__in=PROPOSALS,
            closed_at__gt=self.context.now - ASK_AGAIN_MS, status__in=("approved", "rejected"),
        )  # fmt: skip
        return frozenset(task.about for task in found)

    @cached_property
    def core_group(self) -> Group | None:
        """The core group, where one is bound."""
        return next((each for each in self.groups.values() if each.kind == "core"), None)

    def present(self, persons: Sequence[Person]) -> Mapping[int, tuple[Member, ...]]:
        """Return where each person is now, the earliest membership first."""
        found: dict[int, list[Member]] = defaultdict(list)
        for start in range(0, len(persons), CHUNK):
            ids = [person.id for person in persons[start : start + CHUNK]]
            rows = self.context.store.find(
                Member, community=self.context.community, person__in=ids, left_at=0,
                order="joined_at",
            )  # fmt: skip
            for member in rows:
                if member.group in self.groups:
                    found[member.person].append(member)
        return {person: tuple(rows) for person, rows in found.items()}

    def runs_groups(self, person: Person, members: Iterable[Member]) -> bool:
        """Tell whether the person is owner or staff in any of their groups."""
        groups = (self.groups[each.group] for each in members)
        return people.is_staff(person, None) or any(
            people.is_staff(person, group) for group in groups
        )

    def is_new(self, person: Person) -> bool:
        """Tell whether the person is not a full member yet."""
        return trials.is_new(self.context, person.id)

    def facts(self, person: Person, group: Group | None) -> StoredFacts:
        """Return what is known about the person, heard with that group's ears."""
        return StoredFacts(self.context, group, person)
