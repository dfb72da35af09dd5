"""How long a review of the layers takes in a community of two thousand members.

Every member has a history in the ledger, a third of them qualify and some of the core should
leave; the review reads, decides and writes its proposals in one transaction on disk, as it does
live. Run with `python benchmarks/review.py [MEMBERS]`; the median of five reviews is printed.
"""

import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from handlers.layers import layering
from handlers.ports import Context, Store
from sop.book import Book
from sop.checks.loader import load_pack
from sop.model import Group, LedgerEntry, Member, Person
from storage.database import Database

NOW: Final = 1_796_212_800_000
DAY: Final = 86_400_000
ENTRIES: Final = 30
CORE_SIZE: Final = 200
TURNS: Final = 5
COMMUNITY: Final = "club"
PACK: Final = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score: {window: 30d, earn: {message: {points: 1}}}
layers:
  core:
    enter: {any: [{score: ">= 100", active_days: ">= 8 in 30d"}, {paid: true, score: ">= 60"}]}
    leave: {score: "< 40"}
    min_stay: 14d
    size: 300
steps: [{id: weekly, when: "21:00 sun", do: [{review: layers}]}]
"""


def settle(store: Store, members: int) -> None:
    """Found the groups, with everybody's memberships and last month's points."""
    for name, kind in (("alpha", "regular"), ("core", "core")):
        store.put(
            Group(community=COMMUNITY, id=name, kind=kind, title=name, owner="owner",
                  channels={"sandbox": name}, created_at=1)
        )  # fmt: skip
    for number in range(1, members + 1):
        inside = number <= CORE_SIZE
        score = (number * 7) % 150
        days = tuple(f"2026-11-{day:02d}" for day in range(1, 1 + number % 28))
        store.put(
            Person(community=COMMUNITY, id=number, userid=f"u{number}", name=f"成员{number}",
                   score=score, scored_at=NOW, paid=number % 5 == 0, active=days,
                   layer="core" if inside else "regular", layer_since=1 if inside else 0)
        )  # fmt: skip
        group = "core" if inside else "alpha"
        store.put(Member(community=COMMUNITY, group=group, person=number, joined_at=number))
        for each in range(ENTRIES):
            points = score // ENTRIES + (each < score % ENTRIES)
            store.put(
                LedgerEntry(
                    community=COMMUNITY, person=number, source=f"m{number}:{each}",
                    deed="message", id=number * ENTRIES + each, group=group, points=points,
                    standing=points, step="", version="v1", at=NOW - each * DAY,
                )
            )  # fmt: skip


def review(database: Database, book: Book, turn: int) -> tuple[float, int]:
    """Review once and take it back; returns the seconds and how many proposals there were."""
    batch = database.batch()
    step = book.step("weekly")
    assert step is not None
    started = time.perf_counter()
    with batch.event() as store:
        context = Context(
            store=store, book=book, community=COMMUNITY, now=NOW + turn, group_id="alpha"
        )
        lines = layering.review(context, step)
    batch.flush()
    took = time.perf_counter() - started
    batch.rollback()
    return took, sum(line.do == "task" for line in lines)


def main(folder: Path, members: int) -> None:
    """Measure and print."""
    pack, problems = load_pack(PACK.encode(), "club.yaml")
    assert pack is not None, problems
    book = Book(pack=pack, version="v1")
    database = Database(f"sqlite:///{folder / 'review.db'}")
    database.migrate()
    batch = database.batch()
    with batch.event() as store:
        settle(store, members)
    batch.commit()
    found = [review(database, book, turn) for turn in range(TURNS)]
    database.close()
    median = statistics.median(took for took, _ in found)
    print(f"{members:,} members, {members * ENTRIES:,} entries: {found[0][1]} proposals")
    print(f"  a review takes {median:.2f} s (the slowest of {TURNS}: {max(found)[0]:.2f} s)")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made), int(sys.argv[1]) if len(sys.argv) > 1 else 2_000)
