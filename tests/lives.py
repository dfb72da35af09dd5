"""A community that lives through the real dispatcher and clock, on a database in memory."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.clock.due import due_events
from bot.delivery.aftermath import report_made
from bot.dispatcher import Dispatcher, Handled
from bot.routes import ROUTES
from handlers.accounts.verification import differences
from handlers.figures import publishing
from handlers.people import people
from handlers.ports import Context, Store
from sop.actions import Action
from sop.book import Book
from sop.events import Event, MemberJoined, PackEnforced, ReportMade
from sop.model import Group, Occurrence, Outgoing, Person
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import in_memory

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR

PEOPLE = ("li", "chen", "zhao", "lin", "he")


class Life:
    """One event after the other, each committed, at the time of the test's own clock."""

    def __init__(self, database: Database, book: Book, now: int) -> None:
        self.database, self.book, self.now = database, book, now
        self.handled: list[Handled] = []
        self.editions = {book.version: book}
        self.dispatcher = Dispatcher(
            ROUTES,
            lambda _community: self.book,
            lambda: self.now,
            lambda _store, _community, version: self.editions.get(version),
        )

    def handle(self, *events: Event, crash: bool = False) -> list[Action]:
        """Handle events in one batch; a crash loses the batch."""
        batch = self.database.batch()
        done = []
        for event in events:
            with batch.event() as store:
                done.append(self.dispatcher.handle(store, event))
        if crash:
            batch.rollback()
            return []
        batch.commit()
        self.handled += done
        lines = [action for each in done for action in each.actions]
        wanted = [sent for each in done for sent in each.outgoing if sent.do == "reckon"]
        return lines + [line for sent in wanted for line in self.handle(self.reckoned(sent))]

    def happen(self, kind: type[Event], **fields: Any) -> list[Action]:
        """Handle something of that kind that happens now."""
        key = f"{kind.__name__}:{self.now}:{len(self.handled)}"
        return self.handle(kind(key=key, community=COMMUNITY, at=self.now, **fields))

    def reckoned(self, sent: Outgoing) -> ReportMade:
        """Return the figures that were wanted, as of now."""

        def work(store: Store) -> ReportMade:
            context = builders.context(store, self.book, now=self.now)
            return report_made(sent, publishing.reckoned(context, sent.body["wish"]), self.now)

        return self.database.read(work)

    def say(self, text: str, sender: str = "li", **fields: Any) -> list[Action]:
        return self.handle(builders.message(text, sender=sender, **{"at": self.now, **fields}))

    def join(self, *userids: str, group: str = GROUP) -> list[Action]:
        return self.handle(
            *(
                MemberJoined(
                    key=f"join:{group}:{userid}:{self.now}",
                    community=COMMUNITY,
                    group=group,
                    at=self.now,
                    member=userid,
                    name=userid.title(),
                )
                for userid in userids
            )
        )

    def due(self, limit: int = 100) -> list[Event]:
        batch = self.database.batch()
        with batch.event() as store:
            found = due_events(store, self.now, limit)
        batch.rollback()
        return list(found)

    def tick(self) -> list[Action]:
        """Handle what is due now, and what falls due by that, each event in its own batch."""
        lines: list[Action] = []
        for _ in range(50):
            found = self.due()
            for event in found:
                lines += self.handle(event)
            if not found:
                return lines
        raise AssertionError(f"still due: {found}")

    def wait(self, until: int) -> list[Action]:
        """Let the clock run, stopping at everything that falls due."""
        lines: list[Action] = []
        while (moment := self._next()) is not None and moment <= until:
            self.now = max(self.now, moment)
            lines += self.tick()
        self.now = until
        return lines

    def _next(self) -> int | None:
        rows = self.read(Occurrence, status="pending", order="run_at", limit=1)
        return rows[0].run_at if rows else None

    def enforce(self, *groups: Group) -> list[Action]:
        return self.happen(PackEnforced, version="v1", groups=groups or (builders.group(),))

    def edit(self, pack: str, *groups: Group) -> None:
        """Let another text of the pack come into force."""
        version = f"v{len(self.editions) + 1}"
        self.book = Book(pack=builders.pack(pack), version=version)
        self.editions[version] = self.book
        self.enforce(*groups)

    def read(self, kind: type[Any], /, **where: Any) -> list[Any]:
        batch = self.database.batch()
        with batch.event() as store:
            found = list(store.find(kind, **where))
        batch.rollback()
        return found

    @contextmanager
    def acting(self, userid: str = "", **fields: Any) -> Iterator[Context]:
        """A context of its own transaction, for calling a use case by itself."""
        batch = self.database.batch()
        with batch.event() as store:
            number = people.person_of(store, COMMUNITY, userid).id if userid else 0
            yield builders.context(
                store, self.book, **{"now": self.now, "person_id": number, **fields}
            )
        batch.commit()

    def arrive(self, *kinds: str) -> None:
        """Let all that waits to be sent arrive, or all of some kinds."""
        with self.acting() as context:
            for each in context.store.find(Outgoing, status="pending"):
                if not kinds or each.do in kinds:
                    context.store.put(replace(each, status="sent", done_at=self.now))

    def unproven(self) -> list[str]:
        """Return what the ledger does not bear out."""
        with self.acting() as context:
            return list(differences(context.store, self.book, COMMUNITY))

    def person(self, userid: str = "li") -> Person:
        with self.acting() as context:
            return people.person_of(context.store, COMMUNITY, userid)


@contextmanager
def life(
    pack: str = "", *, now: int = EVENING, groups: Iterable[Group] | None = None, **fields: Any
) -> Iterator[Life]:
    """A community run by the pack; by default with one group where everything is possible."""
    with in_memory() as database:
        living = Life(database, builders.book(builders.HEAD + pack, **fields), now)
        batch = database.batch()
        with batch.event() as store:
            for group in (builders.group(),) if groups is None else groups:
                store.put(group)
        batch.commit()
        yield living


def begun(club: Life, *groups: Group) -> list[Action]:
    """Let `PEOPLE` join, and what begins at eight in the evening begin."""
    club.now = EVENING - HOUR
    club.enforce(*groups)
    club.join(*PEOPLE)
    lines = club.wait(EVENING)
    club.now += MINUTE
    return lines


def texts(lines: Iterable[Action], *kinds: str) -> list[str]:
    return [line.text for line in lines if not kinds or line.do in kinds]


def of(lines: Iterable[Action], *kinds: str) -> list[Action]:
    return [line for line in lines if line.do in kinds]
