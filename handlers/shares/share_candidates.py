"""Who may be asked to share: members of the group with experience, the best first."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import Final, Literal

from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context
from sop.activities import share_days
from sop.activities.share_days import Candidate
from sop.model import Counter as Number
from sop.model import Group, LedgerEntry, Member, Person, Task

LOOKED_AT: Final = 200
"""Members of a group that are looked at, those of highest score: bounds the work."""

CHUNK: Final = 400
"""Persons read in one statement."""


def next_one(
    context: Context, group: Group, by: Literal["share", "score"], but: Collection[int]
) -> Person | None:
    """Return the best one who may be asked now; None where nobody is left.

    Who answered none of their last invitations rests for a while, unless nobody else is left.
    """
    joined = _joined(context, group)
    known = {
        person.id: person
        for person in _best(context, joined)
        if person.id not in but and _free(context, group, person)
    }
    shares = _shares(context, tuple(known))
    candidates = (
        Candidate(
            person=each.id, shares=shares[each.id], score=each.score, joined_at=joined[each.id]
        )
        for each in known.values()
    )
    order = share_days.ranked(candidates, by)
    awake = (each for each in order if not _rests(context, each))
    first = next(awake, order[0] if order else 0)
    return known[first] if first else None


def invited_by(context: Context, person: int) -> Task | None:
    """Return the last invitation the person was sent, answered or not."""
    number = context.store.get(Number, context.community, _pointer(person))
    return context.store.get(Task, context.community, number.value) if number else None


def note(context: Context, person: int, task: int) -> None:
    """Remember by which task the person was invited last."""
    context.store.put(Number(community=context.community, name=_pointer(person), value=task))


def note_silence(context: Context, person: int) -> None:
    """Remember that the person let one more invitation go unanswered."""
    _count_silences(context, person, _silences(context, person) + 1)


def note_answer(context: Context, person: int) -> None:
    """Remember that the person has answered, however late: they are not silent any more."""
    if _silences(context, person):
        _count_silences(context, person, 0)


def _rests(context: Context, person: int) -> bool:
    last = invited_by(context, person)
    return last is not None and share_days.rests(
        _silences(context, person), last.created_at, context.now
    )


def _silences(context: Context, person: int) -> int:
    found = context.store.get(Number, context.community, f"unanswered:{person}")
    return found.value if found is not None else 0


def _count_silences(context: Context, person: int, value: int) -> None:
    name = f"unanswered:{person}"
    context.store.put(Number(community=context.community, name=name, value=value))


def _pointer(person: int) -> str:
    return f"invited:{person}"


def _joined(context: Context, group: Group) -> dict[int, int]:
    """Return who is in the group, and since when."""
    found = context.store.find(Member, community=context.community, group=group.id, left_at=0)
    return {member.person: member.joined_at for member in found}


def _best(context: Context, joined: Collection[int]) -> Sequence[Person]:
    ids = sorted(joined)
    found: list[Person] = []
    for start in range(0, len(ids), CHUNK):
        found += context.store.find(
            Person, community=context.community, id__in=ids[start : start + CHUNK],
            nudges_off=False, merged_into=0,
        )  # fmt: skip
    return sorted(found, key=lambda each: (-each.score, each.id))[:LOOKED_AT]


def _free(context: Context, group: Group, person: Person) -> bool:
    """Tell whether the person may be written to, and is not asked elsewhere at the same time."""
    room = budgets.member_room(context, group, person.id)
    waiting = invited_by(context, person.id)
    return (
        person.muted_until <= context.now
        and not people.is_staff(person, group)
        and (room is None or room.left > 0)
        and (waiting is None or waiting.status != "open")
    )


def _shares(context: Context, ids: Sequence[int]) -> Counter[int]:
    """Return how often each has shared: what was taken back does not count."""
    booked: dict[int, int] = {}
    undone: set[int] = set()
    rows = context.store.rows(
        LedgerEntry, ("id", "person", "deed", "reversal_of"), community=context.community,
        person__in=ids, deed__in=("share", "reversal"),
    )  # fmt: skip
    for number, person, deed, reversal_of in rows if ids else ():
        if deed == "share":
            booked[number] = person
        else:
            undone.add(reversal_of)
    return Counter(person for number, person in booked.items() if number not in undone)
