"""Tasks as policy: what a list is asked for, when a task is due, and who is next."""

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.staff import consequences
from sop.actions import Button
from sop.activities import tasks
from sop.activities.commands import words_for
from sop.activities.tasks import Query
from sop.model import Task
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS, Span

ROOT = Path(__file__).parents[3]
ZONE = ZoneInfo("Asia/Shanghai")
NIGHT = Span(start_minute=23 * 60, end_minute=7 * 60)
EVENING = 1_796_212_800_000  # 2026-12-02 20:00 in Shanghai


def task(number: int = 1, **fields: object) -> Task:
    values: dict[str, object] = {
        "community": "c", "id": number, "group": "g", "kind": "step", "to": "staff", "text": "",
        "about": str(number), "created_at": EVENING, **fields,
    }  # fmt: skip
    return Task(**values)  # type: ignore[arg-type] # open fields


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("", Query()),
        ("12", Query(number=12)),
        ("#12 原文", Query(number=12, verbatim=True)),
        ("全部 第2页", Query(view="all", page=2)),
        ("逾期", Query(view="overdue")),
        ("审批 p3", Query(family="审批", page=3)),
        ("统计", Query(view="figures")),
        ("第0页", Query()),
    ],
)
def test_what_a_list_is_asked_for(said: str, query: Query):
    assert tasks.parse(said) == query


@pytest.mark.parametrize("said", ["还有很多", "12 13", "全部 12", "9" * 16, "第99999页", "原文"])
def test_other_words_ask_for_nothing(said: str):
    assert tasks.parse(said) is None


def test_every_kind_of_task_stands_in_a_family():
    sources = [path.read_text("utf-8") for path in (ROOT / "handlers").rglob("*.py")]
    opened = set()
    for text in sources:
        for call in re.findall(r"open_task\((.*?)about", text, re.DOTALL):
            opened |= set(re.findall(r'kind="([\w-]+)"', call))

    assert len(opened) > 20
    assert opened | set(consequences.TABLE) <= tasks.kinds()


def test_what_wants_a_yes_or_a_no_is_what_something_follows_from():
    assert tasks.decided() == set(consequences.TABLE)


def test_a_task_can_be_pressed_by_the_commands_of_its_pack():
    words = words_for({"done": ("搞定",), "take": ()})

    assert tasks.buttons("promote", 7, words_for()) == (
        Button("同意", "同意 7", "task:7"), Button("不同意", "拒绝 7", "task:7"),
    )  # fmt: skip
    # A pack may have taken a word away: there is nothing to press for it.
    assert tasks.buttons("step", 7, words) == (
        Button("做完了", "搞定 7", "task:7"),
        Button("做不了", "拒绝 7", "task:7"),
    )
    taken = tasks.buttons("step", 7, words_for(), taken=True)
    assert [each.label for each in taken] == ["做完了", "做不了"]
    # Its content stands behind the number, which no button can say.
    assert "做完了" not in {each.label for each in tasks.buttons("prepare", 7, words_for())}


@pytest.mark.parametrize(
    ("kind", "stated", "due"),
    [
        ("step", EVENING + HOUR_MS, EVENING + HOUR_MS),
        ("step", 0, EVENING + DAY_MS),
        ("question", 0, 0),
    ],
)
def test_a_task_is_due_when_it_says_or_within_a_day(kind: str, stated: int, due: int):
    assert tasks.due_at(kind, stated, EVENING, NIGHT, ZONE) == due


def test_what_would_be_due_at_night_is_due_in_the_morning():
    midnight = EVENING + 4 * HOUR_MS

    assert tasks.due_at("step", 0, midnight, NIGHT, ZONE) == midnight + DAY_MS + 7 * HOUR_MS
    odd = EVENING - 8 * MINUTE_MS
    assert tasks.due_at("step", 0, odd, NIGHT, ZONE) == EVENING + DAY_MS
    assert tasks.due_at("step", odd, EVENING, NIGHT, ZONE) == odd


@given(st.integers(1, 30 * DAY_MS))
def test_the_next_one_is_told_after_some_of_the_time_and_no_later_than_a_day(length: int):
    due = EVENING + length
    at = tasks.passed_on_at(task(due_at=due), None, ZONE)

    assert due + tasks.SHORTEST_GRACE_MS <= at <= due + tasks.LONGEST_GRACE_MS


@pytest.mark.parametrize(
    ("to", "told", "after"),
    [
        ("leader", (), ["staff", "owner"]),
        ("leader", ("staff",), ["owner"]),
        ("staff", (), ["owner"]),
        ("owner", (), ["staff"]),
        ("17", (), ["staff", "owner"]),
        ("staff", ("owner",), []),
    ],
)
def test_who_is_next(to: str, told: tuple[str, ...], after: list[str]):
    assert list(tasks.next_duties(task(to=to, told=told))) == after


@given(st.lists(st.integers(0, 40), max_size=40), st.integers(1, 99))
def test_pages_show_every_task_once_the_most_pressing_first(dues: list[int], asked: int):
    every = [task(n + 1, due_at=EVENING + due * HOUR_MS) for n, due in enumerate(dues)]
    found = tasks.shown(every, Query(view="all"), EVENING, ZONE, ())
    _, _, pages = tasks.page_of(found, 1)
    told = [each for n in range(1, pages + 1) for each in tasks.page_of(found, n)[0]]

    assert sorted(each.id for each in told) == [each.id for each in every]
    assert [each.due_at for each in told] == sorted(each.due_at for each in told)
    assert tasks.page_of(found, asked)[1] <= pages
