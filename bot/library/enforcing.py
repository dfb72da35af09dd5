"""Bringing what the library holds into force: its texts kept, its groups bound, its steps planned.

A repeat changes nothing.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.library import versions
from bot.library.editions import Editions
from bot.library.library import Library
from bot.library.shelf import Shelf
from bot.library.unbound import retire_unbound
from handlers.links import short_links
from handlers.ports import Store
from sop.events import Event


class Enforcement:
    """What is in force of a library. `submit` handles an event, `now` gives ms UTC."""

    def __init__(
        self,
        library: Library,
        editions: Editions,
        intake: LocalIntake,
        submit: Callable[[Event], Awaitable[Any]],
        now: Callable[[], int],
    ) -> None:
        self._library = library
        self._editions = editions
        self._intake = intake
        self._submit = submit
        self._now = now
        self._enforced: Shelf | None = None
        self._texts: Mapping[str, versions.Text] = {}

    async def enforce(self) -> None:
        """Bring what the library holds into force."""
        now, shelf = self._now(), self._library.shelf
        self._texts = await asyncio.to_thread(
            versions.signed, shelf.versions, self._texts, self._library.folder
        )
        texts, made = tuple(self._texts.values()), secrets.token_hex(20)

        def keep(store: Store) -> None:
            short_links.keep_secret(store, made)
            versions.keep(store, texts, now)
            retire_unbound(store, shelf.books)

        await self._intake.submit(Job(run=keep), bounded=False)
        self._editions.remember(shelf.books.values())
        for event in self._library.enforcements(now):
            await self._submit(event)
        self._enforced = shelf

    def lagging(self) -> bool:
        """Tell whether what the library holds is still to be brought into force."""
        return self._enforced is not self._library.shelf

    def doubt(self) -> None:
        """Have it all brought into force again: something may not be planned as it should."""
        self._enforced = None
