"""What a change of weights would do to the past, and booking the difference where that is wanted.

Deeds are those of the ledger since a date, and messages that earned nothing then but are still
kept. Nothing booked is changed: a difference is an entry of its own.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from handlers.ledger import hidden_authors, ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.activities.commands import parse_command
from sop.model import BOT, Group, LedgerEntry, Message, Person, Strike
from sop.standing import recount, standing
from sop.standing.recount import Deed, Sum
from sop.times import localtime
from sop.times.durations import DAY_MS
from sop.told_events import PointsRecounted

READ: Final = ("person", *standing.BOOKED, "points", "deed", "source")
"""What is read of an entry; its place in a row is given by the names below."""

_PERSON, _STANDING, _AT, _ID, _REVERSAL, _POINTS, _DEED, _SOURCE = range(len(READ))

WEEK_MS: Final = 7 * DAY_MS
"""How long before the date texts are looked at: what is said again is not paid again."""

Row = tuple[Any, ...]
Texts = Mapping[int, Mapping[str, tuple[int, str]]]
"""By person and message id, when it was said and the text."""


class CountedBefore(Exception):
    """A recount from an earlier date was booked: one from later on would count it twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a recount would change for a person: each deed as booked and as it would be."""

    person: Person
    deeds: Mapping[str, tuple[Sum, Sum]]
    score: int

    @property
    def points(self) -> int:
        """How much the balance would change."""
        return sum(new.points - old.points for old, new in self.deeds.values())

    @property
    def standing(self) -> int:
        """How much the score would change."""
        return sum(new.standing - old.standing for old, new in self.deeds.values())

    @property
    def corrections(self) -> Iterator[tuple[int, str, int, int]]:
        """What would be booked: (person, deed, points, standing) each."""
        for deed, (old, new) in self.deeds.items():
            yield self.person.id, deed, new.points - old.points, new.standing - old.standing


def differences(context: Context, since: date) -> Iterator[Difference]:
    """Yield each person for whom anything would change. Raises `CountedBefore`."""
    start = localtime.local_midnight(since, context.book.zone)
    texts = _texts(context, start - WEEK_MS)
    strikes = _strikes(context)
    seen: set[int] = set()
    rows = context.store.rows(LedgerEntry, READ, community=context.community, order="person")
    for number, found in groupby(rows, key=itemgetter(_PERSON)):
        seen.add(number)
        past = _Past(context, number, since, start, texts.get(number, {}))
        yield from past.differences(list(found), strikes.get(number, ()))
    for number in sorted(texts.keys() - seen):
        past = _Past(context, number, since, start, texts[number])
        yield from past.differences([], strikes.get(number, ()))


def _standing(rows: list[Row]) -> list[Row]:
    """Return the entries that stand."""
    undone = {row[_REVERSAL] for row in rows}
    return [row for row in rows if not row[_REVERSAL] and row[_ID] not in undone]


def _week_before(context: Context, start: int) -> int:
    """Return when the ISO week of the start began: its caps were used from then on."""
    day = localtime.local_date(start, context.book.zone)
    return localtime.local_midnight(day - timedelta(days=day.weekday()), context.book.zone)


def _texts(context: Context, start: int) -> Texts:
    """Return what people said since then, as far as it is kept."""
    found: defaultdict[int, dict[str, tuple[int, str]]] = defaultdict(dict)
    now = people.aliases(context.store, context.community)
    for group in context.store.find(Group, community=context.community):
        rows = context.store.rows(
            Message, ("person", "at", "message_id", "text"), community=context.community,
            group=group.id, at__ge=start,
        )  # fmt: skip
        for person, at, message, said in rows:
            if person != BOT and said:
                found[now.get(person, person)][message] = (at, said)
    return found


def _strikes(context: Context) -> Mapping[int, list[Strike]]:
    found: defaultdict[int, list[Strike]] = defaultdict(list)
    where: dict[str, Any] = {"observed": False, "reversed_at": 0}
    for strike in context.store.find(Strike, community=context.community, **where):
        found[strike.person].append(strike)
    return found


@dataclass(frozen=True, slots=True)
class _Past:
    """One person's deeds before and after the date from which to count anew."""

    context: Context
    number: int
    since: date
    start: int
    kept: Mapping[str, tuple[int, str]]

    def differences(self, rows: list[Row], strikes: Iterable[Strike]) -> Iterator[Difference]:
        """Yield what would change, if anything does."""
        person = self.context.store.get(Person, self.context.community, self.number)
        if person is None:
            return
        book, now = self.context.book, self.context.now
        score, entries = book.pack.score, _standing(rows)
        deeds = [self._deed(row) for row in entries if self._matters(row)]
        since = [deed for deed in deeds if deed.at >= self.start]
        begun = recount.begun(person, self._before(deeds), score, book.zone)
        withheld = self._unpaid(rows, strikes)
        new = recount.replayed(begun, (*since, *withheld), score, book.zone, now)
        old = recount.booked((*since, *self._corrections(entries)), score, now)
        changed = {
            name: (old.get(name, Sum()), new.get(name, Sum()))
            for name in sorted({*old, *new})
            if _figures(old.get(name)) != _figures(new.get(name))
        }
        if changed:
            weighed = standing.score_at([row[_STANDING:_POINTS] for row in entries], now, score)
            yield Difference(person=person, deeds=changed, score=weighed)

    def _matters(self, row: Row) -> bool:
        """Tell whether an entry is counted anew, or binds: by caps, texts, or as paid for ever.

        A sum of what somebody gave anonymously stays: nothing tells how many entries it is of.
        """
        if row[_DEED] in recount.KEPT_AS_IT_IS or row[_SOURCE].startswith(hidden_authors.SOURCE):
            return False
        return row[_AT] >= self.start - WEEK_MS or self._is_once(row[_DEED])

    def _before(self, deeds: Iterable[Deed]) -> Iterator[Deed]:
        """Yield the earlier deeds that still bind."""
        week = _week_before(self.context, self.start)
        for deed in deeds:
            binds = deed.at >= week or deed.said or self._is_once(deed.name)
            if deed.at < self.start and binds:
                yield deed

    def _is_once(self, deed: str) -> bool:
        spec = self.context.book.pack.score.earned(deed)
        return spec is not None and bool(spec.once)

    def _deed(self, row: Row) -> Deed:
        said = self.kept.get(row[_SOURCE])
        return Deed(
            name=row[_DEED], at=row[_AT], points=row[_POINTS], standing=row[_STANDING],
            said=said[1] if said else None,
        )  # fmt: skip

    def _corrections(self, entries: Iterable[Row]) -> Iterator[Deed]:
        """Yield what earlier recounts booked, under the deed each was about."""
        for row in entries:
            if row[_DEED] != recount.DEED:
                continue
            _, deed, day, _ = row[_SOURCE].split(":", 3)
            if date.fromisoformat(day) < self.since:
                raise CountedBefore(day)
            yield Deed(name=deed, at=row[_AT], points=row[_POINTS], standing=row[_STANDING])

    def _unpaid(self, rows: Iterable[Row], strikes: Iterable[Strike]) -> Iterator[Deed]:
        """Yield messages that earned nothing then: no commands, none that broke a rule."""
        paid = {row[_SOURCE] for row in rows if row[_DEED] == "message"}
        struck = list(strikes)
        broken = {strike.source for strike in struck}
        mute = self.context.book.pack.rules.mute_ms
        muted = [each.at for each in struck if each.measure == "mute-points"]
        for message, (at, said) in self.kept.items():
            silent = any(begun <= at < begun + mute for begun in muted)
            if at < self.start or message in paid or message in broken or silent:
                continue
            if parse_command(said, self.context.book.words) is None:
                yield Deed(name="message", at=at, said=said)


def _figures(found: Sum | None) -> tuple[int, int]:
    return (found.points, found.standing) if found is not None else (0, 0)


def book(event: PointsRecounted, context: Context) -> Outcome:
    """Book the differences of a recount; nobody is congratulated on a level it brings."""
    lines: list[Action] = []
    for person, deed, points, score in event.corrections:
        lines += ledger.book_entry(
            context, person, recount.DEED, points, score=score,
            source=f"{recount.DEED}:{deed}:{event.since}:{event.run}",
        )  # fmt: skip
    return Outcome(tuple(map(_quietly, lines)))


def _quietly(line: Action) -> Action:
    return replace(line, reason="recount") if line.do == "level" else line
