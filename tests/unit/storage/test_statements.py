"""The prepared SQL: what other drivers and another database get, and which way SQLite takes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from sop.model import (
    Group,
    LedgerEntry,
    Member,
    Message,
    Occurrence,
    Outgoing,
    Person,
    Record,
    SeenEvent,
)
from storage.database import Database
from storage.retention import RULES
from storage.statements import Search, Statements, key_values
from storage.tables import metadata
from storage.unit_of_work import Batch
from tests.databases import in_memory


@pytest.fixture
def database() -> Iterator[Database]:
    with in_memory() as database:
        yield database


def plan(database: Database, sql: str, values: tuple[object, ...]) -> str:
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values).fetchall()
    return "\n".join(str(row[3]) for row in rows)


def test_a_driver_that_wants_its_parameters_by_name_is_served_alike():
    engine = create_engine("sqlite://", paramstyle="named")
    metadata.create_all(engine)
    batch = Batch(engine.connect(), Statements(engine.dialect))
    people = [Person(community="c", id=each, userid="u", tags=("a",)) for each in range(5)]
    with batch.event() as store:
        for person in people:
            store.put(person)
        assert (
            store.find(Person, id__in=[1, 2, 3], name="", order="-id", limit=2) == people[3:1:-1]
        )
        assert store.count(Person, id__gt=2) == 2
        assert store.remove(Person, id__lt=2) == 2
    batch.flush()
    assert set(batch.lookup(Person, [("c", 1), ("c", 4)])) == {("c", 4)}
    batch.rollback()
    engine.dispose()


@pytest.mark.parametrize("kind", [Person, Member, Group, SeenEvent, Occurrence])
def test_looking_up_many_keys_never_reads_the_whole_table(database: Database, kind: type[Record]):
    prepared = Statements(database.engine.dialect).lookup(kind, 32)
    keys = [("x",) * len(kind.KEY)] * 32

    found = plan(database, prepared.sql, prepared.bind(key_values(keys)))

    assert "SCAN" not in found
    assert "PRIMARY KEY" in found


@pytest.mark.parametrize(
    ("kind", "search"),
    [
        (Message, Search({"text__ne": "", "at__lt": 5}, "at", 500)),
        (Occurrence, Search({"status": "pending", "run_at__le": 5}, "run_at", 64)),
        (Occurrence, Search({"status": "pending"}, "run_at", 1)),
        (Outgoing, Search({"status": "pending"}, "not_before", 500)),
        (Outgoing, Search({"community": "c", "id__gt": 1, "id__lt": 9, "event_key": "e"}, "id")),
        (LedgerEntry, Search({"community": "c", "person": 1, "at__gt": 5})),
        *((rule.kind, Search({**rule.where, f"{rule.column}__lt": 5}, rule.column, 9))
          for rule in RULES if rule.kind.__name__ != "DeadEvent"),
    ],
)  # fmt: skip
def test_what_is_searched_for_often_has_an_index(
    database: Database, kind: type[Record], search: Search
):
    prepared = Statements(database.engine.dialect).query(kind, "*", search)

    found = plan(database, prepared.sql, prepared.bind(search.values))

    assert "SEARCH" in found
    assert "SCAN" not in found


def test_a_list_of_any_length_needs_few_statements():
    shapes = {Search({"id__in": range(length)}).shape for length in range(65)}

    assert len(shapes) == 7


def test_nothing_equals_an_empty_list(database: Database):
    search = Search({"id__in": ()})

    assert search.values == {"id__in_0": None}
    assert database.read(lambda store: store.find(Person, id__in=())) == []
