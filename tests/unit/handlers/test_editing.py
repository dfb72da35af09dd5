"""Edits that cannot be used: one task at a time, and a word when all is well again."""

from typing import Any

from sop.events import PackMended, PackRefused
from sop.model import Task
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import Life, life, of, texts


def refused(club: Life, mark: str = "1", **fields: Any) -> PackRefused:
    values = {"file": "club.yaml", "line": 7, "column": 3, "message": "x: unknown key", **fields}
    return PackRefused(key=f"refused:{mark}", community=COMMUNITY, at=club.now, **values)


def mended(club: Life) -> PackMended:
    return PackMended(key="mended", community=COMMUNITY, at=club.now)


def open_tasks(club: Life) -> list[Task]:
    return club.read(Task, status="open")


def test_staff_are_told_file_line_and_that_the_old_text_stays():
    with life() as club:
        (line,) = of(club.handle(refused(club, more=2)), "task")

        assert line.to == "staff"
        assert "club.yaml 第 7 行第 3 列" in line.text
        assert "原来的版本继续在用" in line.text
        assert "x: unknown key（另外还有 2 处）" in line.text


def test_another_error_takes_the_place_of_the_first():
    with life() as club:
        club.handle(refused(club))
        club.handle(refused(club, "2", line=9))

        (task,) = open_tasks(club)
        assert "第 9 行" in task.text


def test_the_same_event_again_opens_nothing():
    with life() as club:
        club.handle(refused(club))
        assert club.handle(refused(club)) == []


def test_when_it_is_put_right_the_task_goes_and_staff_hear_it():
    with life() as club:
        club.handle(refused(club))
        (line,) = club.handle(mended(club))

        assert (line.do, line.to) == ("dm", "staff")
        assert "新版本已经生效" in line.text
        assert open_tasks(club) == []


def test_where_nobody_is_reached_privately_the_list_has_it_and_nothing_more_is_said():
    with life(groups=[builders.group(channels={"aibot": "a"})]) as club:
        assert len(of(club.handle(refused(club)), "task")) == 1
        assert club.handle(mended(club)) == []


def test_a_group_that_reaches_people_is_the_one_that_tells():
    mute = builders.group(id="a", channels={"aibot": "a"})
    with life(groups=[mute, builders.group(id="b")]) as club:
        assert [each.group for each in club.handle(refused(club))] == ["b"]


def test_without_a_group_there_is_nobody_to_tell():
    with life(groups=[builders.group(retired=True)]) as club:
        assert texts(club.handle(refused(club))) == []
        assert texts(club.handle(mended(club))) == []
