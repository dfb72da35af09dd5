"""Where the processor time of one message goes, layer by layer.

Servers get the same requests in turn, on one core: the bare one; the bot's callback door alone,
answering at once; the whole bot with a writer that decides and stores nothing (`hollow`); and the
bot. What the writer does is then timed by itself, in batches of 32, in a single thread. Run with
`python benchmarks/layers.py`; microseconds a message, the medians, and as multiples of bare.
"""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import uvloop

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot import logs
from bot.app import Bot
from bot.bench import children, clockwork, load, traffic
from bot.channels.wecom.callbacks import Answer, Replay, callback_routes
from bot.channels.wecom.heard import Heard
from bot.clock.wall import WallClock
from bot.dispatcher import Dispatcher, Handled
from bot.intake import writer as writing
from bot.intake.writer import Done, Job, Writer
from bot.memory import settle_down
from bot.reception import Reception
from bot.routes import ROUTES
from bot.running import take_stock
from bot.serving import serving
from bot.settings import load_settings
from bot.surfaces import surfaces_of
from sop.events import PackEnforced, ReplyRoute
from sop.model import Group, Outgoing
from storage.database import Database
from storage.unit_of_work import Batch

ANSWER = "收到，谢谢分享，+1 分。"
TURNS, COUNT, BATCH, BATCHES = 5, 2_000, 32, 150


class Hollow:
    """A writer that finds that every message deserves the same answer."""

    def run(self, jobs: list[Job]) -> list[Done]:
        """Stand in for `Writer.run`."""
        store = SimpleNamespace(get=lambda *_: None, put=lambda _: None, find=lambda *_, **__: ())
        return [Done(result=job.run(store) if job.rescue else None) for job in jobs]


def decided(_store: Any, event: Any) -> Handled:
    """What deciding would have given."""
    sent = Outgoing(
        community=event.community, id=1, event_key=event.key, group=event.group, do="reply",
        channel="aibot", chat="c", klass="reply", body={"text": ANSWER}, status="leased",
        created_at=event.at, not_before=event.at,
    )  # fmt: skip
    names = ("handlers.ledger.scoring.credit_message", "handlers.recognition.answers.answer")
    return Handled(event, outgoing=(sent,), routes=names, seconds=0.0003)


async def serve(mode: str) -> None:
    """Serve one of the shortened bots."""
    settings = load_settings(os.environ, None)
    logs.set_up("INFO", secrets=settings.secrets)
    clock = WallClock()

    async def at_once(_heard: Heard, _replay: Replay) -> Answer:
        return Answer(status=200, text=ANSWER, written=lambda: None)

    async def never(*_: Any) -> None:
        raise AssertionError

    routes = callback_routes(surfaces_of(settings), at_once, clock.now, reject=never)
    if mode == "hollow":
        bot = Bot(settings, clock)
        take_stock(bot)
        await bot.start()
        bot.intake._writer, bot.dispatcher.handle = Hollow(), decided  # noqa: SLF001 - see `Hollow`
        routes = bot.routes()
    async with serving(routes, "127.0.0.1", 0) as origin:
        sys.stdout.write(f"listening at {origin}\n")
        sys.stdout.flush()
        settle_down()
        await asyncio.Event().wait()


async def served(folder: Path) -> dict[str, float]:
    """Return the processor time of a message in every server, as multiples of bare's, and that."""
    core, measuring = children.cores()
    spent: dict[str, list[float]] = {}
    with ExitStack() as running:
        servers = {"bare": children.start_bare(
            folder / "bare", (traffic.TOKEN, traffic.AES_KEY), loop="uvloop", core=core
        )}  # fmt: skip
        for mode in ("door", "hollow"):
            environ = traffic.settle(folder / mode)
            servers[mode] = children.start([__file__, mode], folder / mode, environ, core=core)
        environ = traffic.settle(folder / "bot")
        servers["bot"] = children.start_bot(folder / "bot", environ, core=core)
        for server in servers.values():
            running.callback(server.kill)
            await server.listening()
        await servers["bot"].ready()
        talk = traffic.Talk(seed=5)
        with children.on_core(measuring):
            for _ in range(TURNS + 1):
                said = traffic.requests(talk, COUNT, int(time.time()))
                for name, server in servers.items():
                    before = server.cpu_s
                    run = await load.send(server.port, said)
                    assert not load.wrong(run), (name, server.output.read_text()[-2_000:])
                    spent.setdefault(name, []).append((server.cpu_s - before) / COUNT * 1e6)
    return {name: statistics.median(each[1:]) for name, each in spent.items()}


