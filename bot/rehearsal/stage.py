"""Playing a script: the virtual clock, the channel that hears so much and no more, the transcript.

Script lines go before clock events of the same instant, as callbacks do live. Deliveries arrive
at once. The same pack, script and seed give the same lines, byte for byte.
"""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.clock.due import due_events
from bot.delivery.aftermath import events_after
from bot.dispatcher import Dispatcher, Handled
from bot.intake.writer import Job, attempt
from bot.rehearsal import script
from bot.rehearsal.transcript import Transcript
from bot.routes import ROUTES
from handlers.ports import Store
from sop import channels
from sop.book import Book
from sop.events import Event, MemberJoined, MemberLeft, MessageReceived, PackEnforced
from sop.model import Group, Message, Occurrence, Outgoing, Person
from storage.database import MEMORY, Database

COMMUNITY: Final = "rehearsal"

FOREVER: Final = 1 << 62
"""Later than everything."""

BUNDLES: Final[Mapping[str, tuple[str, ...]]] = {
    "sandbox": ("sandbox",),
    "appchat": ("appchat", "app"),
    "aibot": ("link",),
    "robot": ("robot", "webhook"),
    "customer-group": ("customer",),
    "archive": ("archive",),
}
"""What `--channel` gives every group: the channels a group of that kind usually has.

An AI bot is rehearsed on its long connection, the mode in which it can also speak first.
"""


SCANNED: Final = 2_000
"""Messages looked back through for the one a line quotes."""


class Stage:
    """One rehearsal. `play` yields the transcript's lines in order of time."""

    def __init__(self, book: Book, *, channel: str = "sandbox") -> None:
        self._book = book
        self._channels = BUNDLES[channel]
        self._database = Database(MEMORY)
        self._database.migrate()
        # Nobody else looks on: one transaction, never committed, spares two for every line.
        self._batch = self._database.batch()
        self._due = FOREVER
        self._now = 0
        self._groups: dict[str, Group] = {}
        self._dispatcher = Dispatcher(ROUTES, lambda _community: book, lambda: self._now)
        self._transcript = Transcript(book.zone)
        self._asleep_until = 0

    def play(self, cues: Sequence[script.Cue], start: int, until: int) -> Iterator[dict[str, Any]]:
        """Play from `start` up to (without) `until`; lines of the script outside are left out."""
        waiting = deque(cue for cue in cues if start <= cue.at < until)
        self._now = start
        opened = {cue.group for cue in cues if cue.kind == "group.created"}
        yield from self._bind(
            [cue.group for cue in cues if cue.group and cue.group not in opened], lived=True
        )
        while waiting or self._next_due() < until:
            cue_at = max(waiting[0].at, self._asleep_until) if waiting else until
            due_at = max(self._next_due(), self._asleep_until)
            if min(cue_at, due_at) >= until:
                return
            self._now = max(self._now, min(cue_at, due_at))
            if cue_at <= due_at:
                yield from self._perform(waiting.popleft())
            else:
                yield from self._tick()

    def close(self) -> None:
        """Give the database back."""
        self._batch.rollback()
        self._database.close()

    def _perform(self, cue: script.Cue) -> Iterator[dict[str, Any]]:
        if cue.kind == "down":
            self._asleep_until = cue.at + script.down_for(cue)
            return
        if cue.kind == "group.created":
            yield from self._bind([cue.group], lived=False)
        event = self._quoting(script.event_of(cue, COMMUNITY))
        if self._hears(event):
            yield from self._handle([event])

    def _bind(self, names: Sequence[str], *, lived: bool) -> Iterator[dict[str, Any]]:
        """Bring groups into being under the pack; one that lived has been running already."""
        fresh = [name for name in dict.fromkeys(names) if name not in self._groups]
        for name in fresh:
            self._groups[name] = Group(
                community=COMMUNITY,
                id=name,
                kind="core" if name == "core" else "regular",
                channels=dict.fromkeys(self._channels, name),
                adopted_at=self._now if lived else 0,
                spoken_at=self._now if lived else 0,
            )
        yield from self._handle(
            [
                PackEnforced(
                    key=f"enforce:{len(self._groups)}:{lived}",
                    community=COMMUNITY,
                    at=self._now,
                    version=self._book.version,
                    groups=tuple(self._groups.values()),
                )
            ]
        )

    def _quoting(self, event: Event) -> Event:
        """Resolve what a line quotes: an id, else the latest message or post with that text."""
        if not isinstance(event, MessageReceived) or not event.quote:
            return event

        def read(store: Store) -> Message | None:
            heard = store.find(
                Message, community=COMMUNITY, group=event.group, order="-id", limit=SCANNED
            )
            return next((each for each in heard if each.message_id == event.quote), None) or next(
                (each for each in heard if event.quote in each.text), None
            )

        found: Message | None = self._read(read)
        if found is None:
            return event
        return replace(event, quote=found.text, quote_id=found.message_id)

    def _hears(self, event: Event) -> bool:
        """Whether the channel lets the bot know of it at all."""
        group = self._groups.get(event.group)
        if group is None:
            return True
        if isinstance(event, MessageReceived):
            mentioned = event.mentions_bot and channels.can(group.channels, "hear_mentions")
            return mentioned or channels.hears_all(group.channels)
        if isinstance(event, MemberJoined | MemberLeft):
            return channels.knows_members(group.channels)
        return True

    def _tick(self) -> Iterator[dict[str, Any]]:
        events = self._read(lambda store: due_events(store, self._now, limit=64))
        yield from self._handle(events)

    def _next_due(self) -> int:
        """When the next occurrence is due; looked up only after something was planned."""
        if Occurrence in self._batch.touched:
            found = self._read(
                lambda store: store.find(Occurrence, status="pending", order="run_at", limit=1)
            )
            self._due = found[0].run_at if found else FOREVER
            self._batch.touched.discard(Occurrence)
        return self._due

    def _handle(self, events: Sequence[Event]) -> Iterator[dict[str, Any]]:
        queue = deque(events)
        while queue:
            event = queue.popleft()
            handled: Handled = self._do(self._dispatcher.job(event))
            yield from self._told(handled)
            queue.extend(self._deliver(handled.outgoing))

    def _told(self, handled: Handled) -> list[dict[str, Any]]:
        actions = list(handled.actions)
        return list(
            self._read(lambda store: self._transcript.lines(store, handled, actions, self._now))
        )

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
                person = store.get(Person, COMMUNITY, int(member)) if member else None
                after.extend(events_after(sent, person.userid if person else "", self._now))
            return after

        return list(self._read(arrive))

    def _read(self, work: Any) -> Any:
        return self._do(Job(run=work))

    def _do(self, job: Job) -> Any:
        done = attempt(self._batch, job)
        if done.error is not None:
            raise done.error
        return done.result
