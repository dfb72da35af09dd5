"""What WeCom tells of customer groups by itself: a hint that somebody came or went, no more."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from bot.channels.wecom.callbacks import Answer, Replay
from bot.channels.wecom.heard import Heard
from bot.dispatcher import Dispatcher, Handled
from bot.intake.local import LocalIntake, Overloaded
from bot.intake.writer import Job
from bot.library.library import Library
from bot.metrics import Metrics
from bot.replays import NonceReused, dated, guard
from handlers.groups import rosters
from handlers.ports import Store
from sop.events import RosterHinted
from sop.frozen import replace
from sop.model import SeenEvent
from sop.times.durations import DAY_MS
from storage.unit_of_work import Unwritable

CHANGED: Final = "change_external_chat"
"""WeCom's name for whatever happened to a customer group."""

APART: Final = frozenset({"change_name", "change_notice"})
"""Changes of a customer group that change nobody's membership; titles are `groups.yaml`'s."""

_log = logging.getLogger(__name__)


class Hints:
    """Accepts what a customer group's change says; WeCom is answered once it is kept."""

    def __init__(
        self,
        library: Library,
        dispatcher: Dispatcher,
        intake: LocalIntake,
        metrics: Metrics,
        now: Callable[[], int],
    ) -> None:
        self._library = library
        self._dispatcher = dispatcher
        self._intake = intake
        self._metrics = metrics
        self._now = now

    async def accept(self, heard: Heard, replay: Replay, answer_s: float) -> Answer:
        """Take one change: 200 after its commit, 403 for a reused nonce, 503 to come again."""
        place = self._library.place_of(heard.surface, heard.chat_id)
        if place is None or heard.fields.get("update_detail") in APART:
            outcome = "ignored" if place else "unplaced"
            if place is None:
                _log.info("customer group %s has changed and is not bound", heard.chat_id)
            self._metrics.event(CHANGED, outcome, 0.0)
            return Answer(status=200)
        try:
            async with asyncio.timeout(answer_s):
                self._note(await self._intake.submit(self._job(heard, replay, *place)))
        except NonceReused:
            self._metrics.rejected(heard.surface, 403)
            return Answer(status=403)
        except (Overloaded, Unwritable, TimeoutError):
            self._metrics.overloaded()
            return Answer(status=503)
        return Answer(status=200)

    def _job(self, heard: Heard, replay: Replay, community: str, group: str) -> Job:
        now = self._now()
        event = RosterHinted(
            key=dated(heard.key, now),
            community=community,
            group=group,
            at=heard.created_at or now,
            version=_mark(heard, "cur_mem_ver"),
            before=_mark(heard, "last_mem_ver"),
            dismissed=heard.fields.get("change_type") == "dismiss",
        )
        before = dated(heard.key, now - DAY_MS)

        def run(store: Store) -> Handled:
            guard(store, replay, heard.key)
            seen = store.get(SeenEvent, before) is not None
            return self._dispatcher.handle(store, replace(event, key=before) if seen else event)

        def rescue(store: Store, error: Exception) -> Handled:
            if isinstance(error, NonceReused):
                raise error
            return self._dispatcher.bury(store, event, error)

        return Job(run=run, rescue=rescue)

    def _note(self, handled: Handled) -> None:
        """Count and say that a change before this one was never told: the next roster has it."""
        if any(each.reason == rosters.GAP for each in handled.actions):
            self._metrics.roster_gap()
            _log.warning("a change of %s was never told by WeCom", handled.event.group)


def _mark(heard: Heard, name: str) -> str:
    found = heard.fields.get(name, "")
    return found if isinstance(found, str) else ""
