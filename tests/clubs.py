"""A club with its groups and people in a real database, for tests of commands."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from handlers import commands
from handlers.people import people
from handlers.ports import Context, Outcome, Store
from sop.book import Book
from sop.events import MessageReceived
from sop.model import Group, Member, Message, Person, Task
from sop.text import fingerprint
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import rolled_back

MENTIONS_ONLY = {"aibot": GROUP}
"""Hears what is said to it, reaches nobody in private."""


@dataclass
class Club:
    """A community with one group of an owner and a member (li), run by `book`."""

    store: Store
    book: Book
    li: Person

    def group(self, name: str = GROUP, **fields: Any) -> Group:
        """Store a group, by default one where everything is heard and people can be reached."""
        made = builders.group(id=name, **{"owner": "boss", **fields})
        self.store.put(made)
        return made

    def member(self, userid: str, name: str = "", *, of: str = GROUP, **fields: Any) -> Person:
        """Store a person, and (unless `of` is empty) their membership."""
        person = replace(people.person_of(self.store, COMMUNITY, userid, name), **fields)
        self.store.put(person)
        if of and self.store.get(Member, COMMUNITY, of, person.id) is None:
            self.store.put(builders.member(person.id, group=of))
        return person

    def person(self, userid: str) -> Person:
        found = people.find_person(self.store, COMMUNITY, userid)
        assert found is not None
        return found

    def message(self, text: str, sender: str = "li", **fields: Any) -> MessageReceived:
        return builders.message(text, sender=sender, **fields)

    def context(self, event: MessageReceived) -> Context:
        return builders.context(
            self.store, self.book, group_id=event.group, now=event.at,
            person_id=people.person_of(self.store, COMMUNITY, event.sender).id,
        )  # fmt: skip

    def say(self, text: str, sender: str = "li", **fields: Any) -> Outcome:
        """What the commands make of a message."""
        event = self.message(text, sender, **fields)
        return commands.run_command(event, self.context(event))


def book(pack: str = "", *, files: Mapping[str, bytes] | None = None) -> Book:
    return builders.book(builders.HEAD + pack, bot_name="晨晨", files=files or {})


@contextmanager
def opened(pack: str = "", *, files: Mapping[str, bytes] | None = None) -> Iterator[Club]:
    """A club whose writes are forgotten at the end."""
    with rolled_back() as store:
        club = Club(store, book(pack, files=files), builders.person(0))
        club.group()
        club.member("boss", "群主")
        club.li = club.member("li", "李四")
        yield club


def told(outcome: Outcome) -> str:
    """Everything that was answered, in the group or aside."""
    return "\n".join(action.text for action in outcome.actions if action.do == "reply")


def aloud(outcome: Outcome) -> str:
    """What the group can read."""
    return "\n".join(
        action.text
        for action in outcome.actions
        if action.do == "post" or (action.do == "reply" and not action.private)
    )


def kinds(outcome: Outcome) -> list[str]:
    return [action.do for action in outcome.actions]


def say_aloud(club: Club, userid: str, text: str, message_id: str, at: int = EVENING - 1) -> None:
    """Keep a message that was heard in the group, of nobody known where `userid` is empty."""
    club.store.put(
        Message(
            community=COMMUNITY,
            id=club.store.number(COMMUNITY, "message"),
            group=GROUP,
            person=club.person(userid).id if userid else 0,
            at=at,
            message_id=message_id,
            text=text,
            fingerprint=fingerprint(text),
        )
    )


def task(club: Club) -> Task:
    """Return the newest task."""
    return club.store.find(Task, community=COMMUNITY, order="-id", limit=1)[0]
