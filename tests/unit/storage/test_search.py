"""The search index: what is found by which terms, and what becomes of a row."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ports import Store
from sop.finding.ranking import kept, sought
from sop.model import Item
from storage import search
from storage.database import Database
from storage.search_indexes import scope_word


@pytest.fixture
def database(any_database: Database) -> Database:
    return any_database


def keep(database: Database, number: int, text: str, group: str = "g", scope: str = "q") -> None:
    batch = database.batch()
    with batch.event() as store:
        store.index("c", group, number, scope, kept(text))
    batch.commit()


def found(database: Database, words: str, group: str = "g", scope: str = "q") -> list[int]:
    def look(store: Store) -> list[int]:
        return list(store.candidates("c", group, scope, sought(words), 9))

    return database.read(look)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我想问退款多久到账", "退款"),
        ("无线网密码是多少", "WiFi"),
        ("第3课作业", "作业在哪"),
        ("怎么联系Alice老师", "alice"),
        ("積分怎麼兌換", "兑换积分"),
        ("𠮷野家在哪", "𠮷野家"),
    ],
)
def test_a_text_is_found_by_its_words(database: Database, text: str, words: str):
    keep(database, 1, text)

    assert found(database, words) == [1]


def test_a_search_stays_in_its_group_and_scope(database: Database):
    keep(database, 1, "怎么退款")
    keep(database, 2, "怎么退款", group="other")
    keep(database, 3, "怎么退款", scope="accepted")

    assert found(database, "退款") == [1]
    assert found(database, "退款", group="other") == [2]
    assert found(database, "退款", scope="accepted") == [3]


def test_nobody_can_write_themselves_into_another_group(database: Database):
    keep(database, 7, f"{scope_word('c', 'g', 'q')} 退款", group="other")

    assert found(database, "退款") == []


def test_what_every_question_says_finds_nothing(database: Database):
    keep(database, 1, "请问怎么报名")

    assert found(database, "请问怎么退款") == []


@pytest.mark.parametrize("words", ['"', 'a" OR "b', "NEAR(a b)", "*", "退款\0", "AND", ""])
def test_signs_of_the_database_are_only_words(database: Database, words: str):
    keep(database, 1, "怎么报名")

    assert found(database, words) == []


def test_an_item_is_in_one_scope_and_goes_without_terms(database: Database):
    keep(database, 1, "怎么退款")
    keep(database, 1, "怎么退款", scope="accepted")

    assert (found(database, "退款"), found(database, "退款", scope="accepted")) == ([], [1])
    keep(database, 1, "", scope="accepted")
    assert found(database, "退款", scope="accepted") == []


def test_what_an_event_indexed_is_undone_with_it(database: Database):
    batch = database.batch()

    def dies(store: Store) -> None:
        store.index("c", "g", 1, "q", kept("怎么退款"))
        raise ValueError("the event died")

    with pytest.raises(ValueError, match="died"), batch.event() as store:
        dies(store)
    batch.commit()

    assert found(database, "退款") == []


def test_a_database_of_before_the_index_is_filled_from_its_items(any_url: str):
    database = Database(any_url)
    database.migrate()
    said: dict[str, Any] = {"community": "c", "group": "g", "person": 1, "at": 1, "message_id": ""}
    batch = database.batch()
    with batch.event() as store:
        store.put(Item(number=1, kind="question", text="怎么退款", status="accepted", **said))
        store.put(Item(number=2, kind="answer", text="退款找客服", **said))
        store.put(Item(number=3, kind="share", text="退款经历", **said))
    batch.commit()
    with database.engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {search.TABLE}")

    database.migrate()

    assert found(database, "退款", scope="accepted") == [1]
    assert found(database, "退款", scope="answer") == [2]
    database.close()


@given(st.text(max_size=80))
def test_any_text_can_be_kept_and_looked_for(lasting_database: Database, said: str):
    keep(lasting_database, 1, said)
    terms = [term for term in sought(said) if term.isascii() or "\u4e00" <= term[0] <= "\u9fff"]

    found(lasting_database, said)
    for term in terms:
        assert found(lasting_database, term) == [1]


def test_a_question_as_long_as_can_be_is_looked_for_too(database: Database):
    long = "".join(chr(0x4E00 + 7 * each) for each in range(600))
    keep(database, 1, long)

    assert found(database, long) == [1]
