"""What a long ledger costs: leaderboards, one member's explanation, and the proof of all of it.

Run with `python -m benchmarks.ledger [ENTRIES] [MEMBERS]` (default 1,000,000 and 2,000). A new
database is filled in the order of the ledger's key, with every figure that is derived from it;
then the handlers answer from it. Prints the median and the slowest of some runs in milliseconds,
and entries per second for the proof.
"""

import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final

from handlers.accounts import explanations, standings, verification
from handlers.ledger import leaderboards, streaks
from handlers.ports import Context, Store
from sop.book import Book
from sop.checks.loader import load_pack
from sop.events import MessageReceived
from sop.model import Group, Identity, LedgerEntry, Member, Person, Record
from sop.standing import boards, standing
from sop.standing.streaks import run_of
from sop.times import localtime
from storage.database import Database
from storage.records import SHAPES
from storage.tables import TABLES

COMMUNITY: Final = "club"
GROUP: Final = "g"
NOW: Final = 1_796_212_800_000
YEARS_MS: Final = 2 * 365 * 86_400_000
DEEDS: Final = (("message", 1), ("message", 1), ("checkin", 2), ("reply", 3), ("share", 5))
PACK: Final = """
pack: club
title: Club
timezone: Asia/Shanghai
score:
  window: 60d
  half_life: 30d
  earn:
    message: {points: 1, cap: 10/day}
    checkin: {points: 2, cap: 1/day}
    reply: {points: 3}
    share: {points: 5}
levels: [{id: new, title: New, at: 0}, {id: old, title: Old, at: 500}]
seasons: {every: quarter}
steps: []
"""

Booked = tuple[int, int, int, int]


