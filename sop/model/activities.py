"""What members do together: open conversations, entries, votes, sign-ups, lists."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread(Record):
    """Something that is open in a group for a while, and that members take part in.

    `kind` is ask, questions, share, game, collect, vote, signup or challenge; `name` is what the
    pack calls it where others refer to it, else empty. `version` is that of the pack it was
    opened under; its rules hold until it is closed.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    step: str
    kind: str
    title: str
    text: str
    opened_at: int
    closes_at: int
    status: str = "open"
    name: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreadReply(Record):
    """A member's counted reply in a thread: one each."""

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    at: int
    message_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot(Record):
    """What somebody has chosen in a vote, as the option's number; the last word counts.

    In a secret vote the choice is sealed, and emptied with its time when the vote is over.
    """

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    choice: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Signup(Record):
    """Somebody's place in a sign-up, or that of the companion `guest` whom they bring.

    status: in, waiting (for a place), noted (until it opens for everybody), gone. `number` is
    the order in which they came; `noted`: they came before it was open for them, and were placed
    since. `came_at` is when they were seen at the event, 0 unknown.
    """

    KEY = ("community", "thread", "person", "guest")
    community: str
    thread: int
    person: int
    guest: str = ""
    number: int
    status: str
    at: int
    noted: bool = False
    came_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment(Record):
    """Somebody takes part in a challenge, which is a thread; kept for ever.

    status: active, left (by their own word), completed. `joined` and `days` are local dates
    (ISO): when they came, and which days they did; `made_up` counts the missed days they made
    up. Those of one `team` (a number, 0 for none) do it together.
    """

    KEY = ("community", "thread", "person")
    community: str
    thread: int
    person: int
    group: str
    joined: str
    days: tuple[str, ...] = ()
    made_up: int = 0
    team: int = 0
    status: str = "active"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item(Record):
    """A numbered contribution in a group: question, answer, share, topic, day, or collected entry.

    Of an entry, `category` and `team` are what it was given for, `about` is whom it names or who
    sees to it; `sop.activities.collecting` knows its statuses. An anonymous one has no `person`,
    and neither its message nor its hour: see `HiddenAuthor`.
    """

    KEY = ("community", "group", "number")
    community: str
    group: str
    number: int
    kind: str
    person: int
    text: str
    at: int
    message_id: str
    parent: int = 0
    thread: int = 0
    status: str = "open"
    category: str = ""
    team: str = ""
    about: int = 0

    @property
    def source(self) -> str:
        """What names it for ever, as the source of deeds and the target of likes."""
        return f"item:{self.group}:{self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class HiddenAuthor(Record):
    """Who gave an anonymous entry; nothing shows it but the abuse path, which leaves a note.

    `due_at` is the local midnight at which the entry is booked in a sum, 0 before it is shown
    and when that is done.
    """

    KEY = ("community", "group", "number")
    community: str
    group: str
    number: int
    person: int
    thread: int
    due_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Relay(Record):
    """A list people signed one after the other (接龙), as somebody brought it.

    status: asked (for what it is), proposed (task `task`), done or rejected. `mark` is its
    title's fingerprint, `target` what it becomes: `checkin`, or a kind and a thread. Later copies
    of one list have the `root` of the first one that was booked. `choices` are what may be
    meant, as (group, target). `counted` is who was meant, by the key of each nickname.
    """

    KEY = ("community", "id")
    community: str
    id: int
    by: int
    at: int
    group: str
    title: str
    mark: str
    text: str
    status: str = "asked"
    target: str = ""
    task: int = 0
    root: int = 0
    choices: tuple[tuple[str, str], ...] = ()
    counted: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Nickname(Record):
    """Whom a nickname of a group's lists means; `name` is its key: `sop.activities.relays`."""

    KEY = ("community", "group", "name")
    community: str
    group: str
    name: str
    person: int
    shown: str
    at: int
