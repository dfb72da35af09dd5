"""The courier: takes what is pending, makes the calls, records what became of each.

`sending` is committed before a call, so that a crash in the middle is known as *unknown*:
a post is then not repeated, a private message is, under WeCom's duplicate check.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final, TypeVar

from bot.channels.wecom.api import Sent
from bot.channels.wecom.attempts import Delivery, Result
from bot.channels.wecom.rosters import Roster
from bot.delivery import claims, setbacks
from bot.delivery.aftermath import events_after, made_key, report_made
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.metrics import Metrics
from bot.rosters.fetched import roster_fetched
from handlers.ports import Store
from handlers.posting.pictures import PICTURE
from sop.events import DeliveryFailed, Event
from sop.model import Outgoing, SeenEvent
from sop.times.durations import DAY_MS
from storage.unit_of_work import Unwritable

T = TypeVar("T")

AT_ONCE: Final = 20
"""Calls under way at the same time."""

ATTEMPTS: Final = 8
"""Attempts at a delivery that keeps failing without effect, before people take over."""

LOOK_S: Final = 30.0
"""The longest the courier waits without looking: a lease may lapse without a word."""

REPEATED: Final = "app"
"""The channel whose messages are repeated after a lost answer, under WeCom's duplicate check."""

RECKON: Final = "reckon"
"""Deliveries that go nowhere: figures are reckoned, and come back as an event."""

LOOKED_UP: Final = frozenset({"add", "remove", "fetch_roster"})
"""What is repeated after a lost answer because WeCom is asked first whether it has happened."""

UNTOLD_MS: Final = DAY_MS
"""How far back a start looks for outcomes that were recorded and not acted upon."""

AGAIN_S: Final = 0.5
"""The pause before the database is tried again: what became of a call must not be forgotten."""

_log = logging.getLogger(__name__)

Send = Callable[[Delivery], Awaitable[Result]]


