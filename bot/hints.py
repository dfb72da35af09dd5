"""What WeCom tells of customer groups by itself: a hint that somebody came or went, no more."""

import logging
from collections.abc import Callable
from typing import Final

from bot.channels.wecom.callbacks import Replay
from bot.channels.wecom.heard import Heard
from bot.dispatcher import Dispatcher, Handled
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.library.library import Library
from bot.metrics import Metrics
from bot.replays import NonceReused, admitted, dated
from handlers.groups import rosters
from handlers.ports import Store
from sop.events import RosterHinted
from sop.times.durations import DAY_MS

CHANGED: Final = "change_external_chat"
"""WeCom's name for whatever happened to a customer group."""

APART: Final = frozenset({"change_name", "change_notice"})
"""Changes of a customer group that change nobody's membership; titles are `groups.yaml`'s."""

_log = logging.getLogger(__name__)


class Hints:
    """Takes what a customer group's change says."""

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

    async def take(self, heard: Heard, replay: Replay) -> None:
        """Keep one change. Raises `NonceReused`, and what the intake raises where it cannot."""
        place = self._library.place_of(heard.surface, heard.chat_id)
        if place is None or heard.fields.get("update_detail") in APART:
            outcome = "ignored" if place else "unplaced"
            if place is None:
                _log.info("customer group %s has changed and is not bound", heard.chat_id)
            self._metrics.event(CHANGED, outcome, 0.0)
            return
        self._note(await self._intake.submit(self._job(heard, replay, *place)))

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
            meant = admitted(store, replay, heard.key, event, before)
            return self._dispatcher.handle(store, meant)

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
