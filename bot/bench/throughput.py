"""Callbacks fully processed per second, beside a bare server that only decrypts and answers.

The servers have the same core to themselves in turn, and get the same requests; the medians of
several turns are compared. Afterwards every message must be in the database exactly once.
"""

import os
import sqlite3
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
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

LOOPS: Final = ("uvloop", "asyncio")
"""The bare server runs on our own loop, which is what we are held to, and on aiohttp's default."""

SYNCS: Final = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How much is sent: `warm` requests first, then `rounds` turns of `count` each."""

    warm: int = 4_000
    rounds: int = 5
    count: int = 4_000
    words: int = traffic.WORDS


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure."""
    served, measuring = children.cores()
    environ = traffic.settle(folder, words=scale.words)
    with ExitStack() as running:
        servers = {"ours": children.start_bot(folder, environ, core=served)}
        running.callback(servers["ours"].end)
        for loop in LOOPS:
            home, secrets = folder / loop, (traffic.TOKEN, traffic.AES_KEY)
            servers[loop] = children.start_bare(home, secrets, loop=loop, core=served)
            running.callback(servers[loop].kill)
            await servers[loop].listening()
        await servers["ours"].ready()
        with children.on_core(measuring):
            runs = await _take_turns(servers, scale)
    return _figure(runs, folder)


async def _take_turns(servers: Mapping[str, Child], scale: Scale) -> dict[str, list[Run]]:
    """Send every server the same requests, turn by turn; the first turn only warms them up."""
    talk = traffic.Talk(seed=1)
    runs: dict[str, list[Run]] = {name: [] for name in servers}
    for turn in range(scale.rounds + 1):
        count = scale.count if turn else scale.warm
        requests = traffic.requests(talk, count, int(time.time()))
        for name, server in servers.items():
            runs[name].append(await _send(server, requests))
    return runs


async def _send(server: Child, requests: Sequence[Request]) -> Run:
    before = server.cpu_s
    run = await load.send(server.port, requests)
    run.cpu_s = server.cpu_s - before
    return run


def _figure(runs: Mapping[str, Sequence[Run]], folder: Path) -> dict[str, Any]:
    counted = {name: each[1:] for name, each in runs.items()}
    speed = {name: _median(each, lambda run: run.per_second) for name, each in counted.items()}
    cost = {name: _median(each, lambda run: run.cpu_us) for name, each in counted.items()}
    p50, p99 = (_median(counted["ours"], lambda run, part=part: run.quantile_ms(part))  # type: ignore[misc] # a bound default
                for part in (50, 99))  # fmt: skip
    wrong = sum(load.wrong(run) for each in runs.values() for run in each)
    sent = [answer.request.message_id for run in runs["ours"] for answer in run.answered]
    kept = stored_once(folder / DATABASE, sent)
    ratio = speed["ours"] / speed["uvloop"]
    return {
        "figure": "throughput",
        "ratio": round(ratio, 3),
        "target": f">= {TARGET} of bare, p99 < {LONGEST_P99_MS:.0f} ms",
        "met": ratio >= TARGET and p99 < LONGEST_P99_MS and not wrong and kept == len(sent),
        "ours_per_s": round(speed["ours"]),
        "bare_per_s": round(speed["uvloop"]),
        "p50_ms": round(p50, 1),
        "p99_ms": round(p99, 1),
        "ratio_to_bare_on_asyncio": round(speed["ours"] / speed["asyncio"], 3),
        "bare_on_asyncio_per_s": round(speed["asyncio"]),
        "ours_cpu_us": round(cost["ours"]),
        "bare_cpu_us": round(cost["uvloop"]),
        "disk_sync_ms": round(_sync_ms(folder), 2),
        "requests": len(sent),
        "wrong_answers": wrong,
        "stored_once": kept,
        "generator_on_its_own_core": len(set(children.cores())) > 1,
    }


def _median(runs: Sequence[Run], value: Callable[[Run], float]) -> float:
    return statistics.median(map(value, runs))


def _sync_ms(folder: Path) -> float:
    """Measure what every commit waits for: the disk's word that 64 KB are safe."""
    taken = []
    with (folder / "sync").open("wb") as file:
        for _ in range(SYNCS):
            file.write(b"x" * 65_536)
            file.flush()
            started = time.perf_counter()
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1_000


def stored_once(database: Path, sent: Sequence[str]) -> int:
    """Count those of the messages that the database holds exactly once."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute(
            "SELECT message_id, count(*) FROM message WHERE person > 0 GROUP BY message_id"
        )
        kept = dict(rows.fetchall())
    return sum(kept.get(message_id) == 1 for message_id in sent)
