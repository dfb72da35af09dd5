"""Whom the nicknames of a group's signed lists mean: bound once, remembered, and put right.

Only a name that is exactly one member's is taken by itself; everybody else is bound by staff.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.people import people
from handlers.ports import Context
from sop.activities import relays
from sop.activities.relays import Entry
from sop.model import Group, Member, Nickname, Person

SLICE: Final = 1_000
"""Persons read in one statement."""


@dataclass(frozen=True, slots=True)
class Meant:
    """An entry with its nickname, what else it says, and who it is: None where nobody knows."""

    entry: Entry
    name: str
    said: str
    person: Person | None


@dataclass(frozen=True, slots=True)
class Known:
    """Who can be meant in a group: by bound nicknames first, else by the names shown there."""

    bound: Mapping[str, Person]
    shown: Mapping[str, Sequence[Person]]

    def meant(self, entry: Entry) -> Meant:
        """Return who signed an entry: the longest beginning of it that is one person's."""
        name, said = entry.text, ""
        for name, said in relays.names_in(entry.text):
            person = self.by_name(name)
            if person is not None:
                return Meant(entry, name, said, person)
        return Meant(entry, name, said, None)

    def by_name(self, name: str) -> Person | None:
        """Return the one person a nickname means."""
        key = relays.name_key(name)
        found = self.shown.get(key, ())
        return self.bound.get(key) or (found[0] if len(found) == 1 else None)


def known(context: Context, group: Group) -> Known:
    """Return who can be meant in a group; who has left is nobody."""
    here = {each.id: each for each in _present(context, group)}
    shown: dict[str, list[Person]] = defaultdict(list)
    for person in here.values():
        if person.name:
            shown[relays.name_key(person.name)].append(person)
    rows = context.store.find(Nickname, community=context.community, group=group.id)
    bound = {row.name: here[row.person] for row in rows if row.person in here}
    return Known(bound, shown)


def _present(context: Context, group: Group) -> list[Person]:
    members = context.store.find(
        Member, community=context.community, group=group.id, left_at=0, order="person"
    )
    ids = [member.person for member in members]
    return [
        person
        for start in range(0, len(ids), SLICE)
        for person in context.store.find(
            Person, community=context.community, id__in=ids[start : start + SLICE], order="id"
        )
    ]


def remember(context: Context, group: Group, name: str, person: Person) -> Person | None:
    """Bind a nickname to a person from now on; returns whom it had meant, if somebody else."""
    key = relays.name_key(name)
    if not key:
        return None
    before = context.store.get(Nickname, context.community, group.id, key)
    context.store.put(
        Nickname(
            community=context.community, group=group.id, name=key, person=person.id,
            shown=name[: relays.LONGEST_TITLE], at=context.now,
        )
    )  # fmt: skip
    if before is None or before.person == person.id:
        return None
    return people.current(context.store, context.community, before.person)
