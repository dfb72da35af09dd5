"""Who belongs together by their likes."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from sop.standing.cliques import cliques

RINGS = {range(1, 6): 4, range(11, 31): 1}
"""Persons who like each other, and how often each pair does."""


def told() -> dict[tuple[int, int], int]:
    """Two rings in a club of others who like whomever they see, the rings too."""
    chance = Random(1)
    ties = {
        (giver, author): often
        for ring, often in RINGS.items()
        for giver in ring
        for author in ring
        if giver != author
    }
    others = range(101, 161)
    everybody = [*others, *(person for ring in RINGS for person in ring)]
    for giver in others:
        for author in chance.sample(everybody, 15):
            ties[giver, author] = ties.get((giver, author), 0) + 1
    return ties


def test_a_ring_is_found_though_others_like_it_as_they_like_anybody():
    found = cliques(told())

    for ring in RINGS:
        first = found[ring.start]
        assert {person for person, clique in found.items() if clique == first} == {*ring}
    assert len(set(found.values())) > len(RINGS)


def test_where_nobody_likes_anybody_but_themselves_there_are_none():
    assert cliques({}) == {}
    assert cliques({(1, 1): 9}) == {}


PERSON = st.integers(1, 9)


@given(
    st.lists(st.tuples(st.tuples(PERSON, PERSON), st.integers(1, 4)), max_size=30),
    st.randoms(use_true_random=False),
)
def test_each_is_in_one_clique_named_by_its_least_whatever_the_order(
    likes: list[tuple[tuple[int, int], int]], chance: Random
):
    ties = dict(likes)
    found = cliques(ties)

    assert found.keys() == {each for pair in ties if pair[0] != pair[1] for each in pair}
    for clique in set(found.values()):
        assert clique == min(person for person, its in found.items() if its == clique)
    shuffled = [*ties.items()]
    chance.shuffle(shuffled)
    assert cliques(dict(shuffled)) == found
