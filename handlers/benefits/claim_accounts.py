"""Proof of what was redeemed: each claim is paid once or given back, each code has a claim."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from handlers.benefits import returns
from handlers.ports import Store
from sop.activities import benefit_terms
from sop.model import Claim, Code, LedgerEntry

Paid = Mapping[tuple[int, str], int]
"""By person and source: the points that went, less those that came back."""

_CLAIM: Final = ("id", "person", "status", "price", "benefit")
_ENTRY: Final = ("id", "person", "source", "points")


def differences(store: Store, community: str) -> Iterator[str]:
    """Yield a sentence for every claim, payment and code that do not fit together."""
    paid = dict(_paid(store, community))
    given: dict[int, str] = {}
    rows = store.rows(Claim, _CLAIM, community=community, order="id")
    for number, person, status, price, benefit in rows:
        given[number] = benefit
        due = price if status in benefit_terms.OPEN else 0
        found = paid.pop((person, returns.source_of(number)), 0)
        if found != due:
            yield f"claim {number} of person {person}: paid {found}, the claim says {due}"
    for (person, source), found in paid.items():
        if found:
            yield f"person {person}: paid {found} for {source}, which is no claim of theirs"
    yield from _codes(store, community, given)


def _paid(store: Store, community: str) -> Paid:
    """Return what was paid by each person for each claim, and has not come back."""
    spent = store.rows(LedgerEntry, _ENTRY, community=community, deed=returns.DEED)
    entries = {number: (person, source, points) for number, person, source, points in spent}
    undone = store.rows(
        LedgerEntry, ("reversal_of", "points"), community=community, reversal_of__gt=0
    )
    back = {number: points for number, points in undone if number in entries}
    sums: defaultdict[tuple[int, str], int] = defaultdict(int)
    for number, (person, source, points) in entries.items():
        sums[person, source] -= points + back.get(number, 0)
    return sums


def _codes(store: Store, community: str, given: Mapping[int, str]) -> Iterator[str]:
    taken: dict[int, int] = {}
    rows = store.rows(
        Code, ("number", "benefit", "claim"), community=community, claim__gt=0, order="number"
    )
    for number, benefit, claim in rows:
        if given.get(claim) != benefit:
            yield f"code {number} of {benefit}: given for claim {claim}, which is none of it"
        first = taken.setdefault(claim, number)
        if first != number:
            yield f"code {number} of {benefit}: claim {claim} has code {first} already"
