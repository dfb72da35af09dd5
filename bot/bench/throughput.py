"""Callbacks fully processed per second, beside a bare server that only decrypts and answers.

Both servers have the same core to themselves in turn, and get the same requests; the medians of
several turns are compared. Afterwards every message must be in the database exactly once.
"""

import sqlite3
import statistics
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.bench import children, load, traffic
from bot.bench.children import Child
from bot.bench.load import Run
from bot.bench.traffic import Request

DATABASE: Final = "qunyun.db"

TARGET: Final = 0.35
LONGEST_P99_MS: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is sent: `warm` requests first, then `rounds` turns of `count` each."""

    warm: int = 4_000
    rounds: int = 7
    count: int = 4_000
    words: int = traffic.WORDS


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure."""
    served, measuring = children.cores()
    environ = traffic.settle(folder, words=scale.words)
    bare = children.start_bare(folder / "bare", traffic.TOKEN, traffic.AES_KEY, core=served)
    bot = children.start_bot(folder, environ, core=served)
    try:
        await bare.listening()
        await bot.ready()
        with children.on_core(measuring):
            plain, ours = await _take_turns(bare, bot, scale)
    finally:
        bot.end()
        bare.kill()
    return _figure(plain, ours, folder / DATABASE)


async def _take_turns(bare: Child, bot: Child, scale: Scale) -> tuple[list[Run], list[Run]]:
    talk = traffic.Talk(seed=1)
    plain: list[Run] = []
    ours: list[Run] = []
    for turn in range(scale.rounds + 1):
        count = scale.count if turn else scale.warm
        requests = traffic.requests(talk, count, int(time.time()))
        plain.append(await _send(bare, requests))
        ours.append(await _send(bot, requests))
    return plain, ours


async def _send(server: Child, requests: Sequence[Request]) -> Run:
    before = server.cpu_s
    run = await load.send(server.port, requests)
    run.cpu_s = server.cpu_s - before
    return run


def _figure(plain: Sequence[Run], ours: Sequence[Run], database: Path) -> dict[str, Any]:
    bare_s, ours_s = (statistics.median(each.per_second for each in runs[1:])
                      for runs in (plain, ours))  # fmt: skip
    bare_us, ours_us = (statistics.median(each.cpu_us for each in runs[1:])
                        for runs in (plain, ours))  # fmt: skip
    p50, p99 = (statistics.median(each.quantile_ms(part) for each in ours[1:])
                for part in (50, 99))  # fmt: skip
    wrong = sum(map(load.wrong, (*plain, *ours)))
    sent = [answer.request.message_id for run in ours for answer in run.answered]
    kept = stored_once(database, sent)
    ratio = ours_s / bare_s
    return {
        "figure": "throughput",
        "ratio": round(ratio, 3),
        "target": f">= {TARGET} of bare, p99 < {LONGEST_P99_MS:.0f} ms",
        "met": ratio >= TARGET and p99 < LONGEST_P99_MS and not wrong and kept == len(sent),
        "ours_per_s": round(ours_s),
        "bare_per_s": round(bare_s),
        "ours_cpu_us": round(ours_us),
        "bare_cpu_us": round(bare_us),
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "requests": len(sent),
        "wrong_answers": wrong,
        "stored_once": kept,
        "generator_on_its_own_core": len(set(children.cores())) > 1,
    }


def stored_once(database: Path, sent: Sequence[str]) -> int:
    """Count those of the messages that the database holds exactly once."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT message_id, count(*) FROM message WHERE person > 0 GROUP BY message_id"
        )
        kept = dict(rows.fetchall())
    return sum(kept.get(message_id) == 1 for message_id in sent)
