"""Entries that wait for a yes, answered all at once: counted, confirmed, and then bit by bit.

What has come to wait since they were counted is not meant, nor what whoever answers has given.
Nobody is told anything at night, and each author once for all they gave.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.collections import entry_reviews, review_queue
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.replies import discreetly, stopping
from handlers.tasks import tasks
from handlers.threads import entries
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.model import BulkAnswer, Group, Item, Task
from sop.text import normalise
from sop.texts import quoted, text

AT_ONCE: Final = 50
"""Entries answered in one event, so that messages need not wait for all of them."""

MORE: Final = "answer-entries"
"""The kind of occurrence at which the next of them are answered."""

NAMED: Final = 20
"""Collections named when it is asked whether all is meant."""


@dataclass(frozen=True, slots=True)
class _Place:
    """What waits in one collection of one group; `title` is as it was said last."""

    group: Group
    step: str
    count: int
    title: str


def ask(context: Context, choice: str, name: str) -> str:
    """Return the question whether all that waits is meant, with how many there are.

    With a `name`, only of the collections or the group of that name. Empty where nothing waits
    that the person may decide.
    """
    last, waiting = _waiting(context)
    wanted = normalise(name)
    found = [each for each in waiting if not wanted or wanted in _names(each)]
    if not found:
        return ""
    context.store.put(
        BulkAnswer(
            community=context.community, id=context.store.number(context.community, "bulk-answer"),
            by=context.person_id, at=context.now, choice=choice, last=last,
            groups=tuple(each.group.id for each in found),
            steps=tuple(each.step for each in found),
        )
    )  # fmt: skip
    lines = (
        text("collect.bulk-line", title=each.title, group=_title(each.group), count=each.count)
        for each in found[:NAMED]
    )
    count, word = sum(each.count for each in found), context.book.words.shown("confirm")
    head = text(f"collect.bulk-all-{choice}", count=count)
    return "\n".join((head, *lines, text("collect.bulk-how", word=word)))


def _waiting(context: Context) -> tuple[int, list[_Place]]:
    """Return the newest task there is of them, and what waits, the fullest collection first."""
    here = (context.group,) if context.group is not None else ()
    groups = [
        group
        for group in here or places.own_groups(context, staff=True)
        if people.is_staff(context.person, group)
    ]
    counts: Counter[tuple[str, str]] = Counter()
    newest: dict[tuple[str, str], tuple[int, str]] = {}
    rows = context.store.rows(
        Task, ("id", "group", "step", "target"), community=context.community, status="open",
        kind=review_queue.KIND, group__in=[group.id for group in groups],
        person__ne=context.person_id,
    )  # fmt: skip
    for number, group_id, step, target in rows:
        counts[group_id, step] += 1
        newest[group_id, step] = max(newest.get((group_id, step), (0, "")), (number, target))
    by_id = {group.id: group for group in groups}
    found = [
        _Place(
            by_id[group_id], step, count, _title_of(context, group_id, newest[group_id, step][1])
        )
        for (group_id, step), count in counts.most_common()
    ]
    return max((number for number, _ in newest.values()), default=0), found


def _title_of(context: Context, group_id: str, entry: str) -> str:
    item = context.store.get(Item, context.community, group_id, int(entry))
    thread = entries.thread_of(context, item.thread) if item is not None else None
    return quoted(thread.title) if thread is not None else ""


def _names(place: _Place) -> tuple[str, ...]:
    return normalise(place.title).strip("「」"), normalise(_title(place.group))


def confirm(event: MessageReceived, context: Context, found: BulkAnswer) -> Outcome:
    """Begin with what was asked about; the first are answered at once, by day."""
    context.store.put(replace(found, status="confirmed"))
    _plan(context, found, found.groups[0], context.now + 1)
    return stopping(discreetly(event, context, text("collect.bulk-begun")))


def go_on(event: StepDue, context: Context) -> Outcome:
    """Answer the next of them, and tell those authors who have no more that wait."""
    found = context.store.get(BulkAnswer, context.community, int(event.subject))
    if not deadlines.settle(event, context) or found is None or found.status != "confirmed":
        return Outcome()
    context = replace(context, person_id=found.by)
    group, waiting = _next(context, found)
    if group is None:
        context.store.put(replace(found, status="done"))
        return Outcome(_told(context, found))
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None or group.id != event.group:
        _plan(context, found, group.id, asleep.until if asleep else context.now + 1)
        return Outcome()
    context.store.put(replace(found, done=found.done + len(waiting)))
    _plan(context, found, group.id, context.now + 1)
    return Outcome(tuple(_answered(context, group, found, waiting)))


def _plan(context: Context, found: BulkAnswer, group_id: str, due: int) -> None:
    scheduling.plan(context, group_id, MORE, due, subject=str(found.id))


def _next(context: Context, found: BulkAnswer) -> tuple[Group | None, Sequence[Task]]:
    """Return the next entries of one collection, and its group; by author, whom it tells once."""
    for group_id, step in zip(found.groups, found.steps, strict=True):
        group = context.store.get(Group, context.community, group_id)
        if group is None or group.retired or not people.is_staff(context.person, group):
            continue
        waiting = context.store.find(
            Task, order="person", limit=AT_ONCE, **_where(context, found, group_id, step)
        )
        if waiting:
            return group, waiting
    return None, ()


def _where(context: Context, found: BulkAnswer, group_id: str, step: str) -> dict[str, object]:
    return {
        "community": context.community, "group": group_id, "step": step, "status": "open",
        "kind": review_queue.KIND, "id__le": found.last, "person__ne": found.by,
    }  # fmt: skip


def _answered(
    context: Context, group: Group, found: BulkAnswer, waiting: Sequence[Task]
) -> Iterator[Action]:
    told: dict[str, Action] = {}
    for task in waiting:
        tasks.answer(context, task, found.choice, found.by, {})
        lines = entry_reviews.settle(context, task, found.choice)
        if lines is not None:
            yield from lines
            told.update(
                {line.to: line for line in entry_reviews.tell(context, task, found.choice)}
            )
    last = waiting[-1]
    more = _where(context, found, group.id, last.step) | {"person": last.person}
    if last.person and context.store.count(Task, **more):
        told.pop(str(last.person), None)
    if channels.can(group.channels, "dm"):
        yield from told.values()


def _told(context: Context, found: BulkAnswer) -> tuple[Action, ...]:
    """Tell who asked for it that all are answered, where that can be told to them alone."""
    group = context.group
    if group is None or not channels.can(group.channels, "dm"):
        return ()
    words = text("collect.bulk-done", count=found.done)
    return (Action(do="dm", group=group.id, to=str(found.by), text=words),)


def _title(group: Group) -> str:
    return group.title or group.id
