"""A long past for a community, written straight into a new database: years in half a minute."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Final

from bot.bench import traffic
from bot.replays import dated
from sop.model import Counter, Identity, LedgerEntry, Member, Message, Person, Record, SeenEvent
from sop.text import fingerprint
from storage.records import SHAPES
from storage.tables import TABLES

MINUTE_MS: Final = 60_000
CACHE_KB: Final = 1 << 20
"""Ids come in no order: the indexes are written at random places, best in memory."""

RECENT: Final = 5
DEPTH: Final = 20


def remember(database: Path, messages: int, members: int, step: int, now: int) -> None:
    """Fill in members, what they said until `now`, and what was booked for it.

    The platform ids are those of `traffic`; every `step` of them share a group. The tables are
    written in the order in which keys came in life, with their indexes in place.
    """
    since = now - messages * MINUTE_MS // 10
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute(f"PRAGMA cache_size=-{CACHE_KB}")
        _insert(connection, map(_identity, range(members)))
        _insert(connection, map(_person, range(members)))
        _insert(connection, map(partial(_member, step, since), range(members)))
        for make in (_message, _entry, _seen):
            _insert(connection, map(partial(make, members, step, since), range(messages)))
        last = {"person": members, "message": messages, "ledger": messages}
        _insert(connection, (_counter(name, value) for name, value in last.items()))
        connection.commit()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _insert(connection: sqlite3.Connection, records: Iterator[Record]) -> None:
    first = next(records)
    shape = SHAPES[type(first)]
    columns = ", ".join(f'"{name}"' for name in shape.names)
    marks = ", ".join("?" * len(shape.names))
    statement = f"INSERT INTO {TABLES[type(first)].name} ({columns}) VALUES ({marks})"  # noqa: S608 - our own names
    connection.execute(statement, shape.row_of(first))
    connection.executemany(statement, map(shape.row_of, records))


def _identity(number: int) -> Identity:
    userid = traffic.userid(number)
    return Identity(community=traffic.COMMUNITY, userid=userid, person=number + 1, shown=userid)


def _person(number: int) -> Person:
    return Person(
        community=traffic.COMMUNITY,
        id=number + 1,
        userid=traffic.userid(number),
        balance=DEPTH,
        recent=tuple(_words(number * RECENT + each) for each in range(RECENT)),
        active=tuple(f"2026-10-{day:02}" for day in range(1, DEPTH)),
    )


def _member(step: int, since: int, number: int) -> Member:
    mark = fingerprint(_words(number))
    return Member(
        community=traffic.COMMUNITY,
        group=traffic.group(number // step),
        person=number + 1,
        joined_at=since,
        recent=tuple((since + each, mark) for each in range(DEPTH)),
    )


def _message(members: int, step: int, since: int, number: int) -> Message:
    text = _words(number)
    return Message(
        community=traffic.COMMUNITY,
        id=number + 1,
        group=traffic.group(number % members // step),
        person=number % members + 1,
        at=_at(since, number),
        message_id=traffic.spread_id("old", number),
        text=text,
        # A true fingerprint costs ten times as much, and is as random.
        fingerprint=traffic.spread_id("", number)[:16],
    )


def _entry(members: int, step: int, since: int, number: int) -> LedgerEntry:
    return LedgerEntry(
        community=traffic.COMMUNITY,
        id=number + 1,
        person=number % members + 1,
        group=traffic.group(number % members // step),
        deed="message",
        points=1,
        standing=1,
        source=traffic.spread_id("old", number),
        step="",
        version="bench",
        at=_at(since, number),
    )


def _seen(_members: int, _step: int, since: int, number: int) -> SeenEvent:
    return SeenEvent(
        key_=dated(f"aibot:{traffic.spread_id('old', number)}", _at(since, number)),
        community=traffic.COMMUNITY,
        at=_at(since, number),
    )


def _counter(name: str, value: int) -> Counter:
    return Counter(community=traffic.COMMUNITY, name=name, value=value)


def _at(since: int, number: int) -> int:
    return since + number * MINUTE_MS // 10


def _words(number: int) -> str:
    return f"{number:030}"
