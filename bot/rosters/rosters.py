"""Rosters: WeCom tells no joins and leaves of an app-made group, so they are asked for.

So are those of customer groups: what WeCom tells of them may be lost. What comes back is an event
like any other; comparing it with what was known is a handler's work.
"""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.errors import Fate, Permanent, WeComError
from bot.channels.wecom.rosters import Roster
from bot.clock.wall import steady
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.library.library import Library
from bot.rosters.fetched import roster_fetched
from bot.rosters.roster_pace import GAP_MS, Pace, Turns
from handlers.people import people
from sop.events import Event, MemberJoined, MemberLeft
from sop.model import Group
from sop.times.durations import HOUR_MS

FIRST_S: Final = 1.0
"""A start is left to settle this long before rosters are asked for."""

AT_ONCE: Final = 8
"""Calls under way at the same time."""

SURE_MS: Final = HOUR_MS
"""A roster without news is told all the same after so long, whatever was thought to be known."""

NAMES_AT_ONCE: Final = 50
"""Unknown members whose names are asked for before a roster is told; the rest is for next time."""

NAMES_BEHIND_MS: Final = 2_000
"""Names are asked for as long as that takes no longer to begin."""

LISTED: Final = frozenset({"appchat", "customer"})
"""The channels whose chats have a roster to ask for; a group has one of them at most."""

ROUND: Final = 500
"""Looks after which the bindings are read again."""

_log = logging.getLogger(__name__)

Key = tuple[str, str]
Named = Callable[[str, Collection[str]], Awaitable[frozenset[str]]]
"""Which of these members of a community are known by name already."""


@dataclass(slots=True)
class _Told:
    """The mark of the roster that was last told, and when; `moves` counts what happened since.

    `looked_at` is when the last look ended well, whether it brought news or not.
    """

    mark: str = ""
    at: int = 0
    looked_at: int = 0
    moves: int = 0


