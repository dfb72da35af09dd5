"""Owns what an operator should know about the entries of an agenda: clashes and spent budgets."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from sop.agenda import agenda_steps
from sop.agenda.agenda import LAYERS, Agenda, Entry, Known, Layer, in_layer
from sop.book import Book
from sop.budgets import budget
from sop.pack.pack_steps import Step
from sop.times.durations import MINUTE_MS
from sop.triggers import triggers


def marked(agenda: Agenda, book: Book, known: Known) -> Agenda:
    """Return the agenda with the clashes and the budgets of its entries told."""
    clashes = _clashes(agenda.entries, book)
    spent = _spent(agenda.entries, book, known)
    entries = (
        replace(entry, clash=clashes.get(place, ()), over=spent.get(place))
        if place in clashes or place in spent
        else entry
        for place, entry in enumerate(agenda.entries)
    )
    return replace(agenda, entries=tuple(entries))


def _clashes(entries: Sequence[Entry], book: Book) -> Mapping[int, tuple[str, ...]]:
    """Which entries speak in one group in one minute; steps chained to each other mean to."""
    public = {step.id for step in book.pack.steps if agenda_steps.is_public(step)}
    minutes: dict[int, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        if entry.step.id in public:
            minutes[entry.real // MINUTE_MS].append(place)
    meetings = _Meetings(book)
    found: dict[int, tuple[str, ...]] = {}
    for places in (each for each in minutes.values() if len(each) > 1):
        for place in places:
            ids = meetings.of(entries[place], [entries[each] for each in places])
            if ids:
                found[place] = ids
    return found


class _Meetings:
    """Which steps get into each other's way when they speak at one time."""

    def __init__(self, book: Book) -> None:
        self._before = {step.id: frozenset(_before(step, book)) for step in book.pack.steps}
        self._known: dict[tuple[str, str], bool] = {}

    def of(self, entry: Entry, others: Sequence[Entry]) -> tuple[str, ...]:
        """The ids of those of the others that meet the entry."""
        ids = (
            other.step.id
            for other in others
            if not (entry.bundled and other.bundled) and self._meet(entry.step, other.step)
        )
        return tuple(dict.fromkeys(ids))

    def _meet(self, one: Step, other: Step) -> bool:
        pair = (one.id, other.id)
        if pair not in self._known:
            chained = other.id in self._before[one.id] or one.id in self._before[other.id]
            shared = any(in_layer(one, layer) and in_layer(other, layer) for layer in LAYERS)
            self._known[pair] = shared and not chained and one.id != other.id
        return self._known[pair]


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
