"""The clock: ten thousand groups with the same 08:00 step, and a look at a hundred thousand rows.

The whole program runs; only its packs come from here instead of a folder, and WeCom is a server
of this process that is content with everything.
"""

import asyncio
import sqlite3
import statistics
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from aiohttp import web

from bot.app import Bot
from bot.bench import traffic
from bot.bench.throughput import DATABASE
from bot.clock.due import due_events
from bot.clock.wall import WallClock
from bot.intake.writer import Job
from bot.library.shelf import Shelf
from bot.serving import serving
from bot.settings import load_settings
from handlers.ports import Store
from sop.book import Book
from sop.checks.loader import load_pack
from sop.model import Group, Occurrence
from sop.times import localtime
from sop.times.durations import DAY_MS

MORNING: Final = 8 * 60
LONGEST_S: Final = 10.0
LONGEST_LOOK_MS: Final = 5.0
LOOKS: Final = 51

GIVE_UP_S: Final = 90.0
"""Whoever needs longer has failed; the figure then says how many posts there were."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How many groups have the step, and how many occurrences lie ahead."""

    groups: int = 10_000
    ahead: int = 100_000


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure."""
    seconds, posts = await _morning(folder / "morning", scale.groups)
    look_ms, slice_ms = await _idle(folder / "idle", scale.ahead)
    on_time = posts == scale.groups and seconds <= LONGEST_S
    return {
        "figure": "clock",
        "ratio": round(seconds / LONGEST_S, 3),
        "target": f"<= {LONGEST_S:.0f} s for all posts, a look < {LONGEST_LOOK_MS:.0f} ms",
        "met": on_time and max(look_ms, slice_ms) < LONGEST_LOOK_MS,
        "all_pending_s": round(seconds, 2),
        "posts": posts,
        "groups": scale.groups,
        "idle_look_ms": round(look_ms, 2),
        "idle_slice_ms": round(slice_ms, 2),
        "occurrences_ahead": scale.ahead,
    }


async def _morning(folder: Path, groups: int) -> tuple[float, int]:
    """Jump to 08:00; return the seconds until every post was in the database, and how many."""
    async with _running(folder, groups) as (bot, book):
        clock = bot.clock
        day = localtime.local_date(clock.now(), book.zone)
        due = localtime.instant(day, MORNING, book.zone)
        clock.skip(due + DAY_MS - clock.now() if due <= clock.now() else due - clock.now())
        started = time.perf_counter()
        bot.wakeup.look()
        posts = 0
        with closing(sqlite3.connect(folder / DATABASE)) as connection:
            while posts < groups and time.perf_counter() - started < GIVE_UP_S:
                await asyncio.sleep(0.05)
                posts = connection.execute("SELECT count(*) FROM outgoing").fetchone()[0]
        return time.perf_counter() - started, posts


async def _idle(folder: Path, ahead: int) -> tuple[float, float]:
    """Return the median ms of a look for the next moment, and of one for what is due."""
    async with _running(folder, 1) as (bot, _book):
        await bot.intake.submit(Job(run=lambda store: _plan(store, bot.clock.now(), ahead)))
        looks, slices = [], []
        for _ in range(LOOKS):
            started = time.perf_counter()
            await bot.next_due()
            looked = time.perf_counter()
            await bot.intake.submit(Job(run=lambda store: due_events(store, bot.clock.now(), 64)))
            looks.append(looked - started)
            slices.append(time.perf_counter() - looked)
        return statistics.median(looks) * 1_000, statistics.median(slices) * 1_000


def _plan(store: Store, now: int, count: int) -> None:
    for number in range(count):
        at = now + DAY_MS + number * 1_000
        store.put(
            Occurrence(
                community=traffic.COMMUNITY, group="g0", kind="step", step="later",
                subject=str(number), cause="bench", due_at=at, run_at=at,
            )
        )  # fmt: skip


@asynccontextmanager
async def _running(folder: Path, groups: int) -> AsyncIterator[tuple[Bot, Book]]:
    async with serving([web.route("*", "/{path:.*}", _content)], "127.0.0.1", 0) as api:
        environ = {**traffic.settle(folder, words=1), "WECOM_API_BASE": api}
        # No folder to read, so nothing to reload either.
        environ["SOP_DIR"] = str(folder / "nowhere")
        bot = Bot(load_settings(environ, None), WallClock())
        book = book_under_load()
        bot.library.shelf = _shelf(book, groups)
        await bot.start()
        try:
            yield bot, book
        finally:
            await bot.stop()


async def _content(_request: web.Request) -> web.Response:
    return web.json_response({"errcode": 0, "errmsg": "ok"})


def book_under_load(words: int = 1) -> Book:
    """Return the pack under load, compiled."""
    pack, problems = load_pack(traffic.pack_text(words).encode(), "pack.yaml")
    assert pack is not None, problems
    return Book(pack=pack, version="bench", bot_name=traffic.BOT_NAME)


def _shelf(book: Book, groups: int) -> Shelf:
    name = traffic.COMMUNITY
    return Shelf(
        books={name: book},
        groups={name: tuple(map(_group, range(groups)))},
        titles={name: name},
        fingerprint="bench",
    )


def _group(number: int) -> Group:
    return Group(
        community=traffic.COMMUNITY,
        id=f"g{number}",
        title=f"g{number}",
        channels={"aibot": f"wrk{number}", "webhook": f"key-{number:08}"},
    )
