"""Circles among things that need each other by name."""

from collections.abc import Collection, Iterator, Mapping


def circles(needs: Mapping[str, Collection[str]]) -> Iterator[tuple[str, ...]]:
    """Yield the names of each knot of things that need each other, in the order of `needs`.

    A thing that needs itself is a knot, too. Linear in what is needed, and without recursion:
    a file may chain as many things as it has room for.
    """
    order = {name: place for place, name in enumerate(needs)}
    for knot in _knots(needs):
        if len(knot) > 1 or knot[0] in needs[knot[0]]:
            yield tuple(sorted(knot, key=order.__getitem__))


def _knots(needs: Mapping[str, Collection[str]]) -> Iterator[list[str]]:
    """Kosaraju's two passes: finish in depth first, then gather against the direction."""
    needed_by: dict[str, list[str]] = {name: [] for name in needs}
    for name, wanted in needs.items():
        for each in wanted:
            if each in needed_by:
                needed_by[each].append(name)
    seen: set[str] = set()
    for name in reversed(in_turn(needs)):
        knot = _finished(name, needed_by, seen)
        if knot:
            yield knot


def in_turn(needs: Mapping[str, Collection[str]]) -> list[str]:
    """Return the names, each after all that it needs, as far as circles allow."""
    seen: set[str] = set()
    return [each for name in needs for each in _finished(name, needs, seen)]


def _finished(start: str, graph: Mapping[str, Collection[str]], seen: set[str]) -> list[str]:
    """Return what is reached and not seen yet, each after all that it leads to."""
    if start in seen:
        return []
    seen.add(start)
    done: list[str] = []
    trail = [(start, iter(graph[start]))]
    while trail:
        name, rest = trail[-1]
        following = next((each for each in rest if each in graph and each not in seen), None)
        if following is None:
            done.append(name)
            trail.pop()
        else:
            seen.add(following)
            trail.append((following, iter(graph[following])))
    return done


def spread(marks: Mapping[str, Collection[str]], needs: Mapping[str, Collection[str]]) -> (
    dict[str, frozenset[str]]
):  # fmt: skip
    """Return for every thing its own marks, and those of all that it needs."""
    needed_by: dict[str, list[str]] = {name: [] for name in needs}
    for name, wanted in needs.items():
        for each in wanted:
            needed_by.setdefault(each, []).append(name)
    found: dict[str, set[str]] = {name: set() for name in needs}
    waiting = [(name, mark) for name, own in marks.items() for mark in own]
    while waiting:
        name, mark = waiting.pop()
        if mark not in found[name]:
            found[name].add(mark)
            waiting += [(user, mark) for user in needed_by[name]]
    return {name: frozenset(own) for name, own in found.items()}
