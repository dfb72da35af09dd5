"""Owns what an operator should know about the entries of an agenda: clashes and spent budgets."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sop import agenda_steps, budget, triggers
from sop.agenda import LAYERS, Agenda, Entry, Known, Layer, in_layer
from sop.book import Book
from sop.durations import MINUTE_MS
from sop.pack_steps import Step


def marked(agenda: Agenda, book: Book, known: Known) -> Agenda:
    """Return the agenda with the clashes and the budgets of its entries told."""
    clashes = _clashes(agenda.entries, book)
    spent = _spent(agenda.entries, book, known)
    entries = (
        replace(entry, clash=clashes.get(place, ()), over=spent.get(place))
        for place, entry in enumerate(agenda.entries)
    )
    return replace(agenda, entries=tuple(entries))


def _clashes(entries: Sequence[Entry], book: Book) -> Mapping[int, tuple[str, ...]]:
    """Which entries speak in one group in one minute; steps chained to each other mean to."""
    minutes: dict[int, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if agenda_steps.is_public(entry.step):
            minutes[entry.real // MINUTE_MS].append(place)
    found: dict[int, tuple[str, ...]] = {}
    for places in (each for each in minutes.values() if len(each) > 1):
        for place in places:
            others = (entries[each] for each in places if each != place)
            ids = (each.step.id for each in others if _meet(entries[place], each, book))
            found[place] = tuple(dict.fromkeys(ids))
    return found


def _meet(first: Entry, second: Entry, book: Book) -> bool:
    one, other = first.step, second.step
    if one.id == other.id or (first.bundled and second.bundled):
        return False
    shared = any(in_layer(one, layer) and in_layer(other, layer) for layer in LAYERS)
    chained = other.id in _before(one, book) or one.id in _before(other, book)
    return shared and not chained


def _before(step: Step, book: Book) -> Iterator[str]:
    """The ids of the steps it is chained to, the nearest first."""
    seen = {step.id}
    before: Step | None = step
    while before is not None and isinstance(before.when, triggers.After):
        before = book.step(before.when.step)
        if before is None or before.id in seen:
            return
        seen.add(before.id)
        yield before.id


def _spent(entries: Sequence[Entry], book: Book, known: Known) -> Mapping[int, tuple[int, int]]:
    """Which entries come when the budget of their group's day or week is used up."""
    found: dict[int, tuple[int, int]] = {}
    for layer in (known.layer,) if known.layer else LAYERS:
        found.update(_over(entries, book, layer))
    return found


def _over(
    entries: Sequence[Entry], book: Book, layer: Layer
) -> Iterator[tuple[int, tuple[int, int]]]:
    cap = book.pack.budget.group
    if cap is None:
        return
    sums: dict[str, int] = defaultdict(int)
    bundle = -1
    for place in sorted(range(len(entries)), key=_turns(entries, book)):
        entry = entries[place]
        messages = budget.posts_from(entry.step) if in_layer(entry.step, layer) else 0
        if messages and entry.bundled:
            messages, bundle = int(entry.real != bundle), entry.real
        if messages:
            period = budget.period(cap, entry.real, book.zone)
            sums[period] += messages
            if sums[period] > cap.n:
                yield place, (sums[period], cap.n)


def _turns(
    entries: Sequence[Entry], book: Book
) -> Callable[[int], tuple[int, tuple[int, int, int]]]:
    """What happens first: by time, and at one instant as the budget orders it."""
    places = {step.id: place for place, step in enumerate(book.pack.steps)}

    def turn(place: int) -> tuple[int, tuple[int, int, int]]:
        entry = entries[place]
        rank = budget.rank_of(entry.step.priority, places[entry.step.id])
        return entry.real, budget.turn(rank, entry.at)

    return turn