def entries(person: int, each: int, members: int) -> Iterator[LedgerEntry]:
    """Yield a person's entries in the order of their key, spread over two years."""
    for number in range(each):
        deed, points = DEEDS[(person + number) % len(DEEDS)]
        yield LedgerEntry(
            community=COMMUNITY, person=person, source=f"m:{number:09}", deed=deed,
            id=number * members + person, group=GROUP, points=points, step="", version="v",
            at=NOW - YEARS_MS + (number * members + person) * (YEARS_MS // (each * members)),
            standing=points,
        )  # fmt: skip


def derived(person: int, booked: list[LedgerEntry], book: Book) -> Person:
    """Return the person as a bot that had booked all that would have them."""
    now = boards.periods(book.pack.seasons, localtime.local_date(NOW, book.zone))
    found: dict[str, tuple[str, int]] = {
        name: (period, 0) for name, period in zip(boards.SUMS, now, strict=True)
    }
    week, month, season = (
        (boards.bounds(book.pack.seasons, name, period, book.zone) or (0, 0))[0]
        for name, period in zip(boards.SUMS, now, strict=True)
    )
    for name, since in zip(boards.SUMS, (week, month, season), strict=True):
        points = sum(entry.standing for entry in booked if entry.at >= since)
        found[name] = (found[name][0], points)
    deeds = Counter(entry.deed for entry in booked if entry.at >= month)
    found |= {deed: (now[1], count) for deed, count in deeds.items()}
    weighed: Iterable[Booked] = [(e.standing, e.at, e.id, e.reversal_of) for e in booked]
    days = {
        localtime.local_date(entry.at, book.zone) for entry in booked if entry.deed == streaks.DEED
    }
    score = standing.score_at(weighed, NOW, book.pack.score)
    level = standing.level_for(book.pack.levels, score)
    return Person(
        community=COMMUNITY, id=person, userid=f"u{person}", name=f"Member {person}",
        balance=sum(entry.points for entry in booked), score=score, scored_at=NOW,
        level=level.id if level else "", boards=found, streak=run_of(days),
        streak_on=max(days).isoformat(),
    )  # fmt: skip


def fill(path: Path, total: int, members: int, book: Book) -> None:
    """Write the ledger person by person, and all that belongs to it."""
    each = total // members
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA journal_mode=OFF")
        connection.execute("PRAGMA cache_size=-524288")
        people: list[Record] = []
        for person in range(1, members + 1):
            booked = list(entries(person, each, members))
            insert(connection, booked)
            people.append(derived(person, booked, book))
        insert(connection, people)
        insert(connection, [
            Member(community=COMMUNITY, group=GROUP, person=person, joined_at=1)
            for person in range(1, members + 1)
        ])  # fmt: skip
        insert(connection, [
            Identity(community=COMMUNITY, userid=f"u{person}", person=person, shown=f"u{person}")
            for person in range(1, members + 1)
        ])  # fmt: skip
        insert(connection, [
            Group(community=COMMUNITY, id=GROUP, title="Club", channels={"sandbox": GROUP})
        ])  # fmt: skip
        connection.commit()


def insert(connection: sqlite3.Connection, records: "list[Any]") -> None:
    """Insert records of one kind."""
    shape = SHAPES[type(records[0])]
    columns = ", ".join(f'"{name}"' for name in shape.names)
    marks = ", ".join("?" * len(shape.names))
    name = TABLES[shape.kind].name
    statement = f'INSERT INTO "{name}" ({columns}) VALUES ({marks})'
    connection.executemany(statement, map(shape.row_of, records))


def measured(work: Callable[[int], Any], rounds: int = 15) -> tuple[float, float]:
    """Return the median and the slowest of some runs, in ms; the first, from disk, is left out."""
    work(0)
    spent = []
    for number in range(rounds):
        started = time.perf_counter()
        work(number)
        spent.append((time.perf_counter() - started) * 1e3)
    return statistics.median(spent), max(spent)


def main() -> None:
    """Fill a database, and print what it costs to read it."""
    total = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    members = int(sys.argv[2]) if len(sys.argv) > 2 else 2_000
    pack, problems = load_pack(PACK.encode(), "club.yaml")
    if pack is None:
        sys.exit("\n".join(map(str, problems)))
    book = Book(pack=pack, version="v")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.db"
        database = Database(f"sqlite:///{path}")
        database.migrate()
        database.close()
        fill(path, total, members, book)
        print(f"{total:,} entries of {members:,} members, {path.stat().st_size / 1e6:,.0f} MB")
        database = Database(f"sqlite:///{path}")
        read(database, book, total, members)
        database.close()


def read(database: Database, book: Book, total: int, members: int) -> None:
    """Print the figures."""

    def asked(run: Callable[..., Any], argument: str) -> Callable[[int], Any]:
        def work(number: int) -> Any:
            def answer(store: Store) -> Any:
                person = number * 131 % members + 1
                context = Context(
                    store=store, book=book, community=COMMUNITY, now=NOW, group_id=GROUP,
                    person_id=person,
                )  # fmt: skip
                event = MessageReceived(
                    key="k", community=COMMUNITY, group=GROUP, at=NOW, sender=f"u{person}",
                    text="", message_id="k", channel="sandbox",
                )  # fmt: skip
                return run(event, context, argument)

            return database.read(answer)

        return work

    for name, run, argument in (
        ("leaderboard: season", leaderboards.ranking, ""),
        ("leaderboard: score", leaderboards.ranking, "score"),
        ("leaderboard: week", leaderboards.ranking, "week"),
        ("leaderboard: deed", leaderboards.ranking, "share"),
        ("leaderboard: group", leaderboards.ranking, "group"),
        ("leaderboard: around", leaderboards.ranking, "around"),
        ("explanation", explanations.entries, ""),
        ("points", standings.points, ""),
        ("growth", standings.growth, ""),
    ):
        middle, most = measured(asked(run, argument))
        print(f"{name:24}{middle:8.1f} ms, slowest {most:8.1f} ms")
    started, used = time.perf_counter(), time.process_time()
    wrong = database.read(lambda store: list(verification.differences(store, book, COMMUNITY)))
    spent, used = time.perf_counter() - started, time.process_time() - used
    print(
        f"{'verify':24}{total / spent:8,.0f} entries/s ({total / used:,.0f} of CPU time), "
        f"{len(wrong)} differences",
        wrong[:3],
    )


if __name__ == "__main__":
    main()
