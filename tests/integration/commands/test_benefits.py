"""`qunyun codes`, `benefits` and `refund`: on the database of a bot, running or not."""

import json
import sqlite3
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.clock.wall import WallClock
from bot.dispatcher import Dispatcher
from bot.intake.writer import Job, Writer
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.routes import ROUTES
from bot.vault import FILE, Vault
from handlers.ledger import ledger
from handlers.ports import Context, Store
from sop.model import Claim, Outgoing, Person
from storage.database import Database
from tests.builders import message
from tests.integration.commands.running import qunyun
from tests.unit.bot.folders import write

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score: {earn: {checkin: {points: 2}}}
benefit_budget: {per: month, cost: 500}
benefits:
  - {id: coupon, title: 书店券, kind: code, price: 60, cost: 20, per_member: 3}
  - {id: class, title: 精读课, kind: link, value: "https://example.com/class"}
steps: []
"""
GROUPS = """\
communities:
  club: {pack: club, owner: boss, regular: [{id: g1, channels: {archive: g1}}]}
"""
TWO = GROUPS + "  other: {pack: club, owner: boss, regular: [{id: g2, channels: {archive: g2}}]}\n"
CODES = "code,备注\nBOOK-AAAA-0001,甲\nBOOK-AAAA-0002,乙\n"


class Kept:
    """What a bot left: packs and a database, in which people may go on redeeming."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sop = folder / "data" / "sop"
        self.sop.mkdir(parents=True)
        self.path = folder / "data" / "qunyun.db"
        self.now = WallClock().now()
        self.made = 0
        self.bind(PACK)

    def bind(self, pack: str, groups: str = GROUPS) -> None:
        write(self.sop, {"club.yaml": pack, "groups.yaml": groups})
        self.library = Library(self.sop, Abilities(app=True, archive=True))
        assert self.library.reload(), self.library.problems
        self.handle(*self.library.enforcements(self.now))

    def handle(self, *events: Any) -> list[Any]:
        dispatcher = Dispatcher(ROUTES, self.library.book_of, lambda: self.now)
        return self.do(*(dispatcher.job(event).run for event in events))

    def do(self, *work: Callable[[Store], Any]) -> list[Any]:
        database = Database(f"sqlite:///{self.path}")
        database.migrate()
        done = Writer(database).run([Job(run=each) for each in work])
        database.close()
        assert [each.error for each in done] == [None] * len(work)
        return [each.result for each in done]

    def say(self, text: str, sender: str = "li") -> str:
        self.made += 1
        event = message(text, sender=sender, key=f"k{self.made}", at=self.now, mentions_bot=True)
        (handled,) = self.handle(event)
        return "\n".join(line.text for line in handled.actions)

    def give(self, points: int, sender: str = "li") -> None:
        self.say("帮助", sender)

        def run(store: Store) -> None:
            book = self.library.shelf.books["club"]
            context = Context(store=store, book=book, community="club", now=self.now)
            (person,) = store.find(Person, community="club", userid=sender)
            ledger.book_entry(context, person.id, "award", points, score=0, source=f"g{self.made}")

        self.do(run)

    def person(self, sender: str = "li") -> Person:
        (found,) = self.do(lambda store: store.find(Person, community="club", userid=sender))
        person: Person = found[0]
        return person

    def bytes(self) -> bytes:
        """Everything that is in the database's files."""
        with sqlite3.connect(self.path) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return self.path.read_bytes()


