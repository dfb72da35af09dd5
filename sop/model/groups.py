"""Groups, who is in them, what was said there, and how people come, move and go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.frozen import quick
from sop.model.record import Record


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Group(Record):
    """A group as bound and as lived: `channels` maps channel kind to the chat's id there.

    `created_at` is when group.created (or `adopted_at`: group.adopted) fired, 0 before;
    `override` holds what the binding has otherwise than the pack, in the form of
    `sop.pack.inheritance` (quiet, skip, budget, bundle, rules, steps, texts).
    Advice that was accepted is a part of it, see `handlers.figures.adopting`.
    `spoken_at` is the last member message heard, `roster_at` when the roster was first known;
    `threads` are the open threads' ids, each with its kind.
    `owner` and `staff` are as bound, or (`…_learned`) as the platform has them; `chat_owner` is
    whose group it is there. `roster_asked_at` is when the newest roster was asked for.
    Until `raid_until` who came after `raid_since` is watched, and strictly where staff said so
    (see `sop.detectors.raids`).
    """

    KEY = ("community", "id")
    community: str
    id: str
    kind: str = "regular"
    title: str = ""
    owner: str = ""
    staff: tuple[str, ...] = ()
    channels: Mapping[str, str] = field(default_factory=dict)
    starts: str = ""
    override: Mapping[str, Any] = field(default_factory=dict)
    created_at: int = 0
    adopted_at: int = 0
    spoken_at: int = 0
    roster_at: int = 0
    owner_learned: bool = False
    staff_learned: bool = False
    chat_owner: str = ""
    roster_asked_at: int = 0
    threads: tuple[tuple[int, str], ...] = ()
    paused: bool = False
    retired: bool = False
    raid_since: int = 0
    raid_until: int = 0
    raid_strict: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterVersion(Record):
    """What is known of the versions of a group's roster, where its platform has such.

    They are opaque marks. `known` is the newest that was fetched, `told` the newest one told of,
    at `told_at` there; `tries` counts the fetches since that brought another one. `passed` are
    the last ones that were followed by others.
    """

    KEY = ("community", "group")
    community: str
    group: str
    known: str = ""
    told: str = ""
    told_at: int = 0
    tries: int = 0
    passed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardSince(Record):
    """Since when all that is said in a group is heard; 0: it is not, and silence is unknown."""

    KEY = ("community", "group")
    community: str
    group: str
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUp(Record):
    """A list of who was silent in a group for `days`, as `by` was shown it, and what came of it.

    status: previewed, confirmed, told, done, cancelled. `members` are the persons of the list;
    they were told at `told_at`, and those who said nothing until `ends_at` are taken out.
    """

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    by: int
    at: int
    days: int
    members: tuple[int, ...] = ()
    status: str = "previewed"
    told_at: int = 0
    ends_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CleanUpNotice(Record):
    """Somebody is told that they will be taken out, silent since `since`.

    status: waiting, stayed, removed, spared, gone, not-told (and therefore left alone).
    """

    KEY = ("community", "clean_up", "person")
    community: str
    clean_up: int
    person: int
    since: int
    status: str = "waiting"


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Member(Record):
    """A person in a group. `left_at` is 0 while present; `stint` counts memberships.

    `recent` holds (at, fingerprint) of the last messages, newest last, for flood and repeats.
    `came_at` is when they were seen to join, 0 where they were there before anybody looked.
    `substance` counts messages of some length that repeated nothing, up to `sop.trust.ENOUGH`.
    On the local date `strayed_on`, `strayed` messages were off the topic.
    """

    KEY = ("community", "group", "person")
    community: str
    group: str
    person: int
    joined_at: int
    left_at: int = 0
    stint: int = 1
    introduced_at: int = 0
    last_at: int = 0
    recent: tuple[tuple[int, str], ...] = ()
    came_at: int = 0
    substance: int = 0
    strayed: int = 0
    strayed_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerMove(Record):
    """A change of layer as it was meant: first `into` these groups, then `out_of` those.

    Who becomes regular again need be in one of the former only, and may be there already.

    status: open, done (rosters say so), broken (the person went elsewhere by themselves, or
    another move came in between), undone. `task` is the proposal that was agreed to by `by`, 0
    where the pack asks nobody; `layer` is the new one, `since` when the person's last one began.
    """

    KEY = ("community", "id")
    community: str
    id: int
    person: int
    layer: str
    into: tuple[str, ...]
    out_of: tuple[str, ...]
    at: int
    status: str = "open"
    group: str = ""
    step: str = ""
    task: int = 0
    by: int = 0
    since: int = 0
    closed_at: int = 0


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Record):
    """A message or post that was heard or sent; the text may be gone after RETAIN_TEXT_DAYS."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    person: int
    at: int
    message_id: str
    text: str
    fingerprint: str
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside(Record):
    """What a message carried beside its words; an ordinary one carries nothing, and has none.

    `addressed` is only noted where the bot hears what is not said to it, too. It lets a group's
    days be played again.
    """

    KEY = ("community", "message")
    community: str
    message: int
    at: int
    quote: str = ""
    quote_id: str = ""
    mentions: tuple[str, ...] = ()
    addressed: bool = False
    has_image: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(Record):
    """A decision worth keeping that is no delivery: held, dropped, error, layer, level."""

    KEY = ("community", "id")
    community: str
    id: int
    group: str
    at: int
    do: str
    body: Mapping[str, Any]
