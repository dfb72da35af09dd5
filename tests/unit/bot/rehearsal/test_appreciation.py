"""What a script's likes and shares do is what the members' commands do."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.rehearsal import plays
from bot.rehearsal.recorded import read_past
from bot.rehearsal.script import instant, read_script
from bot.rehearsal.stage import COMMUNITY, Stage
from sop.model import Group
from storage.database import Database
from tests import builders
from tests.acceptance.rehearsing import play

PACK = """\
score:
  earn:
    share: {points: 10}
    story: {points: 8}
    like-given: {points: 1}
    like-received: {points: 2}
steps:
  - {id: loved, when: {likes: 2}, do: [{post: "{{ member.name }} 得到两个赞"}]}
recognition: {within: 1h, of: [share], by: staff}
"""

FOUNDED = {
    "at": "2026-12-01T08:00:00+08:00", "event": "group.created", "group": "g", "owner": "boss",
    "members": ["boss", "li", "wang"], "names": {"boss": "群主", "li": "李四", "wang": "王五"},
}  # fmt: skip
SHARED = {
    "at": "2026-12-01T09:00:00+08:00", "event": "share", "group": "g", "member": "li",
    "text": "今天读完了第三章", "id": "s1",
}  # fmt: skip


def told(*lines: dict[str, Any], until: str = "12:00") -> list[dict[str, Any]]:
    return play(
        builders.book(PACK), [FOUNDED, *lines],
        "2026-12-01T07:00:00+08:00", f"2026-12-01T{until}:00+08:00",
    )  # fmt: skip


def like(of: str, member: str = "boss", clock: str = "09:05") -> dict[str, Any]:
    return {
        "at": f"2026-12-01T{clock}:00+08:00", "event": "like", "group": "g", "member": member,
        "of": of,
    }  # fmt: skip


def points(lines: list[dict[str, Any]]) -> list[tuple[str, str, int]]:
    return [
        (line["member"], line["deed"], line["points"]) for line in lines if line["do"] == "points"
    ]


@pytest.mark.parametrize("of", ["s1", "1", "今天读完了第三章"], ids=["id", "number", "text"])
def test_a_share_is_numbered_and_a_like_of_it_pays_both(of: str):
    lines = told(SHARED, like(of))

    assert points(lines) == [
        ("li", "share", 10), ("li", "like-received", 2), ("boss", "like-given", 1),
    ]  # fmt: skip
    assert [line["text"] for line in lines if line["do"] == "reply"] == [
        "李四 的分享 1 记下了，谢谢！喜欢就引用它说「赞」，或发「赞 1」。"
    ]
    assert [line["at"][11:16] for line in lines if line["do"] == "post"] == ["09:10"]
    assert "task" not in {line["do"] for line in lines}


def test_enough_likes_begin_the_step_of_its_author():
    lines = told(SHARED, like("s1"), like("s1", "wang", "09:06"))

    assert [line["text"] for line in lines if line.get("step") == "loved"] == ["李四 得到两个赞"]


def test_a_share_that_nobody_sees_becomes_a_task():
    lines = told(SHARED)

    (task,) = [line for line in lines if line["do"] == "task"]
    assert (task["at"][11:16], task["to"], task["member"]) == ("10:00", "staff", "li")


def test_an_entry_is_a_story_of_the_members():
    entry = {**SHARED, "event": "entry", "text": "我和一本书的故事"}

    assert points(told(entry)) == [("li", "story", 8)]


def test_a_shorter_rehearsal_is_the_beginning_of_a_longer_one():
    lines = [SHARED, like("s1"), like("s1", "wang", "09:06")]
    longer = told(*lines)

    assert told(*lines, until="09:10") == [line for line in longer if line["at"][11:16] < "09:10"]


def test_days_with_likes_are_played_again_as_they_were(tmp_path: Path):
    lines = [FOUNDED, {**SHARED, "id": "s1"}, like("s1"), like("s1", "wang", "09:06")]
    second = {**SHARED, "at": "2026-12-02T09:00:00+08:00", "text": "第四章也读完了", "id": "s2"}
    later = [
        second,
        {**like("s2"), "at": "2026-12-02T09:05:00+08:00"},
        {**like("s2", "wang"), "at": "2026-12-02T09:06:00+08:00"},
    ]
    since = instant("2026-12-02T00:00:00+08:00", "")
    until = instant("2026-12-03T00:00:00+08:00", "")
    database = Database(f"sqlite:///{tmp_path / 'live.db'}")
    database.migrate()
    stage = Stage(builders.book(PACK), database=database)
    cues = read_script(map(json.dumps, [*lines, *later]))
    really = list(stage.play(cues, instant("2026-12-01T07:00:00+08:00", ""), until))
    stage._batch.commit()

    def read(store: Any) -> Any:
        group = store.get(Group, COMMUNITY, "g")
        return read_past(store, group, builders.book(PACK), since, until)

    past = database.read(read)
    database.close()

    with plays.running(plays.of_past(past), builders.book(PACK), lambda _: None) as (_, found):
        replayed = list(found)
    wanted = [each for each in really if instant(each["at"], "") >= since]
    assert points(replayed) == points(wanted)
    assert points(wanted)[0] == ("li", "share", 10)
    assert len(points(wanted)) > 1
