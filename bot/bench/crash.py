"""Kill -9 at a random moment under load, again and again on one database.

What was acknowledged must be there, once; what was not is sent again, as WeCom does, together
with some that were acknowledged already: whose answer was lost on its way comes again, too.
"""

import asyncio
import random
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.bench import children, load, traffic
from bot.bench.throughput import DATABASE
from bot.bench.traffic import Request
from bot.operations.maintenance import verify_ledger
from bot.settings import load_settings

FIRST_S: Final = 0.1
LAST_S: Final = 1.2
"""Between these the power is cut, in seconds after the load began."""

SENT_AGAIN: Final = 100
"""Acknowledged messages that come a second time in each round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How often the power is cut, and how many requests are ready each time."""

    rounds: int = 20
    count: int = 5_000
    words: int = traffic.WORDS


@dataclass
class _Story:
    """What has happened so far: ids acknowledged, requests to repeat, what went wrong."""

    acknowledged: set[str] = field(default_factory=set)
    repeat: list[Request] = field(default_factory=list)
    wrong: int = 0
    starts: list[float] = field(default_factory=list)


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure."""
    environ = traffic.settle(folder, words=scale.words)
    talk, chance, story = traffic.Talk(seed=2), random.Random(2), _Story()  # noqa: S311 - repeats
    for _ in range(scale.rounds):
        await _round(folder, environ, talk, scale.count, chance.uniform(FIRST_S, LAST_S), story)
    bot = children.start_bot(folder, environ)
    try:
        story.starts.append(await bot.ready())
        await _repeat(bot.port, story)
    finally:
        bot.end()
    differences = verify_ledger(load_settings(environ, None))
    return _figure(scale.rounds, story, _found(folder / DATABASE, story), len(differences))


async def _round(
    folder: Path,
    environ: dict[str, str],
    talk: traffic.Talk,
    count: int,
    after_s: float,
    story: _Story,
) -> None:
    bot = children.start_bot(folder, environ)
    try:
        story.starts.append(await bot.ready())
        await _repeat(bot.port, story)
        requests = traffic.requests(talk, count, int(time.time()))
        sending = asyncio.create_task(load.send(bot.port, requests))
        await asyncio.sleep(after_s)
    finally:
        bot.kill()
    run = await sending
    right = [each.request for each in run.answered if load.is_right(each)]
    story.acknowledged.update(each.message_id for each in right)
    story.wrong += len(run.answered) - len(right)
    story.repeat = [*run.unanswered, *right[-SENT_AGAIN:]]


async def _repeat(port: int, story: _Story) -> None:
    """Send again what WeCom would: each must be answered now."""
    run = await load.send(port, story.repeat)
    story.wrong += load.wrong(run)
    story.acknowledged.update(each.request.message_id for each in run.answered)
    story.repeat = []


def _found(database: Path, story: _Story) -> dict[str, int]:
    with closing(sqlite3.connect(database)) as connection:

        def repeated(table: str, *columns: str, where: str = "1") -> int:
            by = ", ".join(columns)
            query = (
                f"SELECT count(*) FROM (SELECT 1 FROM {table} WHERE {where} "  # noqa: S608 - ours
                f"GROUP BY {by} HAVING count(*) > 1)"
            )
            return int(connection.execute(query).fetchone()[0])

        heard = connection.execute("SELECT message_id FROM message WHERE person > 0")
        kept = {row[0] for row in heard}
        broken = connection.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
        return {
            "lost": len(story.acknowledged - kept),
            "messages_twice": repeated("message", "message_id"),
            "ledger_twice": repeated("ledgerentry", "source", "deed", "person"),
            "outgoing_twice": repeated("outgoing", "event_key", where="klass = 'reply'"),
            "dead_events": connection.execute("SELECT count(*) FROM deadevent").fetchone()[0],
            "database_broken": int(broken),
        }


def _figure(rounds: int, story: _Story, found: dict[str, int], differences: int) -> dict[str, Any]:
    bad = {**found, "wrong_answers": story.wrong, "ledger_differences": differences}
    return {
        "figure": "crash",
        "lost": bad.pop("lost"),
        "target": "lost 0, counted twice 0",
        "met": not any(found.values()) and not story.wrong and not differences,
        **bad,
        "rounds": rounds,
        "acknowledged": len(story.acknowledged),
        "slowest_start_s": _slowest(story.starts),
    }


def _slowest(starts: Sequence[float]) -> float:
    return round(max(starts), 2)
