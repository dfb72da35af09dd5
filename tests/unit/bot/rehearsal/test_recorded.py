"""A group's days played again: as they were under the pack of then, and under another."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import plays, script
from bot.rehearsal.difference import differences
from bot.rehearsal.past import Past
from bot.rehearsal.recorded import day_begins, read_past
from bot.rehearsal.stage import COMMUNITY, Stage
from sop.book import Book
from sop.model import Group, Message
from sop.times.durations import DAY_MS
from storage.database import Database
from storage.retention import prune
from tests import builders

PACK = """\
score:
  window: 30d
  earn:
    message: {points: 1, cap: 3/day}
    checkin: {points: 2, cap: 1/day}
    introduce: {points: 5, once: true}
    question: {points: 2}
    answer: {points: 5}
    accepted: {points: 10}
    reply: {points: 3}
    invite: {points: 8}
  lose: {strike: {points: 4}}
levels: [{id: new, title: 新芽, at: 0}, {id: reader, title: 书友, at: 12}]
library: {morning: [早读 01, 早读 02, 早读 03, 早读 04, 早读 05, 早读 06, 早读 07, 早读 08]}
steps:
  - {id: morning, when: "08:00 daily", do: [{drop: morning}, {ask: [一, 二, 三], for: 12h}]}
  - {id: welcome, when: member.joined, do: [{post: "欢迎 {{ member.name }}"}]}
  - {id: nudge, when: member.joined + 1d at 10:00, unless: {introduced: true},
     do: [{dm: "{{ member.name }}，来打个招呼吧"}]}
  - {id: chore, when: "09:00 daily", do: [{task: {to: staff, text: 看看群}}]}
rules:
  checks: [{id: adverts, detect: words, any: [加微信]}]
  ladder: [remind-privately, remove]
  forget_after: 30d
"""

FIRST = script.instant("2026-12-01T00:00:00+08:00", "")
SINCE, UNTIL = FIRST + 2 * DAY_MS, FIRST + 4 * DAY_MS


def at(day: int, clock: str) -> str:
    return f"2026-12-0{day}T{clock}:00+08:00"


def said(day: int, clock: str, who: str, text: str, **fields: Any) -> dict[str, Any]:
    return {"at": at(day, clock), "group": "g", "from": who, "text": text, **fields}


def event(day: int, clock: str, kind: str, **fields: Any) -> dict[str, Any]:
    return {"at": at(day, clock), "event": kind, "group": "g", **fields}


DAYS: list[dict[str, Any]] = [
    event(1, "06:00", "group.created", owner="boss", members=["li", "wang", "sun"],
          names={"li": "李四", "wang": "王五", "sun": "孙六"}),
    said(1, "08:10", "li", "大家好，我是李四，喜欢历史"),
    said(1, "08:20", "wang", "想到了小时候"),
    said(1, "09:30", "sun", "加微信领红包", id="ad1"),
    said(1, "21:00", "li", "签到 一", mentions=["bot"]),
    said(2, "10:00", "li", "今天天气不错"),
    event(2, "20:00", "member.joined", member="zhao", name="赵七", by="li"),
    said(2, "21:00", "wang", "签到 二", mentions=["bot"]),
    # From here on it is played again.
    said(3, "08:30", "wang", "我想到的是坚持"),
    event(3, "09:10", "done", task="latest", by="boss"),
    event(3, "09:20", "member.joined", member="zhou", name="周八", by="wang"),
    said(3, "09:40", "zhou", "大家好，我是周八，请多关照", mentions=["bot"]),
    said(3, "10:10", "li", "提问 从哪本读起", id="q1", mentions=["bot"]),
    said(3, "10:20", "wang", "先读目录再说", id="a1", quote="q1"),
    said(3, "10:30", "li", "采纳", quote="a1", mentions=["bot"]),
    {"at": at(3, "11:00"), "from": "li", "text": "积分"},
    said(3, "12:00", "sun", "加微信领红包啦", id="ad2"),
    said(3, "13:00", "zhao", "加微信也可以吗", id="ad3"),
    event(3, "14:00", "member.left", member="zhao"),
    said(4, "08:05", "li", "签到 三", mentions=["bot"]),
    said(4, "08:06", "wang", "签到 四", mentions=["bot"]),
    said(4, "23:00", "wang", "晚安，明天见"),
]  # fmt: skip


def book(pack: str = PACK) -> Book:
    return builders.book(pack)


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, Any]]]:
    """A deployment's database after those days, and the lines they really brought."""
    path = tmp_path_factory.mktemp("live") / "qunyun.db"
    database = migrated(path)
    stage = Stage(book(), database=database)
    cues = script.read_script(map(json.dumps, DAYS))
    lines = list(stage.play(cues, FIRST, UNTIL))
    stage._batch.commit()
    database.close()
    return path, lines


