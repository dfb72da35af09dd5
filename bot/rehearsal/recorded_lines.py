"""What happened in a group, as the lines of a script: its messages, comings and answers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from bot.rehearsal.script import Cue
from handlers.tasks import tasks
from sop import channels
from sop.activities.commands import parse_command
from sop.book import Book
from sop.model import BOT, Aside, Group, Member, Message, Note, Person, Record, Strike, Task

OWN_DOING_MS: Final = 10 * 60_000
"""A leave so soon after a removal was decided, or a join after a move, was the bot's own doing."""

CHOICES: Final[Mapping[str, str]] = {status: choice for choice, status in tasks.CHOICES.items()}

CLOSING: Final = frozenset({"done", "approve", "reject"})
"""Commands that close a task: the task itself says so, and its number may be another one now."""

Happening = tuple[int, dict[str, Any]]
"""When something happened, and the fields of its line."""


@dataclass(frozen=True, kw_only=True)
class Happenings:
    """What is kept of a group's days; `later` is what was booked and decided about each person."""

    group: Group
    book: Book
    since: int
    until: int
    people: Mapping[int, Person]
    members: Sequence[Member]
    messages: Sequence[Message]
    asides: Mapping[int, Aside]
    closed: Sequence[Task]
    later: Mapping[int, Sequence[Record]]

    def cues(self) -> tuple[Cue, ...]:
        """Return the lines in order of time."""
        found = chain(self._messages(), self._comings(), self._answers())
        numbered = enumerate(sorted(found, key=lambda each: each[0]), 1)
        return tuple(
            Cue(number, at, str(fields.get("event", "message")), fields)
            for number, (at, fields) in numbered
        )

    def _messages(self) -> Iterator[Happening]:
        """What members said, with what it quoted and mentioned."""
        for each in self.messages:
            command = parse_command(each.text, self.book.words)
            closing = command is not None and command.name in CLOSING
            if each.person != BOT and each.text and not closing and each.person in self.people:
                fields = {
                    "group": each.group,
                    "from": self.people[each.person].userid,
                    "text": each.text,
                    "id": each.message_id,
                    **self._carried(each, self.asides.get(each.id)),
                }
                yield each.at, {name: value for name, value in fields.items() if value}

    def _carried(self, message: Message, aside: Aside | None) -> dict[str, Any]:
        """What is beside the words; where only mentions are heard, all was said to the bot."""
        only_mentions = bool(message.group) and not channels.hears_all(self.group.channels)
        bot = ["bot"] if only_mentions or (aside is not None and aside.addressed) else []
        if aside is None:
            return {"mentions": bot}
        return {
            "quote": aside.quote_id or aside.quote,
            "mentions": [*bot, *aside.mentions],
            "image": aside.has_image,
        }

    def _comings(self) -> Iterator[Happening]:
        """Who came and went; where no channel tells, a first word is no joining."""
        if not channels.knows_members(self.group.channels):
            return
        began = self.group.created_at or self.group.adopted_at
        for each in self.members:
            person = self.people.get(each.person)
            if person is None:
                continue
            who = {"group": self.group.id, "member": person.userid}
            own = list(_own_doings(self.later.get(each.person, ())))
            if self._in_these_days(each.joined_at, own) and each.joined_at != began:
                yield each.joined_at, {"event": "member.joined", **who, "name": person.name}
            if self._in_these_days(each.left_at, own):
                yield each.left_at, {"event": "member.left", **who}

    def _in_these_days(self, at: int, own: Sequence[int]) -> bool:
        by_bot = any(0 <= at - decided <= OWN_DOING_MS for decided in own)
        return self.since <= at < self.until and not by_bot

    def _answers(self) -> Iterator[Happening]:
        for task in self.closed:
            by = self.people.get(task.closed_by)
            if by is not None:
                fields = {"task": str(task.id), "about": task.about, "by": by.userid}
                yield (
                    task.closed_at,
                    {"event": CHOICES[task.status], "group": task.group, **fields},
                )


def _own_doings(rows: Iterable[Record]) -> Iterator[int]:
    """When the bot itself removed or moved somebody."""
    for row in rows:
        if isinstance(row, Strike) and row.measure == "remove":
            yield row.at
        if isinstance(row, Note):
            yield row.at - OWN_DOING_MS // 2
