"""Playing a script: the virtual clock, the channel that hears so much and no more, the transcript.

Script lines go before clock events of the same instant, as callbacks do live. Deliveries arrive
at once. The same pack, script and seed give the same lines, byte for byte, and a run cut short
is the beginning of a longer one.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

from bot.clock.due import due_events
from bot.delivery.aftermath import events_after, report_made
from bot.dispatcher import Dispatcher, Handled
from bot.intake.writer import Job, attempt
from bot.rehearsal import doors, groups, resolving, script
from bot.rehearsal import past as history
from bot.rehearsal.past import Past
from bot.rehearsal.silent import Silent
from bot.rehearsal.sources import FOREVER, Scripted, Source
from bot.rehearsal.standing import Standing, Tally, standings_of
from bot.rehearsal.transcript import Transcript
from bot.routes import ROUTES
from handlers.figures import publishing
from handlers.ports import Context, Store
from sop.book import Book
from sop.events import Event, MessageReceived, PackEnforced
from sop.model import Group, Occurrence, Outgoing, Person, SeenEvent, Task
from sop.times.durations import DAY_MS
from storage.database import MEMORY, Database
from storage.retention import prune
from storage.statements import KEYS_AT_ONCE

COMMUNITY: Final = "rehearsal"

RETAINED: Final = 90
"""Days for which texts are kept, the default of a deployment."""

PRUNED: Final = 5_000
"""Records forgotten in one go."""


class Stage:
    """One rehearsal. `play` yields the transcript's lines in order of time.

    `seed` decides where texts that rotate begin: 0 is a pack that has never run before, any
    other number a group in which it has been running for a while. With `trace` there are lines
    for what did nothing, too; `starts` is the day a camp starts (2026-12-01). It goes on from a
    `past`, whose groups keep their own channels. An empty, migrated `database` may be given
    instead of one in memory.
    """

    def __init__(
        self,
        book: Book,
        *,
        channel: str = "sandbox",
        seed: int = 0,
        trace: bool = False,
        starts: str = "",
        past: Past | None = None,
        database: Database | None = None,
    ) -> None:
        self._book = book
        self._past = past
        self._community = past.community if past else COMMUNITY
        self._channels = groups.BUNDLES[channel]
        self._seed = seed
        self._starts = starts
        self._database = database or _in_memory()
        # Nobody else looks on: one transaction a week spares two for every line.
        self._batch = self._database.batch()
        self._due = FOREVER
        self._now = 0
        self._groups: dict[str, Group] = {}
        self._dispatcher = Dispatcher(ROUTES, lambda _community: book, lambda: self._now)
        self._transcript = Transcript(book.zone)
        self._silent = Silent(self._community, self._transcript)
        self._trace = trace
        self._asleep_until = 0
        self._week = 0
        self._memory = resolving.Memory()
        self._expected: set[int] = set()
        self.tally = Tally()

    def play(self, cues: Sequence[script.Cue], start: int, until: int) -> Iterator[dict[str, Any]]:
        """Play from `start` up to (without) `until`; lines of the script outside are left out."""
        return self.perform(Scripted(cues, start), start, until)

    def perform(self, source: Source, start: int, until: int) -> Iterator[dict[str, Any]]:
        """Play what a source gives, and let it hear every line before the next is yielded."""
        self._now = start
        for line in self._lines(source, until):
            source.heed(line)
            yield line

    def open_tasks(self, group: str) -> Sequence[Task]:
        """The tasks of a group that nobody has closed, the oldest first."""
        found: Sequence[Task] = self.look(
            lambda store: store.find(
                Task, community=self._community, group=group, status="open", order="id"
            )
        )
        return found

    def standings(self) -> dict[str, Standing]:
        """Where everybody stands now, by platform id, in the order they came."""
        found: dict[str, Standing] = self.look(lambda store: standings_of(self._context(store)))
        return found

    def open_count(self) -> int:
        """How many tasks nobody has closed."""
        found: int = self.look(
            lambda store: store.count(Task, community=self._community, status="open")
        )
        return found

    def look(self, work: Callable[[Store], Any]) -> Any:
        """Return what `work` finds in the state as it is now."""
        return self._do(Job(run=work))

    def close(self) -> None:
        """Give the database back."""
        self._batch.rollback()
        self._database.close()

    def _lines(self, source: Source, until: int) -> Iterator[dict[str, Any]]:
        if self._past is not None:
            self.look(partial(history.restore, past=self._past, book=self._book))
            self._groups = {group.id: group for group in self._past.groups}
        yield from self._bind(source.lived(), lived=True)
        if self._past is not None:
            self.look(partial(history.resume, past=self._past, book=self._book))
        while True:
            cue_at = max(source.next_at(), self._asleep_until)
            due_at = max(self._next_due(), self._asleep_until)
            if min(cue_at, due_at) >= until:
                return
            self._now = max(self._now, min(cue_at, due_at))
            self._tidy()
            if cue_at > due_at:
                yield from self._tick()
            elif (cue := source.take(self)) is not None:
                yield from (self._transcript.named(line, cue) for line in self._perform(cue))

    def _perform(self, cue: script.Cue) -> Iterator[dict[str, Any]]:
        if cue.kind == "down":
            self._asleep_until = max(self._asleep_until, cue.at + script.down_for(cue))
            return
        if cue.kind == "group.created":
            yield from self._bind([cue.group], lived=False)
        if cue.kind in doors.DOORS:
            yield from self._come(cue)
            return
        event = self._event(cue)
        if event is None:
            return
        heard = groups.hears(self._groups.get(event.group), event)
        if isinstance(event, MessageReceived):
            self.tally.said += 1
            self.tally.heard += heard
            self._memory.keep(event, heard=heard)
        if heard:
            yield from self._handle([event])

    def _come(self, cue: script.Cue) -> Iterator[dict[str, Any]]:
        """What comes in by another door than a chat."""
        came = self.look(lambda store: doors.come(self._context(store), cue))
        yield from ({"at": self._transcript.stamp(self._now), **line} for line in came.lines)
        yield from self._handle([came.event] if came.event else [])

    def _event(self, cue: script.Cue) -> Event | None:
        """The event of a cue, with what it refers to; None where that is not there."""
        self._expect(cue.number)
        event = script.event_of(cue, self._community, self._book)
        if not resolving.refers(cue):
            return event
        refer = partial(resolving.meant, event=event, cue=cue, memory=self._memory)
        found: Event | None = self.look(refer)
        return found

    def _bind(self, names: Sequence[str], *, lived: bool) -> Iterator[dict[str, Any]]:
        """Bring groups into being under the pack; one that lived has been running already."""
        fresh = [name for name in dict.fromkeys(names) if name not in self._groups]
        for name in fresh:
            since = self._now if lived else 0
            group = groups.found(self._community, name, self._channels, since, self._starts)
            self._groups[name] = group
            if self._seed:
                turns = partial(groups.turn, community=self._community, group=name)
                self.look(partial(turns, book=self._book, seed=self._seed))
        yield from self._handle(
            [
                PackEnforced(
                    key=f"enforce:{len(self._groups)}:{lived}",
                    community=self._community,
                    at=self._now,
                    version=self._book.version,
                    groups=tuple(self._groups.values()),
                )
            ]
        )

    def _tick(self) -> Iterator[dict[str, Any]]:
        events = self.look(lambda store: due_events(store, self._now, limit=64))
        yield from self._handle(events)

    def _next_due(self) -> int:
        """When the next occurrence is due; looked up only after something was planned."""
        if Occurrence in self._batch.touched:
            found = self.look(
                lambda store: store.find(Occurrence, status="pending", order="run_at", limit=1)
            )
            self._due = found[0].run_at if found else FOREVER
            self._batch.touched.discard(Occurrence)
        return self._due

    def _expect(self, number: int) -> None:
        """Find out about many cues at once that they are no repeats: one by one costs a tenth."""
        block = number // KEYS_AT_ONCE
        if block not in self._expected:
            self._expected.add(block)
            first = block * KEYS_AT_ONCE
            keys = [(script.key_of(first + each),) for each in range(KEYS_AT_ONCE)]
            self._batch.load(SeenEvent, keys)

    def _tidy(self) -> None:
        """Once a week: forget as a deployment does, so that a year fits into memory."""
        before, self._week = self._week, self._now // (7 * DAY_MS)
        if before in (self._week, 0):
            return
        while self.look(partial(prune, now=self._now, retain_text_days=RETAINED, limit=PRUNED)):
            pass
        touched = self._batch.touched
        self._batch.commit()
        self._batch = self._database.batch()
        self._batch.touched |= touched
        self._expected.clear()

    def _handle(self, events: Sequence[Event]) -> Iterator[dict[str, Any]]:
        queue = deque(events)
        while queue:
            event = queue.popleft()
            handled: Handled = self._do(self._dispatcher.job(event))
            yield from self._told(handled)
            queue.extend(self._deliver(handled.outgoing))

    def _told(self, handled: Handled) -> list[dict[str, Any]]:
        actions = list(handled.actions)
        if not (actions or handled.error or self._trace):
            return []

        def lines(store: Store) -> list[dict[str, Any]]:
            told = self._transcript.lines(store, handled, actions, self._now)
            return [*told, *self._silent.lines(store, self._now, told)] if self._trace else told

        return list(self.look(lines))

    def _deliver(self, outgoing: Sequence[Outgoing]) -> list[Event]:
        """Everything decided arrives at once, in order."""
        if not outgoing:
            return []

        def arrive(store: Store) -> list[Event]:
            after: list[Event] = []
            for delivery in outgoing:
                sent = replace(delivery, status="sent", attempts=1, done_at=self._now)
                store.put(sent)
                member = delivery.body.get("member", "")
                person = store.get(Person, self._community, int(member)) if member else None
                after.extend(events_after(sent, person.userid if person else "", self._now))
                if sent.do == "reckon":
                    after.append(self._reckoned(store, sent))
            return after

        return list(self.look(arrive))

    def _reckoned(self, store: Store, sent: Outgoing) -> Event:
        """Figures are there at once: nobody else waits for this writer."""
        figures = publishing.reckoned(self._context(store), sent.body["wish"])
        return report_made(sent, figures, self._now)

    def _context(self, store: Store) -> Context:
        return Context(store=store, book=self._book, community=self._community, now=self._now)

    def _do(self, job: Job) -> Any:
        done = attempt(self._batch, job)
        if done.error is not None:
            raise done.error
        return done.result


def _in_memory() -> Database:
    database = Database(MEMORY)
    database.migrate()
    return database
