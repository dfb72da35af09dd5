"""Keeps what is in force in step with the folder: checked first, the last good stays, told if bad.

A save is looked at when the folder has been still for a moment. Where the system tells of no
changes (network file systems, a folder that was exchanged) the folder is looked at now and then.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, Final

from bot.library.library import BINDINGS_FILE, Library
from bot.library.watching import Watch, watched
from sop.events import Event, PackMended, PackRefused
from sop.problems import Problem

ROUND_S: Final = 2.0
"""How often a folder is looked at that nobody watches, and what is left to do is tried again."""

POLL_S: Final = 10.0
"""How often a folder is looked at that the system watches: it misses some changes."""

STILL_S: Final = 0.1
"""A folder that did not change for so long is saved to the end."""

LONGEST_S: Final = 3.0
"""A folder that is written to without end is read after so long."""

PATIENCE_S: Final = 2.0
"""An error that is put right within this time is told to nobody."""

_log = logging.getLogger(__name__)


class Reloading:
    """Brings every sound change of the folder into force, and tells of those that are not.

    `enforce` brings the library's shelf into force, `lagging` says whether that is still to be
    done, `submit` handles an event.
    """

    def __init__(
        self,
        library: Library,
        enforce: Callable[[], Awaitable[None]],
        lagging: Callable[[], bool],
        submit: Callable[[Event], Awaitable[Any]],
        now: Callable[[], int],
    ) -> None:
        self._library = library
        self._enforce = enforce
        self._lagging = lagging
        self._submit = submit
        self._now = now
        self._reading = asyncio.Lock()
        self._looked_at = 0.0
        self._broken_at = 0.0
        self._told: dict[str, str] = {}

    async def run(self) -> None:
        """Follow the folder for ever."""
        async with watched(self._library.folder) as watch:
            while True:
                await self._round(watch)

    async def reload(self) -> bool:
        """Read the folder anew and bring it into force, if there is not one error in it."""
        async with self._reading:
            good = await asyncio.to_thread(self._library.reload)
        for problem in self._library.problems:
            _log.warning("%s", problem)
        if good:
            await self._enforce()
        else:
            self._broken_at = _seconds()
            _log.error("the folder has errors: what was in force stays in force")
        return good

    async def _round(self, watch: Watch) -> None:
        woken = await watch.changed(ROUND_S)
        overdue = _seconds() - self._looked_at >= POLL_S
        if (woken or overdue or not watch.alive) and await self._changed():
            if not woken:
                watch.renew()
            await self._still()
            await self.reload()
        elif self._lagging():
            await self._enforce()
        await self._tell()

    async def _changed(self) -> bool:
        self._looked_at = _seconds()
        return await asyncio.to_thread(self._library.changed)

    async def _still(self) -> None:
        """Wait until nobody writes any more."""
        last = _seconds() + LONGEST_S
        before = await asyncio.to_thread(self._library.signature)
        while _seconds() < last:
            await asyncio.sleep(STILL_S)
            after = await asyncio.to_thread(self._library.signature)
            if after == before:
                return
            before = after

    async def _tell(self) -> None:
        """Tell each community once of what is wrong, and once that it is right again."""
        wrong = _errors(self._library)
        if wrong and _seconds() - self._broken_at < PATIENCE_S:
            return
        for community in self._library.shelf.books:
            mine = [each for each in wrong if _concerns(self._library, community, each)]
            mark = _mark(mine)
            if mark == self._told.get(community, ""):
                continue
            for event in self._news(community, mine, mark, whole=not wrong):
                await self._submit(event)
                self._told[community] = mark

    def _news(
        self, community: str, wrong: list[Problem], mark: str, *, whole: bool
    ) -> Iterator[Event]:
        now = self._now()
        if wrong:
            first = wrong[0]
            yield PackRefused(
                key=f"refused:{community}:{mark}:{now}", community=community, at=now,
                file=Path(first.file).name, line=first.line, column=first.column,
                message=_sentence(first), more=len(wrong) - 1,
            )  # fmt: skip
        elif whole:
            yield PackMended(key=f"mended:{community}:{now}", community=community, at=now)


def _errors(library: Library) -> list[Problem]:
    return [each for each in library.problems if each.severity == "error"]


def _concerns(library: Library, community: str, problem: Problem) -> bool:
    """Tell whether the community's people should see to it; what is nobody's is everybody's."""
    name = Path(problem.file).name
    sources = library.shelf.sources
    return name == BINDINGS_FILE or name not in sources.values() or sources[community] == name


def _mark(problems: list[Problem]) -> str:
    """What tells this trouble from another; empty where there is none."""
    told = "\n".join(map(str, problems))
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()[:16] if told else ""


def _sentence(problem: Problem) -> str:
    path = f"{problem.path}: " if problem.path else ""
    hint = f" (did you mean {problem.suggestion}?)" if problem.suggestion else ""
    return f"{path}{problem.message}{hint}"[:300]


def _seconds() -> float:
    return asyncio.get_running_loop().time()
