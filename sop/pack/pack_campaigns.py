"""What a step can start for many days: collections, challenges, events, polls, and their show.

Durations are ms.
"""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sop.fields.pack_part import Part
from sop.fields.pack_types import (
    BadgeId,
    BenefitId,
    CollectId,
    Count,
    DurationMs,
    Id,
    Items,
    StepId,
    Table,
    Text,
    Word,
)
from sop.pack.pack_actions import DAY_MS, StepAction
from sop.pack.pack_conditions import Conditions, Layer
from sop.times.event_times import EventTime, parse_event_time


class Team(Part):
    """Entries count for teams of `size`, called by the word `by`."""

    by: Word
    size: Count = 5


class Prize(Part):
    """A benefit for the `top` entries, or for every entry with so many `likes`."""

    top: Count | None = None
    likes: Count | None = None
    benefit: BenefitId


class CollectAction(StepAction):
    """A collection or campaign; without `id` it bears the id of its step."""

    UNDER = "collect"

    id: Id | None = None
    title: str = ""
    for_ms: DurationMs = Field(default=7 * DAY_MS, alias="for")
    kind: Literal["story", "photo", "checkin", "wish", "snag", "thanks", "review", "idea"] = (
        "story"
    )
    anonymous: bool = False
    review: bool = False
    per: Literal["entry", "person"] = "entry"
    team: Team | None = None
    nominate_ms: DurationMs | None = Field(default=None, alias="nominate")
    categories: Items[Word] = ()
    assign: Table[str, Text] = Field(default_factory=dict)
    goal: Count | None = None
    prizes: Items[Prize] = ()


class ChallengeAction(StepAction):
    """A plan of many days; `grace` is the number of days that may be made up.

    `digest` None: weekly where the bot can write to members, else daily.
    """

    UNDER = "challenge"

    id: Id | None = None
    title: str = ""
    days: Count
    daily: Word = "checkin"
    min_chars: Annotated[int, Field(ge=0)] = 0
    grace: Annotated[int, Field(ge=0)] = 0
    team: Count | None = None
    certificate: bool = False
    digest: Literal["daily", "weekly", "none"] | None = None


class FirstServed(Part):
    """Who may sign up before everybody else, and for how long."""

    layer: Layer = "core"
    for_ms: DurationMs = Field(default=DAY_MS, alias="for")


Event = Annotated[EventTime, BeforeValidator(parse_event_time)]


class SignupAction(StepAction):
    """An event: who comes, who waits, who was there.

    Names are taken for `for_ms`, at the longest until the event begins (`at`); without either
    for a week. Everybody may bring as many `companions`.
    """

    UNDER = "signup"

    id: Id | None = None
    title: str = ""
    for_ms: DurationMs | None = Field(default=None, alias="for")
    at: Event | None = None
    places: Count | None = None
    companions: Annotated[int, Field(ge=0, le=20)] = 0
    first: FirstServed | None = None
    waitlist: bool = False
    checkin: Literal["code"] | None = None


class ShowcaseAction(StepAction):
    """The best entries of a collection, quoted in the group."""

    UNDER = "showcase"

    of: CollectId
    pick: Count = 1
    by: Literal["likes", "votes", "staff"] = "likes"


class WallAction(StepAction):
    """A wall of stars."""

    wall: Text


class BookAction(StepAction):
    """A printable book of a collection."""

    book: CollectId


class BadgeAction(StepAction):
    """The step's member, or everybody who fulfils its conditions, gets a badge."""

    badge: BadgeId


def voters(value: object) -> object:
    """Take `all`, a layer or a role for the conditions that mean it."""
    if not isinstance(value, str):
        return value
    if value in {"core", "regular"}:
        return {"layer": value}
    return {} if value == "all" else {"role": value}


class VoteAction(StepAction):
    """A poll; `who` may vote (`all`, `core`, a role, or conditions).

    Its options are written down, or (`topics`) what members propose for that share day.
    """

    UNDER = "vote"

    title: str = ""
    options: Items[Word] = ()
    topics: StepId | None = None
    for_ms: DurationMs = Field(default=DAY_MS, alias="for")
    secret: bool = False
    quorum: Count | None = None
    who: Annotated[Conditions, BeforeValidator(voters)] = Conditions()
