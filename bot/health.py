"""How the program is doing: each component's state, and the reasons not to be ready."""

from pathlib import Path
from typing import Any, Protocol

from bot.channels.wecom.link import AiBotLink
from bot.clock.theirs import TheirClock
from bot.clock.wakeup import LOOK_MS, WakeUp
from bot.clock.wall import WallClock
from bot.intake.local import LocalIntake
from bot.intake.writer import Job, Writer
from bot.library.library import Library
from bot.metrics import Metrics
from bot.web.health import Health
from handlers.ports import Store
from sop.model import DeadEvent, Outgoing
from sop.problems import Problem

SHOWN = 20
"""Problems of the folder that are listed."""

STUCK_MS = 3 * LOOK_MS
"""A clock that has not looked for this long stands still."""


class Parts(Protocol):
    """What is looked at: the running program's parts."""

    intake: LocalIntake
    writer: Writer
    wakeup: WakeUp
    clock: WallClock
    theirs: TheirClock
    library: Library
    metrics: Metrics
    link: AiBotLink | None


class Probe:
    """Looks at the running program.

    A look needs a write transaction, and tries to write as long as that was refused.
    """

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    async def look(self) -> Health:
        """Return every component's state, and why the program is not ready, if it is not."""
        database, reasons = await self._database()
        clock = self._clock(reasons)
        packs = self._packs(reasons)
        link = self._link(reasons)
        intake = {"state": "up" if self._parts.intake.alive else "down",
                  "waiting": self._parts.intake.depth}  # fmt: skip
        components = {
            "database": database, "intake": intake, "clock": clock, "packs": packs, "link": link,
        }  # fmt: skip
        return Health(components=components, reasons=tuple(reasons))

    async def _database(self) -> tuple[dict[str, Any], list[str]]:
        def read(store: Store) -> tuple[int, int]:
            dead = store.count(DeadEvent, replayed_at=0)
            return dead, store.count(Outgoing, status="pending")

        try:
            dead, pending = await self._parts.intake.submit(Job(run=read), bounded=False)
        except Exception as error:  # noqa: BLE001 - whatever it is, the database is not usable
            return {"state": "down", "error": type(error).__name__}, ["database not writable"]
        self._parts.metrics.dead_events.set(dead)
        self._parts.metrics.pending_actions.set(pending)
        refusing = self._parts.writer.refusing
        return {
            "state": "down" if refusing else "up", "dead_events": dead, "pending_actions": pending,
        }, ["database not writable"] if refusing else []  # fmt: skip

    def _clock(self, reasons: list[str]) -> dict[str, Any]:
        wakeup, now = self._parts.wakeup, self._parts.clock.now()
        self._parts.metrics.clock_lag.set(wakeup.lag_ms / 1_000)
        still = now - wakeup.looked_at > STUCK_MS
        if still:
            reasons.append("the clock stands still")
        ahead = self._parts.theirs.ahead_ms
        state = "down" if still else "wrong" if ahead else "up"
        return {"state": state, "lag_ms": wakeup.lag_ms, "ahead_of_wecom_ms": ahead}

    def _packs(self, reasons: list[str]) -> dict[str, Any]:
        shelf, problems = self._parts.library.shelf, self._parts.library.problems
        if not shelf.books:
            reasons.append("no pack is in force")
        errors = sum(problem.severity == "error" for problem in problems)
        state = "up" if shelf.books else "down"
        return {
            "state": state, "in_force": len(shelf.books), "errors_in_folder": errors,
            "problems": [_place(each) for each in problems[:SHOWN]],
        }  # fmt: skip

    def _link(self, reasons: list[str]) -> dict[str, Any]:
        link = self._parts.link
        state = link.state if link is not None else "off"
        self._parts.metrics.link(state)
        if state not in ("off", "up"):
            reasons.append(f"the AI bot's link is {state}")
        return {"state": state}


def _place(problem: Problem) -> str:
    """Where a problem is: what it says may quote the file, which is not for everybody."""
    where = f"{Path(problem.file).name}:{problem.line}:{problem.column}"
    return f"{where}: {problem.severity} in {problem.path or 'the file'}"
