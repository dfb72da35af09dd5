"""A deployment looked at from outside: its groups and what they lived through, read only.

The bot may be running meanwhile: one read transaction sees the last committed state.
"""

from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Final

from bot.broken import Broken, usable
from bot.library.bound_groups import Abilities
from bot.operations.deployments import time_in
from bot.operations.operating import in_force
from bot.rehearsal.past import Past
from bot.rehearsal.recorded import day_begins, read_past
from bot.settings import Settings
from handlers.ports import Store
from sop.book import Book
from sop.model import Group
from sop.suggestions import did_you_mean
from storage.database import HEAD, Database

SQLITE: Final = "sqlite:///"


def books_in_force(settings: Settings, able: Abilities) -> Mapping[str, Book]:
    """Return the packs in force by community. Raises `Broken` with all that is wrong."""
    return in_force(settings, able).shelf.books


def past_of(
    settings: Settings, books: Mapping[str, Book], named: str, *, last_ms: int, until: int | None
) -> tuple[Past, Book]:
    """Return what a group lived through, from the local midnight `last_ms` before the end on.

    The end is `until`, or now.

    `named` is a group's id, or `community/group`. Also gives the pack in force there. Raises
    `Broken` where there is no such group or the database cannot be read.
    """

    def read(store: Store) -> tuple[Past, Book]:
        group = _group(store, named)
        book = books.get(group.community)
        if book is None:
            raise Broken(f"{named}: no pack is in force for the community {group.community}")
        end = time_in(store) if until is None else until
        since = day_begins(end - last_ms, book.zone)
        return read_past(store, group, book, since, end), book

    path = settings.database_url.removeprefix(SQLITE)
    if settings.database_url.startswith(SQLITE) and not Path(path).is_file():
        raise Broken(f"{path}: there is no database yet: nothing has been recorded")
    with usable(), closing(Database(settings.database_url, as_found=True)) as database:
        revision = database.revision()
        if revision != HEAD:
            raise Broken(f"the database is at revision {revision}, not {HEAD}: start the bot")
        return database.read(read)


def _group(store: Store, named: str) -> Group:
    community, _, name = named.rpartition("/")
    groups = [
        each
        for each in store.find(Group, retired=False, order="id")
        if not community or each.community == community
    ]
    found = [each for each in groups if each.id == name]
    if len(found) == 1:
        return found[0]
    if found:
        both = ", ".join(f"{each.community}/{each.id}" for each in found)
        raise Broken(f"{named}: there are several: write {both}")
    known = [each.id for each in groups]
    raise Broken(f"{named}: no such group; {did_you_mean(name, known, _listed(known))}")


def _listed(known: list[str]) -> str:
    return f"known are {', '.join(known)}" if known else "none has been bound yet"
