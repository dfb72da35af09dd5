"""The composition root: builds every object once, starts and stops them in order; nothing else."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Final

import aiohttp
from aiohttp import web

from bot import logs
from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.attempts import Delivery, Result, Ways
from bot.channels.wecom.callbacks import callback_routes
from bot.channels.wecom.images import Images
from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.open_ids import OpenIds
from bot.channels.wecom.outgoing import deliver
from bot.clock.due import due_events
from bot.clock.wakeup import WakeUp
from bot.clock.wall import WallClock
from bot.delivery.courier import Courier
from bot.dispatcher import Dispatcher, Handled
from bot.health import Probe
from bot.intake.local import LocalIntake
from bot.intake.writer import Done, Job, Writer
from bot.library import versions
from bot.library.bound_groups import Abilities, abilities_of
from bot.library.editions import Editions
from bot.library.library import Library
from bot.library.pool_folder import inside, whole_file
from bot.library.reloading import Reloading
from bot.library.unbound import retire_unbound
from bot.locked_codes import without_key
from bot.metrics import Metrics
from bot.pictures.painter import Painter
from bot.reception import Reception
from bot.reports.reckoner import Reckoner
from bot.rosters.rosters import RosterPolls, named_by
from bot.routes import ROUTES, Route
from bot.settings import Settings
from bot.surfaces import surfaces_of
from bot.tokens import StoredTokens
from bot.upkeep import kept_up, pruned
from bot.vault import Vault
from bot.web.bearers import Doorkeeper
from bot.web.health import health_routes
from bot.web.paid_api import Desk, paid_routes
from bot.web.short_links import LinkDesk, link_routes
from handlers.links import short_links
from handlers.ports import Store
from sop.events import Event, StepDue
from sop.model import Occurrence
from storage.database import Database

ROSTER_S: Final = 60.0
"""How often each app-made group's roster is asked for."""

DRAIN_S: Final = 7.0
"""Time for what is queued and under way when the program is told to stop (10 s in all)."""

MAX_SENT: Final = 20 << 20
"""Bytes of a picture or file: WeCom takes no more."""

WAITING: Final = 1_000
"""Callbacks that may wait for the writer; more are told to come again."""

_log = logging.getLogger(__name__)


