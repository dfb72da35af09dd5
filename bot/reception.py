"""From what was heard on a callback or the link to an event in its community's lane, and back.

An answer that can still travel in the waiting request is leased to it; written, it is confirmed;
else delivery takes it over when the lease ends.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import Any, Final

from bot.card_ids import buttons_of, card_id
from bot.channels.wecom import cards
from bot.channels.wecom.callbacks import Answer, Replaced, Replay
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.heard import Heard, SurfaceName, Unusable
from bot.channels.wecom.images import Image, Seen
from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.replies import card_update
from bot.channels.wecom.translate import heard_from_aibot
from bot.confirmations import Confirmations
from bot.dispatcher import Dispatcher, Handled
from bot.hints import CHANGED, Hints
from bot.intake.local import LocalIntake, Overloaded
from bot.intake.writer import Job
from bot.library.library import Library
from bot.metrics import Metrics
from bot.presses import Presses
from bot.private_chats import Unplaced, helps, placed
from bot.replays import NonceReused, admitted, dated, phases, received
from handlers.ports import Store
from sop.events import MessageReceived
from sop.model import DeadEvent
from sop.texts import text
from sop.times.durations import DAY_MS
from storage.unit_of_work import Unwritable

ANSWER_S: Final = 4.0
"""WeCom waits 5 s for an answer; what is not committed by then is asked for again."""

PAUSES_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Pauses before a frame of the link is taken again: nobody else would bring it again."""

_log = logging.getLogger(__name__)


