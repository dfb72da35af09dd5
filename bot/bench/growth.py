"""What a message costs in a database with a long past, beside one that has just begun.

Both are written in turn by the same process, through the dispatcher and the writer, in batches
as they form under load. The same 200 members speak: in the old database they are spread over
all who ever joined.
"""

import gc
import statistics
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from bot.bench import clockwork, past, traffic
from bot.dispatcher import Dispatcher
from bot.intake.writer import Job, Writer
from bot.replays import dated
from bot.routes import ROUTES
from sop.events import Event, MessageReceived, PackEnforced, ReplyRoute
from sop.model import Group, Strike
from storage.database import Database

BATCH: Final = 32
MOST: Final = 1.2
NOW: Final = 1_795_000_000_000
"""A moment in November 2026, in ms UTC: the past ends there."""

PACE_MS: Final = 100
"""Somebody speaks so often: fast, but nobody floods a group."""

# Ordinary messages break no rule; one that did would cost something else.
_STRIKES: Final = Job(run=lambda store: store.count(Strike))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How long the past is, and how many batches each database gets in each of the rounds."""

    messages: int = 1_000_000
    members: int = 100_000
    rounds: int = 11
    batches: int = 20
    words: int = traffic.WORDS


@dataclass
class _Side:
    """One of the two databases, with what it takes to write to it."""

    writer: Writer
    dispatcher: Dispatcher
    step: int
    seconds: list[float] = field(default_factory=list)


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure."""
    databases = [Database(f"sqlite:///{folder / name}.db") for name in ("young", "old")]
    try:
        young, old = _prepared(databases, folder, scale)
        talk = traffic.Talk(seed=4, prefix="new")
        for number in range(scale.rounds + 1):
            # Alternately first: what a round warms up should not always help the same one.
            pair = (young, old) if number % 2 else (old, young)
            talks = list(_said(talk, scale.batches * BATCH))
            for side in pair:
                _hear(side, talks)
        strikes = sum(side.writer.run([_STRIKES])[0].result for side in (young, old))
    finally:
        for database in databases:
            database.close()
    return _figure(young, old, scale, strikes)


def _prepared(databases: Sequence[Database], folder: Path, scale: Scale) -> tuple[_Side, _Side]:
    book = clockwork.book_under_load(scale.words)
    groups = tuple(
        Group(community=traffic.COMMUNITY, id=traffic.group(number),
              channels={"aibot": traffic.chat(number)})
        for number in range(traffic.GROUPS)
    )  # fmt: skip
    sides = []
    for database, step in zip(databases, (1, scale.members // traffic.MEMBERS), strict=True):
        database.migrate()
        side = _Side(Writer(database), Dispatcher(ROUTES, lambda _name: book, lambda: NOW), step)
        enforced = PackEnforced(
            key="enforce", community=traffic.COMMUNITY, at=NOW, version="bench", groups=groups
        )
        _write(side, [enforced])
        sides.append(side)
    past.remember(folder / "old.db", scale.messages, scale.members, sides[1].step, NOW)
    return sides[0], sides[1]


@dataclass(frozen=True, slots=True)
class _Words:
    sender: int
    at: int
    message_id: str
    text: str


def _said(talk: traffic.Talk, count: int) -> Iterator[_Words]:
    for _ in range(count):
        message_id = talk.message_id()
        at = NOW + talk.said * PACE_MS
        yield _Words(talk.sender(), at, message_id, talk.words())


def _hear(side: _Side, talks: Sequence[_Words]) -> None:
    """Write one round and note its time."""
    events = [_event(side, each) for each in talks]
    gc.collect()
    started = time.perf_counter()
    for first in range(0, len(events), BATCH):
        _write(side, events[first : first + BATCH])
    side.seconds.append(time.perf_counter() - started)


def _event(side: _Side, said: _Words) -> Event:
    number = said.sender * side.step
    return MessageReceived(
        key=dated(f"aibot:{said.message_id}", said.at),
        community=traffic.COMMUNITY,
        group=traffic.group(said.sender),
        at=said.at,
        sender=traffic.userid(number),
        text=said.text,
        message_id=said.message_id,
        channel="aibot",
        mentions_bot=True,
        route=ReplyRoute(waiting=True),
    )


def _write(side: _Side, events: Iterable[Event]) -> None:
    for done in side.writer.run([side.dispatcher.job(event) for event in events]):
        if done.error is not None:
            raise done.error
        if done.result.error:
            raise RuntimeError(done.result.error)


def _figure(young: _Side, old: _Side, scale: Scale, strikes: int) -> dict[str, Any]:
    messages = scale.batches * BATCH
    ratios = [late / early for early, late in zip(young.seconds[1:], old.seconds[1:], strict=True)]
    ratio = statistics.median(ratios)
    cost = {
        name: round(statistics.median(side.seconds[1:]) / messages * 1e6)
        for name, side in (("old_us", old), ("young_us", young))
    }
    return {
        "figure": "growth",
        "ratio": round(ratio, 3),
        "target": f"<= {MOST}",
        "met": ratio <= MOST and not strikes,
        **cost,
        "stored_messages": scale.messages,
        "members": scale.members,
        "strikes": strikes,
    }
