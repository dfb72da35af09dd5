"""What the playground shows of the bot's mind: members with their standing, and open tasks."""

from bot.web.playground import BotState, MemberState, TaskState, capabilities_of
from handlers.ledger.ledger import level_title_of
from handlers.people import people
from handlers.ports import Store
from sop import channels
from sop.book import Book
from sop.model import Group, Member, Person, Task

TASKS_SHOWN = 50


def read_state(store: Store, book: Book, community: str, group_id: str) -> BotState:
    """Return the group's state as its own store knows it."""
    group = store.get(Group, community, group_id)
    channels_of = group.channels if group else {}
    return BotState(
        title=group.title if group else group_id,
        pack=book.pack.title,
        hears_all=channels.hears_all(channels_of),
        members=tuple(_members(store, book, group)) if group else (),
        tasks=tuple(_tasks(store, community)),
        channels=tuple(channels_of),
        capabilities=capabilities_of(channels_of),
        timezone=book.pack.timezone,
        words=book.words,
    )


def _members(store: Store, book: Book, group: Group) -> list[MemberState]:
    found = []
    for member in store.find(Member, community=group.community, group=group.id, order="person"):
        person = store.get(Person, group.community, member.person)
        if person is None:
            continue
        found.append(
            MemberState(
                userid=person.userid,
                name=people.shown(person),
                present=not member.left_at,
                role=people.role_of(person, group),
                balance=person.balance,
                score=person.score,
                level=level_title_of(book, person),
                layer=person.layer,
            )
        )
    return found


def _tasks(store: Store, community: str) -> list[TaskState]:
    rows = store.find(Task, community=community, order="-id", limit=TASKS_SHOWN)
    return [
        TaskState(number=task.id, to=_to(store, task), text=task.text, status=task.status)
        for task in rows
    ]


def _to(store: Store, task: Task) -> str:
    person = store.get(Person, task.community, int(task.to)) if task.to.isdecimal() else None
    return person.userid if person else task.to
