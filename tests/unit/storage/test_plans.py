"""What the database reads for a search: an index's few rows, never a community's past."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sop.model import (
    Ballot,
    Comment,
    Enrolment,
    HiddenAuthor,
    Invitation,
    Item,
    LedgerEntry,
    Like,
    Member,
    Message,
    Nickname,
    Occurrence,
    Outgoing,
    PersonalCode,
    Record,
    Relay,
    Signup,
    Strike,
    Task,
    Thread,
    ThreadReply,
    Voice,
)
from storage.database import Database
from storage.statements import Search
from storage.tables import TABLES
from tests.databases import in_memory
from tests.unit.storage.plans import plan

PERSON = {"community": "c", "person": 7}
GROUP = {"community": "c", "group": "g"}


@pytest.fixture
def database() -> Iterator[Database]:
    with in_memory() as database:
        yield database


@pytest.mark.parametrize(
    ("kind", "search", "reads"),
    [
        (LedgerEntry, Search({**PERSON, "at__gt": 5}), "community=? AND person=?"),
        (LedgerEntry, Search(PERSON, "-id", 5), "community=? AND person=?"),
        (
            LedgerEntry, Search({**PERSON, "source": "s", "deed": "message"}),
            "community=? AND person=? AND source=? AND deed=?",
        ),
        (Like, Search({"community": "c", "giver": 7, "at__gt": 5}), "giver=? AND at>?"),
        (Like, Search({"community": "c", "author": 7, "at__gt": 5}), "author=? AND at>?"),
        (
            Like, Search({"community": "c", "author": 7, "at__gt": 5, "giver__in": [1, 2],
                          "bears": True}, "at"),
            "author=? AND at>?",
        ),
        (Like, Search({"community": "c", "at__gt": 5}, "-at", 9), "community=? AND at>?"),
        (
            Like, Search({"community": "c", "target": "t", "status": "counted", "counts": True}),
            "community=? AND target=?",
        ),
        (Like, Search({**GROUP, "status": "held"}, "at", 9), "group=? AND status=?"),
        (
            Voice, Search({"community": "c", "last_at__gt": 5}, "-last_at", 9),
            "community=? AND last_at>?",
        ),
        (Comment, Search({**GROUP, "number": 3}), "community=? AND group=? AND number=?"),
        (
            Item, Search({"kind": "question", "status": "open", "at__lt": 5}, "at", 9),
            "kind=? AND status=? AND at<?",
        ),
        (
            Item, Search({**GROUP, "number__gt": 5, "person": 7, "at__ge": 5}, "-number", 1),
            "community=? AND person=? AND at>?",
        ),
        (
            Item, Search({**PERSON, "at__gt": 5, "kind__in": ["share"]}),
            "community=? AND person=? AND at>?",
        ),
        (
            Occurrence,
            Search({**GROUP, "kind": "recognise", "step": "", "subject": "item:1"}),
            "community=? AND group=? AND kind=? AND step=? AND subject=?",
        ),
        (Member, Search({**PERSON, "left_at": 0}, "group"), "community=? AND person=?"),
        (
            Message, Search({**GROUP, "fingerprint": "f", "at__ge": 5}, "-at", 1),
            "community=? AND group=? AND at>?",
        ),
        (
            Message, Search({**GROUP, "at": 5, "message_id": "m"}),
            "community=? AND group=? AND at=?",
        ),
        (Occurrence, Search({"status": "pending", "run_at__le": 5}, "run_at", 9), "status=?"),
        (Outgoing, Search({"status": "pending"}, "not_before", 9), "status=?"),
        (
            Outgoing, Search({"status": "leased", "not_before__le": 5}, "not_before", 9),
            "status=? AND not_before<?",
        ),
        (
            Strike, Search({**PERSON, "observed": False, "at__ge": 5}, "-at", 1),
            "community=? AND person=? AND at>?",
        ),
        (
            LedgerEntry,
            Search({"community": "c", "person__in": [1, 2], "deed__in": ["share", "reversal"]}),
            "community=? AND person=?",
        ),
        (
            Like, Search({"community": "c", "target__in": ["a", "b"], "status": "counted"}),
            "community=? AND target=?",
        ),
        (
            Thread, Search({**GROUP, "status": "planned", "kind": "share", "step": "s"}, "id"),
            "community=? AND group=? AND status=?",
        ),
        (Relay, Search({"community": "c", "by": 7}, "-id", 1), "community=? AND by=?"),
        (
            Relay, Search({**GROUP, "mark": "m", "status": "done"}, "-id", 20),
            "community=? AND group=? AND mark=?",
        ),
        (Relay, Search({**GROUP, "at__gt": 5, "target": "checkin"}, "id"), "group=?"),
        (Nickname, Search(GROUP), "community=? AND group=?"),
        (Nickname, Search(PERSON), "community=? AND person=?"),
        (Item, Search({"community": "c", "thread": 7}, "number"), "community=? AND thread=?"),
        (
            Item, Search({"community": "c", "thread": 7, "person": 3}, "number"),
            "community=? AND thread=? AND person=?",
        ),
        (
            Item,
            Search(
                {"kind__in": ["wish", "snag"], "status__in": ["late", "pending"], "at__lt": 5},
                "at", 9,
            ),
            "kind=? AND status=? AND at<?",
        ),
        (
            HiddenAuthor, Search({**PERSON, "thread": 7}, "number"),
            "community=? AND person=?",
        ),
        (
            HiddenAuthor, Search({"community": "c", "due_at__gt": 0, "due_at__le": 5}),
            "community=? AND due_at>? AND due_at<?",
        ),
        (
            Like,
            Search({
                **GROUP, "status": "counted", "at__ge": 5, "at__lt": 9, "counts": True,
            }),
            "group=? AND status=? AND at>? AND at<?",
        ),
        (
            Thread, Search({**GROUP, "status": "closed", "closes_at__gt": 5}, "id"),
            "group=? AND status=? AND closes_at>?",
        ),
        (
            Thread, Search({"community": "c", "name": "n", "kind": "collect"}, "-id", 1),
            "community=? AND name=?",
        ),
        (
            Task,
            Search({"community": "c", "status__in": ["open", "done"], "about": "x"}),
            "community=? AND status=? AND about=?",
        ),
        (
            Task,
            Search({
                **GROUP, "status__in": ["open", "done"], "kind": "snag", "created_at__ge": 5,
            }, "id"),
            "community=? AND group=? AND status=?",
        ),
        (ThreadReply, Search({"community": "c", "thread": 7}), "community=? AND thread=?"),
        (Ballot, Search({"community": "c", "thread": 7}, "person"), "community=? AND thread=?"),
        (Signup, Search(PERSON), "community=? AND person=?"),
        (
            Signup, Search({"community": "c", "thread": 7, "status__in": ["in"]}, "number"),
            "community=? AND thread=?",
        ),
        (
            Signup, Search({"community": "c", "thread": 7, "person": 9}, "number"),
            "community=? AND thread=? AND person=?",
        ),
        (
            Thread, Search({**GROUP, "status": "closed", "kind": "vote"}, "-id", 1),
            "community=? AND group=? AND status=?",
        ),
        (
            Item,
            Search({**GROUP, "number__gt": 5, "kind": "topic", "status": "open"}, "number"),
            "community=? AND group=? AND number>?",
        ),
        (
            Enrolment,
            Search({"community": "c", "thread": 7, "status": "a", "person__gt": 5}, "person", 9),
            "community=? AND thread=? AND person>?",
        ),
        (
            Enrolment, Search({**PERSON, "status__in": ["a", "b"]}, "thread"),
            "community=? AND person=?",
        ),
        (Enrolment, Search({**PERSON, "status": "a"}, "-thread", 1), "community=? AND person=?"),
        (
            Invitation, Search({"community": "c", "inviter": 7, "at__gt": 5}, "at"),
            "community=? AND inviter=? AND at>?",
        ),
        (
            Invitation, Search({"community": "c", "inviter": 7, "status": "held"}, "at", 9),
            "community=? AND inviter=?",
        ),
        (
            LedgerEntry,
            Search({**PERSON, "deed": "invite", "source__in": ["invite:1"]}, "id", 1),
            "community=? AND person=?",
        ),
        (PersonalCode, Search(PERSON, "code", 1), "community=? AND person=?"),
        (
            Task, Search({"community": "c", "status": "open", "about": "x"}, "", 1),
            "community=? AND status=? AND about=?",
        ),
    ],
)  # fmt: skip
def test_a_search_reads_what_its_index_finds(
    database: Database, kind: type[Record], search: Search, reads: str
):
    assert reads in plan(database, kind, search)


def test_a_whole_ledger_is_read_in_the_order_of_its_key_and_never_sorted(database: Database):
    columns = ("person", "points", "at")
    everything = plan(database, LedgerEntry, Search({"community": "c"}, "person"), columns)
    assert "PRIMARY KEY (community=?)" in everything
    assert "TEMP B-TREE" not in everything

    since = Search({**PERSON, "at__gt": 5})
    assert "community=? AND person=?" in plan(database, LedgerEntry, since, columns)


def test_the_planner_is_told_once_and_what_was_told_otherwise_is_corrected(tmp_path: Path):
    database = Database(f"sqlite:///{tmp_path / 'a.db'}")
    database.migrate()
    told = figures(database)
    assert len(told) == len(set(told)) > len(TABLES)

    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.exec_driver_sql("UPDATE sqlite_stat1 SET stat = '1 1'")
    database.migrate()

    assert figures(database) == told
    database.close()


def figures(database: Database) -> list[Any]:
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT * FROM sqlite_stat1 ORDER BY tbl, idx")
        return [tuple(row) for row in rows]
