"""The composition root: builds every object once, starts and stops them in order; nothing else."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot import logs, outward
from bot.channels.wecom.attempts import Delivery, Result, Ways
from bot.channels.wecom.callbacks import callback_routes
from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.open_ids import OpenIds
from bot.channels.wecom.outgoing import deliver
from bot.clock.due import due_events, next_due
from bot.clock.theirs import TheirClock
from bot.clock.wakeup import WakeUp
from bot.clock.wall import WallClock
from bot.delivery.courier import Courier
from bot.dispatcher import Dispatcher, Handled
from bot.health import Probe
from bot.intake.local import LocalIntake
from bot.intake.writer import Done, Job, Writer
from bot.library.bound_groups import Abilities, abilities_of
from bot.library.editions import Editions
from bot.library.enforcing import Enforcement
from bot.library.library import Library
from bot.library.pool_folder import sendable
from bot.library.reloading import Reloading
from bot.locked_codes import without_key
from bot.metrics import Metrics
from bot.pictures.painter import Painter
from bot.reception import Reception
from bot.reports.reckoner import Reckoner
from bot.rosters.rosters import RosterPolls, named_by
from bot.routes import ROUTES, Route
from bot.settings import Settings
from bot.surfaces import surfaces_of
from bot.upkeep import kept_up, pruned
from bot.vault import Vault
from bot.web.bearers import Doorkeeper
from bot.web.doors import Door, PublicDesk
from bot.web.health import health_routes
from bot.web.own_pages import page_routes
from bot.web.paid_api import Desk, paid_routes
from bot.web.short_links import link_routes
from sop.events import Event, StepDue
from storage.database import Database

ROSTER_S: Final = 60.0
"""How often each app-made group's roster is asked for."""

DRAIN_S: Final = 7.0
"""Time for what is queued and under way when the program is told to stop (10 s in all)."""

WAITING: Final = 1_000
"""Callbacks that may wait for the writer; more are told to come again."""

_log = logging.getLogger(__name__)


