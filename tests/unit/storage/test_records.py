"""Rows and records: what is stored comes back equal, for every kind and every field type."""

from collections.abc import Mapping
from typing import Any, get_args, get_origin

from hypothesis import given
from hypothesis import strategies as st

from sop import model
from sop.model import Group, Member, Outgoing, Person, Record
from storage.database import Database
from storage.records import SHAPES
from storage.tables import FIELDS, NEVER_CHANGED, RECORDS, TABLES, is_json

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NUMBER = st.integers(-(2**63), 2**63 - 1)
FREE = st.recursive(
    st.none() | st.booleans() | NUMBER | TEXT,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple) | st.dictionaries(TEXT, inner, max_size=3)
    ),
    max_leaves=5,
)


def values_of(hint: Any) -> st.SearchStrategy[Any]:
    if hint is Any:
        return FREE
    if not is_json(hint):
        # A NUL is left out at the door: PostgreSQL has none.
        plain = TEXT.filter(lambda text: "\0" not in text)
        return {int: NUMBER, bool: st.booleans(), str: plain}[hint]
    arguments = get_args(hint)
    if get_origin(hint) is not tuple:
        return st.dictionaries(TEXT, values_of(arguments[1]), max_size=3)
    if arguments[-1] is Ellipsis:
        return st.lists(values_of(arguments[0]), max_size=3).map(tuple)
    return st.tuples(*map(values_of, arguments))


def records_of(kind: type[Record]) -> st.SearchStrategy[Record]:
    return st.builds(kind, **{name: values_of(hint) for name, hint in FIELDS[kind].items()})


@given(record=st.sampled_from(RECORDS).flatmap(records_of))
def test_every_record_comes_back_equal_and_of_the_same_types(
    lasting_database: Database, record: Record
):
    batch = lasting_database.batch()
    with batch.event() as store:
        store.put(record)
        found = store.find(type(record))

    assert found == [record]
    assert repr(found[0]) == repr(record)
    batch.rollback()


def test_every_kind_of_record_has_a_table_with_its_fields_in_order():
    kinds = {
        kind
        for kind in vars(model).values()
        if isinstance(kind, type) and issubclass(kind, Record) and kind is not Record
    }

    assert set(RECORDS) == kinds
    for kind in kinds:
        table = TABLES[kind]
        assert tuple(table.c.keys()) == SHAPES[kind].names
        assert tuple(table.primary_key.c.keys()) == kind.KEY
        assert not any(column.nullable for column in table.c)
    assert kinds >= NEVER_CHANGED


def test_json_is_for_tuples_and_mappings_and_nothing_else():
    for kind, hints in FIELDS.items():
        for name, hint in hints.items():
            column = TABLES[kind].c[name].type
            assert (type(column).__name__ == "JSON") == (get_origin(hint) in (tuple, Mapping))


def test_what_came_from_one_row_is_shared_with_no_other():
    row = SHAPES[Group].row_of(Group(community="c", id="g"))

    first, second = SHAPES[Group].record_of(row), SHAPES[Group].record_of(row)

    assert first.channels == {}
    assert first.channels is not second.channels


def test_lists_inside_json_come_back_as_tuples():
    sent = Outgoing(
        community="c", id=1, event_key="e", group="g", do="post", channel="x", chat="y",
        klass="step", body={"members": [1, [2, {"deep": [3]}]]}, created_at=0, not_before=0,
    )  # fmt: skip

    back = SHAPES[Outgoing].record_of(SHAPES[Outgoing].row_of(sent))

    assert back.body == {"members": (1, (2, {"deep": (3,)}))}


def test_rows_hold_json_as_readable_text():
    person = Person(community="c", id=1, userid="u", tallies={"早安": ("2026-01-01", 2)})
    row = dict(zip(SHAPES[Person].names, SHAPES[Person].row_of(person), strict=True))

    assert row["tallies"] == '{"早安":["2026-01-01",2]}'
    assert row["lifetime"] == "[]"


def test_a_driver_that_has_read_the_json_already_is_understood():
    member = Member(community="c", group="g", person=1, joined_at=1, recent=((1, "a"), (2, "b")))
    row = dict(zip(SHAPES[Member].names, SHAPES[Member].row_of(member), strict=True))

    assert SHAPES[Member].record_of({**row, "recent": [[1, "a"], [2, "b"]]}.values()) == member
