"""Work on the database while no bot runs on it: verify the ledger, replay dead events."""

from dataclasses import replace
from typing import Any

from bot.clock.wall import WallClock
from bot.dispatcher import Dispatcher
from bot.envelope import thaw
from bot.intake.writer import Job, Writer
from bot.library.bound_groups import abilities_of
from bot.library.editions import Editions
from bot.operations.operating import operating
from bot.routes import ROUTES
from bot.settings import Settings
from handlers.accounts.verification import differences
from handlers.ports import Store
from sop.events import Event, StepDue
from sop.model import DeadEvent, Occurrence, SeenEvent
from storage.unit_of_work import Unwritable


def verify_ledger(settings: Settings) -> list[str]:
    """Return a sentence for every derived figure that the ledger does not bear out.

    It looks at one committed state, and keeps no bot from writing meanwhile.
    """
    with operating(settings, abilities_of(settings)) as operation:
        books = operation.library.shelf.books
        return operation.database.read(
            lambda store: [
                line for name, book in books.items() for line in differences(store, book, name)
            ]
        )


def replay_dead(settings: Settings) -> list[tuple[str, str]]:
    """Handle every dead event again; returns key and outcome (handled, or why not) of each."""
    clock = WallClock()
    with operating(settings, abilities_of(settings)) as operation:
        writer, book_of = Writer(operation.database), operation.library.book_of
        dispatcher = Dispatcher(ROUTES, book_of, clock.now, Editions(book_of))
        dead = _done(
            writer, Job(run=lambda store: list(store.find(DeadEvent, replayed_at=0, order="at")))
        )
        return [(each.key_, _again(writer, dispatcher, each, clock.now())) for each in dead]


def _again(writer: Writer, dispatcher: Dispatcher, dead: DeadEvent, now: int) -> str:
    try:
        event = thaw(dead.payload)
    except ValueError:
        # It never was an event: told once, kept, and no longer counted.
        writer.run([Job(run=lambda store: store.put(replace(dead, replayed_at=now)))])
        return f"unusable: {dead.error}"

    def run(store: Store) -> str:
        _revive(store, event)
        dispatcher.handle(store, event)
        store.put(replace(dead, replayed_at=now))
        return "handled"

    done = writer.run([Job(run=run)])[0]
    if isinstance(done.error, Unwritable):
        raise done.error
    died = f"died again: {type(done.error).__name__}: {done.error}"
    return died if done.error is not None else str(done.result)


def _revive(store: Store, event: Event) -> None:
    """Let the event be handled as if it had not been seen."""
    if isinstance(event, StepDue):
        row = store.get(Occurrence, *event.occurrence)
        if row is not None:
            store.put(replace(row, status="pending"))
        return
    store.remove(SeenEvent, key_=event.key)  # type: ignore[attr-defined] # the overlay's own


def _done(writer: Writer, job: Job) -> list[Any]:
    done = writer.run([job])[0]
    if done.error is not None:
        raise done.error
    return list(done.result)