class Reception:
    """Accepts what was heard. `now` gives ms UTC.

    `resolve` turns an AI bot's ids into user ids, `see` pictures into what their codes say;
    `link` is the AI bot's long connection, where there is one: what belongs to no community, a
    private chat that is opened and a pressed card are answered by it at once.
    `opened` opens what stands sealed in a text that goes out.
    """

    def __init__(
        self,
        library: Library,
        dispatcher: Dispatcher,
        intake: LocalIntake,
        metrics: Metrics,
        now: Callable[[], int],
        opened: Callable[[str], str] = str,
    ) -> None:
        self._library = library
        self._dispatcher = dispatcher
        self._intake = intake
        self._metrics = metrics
        self._now = now
        self._opened = opened
        self._hints = Hints(library, dispatcher, intake, metrics, now)
        self._confirmations = Confirmations(intake, now)
        self.presses = Presses(intake, opened)
        self.link: AiBotLink | None = None
        self.resolve: Callable[[str], Awaitable[str]] | None = None
        self.see: Callable[[Sequence[Image]], Awaitable[Seen]] | None = None
        self.ahead: Callable[[], int] = int

    async def accept(self, heard: Heard, replay: Replay) -> Answer:
        """Take one callback: 200 after its commit, 403 for a reused nonce, 503 to come again."""
        if heard.card:
            return await self._press(heard, replay)
        try:
            async with asyncio.timeout(ANSWER_S):
                if heard.kind != "message":
                    return await self._event(heard, replay)
                return self._answer(await self._take(heard, replay))
        except NonceReused:
            self._metrics.rejected(heard.surface, 403)
            return Answer(status=403)
        except Unplaced as error:
            self._metrics.event("message", "unplaced", 0.0)
            return Answer(status=200, text=str(error))
        except (Overloaded, Unwritable, TimeoutError):
            self._metrics.overloaded()
            return Answer(status=503)

    async def _event(self, heard: Heard, replay: Replay) -> Answer:
        """Take what is no message: a customer group's change, or what is greeted at most."""
        name = heard.event if heard.kind == "event" else ""
        if name == CHANGED:
            await self._hints.take(heard, replay)
            return Answer(status=200)
        self._metrics.event(name or heard.kind, "ignored", 0.0)
        return Answer(status=200, text=self._event_answer(heard) if name else "")

    async def _press(self, heard: Heard, replay: Replay) -> Answer:
        """Take a press: what it brings goes out by itself, the card says that it was pressed."""
        try:
            async with asyncio.timeout(ANSWER_S):
                handled = await self._take(heard, replay)
                replaced = await self.presses.taken(heard, _said(handled))
                return Answer(status=200, replaced=replaced)
        except NonceReused:
            self._metrics.rejected(heard.surface, 403)
            return Answer(status=403)
        except Unplaced:
            self._metrics.event("message", "unplaced", 0.0)
            return Answer(status=200, replaced=self.presses.unplaced(heard))
        except (Overloaded, Unwritable, TimeoutError):
            self._metrics.overloaded()
            if heard.surface != "aibot":
                return Answer(status=503)
        # WeCom brings an AI bot's press only once.
        self.presses.later(self._take_later(heard))
        return Answer(status=200)

    async def _take_later(self, heard: Heard) -> Replaced | None:
        """Take what nobody would bring again; returns what becomes of the card, if it was one."""
        try:
            handled = await self._take_patiently(heard)
            return await self.presses.taken(heard, _said(handled)) if heard.card else None
        except (Overloaded, Unwritable):
            _log.error("a message was lost: nothing can be kept")
            return None
        except Unplaced:
            self._metrics.event("message", "unplaced", 0.0)
            if not heard.card:
                raise
            return self.presses.unplaced(heard)

    async def drain(self, timeout_s: float = 2 * ANSWER_S) -> None:
        """Wait until every answer that was given is confirmed, so that none is given again.

        No longer than that: a database that cannot be used confirms nothing.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await self.presses.drain(timeout_s)
                await self._confirmations.drain(timeout_s)

    async def reject(self, surface: SurfaceName, payload: str, reason: str) -> None:
        """Keep a rightly signed payload that lacks what every event needs, as a dead event."""

        def bury(store: Store) -> None:
            now, number = self._now(), store.number("", "unusable")
            key = f"unusable:{surface}:{now}:{number}"
            kept = payload[:20_000]
            store.put(DeadEvent(key_=key, community="", at=now, payload=kept, error=reason))

        self._metrics.event("unusable", "dead", 0.0)
        await self._intake.submit(Job(run=bury))

    async def from_link(self, body: Mapping[str, Any], req_id: str, _cmd: str) -> None:
        """Take one frame of the AI bot's long connection; answers go out by delivery."""
        try:
            heard = heard_from_aibot(dict(body), req_id=req_id, bot_name=self._bot_name())
        except Unusable as error:
            await self.reject("aibot", repr(error.payload), error.reason)
            return
        if heard.kind == "event":
            await self._greet(heard, req_id)
        if heard.kind != "message":
            return
        try:
            replaced = await self._take_later(heard)
        except Unplaced as error:
            await self._refer(req_id, str(error))
            return
        if replaced is not None:
            update = card_update(replaced.card, heard.sender)
            await self._by_link(AiBotLink.update, req_id, update)

    async def _take_patiently(self, heard: Heard) -> Handled:
        """Take what nobody would bring again, as soon as there is room and the database works."""
        for pause in PAUSES_S:
            try:
                return await self._take(heard, None)
            except (Overloaded, Unwritable):
                self._metrics.overloaded()
                await asyncio.sleep(pause)
        return await self._take(heard, None)

    async def _refer(self, req_id: str, words: str) -> None:
        """Answer a frame that belongs to no community: no delivery can, for want of one."""
        body = {"msgtype": "markdown", "markdown": {"content": words}}
        await self._by_link(AiBotLink.respond, req_id, body)

    async def _greet(self, heard: Heard, req_id: str) -> None:
        """Answer an event of the link at once: WeCom takes a welcome for 5 s only."""
        self._metrics.event(heard.event or "event", "ignored", 0.0)
        words = self._event_answer(heard)
        if words:
            body = {"msgtype": "text", "text": {"content": words}}
            await self._by_link(AiBotLink.welcome, req_id, body)

    async def _by_link(
        self,
        way: Callable[[AiBotLink, str, Mapping[str, object]], Awaitable[Any]],
        req_id: str,
        body: Mapping[str, object],
    ) -> None:
        """Answer a frame that no delivery will answer, if there is a way."""
        if self.link is None:
            return
        try:
            await way(self.link, req_id, body)
        except WeComError as error:
            _log.warning("a frame of the link was not answered: %s", error)

    async def _take(self, heard: Heard, replay: Replay | None) -> Handled:
        if heard.surface == "aibot" and self.resolve is not None:
            heard = replace(heard, sender=await self.resolve(heard.sender))
        if self.see is not None and heard.images and await self._asks_for_codes(heard):
            seen = await self.see(heard.images)
            heard = replace(heard, codes=seen.codes, looked=seen.looked)
        job = self._job(heard, replay)
        handled: Handled = await self._intake.submit(job)
        return handled

    async def _asks_for_codes(self, heard: Heard) -> bool:
        """Tell whether codes are looked at: else no picture is fetched.

        In a group it is a rule of its pack that does, in private staff who bring one.
        """
        if not heard.chat_id:
            ask = partial(helps, sender=heard.sender, shelf=self._library.shelf)
            return bool(await self._intake.submit(Job(run=ask)))
        place = self._library.place_of(heard.surface, heard.chat_id)
        book = self._library.book_of(place[0]) if place is not None else None
        return book is not None and "qr" in book.rules.kinds

    def _job(self, heard: Heard, replay: Replay | None) -> Job:
        place = self._library.place_of(heard.surface, heard.chat_id) if heard.chat_id else None
        if heard.chat_id and place is None:
            _log.info(
                "message from a chat that is not bound, %s: %s", heard.surface, heard.chat_id
            )
            raise Unplaced(text("commands.unbound", surface=heard.surface, chat=heard.chat_id))
        community, group = place or ("", "")
        event = received(heard, community, group, self._now(), self.ahead())
        handling = self._dispatcher.job(event)
        before = dated(heard.key, self._now() - DAY_MS)

        def run(store: Store) -> Handled:
            meant = admitted(store, replay, heard.key, event, before)
            if not community:
                meant = placed(store, meant, self._library.shelf, card=heard.card)
            return self._dispatcher.handle(store, meant)

        def rescue(store: Store, error: Exception) -> Any:
            if isinstance(error, NonceReused | Unplaced):
                raise error
            shelf = self._library.shelf
            meant = event if community else placed(store, event, shelf, card=heard.card)
            return self._dispatcher.bury(store, meant, error)

        reads = phases(handling, replay, before, community)
        return Job(run=run, rescue=rescue, phases=reads)

    def _answer(self, handled: Handled) -> Answer:
        for sent in handled.outgoing:
            if sent.status in ("leased", "sent") and sent.klass == "reply":
                words = self._opened(str(sent.body.get("text", "")))
                card, buttons = None, buttons_of(sent)
                if buttons:
                    card = cards.made(words, buttons, card_id(sent), whole=False)
                written = partial(self._confirmations.confirm, sent)
                return Answer(status=200, text=words, card=card, written=written)
        return Answer(status=200)

    def _event_answer(self, heard: Heard) -> str:
        return text("commands.welcome") if heard.event == "enter_chat" else ""

    def _bot_name(self) -> str:
        books = self._library.shelf.books.values()
        return next((book.bot_name for book in books), "")


def _said(handled: Handled) -> MessageReceived:
    """Return the event that a message became, with who its sender is and where it belongs."""
    assert isinstance(handled.event, MessageReceived)
    return handled.event