def past_of(path: Path, of: Book | None = None, since: int = SINCE) -> Past:
    database = Database(f"sqlite:///{path}", as_found=True)

    def read(store: Any) -> Past:
        group = store.get(Group, COMMUNITY, "g")
        return read_past(store, group, of or book(), since, UNTIL)

    try:
        return database.read(read)
    finally:
        database.close()


def replayed(past: Past) -> list[dict[str, Any]]:
    with plays.running(plays.of_past(past), book(PACK), lambda _: None) as (_, lines):
        return list(lines)


def late(lines: list[dict[str, Any]], since: int = SINCE) -> list[dict[str, Any]]:
    return [line for line in lines if script.instant(line["at"], "") >= since]


def changes(past: Past, pack: str) -> list[dict[str, Any]]:
    before, after = plays.both(plays.of_past(past), book(), book(pack), lambda _: None)
    return list(differences(before, after))


@pytest.mark.parametrize("day", [2, 3, 4])
def test_under_the_pack_of_then_everything_comes_about_as_it_did(life: Any, day: int):
    path, lines = life
    since = FIRST + (day - 1) * DAY_MS

    assert replayed(past_of(path, since=since)) == late(lines, since)


def test_every_kind_of_line_really_was_among_them(life: Any):
    dos = {line["do"] for line in late(life[1])}

    assert {"post", "dm", "reply", "points", "strike", "remove", "task", "level"} <= dos


def test_the_same_pack_differs_in_nothing(life: Any):
    assert changes(past_of(life[0]), PACK) == []


def test_a_stricter_rule_says_who_would_have_been_warned(life: Any):
    stricter = PACK.replace("any: [加微信]", "any: [加微信, 晚安]")

    found = changes(past_of(life[0]), stricter)

    assert [(each["do"], each["member"]) for each in found if each.get("do") == "strike"] == [
        ("strike", "wang")
    ]
    (person,) = [each for each in found if each["change"] == "person"]
    assert (person["member"], person["old"]["warned"], person["new"]["warned"]) == ("wang", 0, 1)


def test_without_the_rule_who_was_removed_would_have_stayed(life: Any):
    milder = PACK.replace("any: [加微信]", "any: [加薇信]")

    found = changes(past_of(life[0]), milder)

    gone = [each for each in found if each.get("do") == "remove"]
    assert [(each["change"], each["member"]) for each in gone] == [("disappears", "sun")]


def test_more_points_change_levels_from_the_first_day_on(life: Any):
    richer = PACK.replace("checkin: {points: 2", "checkin: {points: 20")

    people = {
        each["member"]: each["new"]
        for each in changes(past_of(life[0]), richer)
        if each["change"] == "person"
    }

    assert people["li"]["balance"] - past_balance(life, "li") == 18
    assert people["wang"]["balance"] - past_balance(life, "wang") == 18


def past_balance(life: Any, who: str) -> int:
    points = [line for line in life[1] if line["do"] == "points" and line["member"] == who]
    return sum(line["points"] for line in points)


def test_a_new_step_is_posted_and_an_old_one_is_not(life: Any):
    other = PACK.replace('id: morning, when: "08:00 daily"', 'id: morning, when: "08:00 sun"')

    found = changes(past_of(life[0]), other)

    posts = [each for each in found if each.get("do") == "post"]
    assert {(each["change"], each["at"][:10]) for each in posts} == {
        ("disappears", "2026-12-03"), ("disappears", "2026-12-04"),
    }  # fmt: skip