class Lane:
    """Reception, dispatcher and writer without their threads; the parts of a batch are timed."""

    def __init__(self, folder: Path) -> None:
        self.now, self.talk = 1_795_000_000_000, traffic.Talk(seed=6)
        database, book = (
            Database(f"sqlite:///{folder / 'lane.db'}"),
            clockwork.book_under_load(10_000),
        )
        database.migrate()
        self.writer = Writer(database)
        dispatcher = Dispatcher(ROUTES, lambda _: book, lambda: self.now)
        places = {
            traffic.chat(n): (traffic.COMMUNITY, traffic.group(n)) for n in range(traffic.GROUPS)
        }
        library: Any = SimpleNamespace(place_of=lambda _, chat: places[chat])
        none: Any = None
        self.reception = Reception(library, dispatcher, none, none, lambda: self.now)
        groups = tuple(
            Group(community=community, id=group, channels={"aibot": chat})
            for chat, (community, group) in places.items()
        )
        begun = PackEnforced(
            key="e", community=traffic.COMMUNITY, at=self.now, version="bench", groups=groups
        )
        self.writer.run([dispatcher.job(begun)])
        self.spent: dict[str, float] = {}
        for owner, name in (
            (Database, "batch"),
            (writing, "_load"),
            (Batch, "flush"),
            (Batch, "commit"),
        ):
            setattr(owner, name, self.timed(getattr(owner, name), name.strip("_")))

    def timed(self, work: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return the work with a clock on it."""

        def run(*arguments: Any) -> Any:
            started = time.thread_time()
            try:
                return work(*arguments)
            finally:
                self.spent[name] = self.spent.get(name, 0) + time.thread_time() - started

        return run

    def job(self) -> Job:
        """Make the work of one callback."""
        self.now += 5
        sender, number = self.talk.sender(), self.talk.message_id()
        heard = Heard(
            surface="aibot", kind="message", key=f"aibot:{number}", message_id=number,
            chat_id=traffic.chat(sender), sender=traffic.userid(sender), text=self.talk.words(),
            mentions_bot=True, route=ReplyRoute(waiting=True),
        )  # fmt: skip
        seal = Replay(surface="aibot", timestamp=self.now // 1_000, nonce=number[-16:])
        return self.reception._job(heard, seal)  # noqa: SLF001 - what a callback brings

    def batch(self) -> dict[str, float]:
        """Write a batch; returns the microseconds of its parts, for each message."""
        jobs = [self.job() for _ in range(BATCH)]
        self.spent.clear()
        started = time.thread_time()
        self.writer.run(jobs)
        whole = time.thread_time() - started
        parts = dict(self.spent)
        parts["commit"] -= parts["flush"]
        parts["decide"] = whole - sum(parts.values())
        return {name: spent / BATCH * 1e6 for name, spent in (*parts.items(), ("writer", whole))}


def main(folder: Path) -> None:
    """Measure and print."""
    found = uvloop.run(served(folder))
    for name, spent in found.items():
        print(f"{name:8} {spent:5.0f} us  {spent / found['bare']:.2f} of bare")
    lane = Lane(folder)
    batches = [lane.batch() for _ in range(2 * BATCHES)][BATCHES:]
    for name in ("batch", "load", "decide", "flush", "commit", "writer"):
        print(f"  {name:8} {statistics.median(each[name] for each in batches):5.0f} us")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        uvloop.run(serve(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as made:
            main(Path(made))
