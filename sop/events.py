"""What happened, in the past tense: the only way anything enters the program.

A vendor's words end at the door: an edge translates them into one of these frozen values.
Instants are integer milliseconds UTC; ids of people are the ids their platform gives (`userid`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.frozen import quick
from sop.model import Group


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyRoute:
    """How an answer to one message may travel back; empty fields are ways that do not exist.

    `waiting` says that a request is held open for a passive answer; `response_url` (WeCom AI bot)
    works once; `req_id` answers on the AI bot's long connection; `webhook_url` belongs to the
    robot that heard the message.
    """

    waiting: bool = False
    response_url: str = ""
    req_id: str = ""
    webhook_url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened. `key` is unique for ever: the same key again is a repeat.

    `community` names the lane the event is handled in; `group` is empty for what happened
    in private or to the community as a whole.
    """

    key: str
    community: str
    group: str = ""
    at: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReceived(Event):
    """A member said something, in a group or (group empty) to the bot alone.

    `text` is what the member typed, without a leading `@Bot`. `quote` is the quoted text,
    `quote_id` its message id where the channel tells. `mentions` are ids or shown names. `codes`
    are what QR codes in its pictures say, as far as these could be had and read; `looked` is
    empty where nobody looked, `yes`, or why one was not read: `large`, `lost`.
    """

    sender: str
    text: str
    message_id: str
    channel: str
    mentions_bot: bool = False
    mentions: tuple[str, ...] = ()
    quote: str = ""
    quote_id: str = ""
    has_image: bool = False
    codes: tuple[str, ...] = ()
    looked: str = ""
    name: str = ""
    route: ReplyRoute = field(default_factory=ReplyRoute)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberJoined(Event):
    """`member` came into the group; `by` invited them, where known.

    `moved` says that the program itself moved them there: no newcomer to be welcomed.
    """

    member: str
    name: str = ""
    by: str = ""
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberLeft(Event):
    """`member` is no longer in the group; `removed` when somebody took them out.

    `moved` says that the program itself moved them to another group of the community.
    """

    member: str
    removed: bool = False
    moved: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCreated(Event):
    """The app made the group, or its owner opened it; `members` do not count as joining."""

    owner: str = ""
    members: tuple[str, ...] = ()
    staff: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupAdopted(Event):
    """Staff took over a group that lived before the bot: the pack runs it from now on."""

    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrival:
    """How somebody came into a group: when (0: not known), brought by whom, by what.

    `scene` is direct (put in by hand), link, qr, or empty.
    """

    at: int = 0
    by: str = ""
    scene: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterFetched(Event):
    """Who is in the group, by id, as of `asked_at` (0: as of `at`): what was known later stands.

    `last_look_at` is when the roster before it was last seen unchanged, 0 where nobody knows.
    `staff`, `arrivals` (by member) and `version` are empty where the platform does not tell them.
    """

    owner: str
    members: tuple[str, ...]
    names: Mapping[str, str] = field(default_factory=dict)
    asked_at: int = 0
    last_look_at: int = 0
    staff: tuple[str, ...] = ()
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    version: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterHinted(Event):
    """A platform says that a group's roster has changed, without saying it reliably enough.

    `version` is the mark of what it is now, `before` of what it was; both are empty where the
    platform does not say. `dismissed`: the whole group is no more.
    """

    version: str = ""
    before: str = ""
    dismissed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportMade(Event):
    """The answer to the action `reckon`: the figures of the group (see `sop.figures.report`).

    `wish` is what the action wanted: kind, to, picture, and the step it belongs to.
    """

    figures: Mapping[str, Any]
    wish: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepDue(Event):
    """The clock reached an occurrence. `kind` is `step`, or names a deadline of the program's own.

    (community, group, kind, step, subject, cause, due_at) is unique: a restart or a second
    clock cannot make it happen twice. `due_at` is when it was due, `at` when it is handled.
    """

    kind: str
    step: str
    subject: str
    cause: str
    due_at: int

    @property
    def occurrence(self) -> tuple[str, str, str, str, str, str, int]:
        """The key of the occurrence it is about."""
        return (
            self.community,
            self.group,
            self.kind,
            self.step,
            self.subject,
            self.cause,
            self.due_at,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PackEnforced(Event):
    """A pack version came into force for the community; schedules follow it from now on.

    `groups` are all groups of the community as bound (their lived fields are ignored).
    """

    version: str
    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PackRefused(Event):
    """An edit cannot be used, what was in force stays: the first error's place and sentence.

    `more` is how many errors there are besides.
    """

    file: str
    line: int
    column: int
    message: str
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class PackMended(Event):
    """What could not be used is put right and in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryFailed(Event):
    """An action could not be delivered for good, or (`unknown`) its answer was lost."""

    action: int
    error: str
    unknown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskAnswered(Event):
    """Somebody answered a task. `choice` is approve, reject or done; `task` an id or `latest`."""

    task: str
    choice: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerAccepted(Event):
    """`member` accepted the answer `of` (message id, item number or text)."""

    member: str
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkOpened(Event):
    """The short link `code` was opened by a `platform`; `human`: by a person, as far as it looks.

    `visitor` and `network` are marks that tell apart who came, and from where, and nothing else.
    """

    code: str
    visitor: str = ""
    network: str = ""
    platform: str = "browser"
    human: bool = True
