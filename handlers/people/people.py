"""Who is who: platform ids to persons, memberships, roles, and how a person is shown."""

from collections.abc import Iterable, Mapping
from typing import Final

from handlers.ports import Context, Outcome, Store
from sop.frozen import replace
from sop.model import Group, Identity, IdentityMerge, Member, Person
from sop.text import safe_name
from sop.texts import text
from sop.told_events import BirthdayTold, MemberPaid, RoleChanged

LEADER: Final = "leader"
"""The role of those who lead circles; owner and staff are told by the binding."""


def find_person(store: Store, community: str, userid: str) -> Person | None:
    """Return the person behind a platform id (case does not matter), or None."""
    identity = store.get(Identity, community, userid.casefold())
    return store.get(Person, community, identity.person) if identity else None


def person_of(store: Store, community: str, userid: str, name: str = "") -> Person:
    """Return the person behind a platform id, made if unknown; a new name is remembered.

    Somebody with several ids is called by the name of the one they are reached by.
    """
    person = find_person(store, community, userid)
    if person is None:
        number = store.number(community, "person")
        identity = Identity(
            community=community, userid=userid.casefold(), person=number, shown=userid
        )
        store.put(identity)
        person = Person(community=community, id=number, userid=userid, name=safe_name(name))
        store.put(person)
    elif name and safe_name(name) not in ("", person.name) and _is_main(person, userid):
        person = replace(person, name=safe_name(name))
        store.put(person)
    return person


def known_by_name(store: Store, community: str, userids: Iterable[str]) -> frozenset[str]:
    """Return those of the platform ids, in their own case, behind which a name is known."""
    shown = {userid.casefold(): userid for userid in userids}
    found = store.find(Identity, community=community, userid__in=tuple(shown))
    persons = store.find(Person, community=community, id__in=tuple(each.person for each in found))
    named = {each.id for each in persons if each.name}
    return frozenset(shown[each.userid] for each in found if each.person in named)


def _is_main(person: Person, userid: str) -> bool:
    return not (person.also and person.name) or userid.casefold() == person.userid.casefold()


def current(store: Store, community: str, person_id: int) -> Person | None:
    """Return the person of that number, or whom they were found to be since; None for nobody."""
    person = store.get(Person, community, person_id)
    passed: set[int] = set()
    while person is not None and person.merged_into and person.id not in passed:
        passed.add(person.id)
        person = store.get(Person, community, person.merged_into)
    return person


def aliases(store: Store, community: str) -> Mapping[int, int]:
    """Return who everybody was found to be, by the number that what they said is kept under."""
    merges = store.find(IdentityMerge, community=community, split_at=0)
    now = {each.gone: each.into for each in merges}
    return {gone: _end(now, gone) for gone in now}


def _end(now: Mapping[int, int], number: int) -> int:
    passed = set()
    while number in now and number not in passed:
        passed.add(number)
        number = now[number]
    return number


def numbers_of(store: Store, community: str, person_id: int) -> tuple[int, ...]:
    """Return the numbers under which messages of the person are kept: their own comes first."""
    known = aliases(store, community)
    return (person_id, *sorted(gone for gone, now in known.items() if now == person_id))


def member_of(store: Store, group: Group, person: Person, at: int) -> Member:
    """Return the person's membership, made as of `at` if the bot did not know of it."""
    member = store.get(Member, group.community, group.id, person.id)
    if member is None:
        member = Member(community=group.community, group=group.id, person=person.id, joined_at=at)
        store.put(member)
    elif member.left_at:
        member = replace(
            member, left_at=0, joined_at=at, stint=member.stint + 1, introduced_at=0, came_at=0
        )
        store.put(member)
    return member


def shown(person: Person | None) -> str:
    """Return the name to call somebody by: never a platform id."""
    if person is None:
        return text("people.somebody")
    return person.name or text("people.unnamed", number=person.id)


def addressed(person: Person) -> str:
    """Return how to begin a private message: the name, or a greeting where none is known."""
    return person.name or text("people.hello")


def named(people: Iterable[Person | None]) -> str:
    """Return several names in one line."""
    return text("people.joiner").join(shown(person) for person in people)


def role_of(person: Person | None, group: Group | None) -> str:
    """Return owner, staff, leader or member: rights follow the platform id, never a name."""
    if person is None:
        return "member"
    if group is not None:
        ids = {person.userid.casefold(), *person.also}
        if group.owner and group.owner.casefold() in ids:
            return "owner"
        if any(each.casefold() in ids for each in group.staff if each):
            return "staff"
    return person.role


