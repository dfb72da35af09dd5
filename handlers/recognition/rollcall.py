"""Each night everybody is looked at: badges that have been earned, segments entered and left.

In slices, so that messages need not wait. What cannot be known changes nothing, and is counted.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.ledger.facts import StoredFacts
from handlers.ports import Context, Outcome
from handlers.recognition import badges
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.events import StepDue
from sop.model import BadgeHeld, Group, Member, Person, SegmentDay, SegmentSpell
from sop.pack import conditions
from sop.standing import segments
from sop.times import localtime

KIND: Final = "rollcall"

SLICE: Final = 50
"""Persons looked at in one event."""

Tally = tuple[int, int, int]
"""How many are in a segment, are not, and cannot be told about."""


def plan(context: Context, night: int) -> None:
    """Plan the look of a night, once."""
    scheduling.plan(context, "", KIND, night, run_at=context.now)


def look(event: StepDue, context: Context) -> Outcome:
    """Look at the next slice of persons; `cause` is the number of the last one looked at."""
    if not deadlines.settle(event, context):
        return Outcome()
    persons = context.store.find(
        Person, community=context.community, id__gt=int(event.cause or 0), merged_into=0,
        order="id", limit=SLICE,
    )  # fmt: skip
    if len(persons) == SLICE:
        last = str(persons[-1].id)
        scheduling.plan(context, "", KIND, event.due_at, cause=last, run_at=context.now)
    night = _Night(context, event.due_at, persons)
    for person in persons:
        night.call(person)
    night.keep()
    return Outcome()


class _Night:
    """One slice of a night's look: what it reads once for everybody, and what it counts."""

    def __init__(self, context: Context, night: int, persons: Sequence[Person]) -> None:
        self._context, self._at = context, night
        ids = [person.id for person in persons]
        here: dict[str, Any] = {"community": context.community}
        groups = context.store.find(Group, retired=False, **here)
        self._groups = {group.id: group for group in groups}
        self._present: defaultdict[int, list[Member]] = defaultdict(list)
        for member in context.store.find(Member, person__in=ids, left_at=0, **here):
            if member.group in self._groups:
                self._present[member.person].append(member)
        self._open: defaultdict[int, list[SegmentSpell]] = defaultdict(list)
        for spell in context.store.find(SegmentSpell, person__in=ids, until=0, **here):
            self._open[spell.person].append(spell)
        self._badges: defaultdict[int, set[str]] = defaultdict(set)
        if context.book.pack.badges:
            for held in context.store.find(BadgeHeld, person__in=ids, **here):
                self._badges[held.person].add(held.badge)
        self._found: dict[str, Tally] = {}
        self._members = 0

    def call(self, person: Person) -> None:
        """Look at one person: gone, they are in no segment any more."""
        ears = self._ears(person.id)
        if ears is None:
            self._close(self._open[person.id])
            return
        self._members += 1
        badges.give_earned(self._context, person, ears, self._badges[person.id])
        self._place(person, StoredFacts(self._context, ears, person))

    def _ears(self, person: int) -> Group | None:
        """The group by whose ears the person is judged: one that hears all, else the latest."""
        present = self._present[person]
        best = max(
            present, default=None,
            key=lambda each: (
                channels.hears_all(self._groups[each.group].channels), each.last_at, each.group
            ),
        )  # fmt: skip
        return self._groups[best.group] if best else None

    def _place(self, person: Person, facts: StoredFacts) -> None:
        spells: Mapping[str, list[SegmentSpell]] = self._spells(person.id)
        known = segments.definitions(self._context.book.pack)
        for name, wanted in known.items():
            holds = conditions.ruling(wanted, facts).holds
            self._count(name, holds)
            own = spells.get(name, [])
            if holds and not own:
                self._begin(person.id, name)
            # Of two that a merge has brought together the later one goes.
            self._close(own if holds is False else own[1:])
        self._close([each for name in spells.keys() - known.keys() for each in spells[name]])

    def _spells(self, person: int) -> Mapping[str, list[SegmentSpell]]:
        found: defaultdict[str, list[SegmentSpell]] = defaultdict(list)
        for spell in sorted(self._open[person], key=lambda each: each.since):
            found[spell.segment].append(spell)
        return found

    def _begin(self, person: int, segment: str) -> None:
        spell = SegmentSpell(
            community=self._context.community, person=person, segment=segment, since=self._at
        )
        self._context.store.put(spell)

    def _close(self, spells: Sequence[SegmentSpell]) -> None:
        for spell in spells:
            self._context.store.put(replace(spell, until=self._at))

    def _count(self, name: str, holds: bool | None) -> None:  # noqa: FBT001 - what a ruling is
        inside, outside, unknown = self._found.get(name, (0, 0, 0))
        self._found[name] = (
            inside + (holds is True), outside + (holds is False), unknown + (holds is None),
        )  # fmt: skip

    def keep(self) -> None:
        """Add what was counted to the figures of the night."""
        context = self._context
        day = localtime.local_date(self._at, context.book.zone).isoformat()
        before = context.store.get(SegmentDay, context.community, day)
        found = dict(before.found) if before and before.at == self._at else {}
        for name, tally in self._found.items():
            one, two, three = found.get(name, (0, 0, 0))
            found[name] = (one + tally[0], two + tally[1], three + tally[2])
        members = before.members if before and before.at == self._at else 0
        context.store.put(
            SegmentDay(
                community=context.community, day=day, at=self._at,
                members=members + self._members, found=found,
            )
        )  # fmt: skip
