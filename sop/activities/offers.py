"""Offers: who is left out to compare with, and when complaints or leaves stop them.

Instants are ms UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import blake2b
from typing import Literal

from sop.pack.pack_offers import Guard

Harm = Literal["complaints", "leaves"]


@dataclass(frozen=True, slots=True)
class Stop:
    """Why offers stop: of what there was too much, how much now, and how much before."""

    harm: Harm
    now: int
    before: int


def is_left_out(community: str, benefit: str, person: int, share: float) -> bool:
    """Tell whether a member is among those who never get this benefit offered.

    The same members for ever; a larger share leaves out those and further ones.
    """
    seed = f"{community}\0{benefit}\0{person}".encode()
    place = int.from_bytes(blake2b(seed, digest_size=8).digest(), "big")
    return place < share * 2**64


def stopped_by(guard: Guard, counts: Mapping[Harm, tuple[int, int] | None]) -> Stop | None:
    """Return what stops offers; each count is of the guard's time, and of as long before.

    What nobody can count (None) stops nothing.
    """
    limits: Mapping[Harm, int] = {"complaints": guard.complaints, "leaves": guard.leaves}
    for harm, most in limits.items():
        found = counts.get(harm)
        if found is not None and found[0] >= max(most, guard.rise * found[1]):
            return Stop(harm, *found)
    return None
