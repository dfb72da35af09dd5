"""A group's weeks, written down at once, and what a report makes of them."""

from handlers.figures import making
from sop.figures import report as reporting
from sop.figures.report import Kind, Report
from sop.model import Comment, Item, LedgerEntry, Like, Member, Message, StepRun, Task
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, Life

WEEK = 7 * DAY

PACK = """
quiet: "22:30-07:30"
layers: {core: {enter: {score: ">= 10"}, leave: {score: "< 5"}}}
care: {answer_within: 4h}
steps:
  - {id: morning, title: 早读, when: "08:00 daily", do: [{post: 早}]}
  - {id: gone, when: "09:00 daily", do: [{post: 早}]}
"""
DEAF = builders.group(channels={"webhook": "w"})
ADDRESSED = builders.group(channels={"aibot": "b", "webhook": "w"})


def report(club: Life, kind: Kind = "weekly") -> Report:
    with club.acting() as context:
        assert context.group is not None
        found = making.report(context, context.group, kind)
    assert reporting.restored(reporting.plain(found)) == found
    return found


def fill(club: Life, *records: object) -> None:
    batch = club.database.batch()
    with batch.event() as store:
        for each in records:
            store.put(each)  # type: ignore[arg-type] # records, all of them
    batch.commit()


def came(number: int, at: int, **fields: object) -> Member:
    """A member who was seen to come."""
    return builders.member(number, joined_at=at, came_at=at, **fields)


def said(number: int, person: int, at: int) -> Message:
    return Message(
        community=COMMUNITY, id=number, group=GROUP, person=person, at=at,
        message_id=f"m{number}", text="好", fingerprint=f"{number}",
    )  # fmt: skip


def entry(person: int, deed: str, at: int, points: int = 1) -> LedgerEntry:
    return LedgerEntry(
        community=COMMUNITY, id=at, person=person, source=f"{deed}:{person}:{at}", deed=deed,
        group=GROUP, points=points, step="", version="v1", at=at,
    )  # fmt: skip


def item(number: int, person: int, kind: str = "share", **fields: object) -> Item:
    values = {
        "community": COMMUNITY, "group": GROUP, "number": number, "kind": kind, "person": person,
        "text": "今天读到 [好] 的一段", "at": EVENING - HOUR, "message_id": f"i{number}", **fields,
    }  # fmt: skip
    return Item(**values)  # type: ignore[arg-type] # of a table


def like(number: int, giver: int, author: int, status: str = "counted") -> Like:
    return Like(
        community=COMMUNITY, target=f"item:{GROUP}:{number}", giver=giver, author=author,
        group=GROUP, at=EVENING - HOUR, day="2026-12-02", status=status,
    )  # fmt: skip


def run(number: int, at: int, step: str = "morning") -> StepRun:
    return StepRun(
        community=COMMUNITY, id=number, group=GROUP, step=step, person=0, at=at, due_at=at
    )


def comment(number: int, person: int) -> Comment:
    return Comment(
        community=COMMUNITY, group=GROUP, number=number, person=person, text="说得好，谢谢你",
        at=EVENING, message_id="c",
    )  # fmt: skip


def task(number: int, **fields: object) -> Task:
    values = {
        "community": COMMUNITY, "id": number, "group": GROUP, "kind": "post", "to": "staff",
        "text": "x", "about": f"t{number}", "created_at": EVENING - DAY, **fields,
    }  # fmt: skip
    return Task(**values)  # type: ignore[arg-type] # of a table
