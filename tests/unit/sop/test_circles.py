"""Circles among names, and what spreads along them."""

from hypothesis import given
from hypothesis import strategies as st

from sop.circles import circles, in_turn, spread

names = st.sampled_from("abcdef")
graphs = st.dictionaries(names, st.lists(names, max_size=4), max_size=6)


def reached(start: str, needs: dict[str, list[str]]) -> set[str]:
    found: set[str] = set()
    waiting = [*needs.get(start, [])]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += needs.get(name, [])
    return found


def test_each_circle_is_told_once_in_the_order_of_the_file():
    needs = {"a": ["b"], "b": ["c"], "c": ["b"], "d": ["d"], "e": ["a"]}

    assert sorted(circles(needs)) == [("b", "c"), ("d",)]


@given(graphs)
def test_in_a_circle_is_who_needs_itself(needs: dict[str, list[str]]):
    told = [name for circle in circles(needs) for name in circle]

    assert sorted(told) == sorted(name for name in needs if name in reached(name, needs))


@given(graphs)
def test_names_come_after_what_they_need_unless_it_needs_them(needs: dict[str, list[str]]):
    order = in_turn(needs)

    assert sorted(order) == sorted(needs)
    for name, wanted in needs.items():
        for each in set(wanted) & needs.keys() - {name}:
            assert order.index(each) < order.index(name) or name in reached(each, needs)


@given(graphs, st.dictionaries(names, st.sets(st.integers(1, 3)), max_size=4))
def test_marks_spread_to_all_who_need_the_marked(
    needs: dict[str, list[str]], marks: dict[str, set[str]]
):
    marks = {name: own for name, own in marks.items() if name in needs}
    found = spread(marks, needs)

    for name in needs:
        wanted = {mark for each in reached(name, needs) | {name} for mark in marks.get(each, ())}
        assert found[name] == wanted


def test_a_chain_as_long_as_a_file_can_be_needs_no_recursion():
    needs = {str(n): [str(n + 1)] for n in range(20_000)}

    assert list(circles(needs)) == []
    assert len(in_turn(needs)) == 20_000
