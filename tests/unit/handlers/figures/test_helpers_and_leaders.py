"""Who does the human tasks and what leaders bring about: for who runs the group, by name."""

from dataclasses import replace

from handlers.figures import task_figures, telling
from sop.figures import report as reporting
from sop.figures.report import Helper
from sop.model import Invitation, Leader, LeaderChange, Thread, ThreadReply
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, life
from tests.unit.handlers.figures.weeks import PACK, WEEK, entry, fill, report, task

LEADERS = 'leaders: {tiers: [{id: one, title: 新星, keep: {score: ">= 1"}}]}\n'


def test_the_weeks_tasks_are_told_with_how_soon_they_were_done_and_what_waits_however_old():
    opened = EVENING - DAY
    with life(PACK) as club:
        fill(
            club, builders.person(1, name="小管"), builders.person(2, name="小助"),
            task(1, status="done", taken_by=1, taken_at=opened + HOUR, closed_by=2,
                 closed_at=opened + 4 * HOUR, due_at=EVENING),
            task(2, status="approved", closed_by=2, closed_at=opened + 3 * HOUR, due_at=opened),
            task(3, status="void", closed_at=opened),
            task(4, created_at=EVENING - 3 * WEEK, due_at=EVENING - 2 * WEEK),
            task(5, created_at=EVENING - 2 * WEEK, status="done", closed_by=1, closed_at=EVENING),
        )  # fmt: skip
        found = report(club)
        told = telling.full(found, club.book.zone)

    tasks = found.tasks
    assert (tasks.opened, tasks.done, tasks.in_time, tasks.settled) == (3, 2, 1, 1)
    assert (tasks.waiting, tasks.overdue) == (1, 1)
    assert (tasks.taken_ms, tasks.done_ms) == (2 * HOUR, 3.5 * HOUR)
    assert tasks.helpers == (Helper(name="小管", done=1), Helper(name="小助", done=1))
    assert "待办：最近 7 天新任务 3 项，做完 2 项，还在等 1 项（其中到时间的 1 项）" in told
    assert "小助" in told
    assert "小助" not in telling.for_group(found)


def test_only_the_newest_tasks_are_looked_at_and_that_is_said():
    most = task_figures.MOST
    with life(PACK) as club:
        fill(club, *map(task, range(1, most + 2)))
        found = report(club)

        assert (found.tasks.opened, found.tasks.least) == (most, True)
        assert f"新任务 至少 {most} 项" in telling.full(found, club.book.zone)


def test_a_leader_is_told_with_what_they_opened_whom_they_brought_and_how_they_answer():
    led = LeaderChange(
        community=COMMUNITY, id=1, person=6, group=GROUP, at=EVENING - DAY, what="led",
        reason="ask", body={"thread": 1},
    )  # fmt: skip
    with life(PACK + LEADERS) as club:
        fill(
            club, builders.person(6, role="staff", name="阿秋"),
            builders.person(7, role="leader"),
            *(builders.person(each) for each in (1, 2)),
            *(builders.member(each) for each in (1, 2, 6, 7)),
            Leader(
                community=COMMUNITY, person=6, group=GROUP, status="serving", tier="one", since=1
            ),
            led, replace(led, id=2, at=EVENING - 2 * WEEK),
            Thread(
                community=COMMUNITY, id=1, group=GROUP, step="", kind="ask", title="", text="",
                opened_at=EVENING - DAY, closes_at=EVENING,
            ),
            ThreadReply(community=COMMUNITY, thread=1, person=1, at=EVENING, message_id="m"),
            Invitation(
                community=COMMUNITY, guest=2, inviter=6, group=GROUP, at=EVENING - DAY,
                joined_at=EVENING - DAY,
            ),
            entry(6, "share", EVENING - HOUR, 5),
        )  # fmt: skip
        found = report(club)
        told = telling.full(found, club.book.zone)

    named, plain = sorted(found.leaders, key=lambda each: each.brought is None)
    assert named.brought is not None
    assert (named.brought.tier, named.brought.led, named.brought.took_part) == ("新星", 1, 1)
    assert (named.brought.brought, named.points, plain.brought) == (1, 5, None)
    assert "阿秋（新星）：分享 1；积分 5；发起 1 件事、1 人参加；带来 1 位新人" in told
    assert "阿秋" not in telling.for_group(found)
    assert reporting.plain(found)["leaders"][0]["coverage"]["known"] == "all"
