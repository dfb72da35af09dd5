"""Who belongs together: the cliques into which the likes of a community fall, each person in one.

Found by moving each to the clique with which they have more likes than chance would give, then
the cliques among themselves (the Louvain method for modularity). The same likes always give the
same cliques, in whatever order they are read.
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Final

ROUNDS: Final = 20
"""How often everybody is looked at before it is left as it is."""

LEAST_GAIN: Final = 1e-9
"""What is less than that is rounding: nobody moves for it."""

Ties = Mapping[tuple[int, int], int]
"""Likes by giver and author."""

Links = dict[int, dict[int, int]]


def cliques(ties: Ties) -> dict[int, int]:
    """Return the clique of each who gave or received any; its number is the least of its own."""
    links: Links = defaultdict(lambda: defaultdict(int))
    for (giver, author), count in ties.items():
        if giver != author:
            links[giver][author] += count
            links[author][giver] += count
    inside: dict[int, int] = defaultdict(int)
    found = {person: person for person in links}
    while True:
        moved = _moved(links, inside)
        if len(set(moved.values())) == len(links):
            return _numbered(found)
        found = {person: moved[clique] for person, clique in found.items()}
        links, inside = _joined(links, inside, moved)


def _moved(links: Links, inside: Mapping[int, int]) -> dict[int, int]:
    """Return where each belongs once nobody would gain by moving alone."""
    weight = {each: sum(own.values()) + 2 * inside[each] for each, own in links.items()}
    total = sum(weight.values())
    place = {each: each for each in links}
    sums = dict(weight)
    for _ in range(ROUNDS):
        settled = True
        for each in sorted(links):
            here = place[each]
            sums[here] -= weight[each]
            with_it: dict[int, int] = defaultdict(int)
            for other, count in links[each].items():
                with_it[place[other]] += count
            share = weight[each] / total
            best, most = here, with_it[here] - sums[here] * share
            for clique in sorted(with_it):
                gain = with_it[clique] - sums[clique] * share
                if gain > most + LEAST_GAIN:
                    best, most = clique, gain
            sums[best] += weight[each]
            place[each] = best
            settled = settled and best == here
        if settled:
            break
    return place


def _joined(
    links: Links, inside: Mapping[int, int], place: Mapping[int, int]
) -> tuple[Links, dict[int, int]]:
    """Return the cliques as if each were one person."""
    between: Links = {clique: defaultdict(int) for clique in set(place.values())}
    within: dict[int, int] = defaultdict(int)
    for each, own in links.items():
        within[place[each]] += inside[each]
        for other, count in own.items():
            if place[each] != place[other]:
                between[place[each]][place[other]] += count
            elif each < other:
                within[place[each]] += count
    return between, within


def _numbered(found: Mapping[int, int]) -> dict[int, int]:
    least: dict[int, int] = {}
    for person in sorted(found):
        least.setdefault(found[person], person)
    return {person: least[clique] for person, clique in found.items()}
