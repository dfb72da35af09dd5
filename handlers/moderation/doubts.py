"""What may be an advert is shown to staff: one tap says whether it is one.

Until then nothing happens to the member, and nobody in the group learns of it. What staff say is
learned (see `learning`), and an appeal that is granted makes the words fine again.
"""

from collections.abc import Sequence
from typing import Final

from handlers.moderation import amends, learning, moderation
from handlers.moderation.passages import passage
from handlers.people import people
from handlers.ports import Context
from handlers.posting.outbox import LATE_MS
from handlers.tasks import tasks
from sop.actions import Action
from sop.detectors.verdicts import Verdict
from sop.detectors.wording import bare
from sop.events import MessageReceived
from sop.model import Group, Person, Strike, Task
from sop.text import hash_normal
from sop.texts import text

KIND: Final = "confirm-breach"
"""The kind of task; its `target` is the time and the id of the message."""

MOST: Final = 20
"""Questions that are open in a group at a time."""

_LEAST: Final = 8
"""Characters without ids, numbers and signs from which words can be told again."""


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
    """Open a task for the first doubtful verdict, one at a time for each member and group.

    A group has at most `MOST` of them: who is asked about hundreds answers none.
    """
    found = next((each for each in verdicts if each.doubtful and not each.observed), None)
    if found is None or context.now - event.at > LATE_MS or not _may_ask(context, group, person):
        return ()
    mark = _mark(found.plain) or f"{group.id}:{person.id}"

    def words(number: int) -> str:
        return text(
            "rules.doubt-task", name=people.shown(person), group=group.title or group.id,
            rule=moderation.rule_name(context, found.rule), number=number,
            text=passage(event.text, found),
        )  # fmt: skip

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, person=person.id, rule=found.rule,
        about=f"{KIND}:{mark}", target=f"{event.at} {event.message_id}",
        words=words,
    )  # fmt: skip


def _may_ask(context: Context, group: Group, person: Person) -> bool:
    asked = context.store.find(
        Task, community=context.community, group=group.id, status="open", kind=KIND
    )
    return len(asked) < MOST and all(each.person != person.id for each in asked)


def unlearn(context: Context, strike: Strike, by: int) -> None:
    """Learn that the words are fine for which a member was taken for an advertiser."""
    if learning.is_advert_rule(context, strike.rule):
        learning.teach_said(
            context, strike.group, moderation.Said(strike.at, strike.source), is_advert=False,
            by=by, source=f"strike:{strike.id}",
        )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Learn what staff say, and treat the message as a breach if it is one."""
    at, _, message_id = task.target.partition(" ")
    said = moderation.Said(int(at), message_id)
    lines = learn(context, task, said, choice)
    group = context.store.get(Group, context.community, task.group)
    person = people.current(context.store, context.community, task.person)
    if choice != "approve" or group is None or person is None:
        return lines
    return moderation.strike(context, group, person, task.rule, event=said)


def learn(context: Context, task: Task, said: moderation.Said, choice: str) -> tuple[Action, ...]:
    """Learn what staff say of a message in a task; make good what was done for fine words."""
    if not learning.is_advert_rule(context, task.rule):
        return ()
    before = learning.known(context)
    learning.teach_said(
        context, task.group, said, is_advert=choice == "approve", by=task.closed_by,
        source=f"task:{task.id}",
    )  # fmt: skip
    return () if choice == "approve" else amends.make(context, before)