@pytest.fixture
def kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Kept:
    monkeypatch.delenv("SESSION_SECRET", raising=False)
    # Any credential makes it a deployment, not the playground.
    for name, value in {
        "WECOM_CORP_ID": "ww1", "WECOM_APP_AGENT_ID": "1000002", "WECOM_APP_SECRET": "s3cret",
        "WECOM_APP_TOKEN": "t0ken", "WECOM_APP_AES_KEY": "k" * 43, "ADMIN_PASSWORD": "pw-long",
        "SESSION_SECRET": "a session's secret",
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    return Kept(folder)


def csv(folder: Path, data: str | bytes, name: str = "codes.csv") -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_codes_are_taken_over_sealed_and_given_in_order(kept: Kept, folder: Path, codec: str):
    said = qunyun("codes", "import", "coupon", csv(folder, CODES.encode(codec)))
    kept.give(100)

    assert (said.code, said.err) == (0, "")
    assert said.out == "2 codes taken over for coupon; 2 are free now\n"
    words = kept.say("兑换 书店券")
    opened = Vault("a session's secret", folder / "none").opened(words)
    assert "BOOK-AAAA-0001" in opened
    assert "BOOK-AAAA-0001" not in words
    assert b"BOOK-AAAA" not in kept.bytes()
    assert qunyun("codes", "list", "coupon").out == "club/coupon: 2 kept, 1 given, 1 free\n"
    assert "BOOK" not in qunyun("codes", "list", "--json").out


def test_without_a_secret_the_key_lies_in_the_data_folder(
    folder: Path, monkeypatch: pytest.MonkeyPatch
):
    kept = Kept(folder)

    assert qunyun("codes", "import", "coupon", csv(folder, CODES)).code == 0

    key = folder / "data" / FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    assert qunyun("codes", "list").out == "club/coupon: 2 kept, 0 given, 0 free, 2 no key opens\n"
    assert b"BOOK-AAAA" not in kept.bytes()


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("A-1\nA-2\nA-1\n", ["codes.csv:3: the same code as in line 1"]),
        (
            "NEW-1\nBOOK-AAAA-0002\n",
            ["codes.csv:2: this code is kept already, for the benefit coupon"],
        ),
        ("", ["codes.csv:1: there is no code in the file"]),
    ],
    ids=["in-the-file", "kept", "empty"],
)
def test_bad_lines_are_named_and_nothing_is_taken_over(
    kept: Kept, folder: Path, text: str, lines: list[str]
):
    qunyun("codes", "import", "coupon", csv(folder, CODES, "first.csv"))

    said = qunyun("codes", "import", "coupon", csv(folder, text))

    assert said.code == 1
    assert said.err.split("\n") == [
        *(f"{folder}/{line}" for line in lines), "1 problem(s): no code was taken over", "",
    ]  # fmt: skip
    assert json.loads(qunyun("codes", "list", "--json").out)[0]["kept"] == 2


def test_the_same_file_again_is_refused_line_by_line(kept: Kept, folder: Path):
    path = csv(folder, CODES)
    qunyun("codes", "import", "coupon", path)

    said = json.loads(qunyun("codes", "import", "coupon", path, "--json").out)

    assert (said["taken"], said["free"]) == (0, 2)
    assert [each["line"] for each in said["problems"]] == [2, 3]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("import", "coupn", "FILE"), "did you mean coupon?"),
        (("import", "class", "FILE"), "class gives no code: its kind is link"),
        (("import", "coupon"), "qunyun codes import BENEFIT FILE.csv"),
        (("import", "coupon", "none.csv"), "cannot be read"),
        (("import", "coupon", "PICTURE"), "save it as CSV in UTF-8 or GBK"),
        (("list", "coupon", "--community", "nowhere"), "there is no community nowhere"),
    ],
)
def test_what_cannot_be_used_ends_in_a_sentence(
    kept: Kept, folder: Path, words: tuple[str, ...], sentence: str
):
    files = {"FILE": csv(folder, CODES), "PICTURE": csv(folder, b"\x89PNG\0\0", "a.png")}

    said = qunyun("codes", *(files.get(word, word) for word in words))

    assert said.code == 2
    assert sentence in said.err
    assert "Traceback" not in said.err


def test_a_benefit_of_two_communities_needs_the_community(kept: Kept, folder: Path):
    kept.bind(PACK, TWO)
    path = csv(folder, CODES)

    assert "--community club or --community other" in qunyun("codes", "import", "coupon", path).err
    assert qunyun("codes", "import", "coupon", path, "--community", "other").code == 0
    assert qunyun("codes", "import", "coupon", path, "--community", "club").code == 0


def test_benefits_stand_with_stock_pace_and_what_is_promised(kept: Kept, folder: Path):
    qunyun("codes", "import", "coupon", csv(folder, CODES))
    kept.give(400)
    for _ in range(2):
        kept.say("兑换 书店券")
    kept.say("领取 精读课")

    said = qunyun("benefits")
    (found,) = json.loads(qunyun("benefits", "--json").out)

    assert said.lines[:5] == [
        "club",
        "  coupon  书店券  60 points, 0 left, 2 in 30 days, lasts 0 months",
        "  class  精读课  free, no limit, 1 in 30 days",
        "  members hold 280 points; in 30 days they earned 400 and spent 120",
        "  this period's benefits cost 40 of 500",
    ]
    promise = "all priced stock takes in 0 points: for 280 of those that members hold there is"
    assert said.lines[5:] == [
        "  warning: coupon lasts for less than another month",
        f"  warning: {promise} nothing to be had",
    ]
    assert (found["outstanding"], found["covered"], found["uncovered"]) == (280, 0, 280)
    assert list(found["benefits"][0]["monthly"].values()) == [2]
    assert found["warnings"] == [line.removeprefix("  warning: ") for line in said.lines[5:]]