class RosterPolls:
    """Asks for every group's roster, each `every_s` where there is room in WeCom's limits.

    `named` says whose names need not be asked for; `sleep` is `asyncio.sleep`, or a test's.
    """

    def __init__(
        self,
        api: WeComApi,
        library: Library,
        submit: Callable[[Event], Awaitable[Any]],
        now: Callable[[], int],
        every_s: float,
        *,
        named: Named,
        sleep: Callable[[float], Awaitable[Any]] = asyncio.sleep,
    ) -> None:
        self._api = api
        self._library = library
        self._submit = submit
        self._now = now
        self._every_s = every_s
        self._named = named
        self._sleep = sleep
        self._pace: Pace[Key] = Pace(every_s * 1_000)
        self._told: dict[Key, _Told] = {}
        self._asking: dict[str, asyncio.Task[str]] = {}
        self._nameless: frozenset[str] = frozenset()
        self._steady = steady(now)
        self._looks, self._names = Turns(self._steady, sleep), Turns(self._steady, sleep)

    async def run(self) -> None:
        """Poll until cancelled; a call that fails is made again later, and hides no other."""
        await self._sleep(min(self._every_s, FIRST_S))
        while True:
            await self.round()
            await self._sleep(self._until_next())

    def note(self, event: Event) -> None:
        """Say what is about to be handled: the next roster is told, whether it changed or not."""
        if isinstance(event, MemberJoined | MemberLeft):
            told = self._told.setdefault((event.community, event.group), _Told())
            told.mark, told.moves = "", told.moves + 1

    async def round(self) -> None:
        """Ask for every roster that is due; only one with news becomes an event."""
        groups = self._bound()
        self._pace.follow(groups.keys(), self._steady())
        calls: set[asyncio.Task[None]] = set()
        for _ in range(ROUND):
            key = self._pace.take(self._steady())
            if key is None:
                break
            await self._looks.wait()
            calls.add(asyncio.create_task(self._ask(groups[key])))
            if len(calls) >= AT_ONCE:
                _, calls = await asyncio.wait(calls, return_when=asyncio.FIRST_COMPLETED)
        if calls:
            await asyncio.wait(calls)

    def _bound(self) -> Mapping[Key, Group]:
        shelf = self._library.shelf
        every = (group for groups in shelf.groups.values() for group in groups)
        return {(each.community, each.id): each for each in every if LISTED & each.channels.keys()}

    def _until_next(self) -> float:
        """Seconds until something is due; no longer than a new binding may wait for its turn."""
        due = self._pace.next_at()
        wait = self._every_s if due is None else (due - self._steady()) / 1_000
        return min(max(wait, GAP_MS / 1_000), self._every_s)

    async def _ask(self, group: Group) -> None:
        key = (group.community, group.id)
        try:
            news = await self._look(group, self._told.setdefault(key, _Told()))
        except WeComError as error:
            _log.warning("roster of %s not read: %s", group.id, error)
            if error.fate is Fate.WAIT_WINDOW:
                self._pace.pause(self._steady() + error.wait_ms)
            self._pace.failed(key, self._steady())
        except Exception as error:  # noqa: BLE001 - the boundary per group: the rest goes on
            _log.warning("roster of %s not kept: %s", group.id, type(error).__name__)
            self._pace.failed(key, self._steady())
        else:
            self._pace.answered(key, self._steady(), news=news)

    async def _look(self, group: Group, told: _Told) -> bool:
        """Ask for one roster, and tell it if it brings news; whether it did."""
        asked, moves = self._now(), told.moves
        roster = await self._roster(group.channels)
        mark = hashlib.sha256(repr(roster).encode()).hexdigest()[:16]
        if told.mark == mark and asked - told.at < SURE_MS:
            told.looked_at = asked
            return False
        names, complete = await self._called(group, roster)
        now = self._now()
        await self._submit(
            roster_fetched(
                roster,
                key=f"roster:{group.community}:{group.id}:{asked}:{now}",
                community=group.community,
                group=group.id,
                asked_at=asked,
                at=now,
                names=names,
                last_look_at=told.looked_at,
            )
        )
        news = told.mark != mark
        # What happened meanwhile may be in the answer or not; an unfinished one is told again.
        settled = complete and moves == told.moves
        told.mark, told.at, told.looked_at = (mark if settled else ""), asked, asked
        return news

    async def _roster(self, channels: Mapping[str, str]) -> Roster:
        if "customer" in channels:
            return await self._api.customer_group(channels["customer"])
        return await self._api.appchat_get(channels["appchat"])

    async def _called(self, group: Group, roster: Roster) -> tuple[Mapping[str, str], bool]:
        """The names of members nobody knows by name yet, and whether that is all of them.

        A customer group's roster has all the names there are: most members are no staff.
        """
        if "customer" in group.channels:
            return roster.names, True
        known = self._nameless | await self._named(group.community, roster.members)
        strange = [each for each in roster.members if each not in known]
        # A great many strangers, as at the first start, must not keep the rosters waiting.
        room = 0 if self._names.behind_ms > NAMES_BEHIND_MS else NAMES_AT_ONCE
        for userid in [each for each in strange if each not in self._asking][:room]:
            self._asking[userid] = asyncio.create_task(self._name(userid))
        asked = {each: self._asking[each] for each in strange if each in self._asking}
        found = await asyncio.gather(*asked.values(), return_exceptions=True)
        names = {}
        for userid, name in zip(asked, found, strict=True):
            self._asking.pop(userid, None)
            if isinstance(name, str):
                names[userid] = name
        return names, len(names) == len(strange)

    async def _name(self, userid: str) -> str:
        """One member's name; none of whom the app may not see, which says nothing of the rest."""
        await self._names.wait()
        try:
            record = await self._api.user_get(userid)
        except Permanent as error:
            _log.info("a member's name is not known: %s", error)
            self._nameless |= {userid}
            return ""
        return str(record.get("name", ""))


def named_by(intake: LocalIntake) -> Named:
    """Look into the database for those who are known by name."""

    async def named(community: str, userids: Collection[str]) -> frozenset[str]:
        read = partial(people.known_by_name, community=community, userids=userids)
        known: frozenset[str] = await intake.submit(Job(run=read), bounded=False)
        return known

    return named
