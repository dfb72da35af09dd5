"""A shop's orders from the command line: whose they are, who is asked, what offers brought."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENING, message
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import qunyun

PACK = """\
benefits: [{id: book, title: 书券, kind: service, by: staff, fulfil: task}]
steps:
  - {id: buy, when: {says: [怎么买]}, do: [{offer: book}]}
"""
GROUPS = """\
communities:
  club:
    title: 书友会
    pack: club
    owner: zhang
    regular: [{id: alpha, title: 一群, channels: {sandbox: alpha}}]
"""
TABLE = "订单号,买家,金额\nA1,li,99.50\nA2,nobody,10\n"


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder of a bot that one member, 李, has talked to."""
    with deployed(folder, PACK, GROUPS) as bot:
        bot.enforce(EVENING)
        said = message(
            "怎么买", community="club", group="alpha", at=EVENING, sender="li", name="李"
        )
        bot.handle(EVENING, said)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_orders_are_taken_over_once_and_unknown_buyers_are_kept(folder: Path, encoding: str):
    (folder / "shop.csv").write_bytes(TABLE.encode(encoding))

    for _ in range(2):
        code, out, err = qunyun("orders", "import", "shop.csv")
        assert (code, err) == (0, "")
        assert out.splitlines()[:2] == [
            "2 order(s) taken over, 1 of them nobody's yet", "1 order(s) are nobody's yet:",
        ]  # fmt: skip
    (waiting,) = json.loads(qunyun("orders", "list", "--json").out)
    assert (waiting["order"], waiting["buyer"]) == ("A2", "nobody")


def test_an_import_says_what_of_it_is_held_and_what_waits_in_all(folder: Path):
    for rows in (TABLE, "订单号,买家\nA3,li\nA4,somebody\nA4,somebody\n"):
        (folder / "shop.csv").write_text(rows, encoding="utf-8")
        _, out, _ = qunyun("orders", "import", "shop.csv", "--json")
    assert json.loads(out) == {"orders": 2, "held_of_these": 1, "held_in_all": 2}


def test_an_order_is_said_to_be_somebodys(folder: Path):
    (folder / "shop.csv").write_text(TABLE, encoding="utf-8")
    qunyun("orders", "import", "shop.csv")

    assert qunyun("orders", "assign", "A2", "stranger").code == 2
    assert qunyun("orders", "assign", "A9", "li").code == 2
    assert qunyun("orders", "assign", "A2", "li", "--json") == (
        0, '{"order": "A2", "member": "li"}\n', "",
    )  # fmt: skip
    assert qunyun("orders", "list").out == "every order is somebody's\n"


def test_a_table_with_a_wrong_line_changes_nothing(folder: Path):
    (folder / "shop.csv").write_text(f"{TABLE}A3,li,很多钱\n", encoding="utf-8")

    code, out, err = qunyun("orders", "import", "shop.csv")
    assert (code, out) == (1, "")
    assert "shop.csv: " in err
    assert "nothing was changed" in err
    assert qunyun("orders", "list", "--json").out == "[]\n"


def test_what_an_offer_brought_is_told_with_the_orders_after_it(folder: Path):
    (folder / "shop.csv").write_text(TABLE, encoding="utf-8")
    qunyun("orders", "import", "shop.csv")

    code, out, _ = qunyun("offers", "--json", "--days", "400")
    assert code == 0
    (found,) = json.loads(out)
    assert (found["community"], found["step"], found["benefit"]) == ("club", "buy", "book")
    assert found["lift"] is None  # nobody is left out
    assert "buy (book)" in qunyun("offers", "--days", "400").out