def is_staff(person: Person | None, group: Group | None) -> bool:
    """Tell whether the person may use staff commands here."""
    return role_of(person, group) in ("owner", "staff")


def recipients(context: Context, to: str, group: Group | None) -> tuple[Person, ...]:
    """Resolve an action's `to` (person id, owner, staff, leader) to persons.

    Where a group has no leader its staff is meant, where it has no staff its owner; for an owner
    who has left the group it is staff.
    """
    if to.isdecimal():
        person = current(context.store, context.community, int(to))
        return (person,) if person else ()
    if group is None:
        return ()
    led = leaders(context, group) if to == LEADER else ()
    if led:
        return led
    owner = (group.owner,) if group.owner else ()
    to_owner = to == "owner" and not has_left(context.store, group, group.owner)
    userids = owner if to_owner else (group.staff or owner)
    return tuple(person_of(context.store, context.community, userid) for userid in userids)


def leaders(context: Context, group: Group) -> tuple[Person, ...]:
    """Return the leaders who are in the group."""
    found = context.store.find(Person, community=context.community, role=LEADER, order="id")
    return tuple(person for person in found if is_present(context, group, person))


def duties_of(context: Context, person: Person | None, group: Group | None) -> tuple[str, ...]:
    """Return the duties whose tasks are the person's in the group: owner, staff, leader."""
    role = role_of(person, group)
    if person is None or group is None or role == "member":
        return ()
    if role == LEADER:
        return (LEADER,) if is_present(context, group, person) else ()
    alone = role == "owner" and not group.staff
    return (role, "staff") if alone else (role,)


def has_left(store: Store, group: Group, userid: str) -> bool:
    """Tell whether somebody was in the group once and is so no longer."""
    person = find_person(store, group.community, userid)
    member = store.get(Member, group.community, group.id, person.id) if person else None
    return member is not None and member.left_at > 0


def memberships(context: Context, person: int) -> tuple[Member, ...]:
    """Return where the person is now, by group id."""
    found = context.store.find(
        Member, community=context.community, person=person, left_at=0, order="group"
    )
    return tuple(found)


def is_gone(context: Context, person: int) -> bool:
    """Tell whether somebody has left every group, as far as anybody heard of it."""
    found = context.store.find(Member, community=context.community, person=person)
    return bool(found) and all(each.left_at for each in found)


def gone(context: Context, until: int) -> frozenset[int]:
    """Return who had left every group by then, as far as anybody heard of it."""
    among = {"community": context.community}
    left = {row[0] for row in context.store.rows(
        Member, ("person",), left_at__gt=0, left_at__le=until, **among
    )}  # fmt: skip
    if not left:
        return frozenset()
    present = context.store.rows(Member, ("person", "left_at"), **among)
    return frozenset(left - {person for person, at in present if not at or at > until})


def set_role(event: RoleChanged, context: Context) -> Outcome:
    """Remember a member's role; owner and staff rights come from the binding as well."""
    person = person_of(context.store, context.community, event.member)
    context.store.put(replace(person, role=event.role))
    return Outcome()


def set_paid(event: MemberPaid, context: Context) -> Outcome:
    """Remember whether a member pays."""
    note_paid(context, event.member, event.value, event.until)
    return Outcome()


def may_be_named(context: Context, group: Group, person: Person) -> bool:
    """Tell whether the bot may praise somebody by name in a group: present, and not shy."""
    return is_present(context, group, person) and not (person.unranked or person.nudges_off)


def is_present(context: Context, group: Group, person: Person) -> bool:
    """Tell whether the person is in the group now."""
    member = context.store.get(Member, context.community, group.id, person.id)
    return member is not None and not member.left_at


def note_paid(context: Context, userid: str, value: bool, until: int) -> None:  # noqa: FBT001 - as told
    """Remember whether somebody pays, and until when (0: no end)."""
    person = person_of(context.store, context.community, userid)
    context.store.put(replace(person, paid=value, paid_until=until if value else 0))


def set_birthday(event: BirthdayTold, context: Context) -> Outcome:
    """Remember a member's birthday."""
    person = person_of(context.store, context.community, event.member)
    context.store.put(replace(person, birthday=event.date))
    return Outcome()
