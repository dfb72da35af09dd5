"""Small circles around a tag: who leads which, and who is in it by their own word."""

from collections.abc import Iterator, Sequence

from handlers.people import leader_records, people
from handlers.people.leader_records import ENDED, SERVING
from handlers.ports import Context
from sop.model import CircleMember, Leader, Person
from sop.pack.pack_people import Circle
from sop.standing import leaders


def circle_of(context: Context, tag: str) -> Circle | None:
    """Return the circle of a tag."""
    return next((each for each in context.book.pack.circles if each.tag == tag), None)


def leader_of(context: Context, circle: Circle, *, but: int = 0, going: int = 0) -> Person | None:
    """Return who leads a circle: whom the pack names, else the highest leader with its tag.

    Who has gone, or leads no more, leads no circle either; `but` is passed over, and who is
    just `going` counts as being there.
    """
    if circle.leader:
        named = people.find_person(context.store, context.community, circle.leader)
        if named is not None and named.id != but and _still_leads(context, named, going):
            return named
    found = _with_tag(context, circle.tag, going)
    return next((each for each in found if each.id != but), None)


def _still_leads(context: Context, person: Person, going: int) -> bool:
    """Tell whether who is named in a pack may be there: nobody has said otherwise."""
    known = leader_records.of(context, person.id)
    ended = known is not None and known.status == ENDED
    return not ended and _is_there(context, person, going)


def _is_there(context: Context, person: Person, going: int) -> bool:
    return person.id == going or bool(people.memberships(context, person.id))


def serving(context: Context) -> Sequence[Leader]:
    """Return who serves in a tier, by person."""
    return context.store.find(Leader, community=context.community, status=SERVING, order="person")


def _with_tag(context: Context, tag: str, going: int) -> Iterator[Person]:
    """Yield the leaders who carry the tag, the highest tier first, then who serves longer."""
    wanted = context.book.pack.leaders
    if wanted is None:
        return
    ranked = sorted(
        serving(context), key=lambda each: (-leaders.place_of(wanted.tiers, each.tier), each.since)
    )
    for each in ranked:
        person = people.current(context.store, context.community, each.person)
        if person and tag in person.tags and _is_there(context, person, going):
            yield person


def led_by(context: Context, person: Person, *, going: bool = False) -> tuple[Circle, ...]:
    """Return the circles somebody leads now, or led until now where they are just `going`."""
    still = person.id if going else 0
    found = ((each, leader_of(context, each, going=still)) for each in context.book.pack.circles)
    return tuple(each for each, leader in found if leader is not None and leader.id == person.id)


def members(context: Context, tag: str) -> Sequence[CircleMember]:
    """Return who is, or was, in the circle of a tag, by person."""
    return context.store.find(CircleMember, community=context.community, tag=tag, order="person")


def rows(context: Context, person: Person) -> list[CircleMember]:
    """Return who is, or was, in the circles that somebody leads."""
    return [row for circle in led_by(context, person) for row in members(context, circle.tag)]


def is_in(context: Context, row: CircleMember) -> bool:
    """Tell whether somebody is in the circle, and still in any group."""
    return not row.left_at and bool(people.memberships(context, row.person))


def inside(context: Context, tag: str) -> list[Person]:
    """Return who is in the circle of a tag now."""
    found = (
        people.current(context.store, context.community, each.person)
        for each in members(context, tag)
        if is_in(context, each)
    )
    return [each for each in found if each is not None]
