"""What one event sees of the state, and what is left of it when it raises."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from sop.model import Counter, Group, LedgerEntry, Member, Message, Note, Person, SeenEvent, Task
from storage.database import Database
from storage.statements import Change
from storage.transaction import ROWS_AT_ONCE
from storage.unit_of_work import AlreadyStored, Batch, Overlay


class Broken(Exception):
    pass


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


@pytest.fixture
def batch(database: Database) -> Iterator[Batch]:
    batch = database.batch()
    yield batch
    batch.rollback()


ORDERS = ("", "score")


def person(number: int, **more: object) -> Person:
    return Person(community="c", id=number, userid=f"u{number}", **more)  # type: ignore[arg-type]


def entry(number: int, **more: object) -> LedgerEntry:
    plain = {
        "community": "c", "id": number, "person": 1, "group": "g", "deed": "message", "points": 1,
        "source": f"m{number}", "step": "", "version": "v", "at": number,
    }  # fmt: skip
    return LedgerEntry(**{**plain, **more})  # type: ignore[arg-type]


def put(batch: Batch, *records: object) -> None:
    with batch.event() as store:
        for record in records:
            store.put(record)


def test_columns_are_streamed_as_records_would_have_them(batch: Batch):
    put(batch, person(2, tags=("a", "b"), tallies={"message": ("2026-12-02", 3)}, paid=True))
    with batch.event() as store:
        store.put(person(1, name="mine"))
        found = store.rows(
            Person, ("id", "name", "paid", "tags", "tallies"), community="c", order="id"
        )
        assert list(found) == [
            (1, "mine", False, (), {}),
            (2, "", True, ("a", "b"), {"message": ("2026-12-02", 3)}),
        ]
        assert list(store.rows(Person, ("id",), community="other")) == []


def test_a_stream_has_the_order_of_the_keys_whatever_was_changed_last(database: Database):
    for score in (0, 1):
        batch = database.batch()
        put(batch, *(person(number, score=score) for number in (1, 2, 3) if number > 2 * score))
        batch.commit()
    batch = database.batch()
    put(batch, person(1, score=1))
    batch.commit()

    def look(store: Overlay) -> list[list[int]]:
        return [[row[0] for row in store.rows(Person, ("id",), order=order)] for order in ORDERS]

    assert database.read(look) == [[1, 2, 3], [2, 1, 3]]


def test_a_stream_longer_than_one_fetch_is_whole(batch: Batch):
    put(batch, *(entry(number) for number in range(2 * ROWS_AT_ONCE + 3)))
    with batch.event() as store:
        found = [row[0] for row in store.rows(LedgerEntry, ("id",), community="c", order="id")]

    assert found == list(range(2 * ROWS_AT_ONCE + 3))


def test_an_event_sees_its_own_writes_by_key_and_by_search(batch: Batch):
    with batch.event() as store:
        store.put(person(1, name="a"))
        assert store.get(Person, "c", 1).name == "a"
        assert [each.name for each in store.find(Person)] == ["a"]
        store.put(person(1, name="b"))
        assert store.get(Person, "c", 1).name == "b"
        assert [each.name for each in store.find(Person)] == ["b"]
        assert store.count(Person) == 1


def test_a_search_does_not_bring_back_what_was_replaced_since(batch: Batch):
    put(batch, person(1, name="old"))
    with batch.event() as store:
        store.find(Person)
        store.put(person(1, name="new"))
        store.count(Task)
        assert store.get(Person, "c", 1).name == "new"
    with batch.event() as store:
        assert store.get(Person, "c", 1).name == "new"


def test_what_an_event_wrote_is_there_for_the_next_one(batch: Batch):
    put(batch, person(1), person(2))
    with batch.event() as store:
        assert store.get(Person, "c", 2) == person(2)
        assert store.find(Person, order="-id") == [person(2), person(1)]


def test_an_event_that_raises_leaves_no_trace(batch: Batch):
    put(batch, person(1, balance=5))
    with suppress(Broken), batch.event() as store:
        store.put(person(1, balance=6))
        store.put(person(2))
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1).balance == 5
        assert store.get(Person, "c", 2) is None
        assert store.count(Person) == 1


def test_an_event_that_raises_after_a_search_leaves_no_trace_either(batch: Batch):
    put(batch, person(1, balance=5))
    with suppress(Broken), batch.event() as store:
        store.put(person(1, balance=6))
        assert store.total(Person, "balance") == 6
        store.put(person(2))
        assert store.count(Person) == 2
        assert store.remove(Person, id=1) == 1
        assert store.get(Person, "c", 1) is None
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1).balance == 5
        assert store.get(Person, "c", 2) is None
        assert store.find(Person) == [person(1, balance=5)]


def test_what_others_wrote_survives_an_event_that_searched_and_raised(database: Database):
    batch = database.batch()
    put(batch, person(1), Group(community="c", id="g"))
    with suppress(Broken), batch.event() as store:
        store.put(person(2))
        store.find(Person)
        store.find(Group)
        raise Broken
    batch.commit()

    found = database.read(lambda store: (store.find(Person), store.find(Group)))
    assert found == ([person(1)], [Group(community="c", id="g")])


def test_a_key_read_before_an_undone_write_keeps_its_true_value(batch: Batch):
    put(batch, person(1, balance=5))
    batch.flush()
    with suppress(Broken), batch.event() as store:
        assert store.get(Person, "c", 1).balance == 5
        store.put(person(1, balance=9))
        store.put(Group(community="c", id="g"))
        store.find(Person)
        assert store.get(Group, "c", "g") is not None
        assert store.get(Member, "c", "g", 1) is None
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1).balance == 5
        assert store.get(Group, "c", "g") is None


def test_a_key_read_after_an_undone_write_was_flushed_is_not_remembered(batch: Batch):
    with suppress(Broken), batch.event() as store:
        store.put(person(1))
        assert store.count(Person) == 1
        assert store.get(Person, "c", 1) == person(1)
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1) is None


def test_a_loaded_absence_hides_nothing_that_comes_later(batch: Batch):
    batch.load(Person, [("c", 1), ("c", 2), ("c", 1)])
    assert batch.read(Person, ("c", 1)) is None
    put(batch, person(1))
    with batch.event() as store:
        assert store.find(Person) == [person(1)]
        assert store.get(Person, "c", 1) == person(1)
        assert store.get(Person, "c", 2) is None


def test_loading_does_not_replace_what_the_batch_has_written(database: Database):
    first = database.batch()
    put(first, person(1, balance=1))
    first.commit()
    batch = database.batch()
    put(batch, person(1, balance=2))
    batch.load(Person, [("c", 1)])
    assert batch.read(Person, ("c", 1)).balance == 2
    batch.rollback()


def test_many_keys_are_loaded_in_bulk_for_every_length_of_key(database: Database):
    batch = database.batch()
    put(batch, *map(person, range(200)))
    put(batch, *(Member(community="c", group="g", person=each, joined_at=1) for each in range(70)))
    put(batch, *(SeenEvent(key_=f"k{each}", community="c", at=1) for each in range(65)))
    batch.commit()

    batch = database.batch()
    batch.load(Person, [("c", each) for each in range(-5, 200)])
    batch.load(Member, [("c", "g", each) for each in range(80)])
    batch.load(SeenEvent, [(f"k{each}",) for each in range(66)])
    found = [batch.read(Person, ("c", each)) for each in range(-5, 200)]
    assert found == [None] * 5 + [person(each) for each in range(200)]
    assert sum(batch.read(Member, ("c", "g", each)) is not None for each in range(80)) == 70
    assert batch.read(SeenEvent, ("k64",)) is not None
    assert batch.read(SeenEvent, ("k65",)) is None
    batch.load(Person, [])
    batch.rollback()


def test_numbers_count_per_community_and_name_and_an_undone_one_is_given_again(batch: Batch):
    with batch.event() as store:
        assert [store.number("c", "message") for _ in range(3)] == [1, 2, 3]
        assert store.number("d", "message") == 1
        assert store.number("c", "ledger") == 1
    with suppress(Broken), batch.event() as store:
        store.number("c", "message")
        store.find(Counter)
        raise Broken
    with batch.event() as store:
        assert store.number("c", "message") == 4


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"id": 3}, [3]),
        ({"id__lt": 3}, [1, 2]),
        ({"id__le": 3}, [1, 2, 3]),
        ({"id__gt": 3}, [4, 5]),
        ({"id__ge": 3}, [3, 4, 5]),
        ({"id__ne": 3}, [1, 2, 4, 5]),
        ({"id__in": (5, 1, 9)}, [1, 5]),
        ({"id__in": {2}}, [2]),
        ({"id__in": []}, []),
        ({"id__in": range(1, 100)}, [1, 2, 3, 4, 5]),
        ({"name": ""}, [1, 3, 5]),
        ({"name__ne": ""}, [2, 4]),
        ({"name": "even", "id__gt": 2}, [4]),
        ({"paid": True}, [4, 5]),
        ({"paid": False, "id__ge": 2, "id__le": 3}, [2, 3]),
        ({"name__in": ["even", ""], "balance__lt": -10}, [2, 3, 4, 5]),
    ],
)
def test_every_condition_means_what_it_says(
    batch: Batch, where: dict[str, Any], expected: list[int]
):
    put(
        batch,
        *(
            person(each, name="" if each % 2 else "even", paid=each > 3, balance=each * -10)
            for each in (4, 2, 5, 1, 3)
        ),
    )
    with batch.event() as store:
        assert [each.id for each in store.find(Person, **where)] == expected
        assert store.count(Person, **where) == len(expected)
        assert store.total(Person, "balance", **where) == sum(-10 * each for each in expected)


def test_a_condition_on_a_field_that_ends_like_an_operator_is_understood(batch: Batch):
    put(batch, SeenEvent(key_="a", community="c", at=1), SeenEvent(key_="b", community="c", at=2))
    with batch.event() as store:
        assert [each.at for each in store.find(SeenEvent, key_="a")] == [1]
        assert [each.at for each in store.find(SeenEvent, key___in=["b"])] == [2]
        assert [each.at for each in store.find(SeenEvent, key___ne="b")] == [1]


def test_an_unknown_field_or_operator_is_an_error_that_breaks_nothing(batch: Batch):
    put(batch, person(1))
    for where in ({"nonsense": 1}, {"id__like": 1}, {"nonsense__lt": 1}):
        with pytest.raises(KeyError), batch.event() as store:
            store.find(Person, **where)
    with batch.event() as store:
        assert store.count(Person) == 1


def test_order_is_by_field_then_key_and_limit_cuts_after_it(batch: Batch):
    put(batch, *(person(each, score=each // 2) for each in (5, 3, 1, 4, 2)))
    with batch.event() as store:
        assert [each.id for each in store.find(Person)] == [1, 2, 3, 4, 5]
        assert [each.id for each in store.find(Person, order="score")] == [1, 2, 3, 4, 5]
        assert [each.id for each in store.find(Person, order="-score")] == [5, 4, 3, 2, 1]
        assert [each.id for each in store.find(Person, order="-score", limit=2)] == [5, 4]
        assert [each.id for each in store.find(Person, order="-id", limit=1, score=1)] == [3]
        assert len(store.find(Person, limit=99)) == 5


def test_texts_are_ordered_by_code_point(batch: Batch):
    put(batch, *(Group(community="c", id=each) for each in ("b", "B", "é", "a", "中", "Z")))
    with batch.event() as store:
        assert [each.id for each in store.find(Group, order="id")] == sorted("bBéa中Z")


def test_a_field_named_kind_can_be_searched_for(batch: Batch):
    task = Task(
        community="c", id=1, group="g", kind="promote", to="owner", text="t", about="a",
        created_at=1,
    )  # fmt: skip
    put(batch, task)
    with batch.event() as store:
        assert store.find(Task, kind="promote") == [task]
        assert store.count(Task, kind="demote") == 0


@pytest.mark.parametrize("flushed", [False, True])
def test_what_never_changes_cannot_be_put_a_second_time(database: Database, *, flushed: bool):
    batch = database.batch()
    put(batch, entry(1))
    if flushed:
        batch.flush()
    with pytest.raises(AlreadyStored), batch.event() as store:
        store.put(entry(1, points=7))
    with suppress(Broken), batch.event() as store:
        store.put(entry(2))
        store.find(LedgerEntry)
        with pytest.raises(AlreadyStored):
            store.put(entry(2, points=7))
        raise Broken
    with batch.event() as store:
        assert store.find(LedgerEntry) == [entry(1)]
    batch.rollback()


def test_a_second_put_of_what_another_event_put_is_noticed_at_the_end(batch: Batch):
    put(batch, entry(1))
    reached = []

    def again(error: Exception | None) -> None:
        with batch.event() as store:
            store.put(entry(1, points=7))
            store.put(person(1))
            reached.append("the end")
            if error is not None:
                raise error

    with pytest.raises(Broken):
        again(Broken())
    with pytest.raises(AlreadyStored):
        again(None)
    with batch.event() as store:
        assert store.get(LedgerEntry, *entry(1).key) == entry(1)
        assert store.get(Person, "c", 1) is None
    assert reached == ["the end", "the end"]


def test_a_second_put_of_what_the_batch_has_not_read_fails_at_the_flush(database: Database):
    first = database.batch()
    put(first, entry(1))
    first.commit()
    second = database.batch()
    put(second, entry(1, points=7))
    with pytest.raises(Exception, match=r"(?i)unique"):
        second.commit()
    assert database.read(lambda store: store.find(LedgerEntry)) == [entry(1)]


def test_one_source_pays_a_deed_once_per_generation(database: Database):
    batch = database.batch()
    put(batch, entry(1, source="m"), entry(2, source="m", generation=1))
    batch.commit()
    batch = database.batch()
    put(batch, entry(3, source="m"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        batch.commit()


def test_no_error_text_carries_what_people_said(database: Database):
    batch = database.batch()
    said = {"group": "g", "person": 1, "at": 1, "message_id": "m", "fingerprint": ""}
    put(batch, Message(community="c", id=1, text="secret words", **said))
    batch.commit()
    batch = database.batch()
    put(batch, Message(community="c", id=1, text="secret words", **said))
    with pytest.raises(Exception, match=r"(?i)unique") as caught:
        batch.commit()
    assert "secret" not in str(caught.value)


def test_a_statement_that_fails_breaks_the_batch_even_where_it_is_caught(database: Database):
    batch = database.batch()
    put(batch, entry(1))
    batch.commit()
    batch = database.batch()
    put(batch, entry(2, source="m1"))

    def careless() -> None:
        with batch.event() as store:
            with suppress(Exception):
                store.find(LedgerEntry)
            store.put(person(1))

    with pytest.raises(Exception, match=r"(?i)unique"):
        careless()
    assert batch.failure is not None
    with pytest.raises(Exception, match=r"(?i)unique"):
        batch.read(Person, ("c", 77))
    with pytest.raises(Exception, match=r"(?i)unique"):
        batch.commit()
    assert database.read(lambda store: store.count(Person)) == 0


def test_removing_is_seen_at_once_and_by_later_events(batch: Batch):
    put(batch, *map(person, range(5)))
    with batch.event() as store:
        assert store.get(Person, "c", 0) is not None
        assert store.remove(Person, id__lt=3, order="-id", limit=2) == 2
        assert store.get(Person, "c", 2) is None
        assert [each.id for each in store.find(Person)] == [0, 3, 4]
        store.put(person(2, name="again"))
    with batch.event() as store:
        assert store.get(Person, "c", 1) is None
        assert store.get(Person, "c", 2).name == "again"
        assert store.remove(Person, id=99) == 0


def test_amending_changes_even_what_never_changes(database: Database):
    batch = database.batch()
    note = Note(community="c", id=1, group="g", at=1, do="held", body={"a": 1})
    put(batch, note)
    changed = Note(community="c", id=1, group="g", at=1, do="held", body={})
    with batch.event() as store:
        store.amend(Note, [changed])
        assert store.get(Note, "c", 1) == changed
    with suppress(Broken), batch.event() as store:
        store.amend(Note, [note])
        raise Broken
    batch.commit()
    assert database.read(lambda store: store.find(Note)) == [changed]


def test_reading_changes_nothing(database: Database):
    def work(store: Overlay) -> int:
        store.put(person(1))
        return store.count(Person)

    assert database.read(work) == 1
    assert database.read(lambda store: store.count(Person)) == 0


LEAVE = Change({"level": "in"}, {"level": "out", "balance": 7})


def test_a_change_sets_columns_only_where_the_record_is_as_expected(database: Database):
    batch = database.batch()
    put(batch, person(1, level="in", score=3), person(2, level="away"))
    with batch.event() as store:
        assert store.get(Person, "c", 1).level == "in"
        store.change(Person, [("c", 1), ("c", 2), ("c", 3)], LEAVE)
        assert store.get(Person, "c", 1) == person(1, level="out", balance=7, score=3)
    batch.commit()

    found = database.read(lambda store: store.find(Person))
    assert found == [person(1, level="out", balance=7, score=3), person(2, level="away")]


def test_a_change_of_an_event_that_raises_is_undone_and_forgotten(batch: Batch):
    put(batch, person(1, level="in"))
    with suppress(Broken), batch.event() as store:
        store.put(person(1, level="in", balance=1))
        store.change(Person, [("c", 1)], LEAVE)
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1) == person(1, level="in")


def test_a_change_sees_what_its_own_event_has_put(batch: Batch):
    with batch.event() as store:
        store.put(person(1, level="in"))
        store.change(Person, [("c", 1)], LEAVE)
    with batch.event() as store:
        assert store.get(Person, "c", 1).level == "out"


def test_a_record_read_after_a_change_that_was_undone_is_as_it_was(batch: Batch):
    put(batch, person(1, level="in"))
    with suppress(Broken), batch.event() as store:
        store.change(Person, [("c", 1)], LEAVE)
        assert store.get(Person, "c", 1).level == "out"
        raise Broken
    with batch.event() as store:
        assert store.get(Person, "c", 1) == person(1, level="in")