def _codes_in(picture: bytes) -> tuple[str, ...]:
    """Read a picture's codes; what can do so is loaded with the first picture."""
    from bot.pictures import qr  # noqa: PLC0415

    return qr.read(picture)


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
        self.library = Library(settings.sop_dir, abilities or abilities_of(settings))
        self.database = Database(settings.database_url)
        self.writer = Writer(self.database)
        self.intake = LocalIntake(self.writer, limit=waiting, due_jobs=self._due_jobs)
        self.editions = Editions(self.library.book_of)
        self.dispatcher = Dispatcher(routing, self.library.book_of, clock.now, self.editions)
        self.vault = Vault.of(settings)
        self.reception = Reception(
            self.library, self.dispatcher, self.intake, self.metrics, clock.now, self.vault.opened
        )
        self.painter = painter or Painter()
        self.reckoner = Reckoner(settings.database_url)
        self.courier = Courier(self.intake, self._send, self.submit, self.metrics, clock.now)
        self.reloading = Reloading(
            self.library, self.enforce, self._lagging, self.submit, clock.now
        )
        self.wakeup = WakeUp(self.next_due, self.intake.wake, clock.now)
        self.link: AiBotLink | None = None
        self.probe = Probe(self)
        self._roster_s = roster_s
        self._ways: Ways | None = None
        self._polls: RosterPolls | None = None
        self.session: aiohttp.ClientSession | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._enforced: object = None
        self._texts: Mapping[str, versions.Text] = {}
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
            *link_routes(self._links()),
            *self._api(),
        ]

    def _links(self) -> LinkDesk:
        return LinkDesk(
            trusted=self.settings.trusted_proxies,
            library=self.library,
            dispatcher=self.dispatcher,
            submit=self.intake.submit,
            now=self.clock.now,
            draw=self.painter.draw,
            refused=self.metrics.rejected,
        )

    def _api(self) -> list[web.RouteDef]:
        """What programs of the operator's may tell, where a token is set; else there is none."""
        if not self.settings.api_token:
            return []
        desk = Desk(
            keeper=Doorkeeper(self.settings.api_token, self.clock.now),
            trusted=self.settings.trusted_proxies,
            library=self.library,
            dispatcher=self.dispatcher,
            submit=self.intake.submit,
            now=self.clock.now,
            refused=self.metrics.rejected,
        )
        return paid_routes(desk)

    async def start(self) -> None:
        """Begin to work. The library must have been reloaded without an error before."""
        self._loop = asyncio.get_running_loop()
        self.database.migrate()
        self.intake.on_done = self._on_done_elsewhere
        self.intake.start()
        self.session = aiohttp.ClientSession()
        self._ways, self._polls = self._outward(self.session)
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
        await self.courier.drain(DRAIN_S / 2)
        await self.reception.drain()
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
        """Bring what the library holds into force; a repeat changes nothing."""
        now, shelf = self.clock.now(), self.library.shelf
        self._texts = await asyncio.to_thread(
            versions.signed, shelf.versions, self._texts, self.settings.sop_dir
        )
        texts, made = tuple(self._texts.values()), secrets.token_hex(20)

        def keep(store: Store) -> None:
            short_links.keep_secret(store, made)
            versions.keep(store, texts, now)
            retire_unbound(store, shelf.books)

        await self.intake.submit(Job(run=keep), bounded=False)
        self.editions.remember(shelf.books.values())
        for event in self.library.enforcements(now):
            await self.submit(event)
        self._enforced = shelf
        self.wakeup.look()

    def _lagging(self) -> bool:
        """Tell whether what the library holds is still to be brought into force."""
        return self._enforced is not self.library.shelf

    def _outward(self, session: aiohttp.ClientSession) -> tuple[Ways, RosterPolls | None]:
        settings = self.settings
        api = WeComApi(
            session,
            settings.wecom_api_base,
            settings.wecom_corp_id,
            settings.wecom_app_secret,
            StoredTokens(self.intake),
            self.clock.now,
        )
        if settings.wecom_aibot_id:
            self.link = AiBotLink(
                session,
                settings.wecom_aibot_ws,
                settings.wecom_aibot_id,
                settings.wecom_aibot_secret,
                self.reception.from_link,
            )
            self.reception.respond, self.reception.welcome = self.link.respond, self.link.welcome
        ways = Ways(
            api=api,
            agent_id=settings.wecom_app_agent_id,
            load=self._load,
            draw=self.painter.draw,
            now=self.clock.now,
            link=self.link,
        )
        images = Images(session, settings.wecom_api_base, settings.wecom_aibot_aes_key, _codes_in)
        self.reception.see = images.codes
        if settings.wecom_app_secret:
            self.reception.resolve = OpenIds(api).resolve
        polls = RosterPolls(
            api,
            self.library,
            self.submit,
            self.clock.now,
            self._roster_s,
            named=named_by(self.intake),
        )
        return ways, polls if settings.wecom_app_secret else None

    async def _send(self, delivery: Delivery) -> Result:
        if delivery.wish:
            return await self.reckoner.reckon(delivery.wish)
        assert self._ways is not None
        opened = replace(delivery, text=self.vault.opened(delivery.text))
        return await deliver(opened, self._ways)

    async def _load(self, name: str) -> bytes:
        """Read a file beside the packs, or in a folder of theirs that is a pool.

        Raises `OSError` for what lies elsewhere, is no file or more than WeCom takes.
        """
        path = inside(self.settings.sop_dir, name)
        if path is None:
            raise FileNotFoundError(name)
        return await asyncio.to_thread(whole_file, path, MAX_SENT)

    def _due_jobs(self, limit: int) -> Sequence[Job]:
        """In the writer's thread: the jobs of what is due now."""
        found = self.database.read(lambda store: due_events(store, self.clock.now(), limit))
        return [self.dispatcher.job(event) for event in found]

    async def next_due(self) -> int | None:
        """When the next occurrence is due, in ms UTC; None where nothing is planned."""

        def read(store: Store) -> int | None:
            rows = store.find(Occurrence, status="pending", order="run_at", limit=1)
            return rows[0].run_at if rows else None

        found: int | None = await self.intake.submit(Job(run=read), bounded=False)
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
        outcome = handled.outcome
        if handled.cause is not None:
            _log.error("event %s died", event.key, exc_info=handled.cause)
        if handled.error and isinstance(event, StepDue):
            self._enforced = None  # it has not planned what comes after it: let that be done
        if handled.repeat:
            self.metrics.repeat(kind)
        self.metrics.event(kind, outcome, handled.seconds)
        return logs.EventLine(
            event=event.key,
            kind=kind,
            community=event.community,
            group=event.group,
            route=",".join(handled.routes),
            outcome=outcome,
            duration_ms=handled.seconds * 1_000,
        )

    async def reload(self) -> bool:
        """Read the folder anew and bring it into force, if there is not one error in it."""
        return await self.reloading.reload()

    def _spawn(self, *work: Callable[[], Awaitable[None]]) -> None:
        loop = asyncio.get_running_loop()
        self._running += [loop.create_task(kept_up(each)) for each in work]
