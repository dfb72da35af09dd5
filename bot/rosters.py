"""Rosters: WeCom tells no joins and leaves of an app-made group, so they are asked for.

What comes back is an event like any other; comparing it with what was known is a handler's work.
"""

import asyncio
import hashlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Any, Final

from bot.channels.wecom.api import Roster, WeComApi
from bot.channels.wecom.errors import Permanent, WeComError
from bot.library import Library
from sop.events import Event, MemberJoined, MemberLeft, RosterFetched
from sop.model import Group

FIRST_S: Final = 1.0
"""A start is left to settle this long before rosters are asked for."""

_log = logging.getLogger(__name__)


class RosterPolls:
    """Asks for every appchat's roster once per `every_s`, one call at a time."""

    def __init__(
        self,
        api: WeComApi,
        library: Library,
        submit: Callable[[Event], Awaitable[Any]],
        now: Callable[[], int],
        every_s: float,
    ) -> None:
        self._api = api
        self._library = library
        self._submit = submit
        self._now = now
        self._every_s = every_s
        self._known: dict[tuple[str, str], str] = {}
        self._moves: Counter[tuple[str, str]] = Counter()

    async def run(self) -> None:
        """Poll until cancelled; a call that fails is asked again in the next round."""
        while True:
            await asyncio.sleep(min(self._every_s, FIRST_S))
            await self.round()
            await asyncio.sleep(max(0.0, self._every_s - FIRST_S))

    def note(self, event: Event) -> None:
        """Say what is about to be handled: a roster asked for before a move may tell the past."""
        if isinstance(event, MemberJoined | MemberLeft):
            self._moves[event.community, event.group] += 1

    async def round(self) -> None:
        """Ask for every roster once; only a changed one becomes an event."""
        shelf = self._library.shelf
        for group in [group for groups in shelf.groups.values() for group in groups]:
            chat = group.channels.get("appchat")
            if chat:
                await self._ask(group, chat)

    async def _ask(self, group: Group, chat: str) -> None:
        moves = self._moves[group.community, group.id]
        try:
            roster = await self._api.appchat_get(chat)
            names = await self._names(group, roster)
        except WeComError as error:
            _log.warning("roster of %s not read: %s", group.id, error)
            return
        mark = hashlib.sha256(repr(roster).encode()).hexdigest()[:16]
        if self._known.get(group.key) == mark or moves != self._moves[group.community, group.id]:
            return
        now = self._now()
        await self._submit(
            RosterFetched(
                key=f"roster:{group.community}:{group.id}:{now}:{mark}",
                community=group.community,
                group=group.id,
                at=now,
                owner=roster.owner,
                members=roster.members,
                names=names,
            )
        )
        self._known[group.key] = mark

    async def _names(self, group: Group, roster: Roster) -> dict[str, str]:
        """The names of those who were not in the last roster: one call each, then remembered."""
        names = {}
        for userid in roster.members:
            slot = (f"name:{group.community}", userid)
            if slot not in self._known:
                self._known[slot] = await self._name(userid)
            names[userid] = self._known[slot]
        return names

    async def _name(self, userid: str) -> str:
        """One member's name; none of whom the app may not see, which says nothing of the rest."""
        try:
            record = await self._api.user_get(userid)
        except Permanent as error:
            _log.info("a member's name is not known: %s", error)
            return ""
        return str(record.get("name", ""))
