"""Who people are: their ids, what is known of them, where they stand and how they got there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sop.frozen import quick
from sop.model.record import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record):
    """A platform id (lower-cased) belongs to a person of the community."""

    KEY = ("community", "userid")
    community: str
    userid: str
    person: int
    shown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact(Record):
    """The community in which a platform id last used, or named, in a private chat."""

    KEY = ("userid",)
    userid: str
    community: str
    at: int


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Person(Record):
    """One person in one community: standing and everything counted per person.

    `userid` is the platform id to reach them by. `balance` is the sum of the ledger; `score`
    is the standing as last computed at `scored_at`. `tallies` maps deed to (period, awards in
    it); `lifetime` lists deeds paid once. `recent` holds the last normalised paid texts,
    `active` the last local dates (ISO) with a message that was not struck, newest last.
    `streak` counts the days checked in one after the other, up to the date `streak_on`.
    `also` are further platform ids of theirs, lower-cased. Who was found to be somebody else
    remains as a name alone: `merged_into` is that person, 0 for everybody who stands.
    `paid_until` is when `paid` ends by itself, 0 never. `boards` holds what leaderboards rank,
    see `sop.standing.boards`. `pointed_at` is when they were last pointed to the help.
    """

    KEY = ("community", "id")
    community: str
    id: int
    userid: str
    name: str = ""
    role: str = "member"
    balance: int = 0
    score: int = 0
    scored_at: int = 0
    level: str = ""
    layer: str = "regular"
    layer_since: int = 0
    paid: bool = False
    paid_until: int = 0
    birthday: str = ""
    muted_until: int = 0
    contact_at: int = 0
    pointed_at: int = 0
    nudges_off: bool = False
    unranked: bool = False
    invited_by: int = 0
    invite_paid: bool = False
    tallies: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    lifetime: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    active: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    boards: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    merged_into: int = 0
    streak: int = 0
    streak_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Newcomer(Record):
    """How far somebody is who joined where newcomers are asked; kept for ever.

    status: asked, waiting (for people), trial, full, refused. `asked` is the number of the
    question they are to answer, `again`: it was put to them twice. `passed` counts the answers
    that do. `at` is when they joined `group`, `until` when their trial is over.
    """

    KEY = ("community", "person")
    community: str
    person: int
    group: str
    at: int
    status: str
    asked: int = 0
    again: bool = False
    answers: tuple[str, ...] = ()
    passed: int = 0
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityMerge(Record):
    """Two persons were found to be one: what was `gone`'s is `into`'s since `at`.

    `body` is what a split needs: both persons before and the one after, memberships, and which
    records have moved. `split_at` is 0 while it holds; `by` is 0 where an operator did it.
    """

    KEY = ("community", "id")
    community: str
    id: int
    into: int
    gone: int
    at: int
    by: int = 0
    split_at: int = 0
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BadgeHeld(Record):
    """A badge somebody was given, for ever; by a `step`, or (empty) because they earned it."""

    KEY = ("community", "person", "badge")
    community: str
    person: int
    badge: str
    at: int
    group: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelReached(Record):
    """A level somebody has risen to, and when for the first time: it is told them once."""

    KEY = ("community", "person", "level")
    community: str
    person: int
    level: str
    at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentSpell(Record):
    """Somebody belonged to a segment from the night `since` on; `until` is 0 while they do."""

    KEY = ("community", "person", "segment", "since")
    community: str
    person: int
    segment: str
    since: int
    until: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentDay(Record):
    """What a night's look at the segments found: by segment, who is in, who not, who unknown.

    `members` were looked at; `day` is the local date (ISO).
    """

    KEY = ("community", "day")
    community: str
    day: str
    at: int
    members: int = 0
    found: Mapping[str, tuple[int, int, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeasonStanding(Record):
    """What a person had in a season that is over; kept for ever. Seasons: `sop.pack.season`."""

    KEY = ("community", "season", "person")
    community: str
    season: str
    person: int
    points: int
    level: str
    at: int
