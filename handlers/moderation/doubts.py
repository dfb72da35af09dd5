"""What may be an advert is shown to staff: one tap says whether it is one.

Until then nothing happens to the member, and nobody in the group learns of it. What staff said is
remembered by the answered task: the same words, disguised or with another number, are judged
alike in every group of the community, and an appeal that is granted makes them fine again.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.moderation import moderation
from handlers.people import people
from handlers.ports import Context
from handlers.posting.outbox import LATE_MS
from handlers.replies import excerpt
from handlers.tasks import tasks
from sop.actions import Action
from sop.detectors.unmasking import unmask
from sop.detectors.verdicts import Verdict, signal
from sop.detectors.wording import bare
from sop.events import MessageReceived
from sop.model import Group, Message, Person, Strike, Task
from sop.text import hash_normal
from sop.texts import text

KIND: Final = "confirm-breach"
"""The kind of task; its `target` is the time and the id of the message."""

_LEAST: Final = 8
"""Characters without ids, numbers and signs from which words can be told again."""

_ANSWERED: Final = ("approved", "rejected")


def settled(context: Context, verdicts: tuple[Verdict, ...]) -> tuple[Verdict, ...]:
    """Return the verdicts as staff have decided about the same words before."""
    if not any(each.plain and (each.violated or each.doubtful) for each in verdicts):
        return verdicts
    return tuple(_settled(context, each) for each in verdicts)


def _settled(context: Context, verdict: Verdict) -> Verdict:
    if not (verdict.violated or verdict.doubtful):
        return verdict
    task = _answer(context, _mark(verdict.plain))
    if task is None or task.rule != verdict.rule:
        return verdict
    broken = task.status == "approved"
    said = signal("staff", 1.0 if broken else -1.0, task.id)
    return replace(
        verdict, violated=broken, doubtful=False, confidence=float(broken),
        signals=(said, *verdict.signals),
    )  # fmt: skip


def _answer(context: Context, mark: str) -> Task | None:
    if not mark:
        return None
    found = context.store.find(
        Task, community=context.community, status__in=_ANSWERED, about=f"{KIND}:{mark}",
        order="-id", limit=1,
    )  # fmt: skip
    return found[0] if found else None


def _mark(plain: str) -> str:
    words = "".join(bare(plain).split())
    return hash_normal(words) if len(words) >= _LEAST else ""


def ask(
    event: MessageReceived,
    context: Context,
    group: Group,
    person: Person,
    verdicts: Sequence[Verdict],
) -> tuple[Action, ...]:
    """Open a task for the first doubtful verdict, one at a time for each member and group."""
    found = next((each for each in verdicts if each.doubtful and not each.observed), None)
    if found is None or context.now - event.at > LATE_MS or _is_asked(context, group, person):
        return ()
    mark = _mark(found.plain) or f"{group.id}:{person.id}"

    def words(number: int) -> str:
        return text(
            "rules.doubt-task", name=people.shown(person), group=group.title or group.id,
            rule=moderation.rule_name(context, found.rule), text=excerpt(event.text),
            number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, person=person.id, rule=found.rule,
        about=f"{KIND}:{mark}", target=f"{event.at} {event.message_id}",
        words=words,
    )  # fmt: skip


def _is_asked(context: Context, group: Group, person: Person) -> bool:
    found = context.store.find(
        Task, community=context.community, group=group.id, status="open", kind=KIND,
        person=person.id, limit=1,
    )  # fmt: skip
    return bool(found)


def unlearn(context: Context, strike: Strike) -> None:
    """Remember that the words are fine for which a member was taken for an advertiser."""
    checks = context.book.pack.rules.checks
    if not any(each.id == strike.rule and each.detect == "ads" for each in checks):
        return
    said = context.store.find(
        Message, community=context.community, group=strike.group, at=strike.at,
        message_id=strike.source,
    )  # fmt: skip
    mark = _mark(unmask(said[0].text).text) if said else ""
    if not mark:
        return
    context.store.put(
        Task(
            community=context.community,
            id=context.store.number(context.community, "task"),
            group=strike.group,
            kind=KIND,
            to="staff",
            text="",
            about=f"{KIND}:{mark}",
            rule=strike.rule,
            person=strike.person,
            status="rejected",
            created_at=context.now,
            closed_at=context.now,
        )
    )


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Treat the message as a breach, if staff say that it is one."""
    group = context.store.get(Group, context.community, task.group)
    person = context.store.get(Person, context.community, task.person)
    if choice != "approve" or group is None or person is None:
        return ()
    at, _, message_id = task.target.partition(" ")
    said = moderation.Said(int(at), message_id)
    return moderation.strike(context, group, person, task.rule, event=said)