def test_what_was_given_back_was_not_spent(kept: Kept, folder: Path):
    qunyun("codes", "import", "coupon", csv(folder, CODES))
    kept.give(400)
    kept.say("兑换 书店券")
    qunyun("refund", "1")

    said = qunyun("benefits")
    assert "  members hold 400 points; in 30 days they earned 400 and spent 0" in said.lines


def test_what_the_pack_no_longer_has_is_still_accounted_for(kept: Kept):
    kept.say("领取 精读课")
    kept.bind(PACK.replace("  - {id: class, title: 精读课", "  - {id: course, title: 新课"))

    assert "  class  精读课  free, no longer in the pack, 1 in 30 days" in qunyun("benefits").lines


def test_a_refund_returns_points_and_tells_the_member_once(kept: Kept, folder: Path):
    qunyun("codes", "import", "coupon", csv(folder, CODES))
    kept.give(100)
    kept.say("兑换 书店券")

    said = qunyun("refund", 1)
    again = qunyun("refund", 1)

    assert (
        said.out == "claim 1 (书店券) given back, 60 points back; not back in stock: it was seen\n"
    )
    assert (again.code, again.err) == (1, "claim 1 was given back already\n")
    assert kept.person().balance == 100
    (sent,) = kept.do(lambda store: store.find(Outgoing, community="club", order="-id", limit=1))
    assert (sent[0].status, sent[0].do) == ("pending", "dm")
    assert "60 分已经还给你了" in str(sent[0].body["text"])
    assert qunyun("verify").code == 0


def test_a_claim_that_is_not_there_is_not_given_back(kept: Kept):
    kept.say("帮助")

    said = qunyun("refund", 7)

    assert (said.code, said.err) == (1, "there is no claim 7\n")


def test_with_several_communities_a_refund_needs_one(kept: Kept):
    kept.bind(PACK, TWO)

    assert "say --community" in qunyun("refund", 1).err


def test_before_the_bot_ran_there_is_nothing_to_work_on(folder: Path):
    sop = folder / "data" / "sop"
    sop.mkdir(parents=True)
    write(sop, {"club.yaml": PACK, "groups.yaml": GROUPS})

    for words in (("codes", "list"), ("benefits",)):
        said = qunyun(*words)
        assert said.code == 2
        assert "no database yet" in said.err


def test_claims_keep_what_was_paid_on_their_day(kept: Kept):
    kept.give(100)
    kept.say("兑换 书店券")
    kept.bind(PACK.replace("price: 60", "price: 90"))

    assert "60 points back" in qunyun("refund", 1).out
    (claims,) = kept.do(lambda store: store.find(Claim, community="club"))
    assert [(each.price, each.cost, each.status) for each in claims] == [(60, 20, "spoiled")]


def test_codes_nobody_was_given_can_be_dropped(kept: Kept, folder: Path):
    qunyun("codes", "import", "coupon", csv(folder, CODES))
    kept.give(200)
    kept.say("兑换 书店券")

    asked = qunyun("codes", "drop", "coupon")
    dropped = qunyun("codes", "drop", "coupon", "--yes")

    assert (asked.code, dropped.code) == (2, 0)
    assert "1 codes of coupon were not given yet" in asked.err
    assert qunyun("codes", "list", "coupon").out == "club/coupon: 1 kept, 1 given, 0 free\n"
    assert "领完" in kept.say("兑换 书店券")
    again = qunyun("codes", "import", "coupon", csv(folder, CODES))
    assert "codes.csv:2: this code is kept already" in again.err
    assert "codes.csv:3" not in again.err


def test_a_code_that_lies_beside_the_pack_is_not_brought_as_well(kept: Kept, folder: Path):
    write(kept.sop, {"codes.csv": "BOOK-AAAA-0002\n"})
    kept.bind(PACK.replace("kind: code,", "kind: code, codes: codes.csv,"))

    said = qunyun("codes", "import", "coupon", csv(folder, CODES))

    assert "codes.csv:3: this code is in the file beside the pack, too" in said.err
