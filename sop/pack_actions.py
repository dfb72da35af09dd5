"""What a step can do: one model per action, chosen by the key that only that action has.

Adding an action is one model and one line in `ACTIONS`. Durations are ms.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from sop.pack_conditions import Conditions, Layer
from sop.pack_types import (
    BadgeId,
    BenefitId,
    CollectId,
    Count,
    DurationMs,
    File,
    Id,
    Items,
    OneOrMany,
    Part,
    PoolId,
    Table,
    Template,
    Text,
    Url,
    Word,
)

MINUTE_MS: Final = 60_000
HOUR_MS: Final = 60 * MINUTE_MS
DAY_MS: Final = 24 * HOUR_MS

Recipient = Literal["owner", "staff", "leader"]


class StepAction(Part):
    """One entry of a step's `do`."""


class Card(Part):
    """A card with a button that opens `url`."""

    title: Template
    text: str = ""
    url: Url


class PostAction(StepAction):
    """A message to the group; several texts take turns.

    `mention` is empty, (`all`,), (`member`,) for the step's member, or user ids. `link` is a
    web address or a name under the pack's `links`.
    """

    post: OneOrMany[Template]
    mention: OneOrMany[Text] = ()
    image: File | None = None
    link: Text | None = None
    card: Card | None = None


class DmAction(StepAction):
    """A private message to the step's member; several texts take turns."""

    dm: OneOrMany[Template]
    image: File | None = None
    link: Text | None = None
    card: Card | None = None


class Prepare(Part):
    """Ask a person for today's item `before_ms` ahead of the step's time."""

    by: Recipient = "staff"
    before_ms: DurationMs = Field(default=45 * MINUTE_MS, alias="before")


class DropAction(StepAction):
    """The next unused item of a pool; `fallback` where `prepare` brought none."""

    UNDER = "drop"

    pool: PoolId
    prepare: Prepare | None = None
    fallback: PoolId | None = None


class AskSource(Part):
    """Where a prompt comes from: texts that take turns, a pool, or the item just dropped."""

    texts: OneOrMany[Template] = ()
    pool: PoolId | None = None
    from_: Literal["item"] | None = Field(default=None, alias="from")


class Starter(Part):
    """Who primes a thread in which nobody spoke for `after_ms`."""

    after_ms: DurationMs = Field(default=20 * MINUTE_MS, alias="after")
    by: Recipient = "owner"


def _texts_alone(value: object) -> object:
    return value if isinstance(value, Mapping) else {"texts": value}


def _first(value: object) -> object:
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[0] == "first" and words[1].isdecimal():  # noqa: PLR2004 - words
        return int(words[1])
    raise ValueError('must say how many replies the bot acknowledges, such as "first 3"')


class AskAction(StepAction):
    """A prompt that opens a thread; the first `ack` replies are acknowledged."""

    ask: Annotated[AskSource, BeforeValidator(_texts_alone)]
    starter: Starter | None = None
    ack: Annotated[int, BeforeValidator(_first)] = 0
    for_ms: DurationMs = Field(default=12 * HOUR_MS, alias="for")


class QuestionsAction(StepAction):
    """A Q&A slot; a question unanswered for `escalate_after_ms`, or at the end, is a task."""

    UNDER = "questions"

    title: str = ""
    for_ms: DurationMs = Field(default=HOUR_MS, alias="for")
    digest: bool = False
    escalate_after_ms: DurationMs | None = Field(default=None, alias="escalate_after")


class Invite(Part):
    """How hosts are found: the best `pick` by share deeds or score, `before_ms` ahead."""

    before_ms: DurationMs = Field(default=2 * DAY_MS, alias="before")
    pick: Count = 3
    by: Literal["share", "score"] = "share"


class ShareDayAction(StepAction):
    """An hour that experienced members host."""

    UNDER = "share_day"

    title: str = ""
    for_ms: DurationMs = Field(default=90 * MINUTE_MS, alias="for")
    invite: Invite | None = None


class GamePrize(Part):
    """What the winner gets."""

    points: Count | None = None
    benefit: BenefitId | None = None


class GameAction(StepAction):
    """A game; `pool` defaults to `riddles` or `quizzes` by the kind of game."""

    game: Literal["idiom-chain", "riddle", "quiz"]
    for_ms: DurationMs = Field(default=20 * MINUTE_MS, alias="for")
    pool: PoolId | None = None
    prize: GamePrize | None = None
    sound: bool = False


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
    """A plan of many days; `grace` is the number of days that may be made up."""

    UNDER = "challenge"

    id: Id | None = None
    title: str = ""
    days: Count
    daily: Word = "checkin"
    min_chars: Annotated[int, Field(ge=0)] = 0
    grace: Annotated[int, Field(ge=0)] = 0
    team: Count | None = None
    certificate: bool = False


class FirstServed(Part):
    """Who may sign up before everybody else, and for how long."""

    layer: Layer = "core"
    for_ms: DurationMs = Field(default=DAY_MS, alias="for")


class SignupAction(StepAction):
    """An event: who comes, who waits, who was there."""

    UNDER = "signup"

    id: Id | None = None
    title: str = ""
    places: Count | None = None
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


def _voters(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value in {"core", "regular"}:
        return {"layer": value}
    return {} if value == "all" else {"role": value}


class VoteAction(StepAction):
    """A poll; `who` may vote (`all`, `core`, a role, or conditions)."""

    UNDER = "vote"

    title: str = ""
    options: Items[Word]
    for_ms: DurationMs = Field(default=DAY_MS, alias="for")
    secret: bool = False
    quorum: Count | None = None
    who: Annotated[Conditions, BeforeValidator(_voters)] = Conditions()


class OfferAction(StepAction):
    """A conversion node: the tracked link of a benefit, as a reply."""

    offer: BenefitId


class TaskAction(StepAction):
    """Something only a person can do, with a deadline `due_ms` after the step ran."""

    UNDER = "task"

    to: Recipient = "staff"
    text: Template
    due_ms: DurationMs | None = Field(default=None, alias="due")


class ReviewAction(StepAction):
    """Computes proposals for layers or leaders."""

    review: Literal["layers", "leaders"]


class ReportAction(StepAction):
    """Figures of the day or week, optionally as a picture."""

    UNDER = "report"

    kind: Literal["daily", "weekly"] = "weekly"
    to: Literal["group", "owner", "staff"] = "group"
    picture: bool = False


class AwardAction(StepAction):
    """Points for the step's member, booked as the deed `award`."""

    award: Count


class TagAction(StepAction):
    """A tag for the step's member."""

    tag: Word


ACTIONS: Final[Mapping[str, type[StepAction]]] = {
    "post": PostAction,
    "dm": DmAction,
    "drop": DropAction,
    "ask": AskAction,
    "questions": QuestionsAction,
    "share_day": ShareDayAction,
    "game": GameAction,
    "collect": CollectAction,
    "challenge": ChallengeAction,
    "signup": SignupAction,
    "showcase": ShowcaseAction,
    "wall": WallAction,
    "book": BookAction,
    "badge": BadgeAction,
    "vote": VoteAction,
    "offer": OfferAction,
    "task": TaskAction,
    "review": ReviewAction,
    "report": ReportAction,
    "award": AwardAction,
    "tag": TagAction,
}
"""The distinguishing key of an action, and its model."""
