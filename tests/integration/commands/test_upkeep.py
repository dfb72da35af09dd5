"""`qunyun verify` and `replay`: on the database of a bot that does not run."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.clock.due import event_of
from bot.dispatcher import Dispatcher
from bot.intake.writer import Job, Writer
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.routes import ROUTES, Route
from handlers.ports import Context, Outcome
from sop.events import Event, MessageReceived, StepDue
from sop.model import DeadEvent, LedgerEntry, Occurrence, Outgoing, Person
from storage import database as databases
from storage.database import Database
from tests.builders import EVENING, message
from tests.integration.commands.running import qunyun
from tests.unit.bot.folders import write

PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
score: {window: 30d, earn: {checkin: {points: 2}}}
levels: [{id: new, title: 新友, at: 0}, {id: friend, title: 书友, at: 2}]
steps:
  - {id: evening, when: "20:00 daily", missed: all, grace: 90d, do: [{post: 晚上好}]}
"""
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular: [{id: g1, channels: {sandbox: g1}}]
"""
CLEAN = "the ledger bears out every balance, score and level\n"


class Kept:
    """The database of a bot that has stopped."""

    def __init__(self, folder: Path) -> None:
        sop = folder / "data" / "sop"
        sop.mkdir(parents=True)
        write(sop, {"club.yaml": PACK, "groups.yaml": GROUPS})
        self.path = folder / "data" / "qunyun.db"
        self.library = Library(sop, Abilities())
        assert self.library.reload(), self.library.problems
        self.now = EVENING - 1
        self.handle(*self.library.enforcements(self.now))
        self.now = EVENING

    def handle(self, *events: Event, routes: Any = ROUTES) -> None:
        dispatcher = Dispatcher(routes, self.library.book_of, lambda: self.now)
        self.do(*(dispatcher.job(event) for event in events))

    def do(self, *jobs: Job) -> list[Any]:
        database = Database(f"sqlite:///{self.path}")
        database.migrate()
        done = Writer(database).run(list(jobs))
        database.close()
        assert [each.error for each in done] == [None] * len(jobs)
        return [each.result for each in done]

    def find(self, kind: type[Any], **where: Any) -> list[Any]:
        (found,) = self.do(Job(run=lambda store: list(store.find(kind, **where))))
        return list(found)

    def put(self, *records: Any) -> None:
        self.do(*(Job(run=lambda store, each=each: store.put(each)) for each in records))


@pytest.fixture
def kept(folder: Path) -> Kept:
    return Kept(folder)


def checkin(key: str, sender: str = "li") -> MessageReceived:
    return message("签到", key=key, sender=sender, mentions_bot=True)


def breaking(kind: type[Event]) -> Any:
    def handler(_event: Any, _context: Context) -> Outcome:
        raise ZeroDivisionError("哎呀")

    return ((kind, Route("broken", handler)),)


def test_an_honest_ledger_is_borne_out(kept: Kept):
    kept.handle(checkin("1"), checkin("2", "wang"), checkin("3"))

    assert qunyun("verify") == (0, CLEAN, "")


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"balance": 3}, "balance 3, the ledger says 2"),
        ({"score": 7}, "score 7, the ledger says 2"),
        ({"level": "new"}, "level 'new', the score says 'friend'"),
        ({"streak": 9}, "streak 9 up to 2026-12-02, the ledger says 1 up to 2026-12-02"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) else None,
)
def test_a_figure_that_was_tampered_with_is_found(
    kept: Kept, wrong: dict[str, Any], sentence: str
):
    kept.handle(checkin("1"), checkin("2", "wang"))
    (person,) = kept.find(Person, userid="li")
    kept.put(replace(person, **wrong))

    code, out, err = qunyun("verify")

    assert (code, err.strip()[-13:]) == (1, "difference(s)")
    assert f"person {person.id}: {sentence}" in out
    assert {line.partition(":")[0] for line in out.splitlines()} == {f"person {person.id}"}


def test_an_entry_that_is_gone_is_found(kept: Kept):
    kept.handle(checkin("1"))
    kept.do(Job(run=lambda store: store.remove(LedgerEntry)))  # type: ignore[attr-defined] # the overlay's own

    assert qunyun("verify").code == 1
    assert kept.find(LedgerEntry) == []


def test_verifying_changes_nothing(kept: Kept):
    kept.handle(checkin("1"))
    before = kept.find(Person)
    qunyun("verify")

    assert kept.find(Person) == before


def test_a_dead_event_is_handled_again_and_counted_once(kept: Kept):
    kept.handle(checkin("1"), routes=breaking(MessageReceived))
    assert kept.find(LedgerEntry) == []

    code, out, err = qunyun("replay")

    assert (code, out, err) == (0, "1: handled\n1 dead event(s)\n", "")
    assert [entry.points for entry in kept.find(LedgerEntry)] == [2]
    assert "签到成功" in "".join(each.body.get("text", "") for each in kept.find(Outgoing))
    assert qunyun("replay").out == "0 dead event(s)\n"
    kept.handle(checkin("1"))
    assert len(kept.find(LedgerEntry)) == 1


def test_a_dead_occurrence_is_handled_again(kept: Kept):
    (row,) = [each for each in kept.find(Occurrence, step="evening") if each.due_at == EVENING]
    kept.handle(event_of(row, EVENING), routes=breaking(StepDue))
    assert kept.find(Occurrence, due_at=EVENING, step="evening")[0].status == "dead"

    code, out, _ = qunyun("replay")

    assert (code, out.splitlines()[-1]) == (0, "1 dead event(s)")
    assert kept.find(Occurrence, due_at=EVENING, step="evening")[0].status == "done"
    assert [each.body["text"] for each in kept.find(Outgoing)] == ["晚上好"]


def test_an_event_that_dies_again_stays_dead_and_holds_up_no_other(kept: Kept):
    lost = replace(checkin("1"), community="gone")
    kept.handle(lost, checkin("2"), routes=breaking(MessageReceived))

    code, out, _ = qunyun("replay")

    assert code == 1
    assert "1: died again: LookupError: no pack is in force" in out
    assert "2: handled" in out
    assert [each.key_ for each in kept.find(DeadEvent, replayed_at=0)] == ["1"]


@pytest.mark.parametrize("payload", ["<xml/>", "null", '"x"', "[" * 9_000, "{}", '{"event": []}'])
def test_what_never_was_an_event_is_told_and_ends_nothing(kept: Kept, payload: str):
    kept.put(DeadEvent(key_="u", community="", at=1, payload=payload, error="no sender"))

    code, out, err = qunyun("replay")

    assert (code, err) == (1, "")
    assert "no sender" in out.splitlines()[0]


def test_without_bindings_there_is_nothing_to_work_on(folder: Path):
    for command in ("verify", "replay"):
        code, out, err = qunyun(command)

        assert (code, out) == (2, "")
        assert "there are no bindings" in err


def test_unusable_settings_are_all_told(folder: Path):
    (folder / ".env").write_text("PORT=x\nTZ=Nowhere\n", "utf-8")
    for command in ("verify", "replay"):
        code, out, err = qunyun(command)

        assert (code, out) == (2, "")
        assert "PORT" in err
        assert "TZ" in err


def spoil(path: Path) -> None:
    path.write_bytes(b"this is no database, only so long that it looks like one. " * 40)


def newer(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("update alembic_version set version_num = '9999'")
    connection.commit()
    connection.close()


@pytest.mark.parametrize("harm", [spoil, newer])
@pytest.mark.parametrize("command", ["verify", "replay"])
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    kept: Kept, command: str, harm: Callable[[Path], None]
):
    for beside in kept.path.parent.glob("qunyun.db-*"):
        beside.unlink()
    harm(kept.path)

    code, out, err = qunyun(command)

    assert (code, out) == (2, "")
    assert err.startswith("the database cannot be used: ")
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("command", ["verify", "replay"])
def test_a_database_that_somebody_else_writes_to_is_told_in_a_sentence(
    kept: Kept, command: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(databases.Database.__init__.__kwdefaults__, "busy_timeout_ms", 20)
    kept.handle(checkin("1"), routes=breaking(MessageReceived))
    other = sqlite3.connect(kept.path, isolation_level=None)
    other.execute("begin immediate")
    try:
        code, out, err = qunyun(command)
    finally:
        other.close()

    assert (code, out) == (2, "")
    assert err == "the database cannot be used: database is locked\n"
    assert len(kept.find(DeadEvent, replayed_at=0)) == 1
