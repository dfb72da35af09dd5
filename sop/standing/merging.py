"""Two persons who are one: what is known of them put together, and taken apart again.

Nothing is judged anew: what either has earned, owes or asked for holds for the whole person.
Points are not reckoned here: they are the ledger's.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from typing import Any, Final

from sop.model import Member, Person
from sop.standing.standing import EARLIER

ROLES: Final = ("member", "leader", "staff", "owner")
"""Roles, the one with the fewest rights first."""

KEPT_DAYS: Final = 62
"""Active days remembered of a person, see `handlers.ledger.scoring`."""

KEPT_RECENT: Final = 20
"""Messages remembered of a membership, see `handlers.steps.hearing`."""

LONGEST_USERID: Final = 23
"""Characters a user id of the company's own has at most where longer ones are encrypted."""

Counts = Mapping[str, tuple[str, int]]


def ids_of(person: Person) -> frozenset[str]:
    """Return all platform ids of a person, lower-cased."""
    return frozenset({person.userid.casefold(), *person.also} - {""})


def reached_by(into: str, gone: str, running: Collection[str]) -> str:
    """Return the id to reach one person by.

    An id that runs a group goes first, else the company's own, else that of the person who
    stays. `running` are lower-cased.
    """

    def worth(userid: str) -> tuple[bool, bool]:
        return userid.casefold() in running, 0 < len(userid) <= LONGEST_USERID

    return gone if worth(gone) > worth(into) else into


def merged(into: Person, gone: Person, *, userid: str) -> Person:
    """Return the one person that two are; standing, level and streak are left to the ledger."""
    both = (into, gone)
    home = min(both, key=lambda each: (each.layer != "core", _since(each)))
    return replace(
        into,
        userid=userid,
        also=tuple(sorted((ids_of(into) | ids_of(gone)) - {userid.casefold()})),
        name=into.name or gone.name,
        role=max(into.role, gone.role, key=_rank),
        balance=into.balance + gone.balance,
        score=into.score + gone.score,
        layer=home.layer,
        layer_since=home.layer_since,
        paid=into.paid or gone.paid,
        paid_until=_paid_until(both),
        birthday=into.birthday or gone.birthday,
        muted_until=max(into.muted_until, gone.muted_until),
        contact_at=max(into.contact_at, gone.contact_at),
        nudges_off=into.nudges_off or gone.nudges_off,
        unranked=into.unranked or gone.unranked,
        invited_by=_inviter(both),
        invite_paid=into.invite_paid or gone.invite_paid,
        tallies=_counted(into.tallies, gone.tallies),
        boards=_summed(into.boards, gone.boards),
        lifetime=_united(into.lifetime, gone.lifetime),
        recent=_united(into.recent, gone.recent),
        active=tuple(sorted({*into.active, *gone.active}))[-KEPT_DAYS:],
        tags=_united(into.tags, gone.tags),
    )


def _since(person: Person) -> int:
    """In the core who came earlier stays; outside, the later departure delays the way back."""
    return person.layer_since if person.layer == "core" else -person.layer_since


def _rank(role: str) -> int:
    return ROLES.index(role) if role in ROLES else 0


def _paid_until(both: tuple[Person, Person]) -> int:
    ends = [each.paid_until for each in both if each.paid]
    return 0 if 0 in ends else max(ends, default=0)


def _inviter(both: tuple[Person, Person]) -> int:
    """Nobody invites themselves."""
    own = {each.id for each in both}
    return next((each.invited_by for each in both if each.invited_by not in {0, *own}), 0)


def _united(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*one, *other)))


def _counted(one: Counts, other: Counts) -> dict[str, tuple[str, int]]:
    """Add up what was counted per deed and period; the newest two periods are kept."""
    periods: defaultdict[str, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for tallies in (one, other):
        for name, (period, count) in tallies.items():
            periods[name.removesuffix(EARLIER)][period] += count
    found: dict[str, tuple[str, int]] = {}
    for deed, counts in periods.items():
        newest = sorted(counts.items(), reverse=True)
        found |= dict(zip((deed, f"{deed}{EARLIER}"), newest, strict=False))
    return found


def _summed(one: Counts, other: Counts) -> dict[str, tuple[str, int]]:
    """Add up what has the same name and period; of two periods the later counts."""
    found = dict(one)
    for name, (period, count) in other.items():
        known, sum_ = found.get(name, (period, 0))
        found[name] = (period, sum_ + count) if known == period else max(
            (known, sum_), (period, count)
        )  # fmt: skip
    return found


def parted(now: Person, into: Person, gone: Person, whole: Person) -> tuple[Person, Person]:
    """Return the two persons again. `into` and `gone` are as before, `whole` as they were made.

    What nobody has touched since is as it was; what happened since stays with `into`.
    """
    changes: dict[str, Any] = {}
    for field in fields(Person):
        name = field.name
        before, made, is_now = (getattr(each, name) for each in (into, whole, now))
        since = _SINCE.get(name, _later)
        changes[name] = before if is_now == made else since(is_now, before, getattr(gone, name))
    return replace(now, **changes), gone


def _later(now: Any, _before: Any, _other: Any) -> Any:
    return now


def _name(now: str, before: str, other: str) -> str:
    """The name last told may have been the other's."""
    return before if now == other else now


def _without(now: Iterable[str], before: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    theirs = {*other} - {*before}
    return tuple(each for each in now if each not in theirs)


def _less(now: Counts, _before: Counts, other: Counts) -> dict[str, tuple[str, int]]:
    """Take out what the other had counted in the same period."""
    theirs: defaultdict[tuple[str, str], int] = defaultdict(int)
    for name, (period, count) in other.items():
        theirs[name.removesuffix(EARLIER), period] += count
    return {
        name: (period, count - min(count, theirs[name.removesuffix(EARLIER), period]))
        for name, (period, count) in now.items()
    }


_SINCE: Final[Mapping[str, Any]] = {
    "name": _name, "userid": _name, "also": _without, "tags": _without, "lifetime": _without,
    "recent": _without, "active": _without, "tallies": _less, "boards": _less,
}  # fmt: skip
"""How a field that has changed since the merge is taken apart; any other stays as it is now."""


def merged_member(into: Member, gone: Member) -> Member:
    """Return one membership of two in the same group: the earlier joining, and all that was."""
    introduced = [each for each in (into.introduced_at, gone.introduced_at) if each]
    left = (into.left_at, gone.left_at)
    return replace(
        into,
        joined_at=min(into.joined_at, gone.joined_at),
        left_at=0 if 0 in left else max(left),
        stint=max(into.stint, gone.stint),
        introduced_at=min(introduced, default=0),
        last_at=max(into.last_at, gone.last_at),
        recent=tuple(sorted((*into.recent, *gone.recent)))[-KEPT_RECENT:],
    )


def parted_member(now: Member, into: Member, whole: Member) -> Member:
    """Return the membership of who stays, as it was but for what has happened since."""
    changes = {
        field.name: getattr(into, field.name)
        for field in fields(Member)
        if getattr(now, field.name) == getattr(whole, field.name)
    }
    return replace(now, **changes)