def test_the_database_is_never_written_even_while_somebody_writes(life: Any):
    path = life[0]
    before = hashlib.sha256(path.read_bytes()).hexdigest()
    writer = Database(f"sqlite:///{path}")
    batch = writer.batch()
    try:
        past = past_of(path)
        replayed(past)
    finally:
        batch.rollback()
        writer.close()

    assert hashlib.sha256(path.read_bytes()).hexdigest() == before


def test_texts_that_are_gone_are_counted_and_not_made_up(life: Any, tmp_path: Path):
    copy = tmp_path / "old.db"
    copy.write_bytes(life[0].read_bytes())
    database = Database(f"sqlite:///{copy}")
    batch = database.batch()
    with batch.event() as store:
        prune(store, UNTIL + 30 * DAY_MS, retain_text_days=28, limit=10_000)
    batch.commit()
    database.close()

    past = past_of(copy)

    said_then = [line for line in DAYS if "text" in line and line["at"] >= at(3, "00:00")]
    assert past.coverage.messages == len(said_then)
    assert past.coverage.unknown == len(said_then)
    assert [cue for cue in past.cues if cue.kind == "message"] == []


def test_figures_of_what_is_known_are_given(life: Any):
    known = past_of(life[0]).coverage

    assert (known.unknown, known.hears_all, known.knows_members) == (0, True, True)
    assert known.strikes == 2


def test_where_only_mentions_were_heard_everything_was_said_to_the_bot(life: Any):
    path = life[0]
    database = Database(f"sqlite:///{path}", as_found=True)

    def read(store: Any) -> Past:
        group = store.get(Group, COMMUNITY, "g")
        return read_past(store, replace(group, channels={"link": "wrk"}), book(), SINCE, UNTIL)

    try:
        past = database.read(read)
    finally:
        database.close()

    assert not past.coverage.hears_all
    spoken = [cue.fields for cue in past.cues if cue.kind == "message" and "group" in cue.fields]
    assert spoken
    assert all("bot" in fields["mentions"] for fields in spoken)


def test_a_day_begins_at_the_local_midnight():
    zone = book().zone

    assert day_begins(FIRST + 5, zone) == day_begins(FIRST + DAY_MS - 1, zone) == FIRST


def test_the_bots_own_posts_are_not_played_as_messages(life: Any):
    database = Database(f"sqlite:///{life[0]}", as_found=True)
    try:
        kept = database.read(lambda store: store.count(Message, community=COMMUNITY))
    finally:
        database.close()

    assert kept > sum("text" in line for line in DAYS)
    senders = {cue.fields.get("from", "") for cue in past_of(life[0]).cues}
    assert senders <= {"", "li", "wang", "sun", "zhao", "zhou"}


def test_offers_of_before_count_for_the_caps_of_what_is_played_again(tmp_path: Path) -> None:
    pack = book(
        "benefits: [{id: class, title: 精读课, kind: quota}]\noffers: {per_member: 1/7d}\n"
        "steps: [{id: sell, when: {says: [怎么买]}, do: [{offer: class}]}]\n"
    )
    founded = event(1, "06:00", "group.created", owner="boss", members=["li"])
    asked = [said(day, "10:00", "li", f"怎么买 {day}") for day in (1, 3)]
    path = tmp_path / "qunyun.db"
    database = migrated(path)
    stage = Stage(pack, database=database)
    list(stage.play(script.read_script(map(json.dumps, [founded, *asked])), FIRST, UNTIL))
    stage._batch.commit()
    database.close()

    play = plays.of_past(past_of(path, pack))
    with plays.running(play, pack, lambda _cue: None) as (_, lines):
        assert [line.get("reason") for line in lines if line.get("step") == "sell"] == ["cap"]


def migrated(path: Path) -> Database:
    database = Database(f"sqlite:///{path}")
    database.migrate()
    return database
