"""`qunyun paid` and `recompute`: an operator's tables and second thoughts, while the bot runs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.people import people
from sop.model import LedgerEntry, Person
from storage.database import Database
from tests import builders
from tests.builders import EVENING, message
from tests.integration.commands.deployments import ONE_GROUP, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {earn: {message: {points: 1}}, paid_multiplier: {balance: 2}}
levels: [{id: new, title: 新友, at: 0}, {id: friend, title: 书友, at: 3}]
steps: []
"""


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    names = {"li": "李四", "wang": "王五", "wang2": "王五"}
    said = [
        message("早上好", community="club", group="alpha", sender=userid, name=name)
        for userid, name in names.items()
    ]
    with deployed(folder, PACK, ONE_GROUP) as bot:
        bot.enforce(EVENING)
        bot.handle(EVENING, *said)
        yield bot.database


def person(database: Database, userid: str) -> Person | None:
    return database.read(lambda store: people.find_person(store, "club", userid))


def paying(database: Database) -> dict[str, int]:
    found = database.read(lambda store: list(store.find(Person, paid=True)))
    return {each.userid: each.paid_until for each in found}


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_table_in_any_usual_encoding_is_taken_whole(
    database: Database, folder: Path, codec: str
):
    (folder / "付费.csv").write_bytes(
        "成员,手机号,付费,到期\n李四,13800000000,是,2026-12-31\nWANG,,否,\n".encode(codec)
    )

    told = qunyun("paid", "付费.csv")

    assert told == (0, "2 member(s) in the table, 1 changed\n", "")
    # To the end of that day in Shanghai.
    assert paying(database) == {"li": 1_798_732_800_000}
    assert "0 changed" in qunyun("paid", "付费.csv").out


def test_what_table_programs_put_around_a_table_is_passed_over(database: Database, folder: Path):
    table = "sep=\t\r\n成员\t付费\t到期日期\r\n李四\t是\t2026/12/31\r\n\t\t\r\n"
    (folder / "a.txt").write_bytes(table.encode("utf-16"))

    assert qunyun("paid", "a.txt") == (0, "1 member(s) in the table, 1 changed\n", "")
    assert paying(database) == {"li": 1_798_732_800_000}


def test_every_wrong_line_is_named_and_nothing_is_half_applied(database: Database, folder: Path):
    (folder / "a.csv").write_text(
        "userid,paid,until\nli,yes,2026-13-01\nwang,maybe,\n,yes,\nli,no,\nwang2,yes,\n", "utf-8"
    )
    told = qunyun("paid", "a.csv")
    assert told.code == 1
    assert [line.split(": ")[1] for line in told.err.split("\n")[:-2]] == [
        "line 2", "line 3", "line 4",
    ]  # fmt: skip

    (folder / "b.csv").write_text("名称\n李四\n王五\nnobody\nLI\n", "utf-8")
    told = qunyun("paid", "b.csv")
    assert told.code == 1
    assert "line 3: 2 members are called 王五: write the userid" in told.err
    assert "line 4: no member has the id or name nobody" in told.err
    assert "line 5: LI is the member of line 2" in told.err
    assert paying(database) == {}


def test_an_unknown_id_is_a_new_member_only_where_that_is_said(database: Database, folder: Path):
    (folder / "a.csv").write_text("userid\nnew.one\n", "utf-8")

    assert qunyun("paid", "a.csv").code == 1
    assert "1 would change" in qunyun("paid", "a.csv", "--new", "--dry-run").out
    assert person(database, "new.one") is None
    assert qunyun("paid", "a.csv", "--new").code == 0
    assert paying(database) == {"new.one": 0}


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"\x00\x01", b"phone,amount\n1,2\n"])
def test_what_is_no_table_of_payments_is_refused(database: Database, folder: Path, data: bytes):
    (folder / "a.csv").write_bytes(data)

    told = qunyun("paid", "a.csv")

    assert told.code == 1
    assert "nothing was changed" in told.err
    assert paying(database) == {}


def test_a_recount_is_told_first_and_booked_only_with_yes(database: Database, folder: Path):
    text = builders.HEAD + PACK.replace("message: {points: 1}", "message: {points: 4}")
    (folder / "data" / "sop" / "club.yaml").write_text(text, "utf-8")

    told = qunyun("recompute", "--from", "2026-12-01", "--dry-run", "--yes")

    assert told.code == 0
    assert "club: 李四 (li): balance +3, score +3, level new -> friend" in told.out
    assert "3 member(s) would change, balances by +9 in all" in told.out
    assert len(database.read(lambda store: list(store.find(LedgerEntry)))) == 3
    assert qunyun("recompute", "--from", "2026-12-01", "--yes").code == 0
    found = person(database, "li")
    assert found is not None
    assert found.balance == 4
    assert qunyun("recompute", "--from", "2026-12-01", "--json").out == ""
    assert qunyun("verify").code == 0
    assert qunyun("recompute", "--from", "2026-12-02").code == 2
    assert "is not a date" in qunyun("recompute", "--from", "gestern").err