class Courier:
    """Delivers until stopped. `send` makes one attempt; `submit` takes the events that follow."""

    def __init__(
        self,
        intake: LocalIntake,
        send: Send,
        submit: Callable[[Event], Awaitable[Any]],
        metrics: Metrics,
        now: Callable[[], int],
    ) -> None:
        self._intake = intake
        self._send = send
        self._submit = submit
        self._metrics = metrics
        self._now = now
        self._news = asyncio.Event()
        self._busy: set[claims.Lane] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._looks = 0
        self._idle = True
        self._closing = False

    def wake(self) -> None:
        """Say that something may be pending."""
        self._news.set()

    async def recover(self) -> None:
        """At start: whatever was being sent when the process ended has an unknown outcome.

        What had been recorded without its consequences has them now; others are repeats. Figures
        that nobody has been told are reckoned again.
        """

        def lost(store: Store) -> list[Event]:
            sending = store.find(Outgoing, status="sending", order="id")
            found = [
                failed for each in sending for failed in self._lost(store, each, "interrupted")
            ]
            self._reckon_again(store)
            return [*found, *self._untold(store)]

        for event in await self._intake.submit(Job(run=lost), bounded=False):
            await self._submit(event)

    def _reckon_again(self, store: Store) -> None:
        lately: dict[str, Any] = {"done_at__ge": self._now() - UNTOLD_MS}
        for sent in store.find(Outgoing, status="sent", do=RECKON, **lately):
            if store.get(SeenEvent, made_key(sent)) is None:
                store.put(replace(sent, status="pending", done_at=0))

    def _untold(self, store: Store) -> list[Event]:
        lately: dict[str, Any] = {"done_at__ge": self._now() - UNTOLD_MS}
        given_up = store.find(Outgoing, status__in=("failed", "unknown"), **lately)
        expired = store.find(Outgoing, status="dropped", error=claims.EXPIRED, **lately)
        arrived = store.find(Outgoing, status="sent", do__in=("add", "remove"), **lately)
        return [
            *(claims.failure(each) for each in (*given_up, *expired)),
            *(event for each in arrived for event in self._after(store, each, None, each.done_at)),
        ]

    async def run(self) -> None:
        """Deliver until cancelled; calls under way are then given up as they stand."""
        try:
            while True:
                self._news.clear()
                pause = await self._round()
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause):
                        await self._news.wait()
        finally:
            for task in list(self._tasks):
                task.cancel()

    async def drain(self, timeout_s: float) -> None:
        """Begin nothing more, and wait for the calls under way, no longer than `timeout_s`."""
        self._closing = True
        if self._tasks:
            await asyncio.wait(list(self._tasks), timeout=timeout_s)

    async def rest(self) -> None:
        """Return once nothing can be delivered now and no call is under way; `run` must run."""
        while True:
            # The look under way may have begun before what is asked about was decided.
            wanted = self._looks + 2
            while self._looks < wanted:
                self.wake()
                await asyncio.sleep(0.002)
            if self._idle and not self._tasks:
                return

    async def _round(self) -> float:
        """Look once and start what may go out; returns the seconds until the next look."""
        room = AT_ONCE - len(self._tasks)
        if room <= 0 or self._closing:
            return LOOK_S
        now, busy, calling = self._now(), frozenset(self._busy), bool(self._tasks)
        found: claims.Claimed = await self._recorded(
            lambda store: claims.claim(store, now, busy=busy, room=room)
        )
        self._metrics.pending_actions.set(found.pending)
        for claim in found.claims:
            self._start(claim)
        for failure in found.failures:
            await self._told(failure)
        news = bool(found.claims or found.failures)
        self._idle = not (news or calling)
        self._looks += 1
        if news:
            self.wake()
        if found.next_at is None:
            return LOOK_S
        return max(0.01, min(LOOK_S, (found.next_at - self._now()) / 1_000))

    def _start(self, claim: claims.Claim) -> None:
        self._busy.add(claims.lane_of(claim.outgoing))
        task = asyncio.get_running_loop().create_task(self._attempt(claim))
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        self.wake()
        if not task.cancelled() and (error := task.exception()):
            _log.error("an outcome was not recorded: %s", type(error).__name__)

    async def _attempt(self, claim: claims.Claim) -> None:
        """Make the call and record what came of it; only then is the lane free again."""
        outgoing = claim.outgoing
        try:
            result = await self._called(claim.delivery)
            setbacks.logged(outgoing, result)
            events = await self._recorded(lambda store: self._settle(store, outgoing, result))
        finally:
            self._busy.discard(claims.lane_of(outgoing))
        for event in events:
            await self._told(event)

    async def _called(self, delivery: Delivery) -> Result:
        try:
            result = await self._send(delivery)
        except Exception as error:  # noqa: BLE001 - the boundary per delivery: the rest goes on
            _log.warning("a delivery failed in an unforeseen way: %s", type(error).__name__)
            result = Result(status="unknown", error=type(error).__name__)
        self._metrics.delivered(delivery.channel, delivery.do, result.status)
        return result

    async def _recorded(self, work: Callable[[Store], T]) -> T:
        """Do work in the writer, as soon as the database can be used."""
        return await _patiently(lambda: self._intake.submit(Job(run=work), bounded=False))

    async def _told(self, event: Event) -> None:
        await _patiently(lambda: self._submit(event))

    def _settle(self, store: Store, outgoing: Outgoing, result: Result) -> list[Event]:
        """Record what became of an attempt; returns the events that follow from it."""
        current = store.get(Outgoing, outgoing.community, outgoing.id) or outgoing
        now = self._now()
        if result.status == "sent":
            sent = replace(_with_code(current, result.answer), status="sent", done_at=now)
            store.put(sent)
            return self._after(store, sent, result.answer, now)
        if result.status == "unknown":
            return list(self._lost(store, current, result.error))
        if result.status == "wait" and current.attempts < (result.most or ATTEMPTS):
            store.put(setbacks.postponed(current, result, now))
            return []
        rerouted = setbacks.rerouted(current)
        if rerouted is not None:
            store.put(rerouted)
            return []
        return [claims.give_up(store, current, result.error, now, status="failed")]

    def _after(self, store: Store, sent: Outgoing, answer: object, now: int) -> list[Event]:
        member = claims.resolve(store, sent).to_userids
        events: list[Event] = list(events_after(sent, member[0] if member else "", now))
        if isinstance(answer, Roster) and sent.do == "fetch_roster":
            events.append(
                roster_fetched(
                    answer,
                    key=f"roster:{sent.community}:{sent.id}",
                    community=sent.community,
                    group=sent.group,
                    asked_at=sent.attempted_at,
                    at=now,
                )
            )
        if isinstance(answer, Mapping) and sent.do == RECKON:
            events.append(report_made(sent, answer, now))
        return events

    def _lost(self, store: Store, outgoing: Outgoing, error: str) -> tuple[DeliveryFailed, ...]:
        """The answer to a call was lost: repeat what WeCom can tell or be asked, report the rest.

        A picture is another file each time it is drawn, which WeCom would show twice. Figures go
        nowhere: they are reckoned again.
        """
        checked = outgoing.channel == REPEATED and outgoing.klass != PICTURE
        harmless = checked or outgoing.do in LOOKED_UP or outgoing.do == RECKON
        if harmless and outgoing.attempts < ATTEMPTS:
            body = {**outgoing.body, "duplicate_check": True}
            again = self._now() + setbacks.BACKOFF_MS
            store.put(replace(outgoing, status="pending", body=body, not_before=again))
            return ()
        return (claims.give_up(store, outgoing, error, self._now(), status="unknown"),)


def _with_code(sent: Outgoing, answer: object) -> Outgoing:
    """Keep what lets the delivery's card change."""
    if not isinstance(answer, Sent) or not answer.code:
        return sent
    return replace(sent, body={**sent.body, "code": answer.code})


async def _patiently(work: Callable[[], Awaitable[T]]) -> T:
    while True:
        try:
            return await work()
        except Unwritable as error:
            _log.warning("the database cannot be used: %s", error)
            await asyncio.sleep(AGAIN_S)
