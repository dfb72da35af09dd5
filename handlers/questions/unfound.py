"""What is listed where it is not certain which question or answer is meant: which there are."""

from collections.abc import Iterable, Sequence
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import asked
from handlers.replies import excerpt
from sop.model import Group, Item
from sop.texts import text

LISTED: Final = 5
"""Questions or answers listed to choose from."""

ANY: Final = 3
"""The number that is shown where no question is waiting."""

LENGTH: Final = 40
"""Characters of each that are shown."""


def questions(context: Context, group: Group, head: str) -> str:
    """Return the head, and which questions of others are waiting for an answer."""
    return _with_candidates(context, head, _waiting(context, group))


def example(context: Context, group: Group) -> int:
    """Return the number of a question that is waiting, for who is shown how to answer one."""
    return next((each.number for each in _waiting(context, group)), ANY)


def _waiting(context: Context, group: Group) -> Sequence[Item]:
    return context.store.find(
        Item, community=context.community, group=group.id, kind=asked.QUESTION,
        status__in=(*asked.WAITING, "answered"), person__ne=context.person_id,
        order="-number", limit=LISTED,
    )  # fmt: skip


def answers(context: Context, group: Group, head: str) -> str:
    """Return the head, and which answers the one who acts may accept."""
    own = {} if people.is_staff(context.person, group) else {"person": context.person_id}
    waiting = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.QUESTION,
        status="answered", order="-number", limit=LISTED, **own,
    )  # fmt: skip
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER,
        parent__in=[each.number for each in waiting], person__ne=context.person_id,
        order="-number", limit=LISTED,
    )  # fmt: skip
    return _with_candidates(context, head, found)


def candidate(context: Context, found: Item) -> str:
    """Return the line in which one is offered."""
    name = people.shown(people.current(context.store, context.community, found.person))
    return text(
        "threads.candidate", number=found.number, name=name, text=excerpt(found.text, LENGTH)
    )


def _with_candidates(context: Context, head: str, found: Iterable[Item]) -> str:
    listed = "\n".join(candidate(context, each) for each in found)
    return "\n".join(filter(None, (head, listed and text("threads.candidates", list=listed))))
