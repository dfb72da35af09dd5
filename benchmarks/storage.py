"""What remembering one message costs the writer: bulk reads, records in and out, one commit.

Run with `python -m benchmarks.storage`; prints microseconds per event, the median of five runs.
Add `--profile` to see where they go. Nothing is decided here: the rest of an event is elsewhere.
"""

import cProfile
import gc
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.intake.writer import Job, Writer
from handlers.ports import Store
from sop.model import (
    Counter,
    Group,
    Identity,
    LedgerEntry,
    Member,
    Message,
    Outgoing,
    Person,
    SeenEvent,
)
from storage.database import Database

BATCH = 32
ROUNDS = 100
PEOPLE = 200
GROUPS = 20
START = 1_764_500_000_000


def settle_in(store: Store) -> None:
    for number in range(GROUPS):
        store.put(
            Group(
                community="c",
                id=f"g{number}",
                title="晨读一群",
                owner="zhang.san",
                staff=("li.si",),
                channels={"appchat": "core2026", "aibot": "wrkAAA"},
                spoken_at=START,
            )
        )
    for number in range(1, PEOPLE + 1):
        community, userid = "c", f"user{number}"
        store.put(Identity(community=community, userid=userid, person=number, shown=userid))
        store.put(
            Person(
                community=community,
                id=number,
                userid=userid,
                name="王小明",
                tallies={"message": ("2026-11-30", 3), "checkin": ("2026-11-30", 1)},
                lifetime=("introduce",),
                recent=tuple(f"今天读完了第{chapter}章，很有启发" for chapter in range(5)),
                active=tuple(f"2026-11-{day:02}" for day in range(1, 15)),
            )
        )
        store.put(
            Member(
                community=community,
                group=f"g{number % GROUPS}",
                person=number,
                joined_at=START,
                recent=tuple((START + each, f"{each:016x}") for each in range(20)),
            )
        )


def keys_of(number: int) -> tuple[str, str, int]:
    person = number % PEOPLE + 1
    return f"user{person}", f"g{person % GROUPS}", person


def remember(number: int) -> Callable[[Store], None]:
    userid, chat, _ = keys_of(number)
    at = START + number

    def run(store: Store) -> None:
        if store.get(SeenEvent, f"aibot:{number}") is not None:
            raise AssertionError
        identity = store.get(Identity, "c", userid)
        assert identity is not None
        group = store.get(Group, "c", chat)
        person = store.get(Person, "c", identity.person)
        member = store.get(Member, "c", chat, identity.person)
        assert group is not None
        assert person is not None
        assert member is not None
        words = f"今天读完了第{number}章，作者说的目录像地图，先看路再走，很有启发呀"
        store.put(
            Message(
                community="c", id=store.number("c", "message"), group=chat, person=person.id,
                at=at, message_id=f"m{number}", text=words, fingerprint=f"{number:016x}",
            )
        )  # fmt: skip
        store.put(
            LedgerEntry(
                community="c", id=store.number("c", "ledger"), person=person.id, group=chat,
                deed="message", points=1, source=f"m{number}", step="", version="v1", at=at,
            )
        )  # fmt: skip
        store.put(
            Outgoing(
                community="c", id=store.number("c", "outgoing"), event_key=f"aibot:{number}",
                group=chat, do="reply", channel="aibot", chat=chat, klass="reply",
                body={"text": "收到，谢谢分享", "mention": ["1"]},
                route={"response_url": "https://qyapi.weixin.qq.com/cgi-bin/aibot/response?x=1"},
                status="leased", created_at=at, not_before=at,
            )
        )  # fmt: skip
        tallies = {**person.tallies, "message": ("2026-11-30", number)}
        recent = (*person.recent[-4:], words)
        store.put(
            replace(
                person, balance=person.balance + 1, tallies=tallies, recent=recent, scored_at=at
            )
        )
        seen = (*member.recent[-19:], (at, f"{number:016x}"))
        store.put(replace(member, recent=seen, last_at=at))
        store.put(replace(group, spoken_at=at))
        store.put(SeenEvent(key_=f"aibot:{number}", community="c", at=at))

    return run


def job(number: int) -> Job:
    userid, chat, person = keys_of(number)
    return Job(
        run=remember(number),
        phases=(
            lambda _batch: [
                (SeenEvent, (f"aibot:{number}",)), (Group, ("c", chat)),
                (Identity, ("c", userid)), (Counter, ("c", "message")),
            ],
            lambda _batch: [(Person, ("c", person)), (Member, ("c", chat, person))],
        ),
    )  # fmt: skip


def work(writer: Writer, first: int) -> int:
    """Remember `ROUNDS` batches; returns the next number."""
    for start in range(first, first + BATCH * ROUNDS, BATCH):
        done = writer.run([job(number) for number in range(start, start + BATCH)])
        assert all(each.error is None for each in done), done
    return first + BATCH * ROUNDS


def timed(writer: Writer, first: int) -> tuple[int, float, float]:
    """Return the next number, then wall and processor microseconds per event."""
    wall, processor = time.perf_counter(), time.process_time()
    last = work(writer, first)
    events = last - first
    return (
        last,
        (time.perf_counter() - wall) / events * 1e6,
        (time.process_time() - processor) / events * 1e6,
    )


def collections() -> int:
    return sum(int(each["collections"]) for each in gc.get_stats())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bench.db'}")
        database.migrate()
        writer = Writer(database)
        writer.run([Job(run=settle_in)])
        number = work(writer, 0)
        if "--profile" in sys.argv:
            profile(writer, number)
        else:
            measure(writer, number)
        database.close()


def measure(writer: Writer, number: int) -> None:
    runs: list[tuple[float, float]] = []
    before = collections()
    for _ in range(5):
        number, wall, processor = timed(writer, number)
        runs.append((wall, processor))
    spread = (collections() - before) / (5 * ROUNDS)
    wall, processor = (statistics.median(each) for each in zip(*runs, strict=True))
    print(f"one event, in batches of {BATCH}: {wall:.1f} us, of it processor {processor:.1f} us")
    print(f"garbage collections per batch: {spread:.2f}")


def profile(writer: Writer, number: int) -> None:
    profiler: Any = cProfile.Profile()
    profiler.runcall(work, writer, number)
    pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    main()
