"""What an operator does from the command line, whether the bot runs or not: looks, and one event.

An event is handled as the running bot would, in a transaction of its own: the database lets one
writer in at a time, and the bot keeps nothing in memory that decides.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.broken import Broken, usable
from bot.clock.wall import WallClock
from bot.dispatcher import Dispatcher, Handled
from bot.intake.writer import Writer
from bot.library.bound_groups import Abilities
from bot.library.editions import Editions
from bot.library.library import Library
from bot.routes import ROUTES
from bot.settings import Settings
from handlers.ports import Context, Store
from sop.events import Event
from storage.database import Database

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Operation:
    """The deployment's database with what is in force, open for one command. `now` is in ms."""

    database: Database
    library: Library
    now: int

    def communities(self, wanted: str = "") -> list[str]:
        """Return the bound communities, or the one that is wanted; `Broken` where it is none."""
        known = sorted(self.library.shelf.books)
        if wanted and wanted not in known:
            raise Broken(f"there is no community {wanted}: there are {', '.join(known) or 'none'}")
        return [wanted] if wanted else known

    def community(self, wanted: str) -> str:
        """Return the one that is wanted, or the only one; `Broken` where that is none or many."""
        known = self.communities(wanted)
        if len(known) != 1:
            raise Broken(f"say --community: there are {', '.join(known) or 'none'}")
        return known[0]

    def look(self, community: str, work: Callable[[Context], T]) -> T:
        """Return what the work finds in the community's state; it changes nothing."""
        return self.database.read(lambda store: work(self._context(store, community)))

    def _context(self, store: Store, community: str) -> Context:
        book = self.library.shelf.books[community]
        return Context(store=store, book=book, community=community, now=self.now)

    def handle(self, event: Event) -> Handled:
        """Handle the event; what it died of is `Broken`, and nothing has changed then."""
        editions = Editions(self.library.book_of)
        dispatcher = Dispatcher(ROUTES, self.library.book_of, lambda: self.now, editions)
        (done,) = Writer(self.database).run([dispatcher.job(event)])
        handled = done.result
        if done.error is not None or not isinstance(handled, Handled):
            raise Broken(f"nothing was changed: {done.error}")
        if handled.error:
            raise Broken(f"nothing was changed: {handled.error}")
        return handled


def in_force(settings: Settings, abilities: Abilities) -> Library:
    """Return what is in force. Raises `Broken` with all that is wrong."""
    library = Library(settings.sop_dir, abilities)
    if not library.reload():
        raise Broken("\n".join(each.told() for each in library.problems))
    return library


@contextmanager
def operating(settings: Settings, abilities: Abilities) -> Iterator[Operation]:
    """Open the deployment's database and packs, or raise `Broken` with the reason."""
    library = in_force(settings, abilities)
    with usable(), closing(Database(settings.database_url)) as database:
        database.migrate()
        yield Operation(database, library, WallClock().now())
