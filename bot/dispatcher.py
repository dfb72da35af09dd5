"""One event, one unit of work: who is meant, which handlers see it, what is recorded of it.

The same dispatcher runs live, in rehearsal and in tests. A handler that raises takes only its
own event with it: that is kept as a dead event, with what is needed to try again.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.envelope import freeze
from bot.intake.writer import Job
from bot.routes import Route
from handlers.people import people
from handlers.ports import Context, Editions, Store, no_editions
from handlers.posting import outbox
from handlers.posting.deliveries import deliveries_of
from handlers.recognition import moments
from handlers.threads import open_threads
from sop.actions import Action
from sop.book import Book
from sop.events import AnswerAccepted, Event, MessageReceived, StepDue, TaskAnswered
from sop.frozen import quick, replace
from sop.model import (
    DeadEvent,
    Group,
    Identity,
    Member,
    Occurrence,
    Outgoing,
    Person,
    Record,
    SeenEvent,
    ThreadReply,
)
from storage.unit_of_work import Batch

ACTORS: Final[Mapping[type[Event], Callable[[Any], str]]] = {
    MessageReceived: lambda event: event.sender,
    AnswerAccepted: lambda event: event.member,
    TaskAnswered: lambda event: event.by,
}
"""Who acted, where somebody did: their platform id."""


@quick
@dataclass(frozen=True, slots=True)
class Handled:
    """What became of an event. `repeat`: it was handled before, and these are its deliveries."""

    event: Event
    actions: tuple[Action, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    routes: tuple[str, ...] = ()
    repeat: bool = False
    error: str = ""
    cause: Exception | None = None
    seconds: float = 0.0

    @property
    def outcome(self) -> str:
        """One word for logs and figures."""
        if self.error:
            return "dead"
        return "repeat" if self.repeat else "handled"


class Dispatcher:
    """Routes events. `book_of` gives the pack in force for a community, or None.

    `editions` gives packs of older versions, for what began under them.
    """

    def __init__(
        self,
        routes: Iterable[tuple[type[Event], Route]],
        book_of: Callable[[str], Book | None],
        now: Callable[[], int],
        editions: Editions = no_editions,
    ) -> None:
        self._routes: dict[type[Event], list[Route]] = defaultdict(list)
        for kind, route in routes:
            self._routes[kind].append(route)
        self._book_of = book_of
        self._now = now
        self._editions = editions

    def job(self, event: Event) -> Job:
        """Return the work of handling an event, with the bulk reads that prepare it."""
        return Job(
            run=lambda store: self.handle(store, event),
            rescue=lambda store, error: self.bury(store, event, error),
            phases=(lambda _batch: _first_keys(event), lambda batch: _second_keys(batch, event)),
        )

    def handle(self, store: Store, event: Event) -> Handled:
        """Handle an event once; a repeat returns the deliveries it had."""
        started = time.perf_counter()
        if not isinstance(event, StepDue) and store.get(SeenEvent, event.key) is not None:
            return Handled(event, outgoing=deliveries_of(store, event.key), repeat=True)
        book = self._book_of(event.community)
        if book is None:
            raise LookupError(f"no pack is in force for the community {event.community!r}")
        context = self._context(store, event, book)
        actions, taken = self._route(event, _as_begun(event, context))
        if isinstance(event, StepDue):
            _refuse_pending(store, event, context.now)
        moments.follow(context, actions)
        decided = outbox.dispatch(context, event, actions)
        self._mark_seen(store, event, decided.outgoing)
        seconds = time.perf_counter() - started
        return Handled(event, decided.actions, decided.outgoing, taken, seconds=seconds)

    def _context(self, store: Store, event: Event, book: Book) -> Context:
        actor = ACTORS.get(type(event))
        person_id = 0
        if actor is not None and actor(event):
            name = getattr(event, "name", "")
            person_id = people.person_of(store, event.community, actor(event), name).id
        group = store.get(Group, event.community, event.group) if event.group else None
        return Context(
            store=store,
            book=book.of(group.override) if group else book,
            community=event.community,
            now=max(self._now(), event.at),
            group_id=event.group,
            person_id=person_id,
            editions=self._editions,
        )

    def _route(self, event: Event, context: Context) -> tuple[tuple[Action, ...], tuple[str, ...]]:
        actions: list[Action] = []
        taken: list[str] = []
        for route in self._routes[type(event)]:
            if not route.accepts(event):
                continue
            outcome = route.handler(event, context)
            if outcome.actions or outcome.stop:
                taken.append(route.name)
            if outcome.actions:
                actions.extend(outcome.actions)
                context = replace(context, earlier=tuple(actions))
            if outcome.stop:
                break
        return tuple(actions), tuple(taken)

    def _mark_seen(self, store: Store, event: Event, sent: Sequence[Outgoing] = ()) -> None:
        # An occurrence's own row says that it was handled.
        if isinstance(event, StepDue):
            return
        numbers = tuple(each.id for each in sent)
        store.put(
            SeenEvent(key_=event.key, community=event.community, at=self._now(), outgoing=numbers)
        )

    def bury(self, store: Store, event: Event, error: Exception) -> Handled:
        """Keep a dead event, and see to it that its repeats do not die again."""
        reason = f"{type(error).__name__}: {error}"[:2_000]
        store.put(
            DeadEvent(
                key_=event.key,
                community=event.community,
                at=self._now(),
                payload=freeze(event),
                error=reason,
            )
        )
        self._mark_seen(store, event)
        if isinstance(event, StepDue):
            _settle_dead(store, event)
        return Handled(event, error=reason, cause=error)


def _as_begun(event: Event, context: Context) -> Context:
    """What has begun, held or open, is finished under the pack version it began with."""
    if not isinstance(event, StepDue):
        return context
    row = context.store.get(Occurrence, *event.occurrence)
    return context.under(row.version) if row is not None else context


def _settle_dead(store: Store, event: StepDue) -> None:
    """An occurrence whose handler raised is not tried for ever: replay brings it back."""
    row = store.get(Occurrence, *event.occurrence)
    if row is not None:
        store.put(replace(row, status="dead"))


def _refuse_pending(store: Store, event: StepDue, now: int) -> None:
    """What nobody settled would be due again at once, for ever: better it dies and is seen."""
    row = store.get(Occurrence, *event.occurrence)
    if row is not None and row.status == "pending" and row.run_at <= now:
        raise LookupError(f"no handler settles an occurrence of the kind {event.kind!r}")


Key = tuple[type[Record], tuple[Any, ...]]


def _first_keys(event: Event) -> list[Key]:
    """What every event of a batch will read, known from the event alone."""
    keys: list[Key] = [(SeenEvent, (event.key,))]
    if event.group:
        keys.append((Group, (event.community, event.group)))
    actor = ACTORS.get(type(event))
    if actor is not None:
        keys.append((Identity, (event.community, actor(event).casefold())))
    return keys


def _second_keys(batch: Batch, event: Event) -> list[Key]:
    """What follows from who acted."""
    actor = ACTORS.get(type(event))
    if actor is None:
        return []
    identity = batch.read(Identity, (event.community, actor(event).casefold()))
    if identity is None:
        return []
    keys: list[Key] = [(Person, (event.community, identity.person))]
    if event.group:
        keys.append((Member, (event.community, event.group, identity.person)))
        group = batch.read(Group, (event.community, event.group))
        keys.extend(
            (ThreadReply, (event.community, number, identity.person))
            for number, kind in (group.threads if group else ())
            if kind == open_threads.ASK
        )
    return keys