class Bot:
    """The running program: everything between WeCom and the database, in one process."""

    def __init__(
        self,
        settings: Settings,
        clock: WallClock,
        *,
        abilities: Abilities | None = None,
        roster_s: float = ROSTER_S,
        routing: Iterable[tuple[type[Event], Route]] = ROUTES,
        waiting: int = WAITING,
        painter: Painter | None = None,
    ) -> None:
        self.settings = settings
        self.clock = clock
        self.metrics = Metrics()
        now, submit = clock.now, self.submit
        library = self.library = Library(settings.sop_dir, abilities or abilities_of(settings))
        self.database = Database(settings.database_url)
        self.writer = Writer(self.database)
        self.intake = LocalIntake(self.writer, limit=waiting, due_jobs=self._due_jobs)
        self.editions = Editions(library.book_of)
        self.dispatcher = Dispatcher(routing, library.book_of, now, self.editions)
        self.vault = Vault.of(settings)
        self.reception = Reception(
            library, self.dispatcher, self.intake, self.metrics, now, self.vault.opened
        )
        self.painter = painter or Painter()
        self.reckoner = Reckoner(settings.database_url)
        self.courier = Courier(self.intake, self._send, submit, self.metrics, now)
        self.enforcement = Enforcement(library, self.editions, self.intake, submit, now)
        self.reloading = Reloading(library, self.enforce, self.enforcement.lagging, submit, now)
        self.wakeup = WakeUp(self.next_due, self.intake.wake, now)
        self.theirs = TheirClock(clock, settings.wecom_api_base, settings.wecom_aibot_ws)
        self.link: AiBotLink | None = None
        self.probe = Probe(self)
        self._roster_s = roster_s
        self._ways: Ways | None = None
        self._polls: RosterPolls | None = None
        self.session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._running: list[asyncio.Task[Any]] = []

    def routes(self) -> list[web.RouteDef]:
        """The HTTP routes of this configuration."""
        return [
            *callback_routes(
                surfaces_of(self.settings),
                self.reception.accept,
                self.clock.now,
                reject=self.reception.reject,
                refused=self.metrics.rejected,
            ),
            *health_routes(self.probe.look, self.metrics),
            *self._pages(),
            *self._api(),
        ]

    def _pages(self) -> list[web.RouteDef]:
        """What anybody may ask for: short links, and members' own pages."""
        door = Door(
            trusted=self.settings.trusted_proxies, now=self.clock.now,
            refused=self.metrics.rejected,
        )  # fmt: skip
        desk = PublicDesk(
            door=door, library=self.library, dispatcher=self.dispatcher,
            submit=self.intake.submit, now=self.clock.now, draw=self.painter.draw,
            opened=self.vault.opened,
        )  # fmt: skip
        return [*link_routes(desk), *page_routes(desk)]

    def _api(self) -> list[web.RouteDef]:
        """What programs of the operator's may tell, where a token is set; else there is none."""
        if not self.settings.api_token:
            return []
        desk = Desk(
            keeper=Doorkeeper(self.settings.api_token, self.clock.now),
            trusted=self.settings.trusted_proxies, library=self.library,
            dispatcher=self.dispatcher, submit=self.intake.submit, now=self.clock.now,
            refused=self.metrics.rejected,
        )  # fmt: skip
        return paid_routes(desk)

    async def start(self) -> None:
        """Begin to work. The library must have been reloaded without an error before."""
        self._loop = asyncio.get_running_loop()
        self.database.migrate()
        self.intake.on_done = self._on_done_elsewhere
        self.intake.start()
        self.session = aiohttp.ClientSession(trace_configs=[self.theirs.tracing()])
        self._connect(self.session)
        await self.enforce()
        await without_key(self.intake, self.vault)
        await self.courier.recover()
        pruning = partial(pruned, self.intake, self.clock.now, self.settings.retain_text_days)
        self._spawn(self.courier.run, self.reloading.run, pruning)
        if self._polls is not None:
            self._spawn(self._polls.run)
        if self.link is not None:
            self._spawn(self.link.run)
        self.wakeup.start()

    async def stop(self) -> None:
        """End within 10 s: what is queued is handled, calls under way may end.

        Works also on what `start` has only half begun.
        """
        self.wakeup.stop()
        await asyncio.gather(self.courier.drain(DRAIN_S / 2), self.reception.drain(DRAIN_S / 2))
        for task in self._running:
            task.cancel()
        if self._running:
            await asyncio.wait(self._running, timeout=DRAIN_S / 4)
        await self.painter.close()
        await self.intake.stop(DRAIN_S / 4)
        if self.session is not None:
            await self.session.close()
        self.database.close()

    async def submit(self, event: Event) -> Handled:
        """Handle an event of the program's own, in its lane."""
        if self._polls is not None:
            self._polls.note(event)
        handled: Handled = await self.intake.submit(self.dispatcher.job(event), bounded=False)
        return handled

    async def settle(self) -> None:
        """Handle and deliver everything that is due by now: for a clock that is moved by hand."""
        while True:
            await self.reception.drain()
            self.intake.wake()
            await asyncio.sleep(0.01)
            if await self._is_due():
                continue
            await self.courier.rest()
            if not await self._is_due():
                self.wakeup.look()  # the clock may have jumped over its last look
                return

    async def _is_due(self) -> bool:
        due = await self.next_due()
        return due is not None and due <= self.clock.now()

    async def enforce(self) -> None:
        """Bring what the library holds into force, and look at the clock anew."""
        await self.enforcement.enforce()
        self.wakeup.look()

    def _connect(self, session: aiohttp.ClientSession) -> None:
        """Build what speaks with WeCom, as far as there are credentials for it."""
        settings, reception, now = self.settings, self.reception, self.clock.now
        api = outward.api_of(settings, session, self.intake, now)
        self.link = reception.link = outward.link_of(settings, session, reception.from_link)
        reception.presses.update = partial(api.message_update_card, settings.wecom_app_agent_id)
        reception.ahead = lambda: self.theirs.ahead_ms
        reception.see = outward.images_of(settings, session).look
        self._ways = Ways(
            api=api,
            agent_id=settings.wecom_app_agent_id,
            load=partial(sendable, settings.sop_dir),
            draw=self.painter.draw,
            now=now,
            link=self.link,
            app_hears=bool(settings.wecom_app_token),
        )
        if settings.wecom_app_secret:
            reception.resolve = OpenIds(api).resolve
            named = named_by(self.intake)
            self._polls = RosterPolls(
                api, self.library, self.submit, now, self._roster_s, named=named
            )

    async def _send(self, delivery: Delivery) -> Result:
        if delivery.wish:
            return await self.reckoner.reckon(delivery.wish)
        assert self._ways is not None
        opened = replace(delivery, text=self.vault.opened(delivery.text))
        return await deliver(opened, self._ways)

    def _due_jobs(self, limit: int) -> Sequence[Job]:
        """In the writer's thread: the jobs of what is due now."""
        found = self.database.read(lambda store: due_events(store, self.clock.now(), limit))
        return [self.dispatcher.job(event) for event in found]

    async def next_due(self) -> int | None:
        """When the next occurrence is due, in ms UTC; None where nothing is planned."""
        found: int | None = await self.intake.submit(Job(run=next_due), bounded=False)
        return found

    def _on_done_elsewhere(self, done: Sequence[Done]) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is to be told
            self._loop.call_soon_threadsafe(self._on_done, done)

    def _on_done(self, done: Sequence[Done]) -> None:
        """Count, log, and wake what has work now."""
        self.metrics.batch(len(done))
        self.metrics.intake_depth.set(self.intake.depth)
        handled = [each.result for each in done if isinstance(each.result, Handled)]
        logs.event_lines([self._account(each) for each in handled])
        if any(sent.status == "pending" for each in handled for sent in each.outgoing):
            self.courier.wake()
        if handled:
            self.wakeup.look()

    def _account(self, handled: Handled) -> logs.EventLine:
        event = handled.event
        kind = type(event).__name__
        if handled.cause is not None:
            _log.error("event %s died", event.key, exc_info=handled.cause)
        if handled.error and isinstance(event, StepDue):
            self.enforcement.doubt()  # it has not planned what comes after it
        if handled.repeat:
            self.metrics.repeat(kind)
        self.metrics.event(kind, handled.outcome, handled.seconds)
        return logs.EventLine(
            event=event.key,
            kind=kind,
            community=event.community,
            group=event.group,
            route=",".join(handled.routes),
            outcome=handled.outcome,
            duration_ms=handled.seconds * 1_000,
        )

    def _spawn(self, *work: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        self._running += [loop.create_task(kept_up(each)) for each in work]
