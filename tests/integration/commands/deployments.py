"""A folder in which a bot has run: packs in force, a database, and what came in."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from bot.clock.due import due_events
from bot.dispatcher import Dispatcher
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.routes import ROUTES
from sop.events import Event
from storage.database import Database
from tests import builders
from tests.unit.bot.folders import write

ONE_GROUP = """\
communities:
  club:
    pack: club
    owner: boss
    regular: [{id: alpha, title: 晨读一群, channels: {sandbox: c1}}]
"""
TWO_GROUPS = ONE_GROUP.replace("}]", "}, {id: beta, channels: {sandbox: c2}}]")
TWO_COMMUNITIES = f"""\
{ONE_GROUP}\
  shop:
    pack: club
    owner: boss
    regular: [{{id: beta, channels: {{sandbox: c3}}}}]
"""


class Deployment:
    """What ran in a folder: told what happened when, it handles it as the bot does."""

    def __init__(self, library: Library, database: Database) -> None:
        self.library = library
        self.database = database
        self.now = 0
        self.dispatcher = Dispatcher(ROUTES, library.book_of, lambda: self.now)

    def enforce(self, now: int) -> None:
        """Bring the pack in force for every group."""
        self.handle(now, *self.library.enforcements(now))

    def handle(self, now: int, *events: Event) -> None:
        """Handle events in one batch, as of a moment in ms."""
        self.now = now
        batch = self.database.batch()
        for event in events:
            with batch.event() as store:
                self.dispatcher.handle(store, event)
        batch.commit()

    def wake(self, now: int) -> None:
        """Handle what is due at a moment; what that makes due is for the next call."""
        self.handle(now, *self.database.read(partial(due_events, now=now, limit=64)))


@contextmanager
def deployed(folder: Path, pack: str, groups: str) -> Iterator[Deployment]:
    """Lay out a folder with the pack `club` (told without its head) and its groups; open it."""
    sop = folder / "data" / "sop"
    sop.mkdir(parents=True)
    write(sop, {"club.yaml": builders.HEAD + pack, "groups.yaml": groups})
    library = Library(sop, Abilities())
    assert library.reload(), library.problems
    database = Database(f"sqlite:///{folder / 'data' / 'qunyun.db'}")
    database.migrate()
    try:
        yield Deployment(library, database)
    finally:
        database.close()
