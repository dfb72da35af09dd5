"""How long a weekly report of a million messages takes, and what it keeps from the writer.

`python -m benchmarks.weekly_report [MESSAGES]` fills a database in a temporary folder with eight
weeks of one group of 2,000 members (a million messages, half a million entries of the ledger, two
steps a day, 2,000 human tasks, 20 leaders with circles), has its report reckoned by the process
the bot would start, three times, and prints seconds from asking to the figures, of clock and
processor. Meanwhile a writer commits a message after the other: its longest wait is printed, too.
"""

import asyncio
import json
import random
import resource
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from bot.reports.reckoner import Reckoner
from sop.model import (
    CircleMember,
    Group,
    Identity,
    Item,
    Leader,
    LedgerEntry,
    Like,
    Member,
    Message,
    Person,
    StepRun,
    Task,
    Version,
)
from storage.database import Database

MESSAGES = 1_000_000
MEMBERS = 2_000
LEADERS = 20
DAY = 86_400_000
NOW = 1_796_212_800_000  # 2026-12-02 20:00 in Shanghai
SPAN = 56 * DAY
WORDS = "今天读完了第三章，作者说的目录像地图，先看路再走，很有启发呀"

CIRCLES = ", ".join(f"{{tag: t{number}, leader: u{number + 1}}}" for number in range(LEADERS))
PACK = f"""\
pack: club
title: 书友会
timezone: Asia/Shanghai
circles: [{CIRCLES}]
leaders: {{tiers: [{{id: one, title: 新星, keep: {{score: ">= 1"}}}}]}}
steps:
  - {{id: morning, when: "08:00 daily", do: [{{post: 早}}]}}
  - {{id: night, when: "20:00 daily", do: [{{post: 晚}}]}}
"""


def times(count: int, chance: random.Random) -> list[int]:
    """Return so many instants of eight weeks, most of them in waking hours."""
    hours = [1] * 8 + [6] * 11 + [14] * 3 + [5] * 2
    midnight = NOW - 20 * 3_600_000 - SPAN + DAY
    picked = chance.choices(range(24), hours, k=count)
    return sorted(
        midnight + chance.randrange(56) * DAY + hour * 3_600_000 + chance.randrange(3_600_000)
        for hour in picked
    )


def speaker(chance: random.Random) -> int:
    """A few speak much, most of them little."""
    return int(MEMBERS * chance.random() ** 2) + 1


def messages(ats: list[int], chance: random.Random) -> Iterator[Message]:
    for number, at in enumerate(ats, 1):
        yield Message(
            community="c", id=number, group="g", person=speaker(chance), at=at,
            message_id=f"m{number}", text=WORDS, fingerprint=f"{number:016x}",
        )  # fmt: skip


def entries(ats: list[int], chance: random.Random) -> Iterator[LedgerEntry]:
    deeds = ["message", "reply", "checkin", "like-received"]
    for number, at in enumerate(ats[::2], 1):
        yield LedgerEntry(
            community="c", id=number, person=speaker(chance), source=f"m{number}",
            deed=chance.choice(deeds), group="g", points=2, step="", version="v1", at=at,
        )  # fmt: skip


def task(number: int) -> Task:
    at = NOW - number * SPAN // MEMBERS
    return Task(
        community="c", id=number, group="g", kind="post", to="staff", text=WORDS,
        about=f"{number}", created_at=at, due_at=at + DAY, status="done" if number % 9 else "open",
        closed_at=at + DAY // 2, closed_by=number % 5 + 1,
    )  # fmt: skip


def fill(database: Database, count: int) -> None:
    chance = random.Random(1)
    ats = times(count, chance)
    batch = database.batch()
    with batch.event() as store:
        store.put(Version(name="club.yaml", number=1, sha="v1", at=0, author="", text=PACK))
        store.put(
            Group(community="c", id="g", title="晨读", channels={"archive": "w", "appchat": "a"},
                  created_at=1)
        )  # fmt: skip
        for number in range(1, MEMBERS + 1):
            joined = NOW - chance.randrange(120) * DAY
            role = "leader" if number <= LEADERS else "member"
            store.put(
                Person(
                    community="c", id=number, userid=f"u{number}", name=f"书友{number}", role=role
                )
            )
            store.put(
                Member(community="c", group="g", person=number, joined_at=joined, came_at=joined)
            )
            store.put(
                CircleMember(community="c", tag=f"t{number % LEADERS}", person=number, group="g",
                             at=joined)
            )  # fmt: skip
            store.put(task(number))
        for number in range(1, LEADERS + 1):
            store.put(Identity(community="c", userid=f"u{number}", person=number, shown=""))
            store.put(
                Leader(
                    community="c", person=number, group="g", status="serving", tier="one", since=1
                )
            )
        for number, at in enumerate(ats[:: max(1, count // 5_000)], 1):
            store.put(
                Item(community="c", group="g", number=number, kind="share", text=WORDS, at=at,
                     person=speaker(chance), message_id=f"m{number}")
            )  # fmt: skip
            store.put(
                Like(community="c", target=f"item:g:{number}", giver=speaker(chance),
                     author=speaker(chance), group="g", at=at, day="")
            )  # fmt: skip
        midnight = NOW - 20 * 3_600_000 - 55 * DAY
        for number in range(56):
            for step, hour in (("morning", 8), ("night", 20)):
                at = midnight + number * DAY + hour * 3_600_000
                run = 2 * number + (step == "night") + 1
                store.put(
                    StepRun(community="c", id=run, group="g", step=step, person=0, at=at,
                            due_at=at)
                )  # fmt: skip
    batch.write(Message, messages(ats, chance))
    batch.write(LedgerEntry, entries(ats, chance))
    batch.commit()


def writing(url: str, stop: threading.Event, waits: list[float]) -> None:
    """Commit one small record after the other, and note how long each took."""
    database, number = Database(url), 0
    while not stop.is_set():
        began, number = time.perf_counter(), number + 1
        batch = database.batch()
        with batch.event() as store:
            store.put(Person(community="w", id=number, userid=f"u{number}"))
        batch.commit()
        waits.append(time.perf_counter() - began)
        time.sleep(0.02)
    database.close()


def processor() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def reckon(url: str) -> tuple[float, float, dict[str, object]]:
    """Return seconds of clock and processor, and the figures."""
    wish = {
        "kind": "weekly", "community": "c", "group": "g", "at": NOW, "version": "v1",
    }  # fmt: skip
    began, used = time.perf_counter(), processor()
    found = await Reckoner(url).reckon(wish)
    assert found.status == "sent", found
    assert isinstance(found.answer, dict)
    return time.perf_counter() - began, processor() - used, found.answer


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'report.db'}"
        database = Database(url)
        database.migrate()
        fill(database, count)
        database.close()
        stop, waits = threading.Event(), list[float]()
        writer = threading.Thread(target=writing, args=(url, stop, waits))
        writer.start()
        runs = [asyncio.run(reckon(url)) for _ in range(3)]
        stop.set()
        writer.join()
    clock, used = (statistics.median(run[place] for run in runs) for place in (0, 1))
    figures = runs[0][2]
    told = json.dumps(figures, ensure_ascii=False)
    print(f"{count} messages, {MEMBERS} members, {len(told) >> 10} KB of figures")
    print(f"report: {clock:.2f} s by the clock, {used:.2f} s of processor (median of 3)")
    print(f"writer meanwhile: {len(waits)} commits, the longest took {1_000 * max(waits):.0f} ms")


if __name__ == "__main__":
    main()
