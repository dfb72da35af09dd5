"""What a step can do: one model per action, chosen by the key that only that action has.

Campaigns and polls are in `sop.pack.pack_campaigns`. Adding an action is one model and one line in
`sop.pack.pack_steps.ACTIONS`. Durations are ms.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field

from sop.fields.pack_part import Part
from sop.fields.pack_types import (
    BenefitId,
    Count,
    DurationMs,
    File,
    OneOrMany,
    OneOrMore,
    PoolId,
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

    post: OneOrMore[Template]
    mention: OneOrMany[Text] = ()
    image: File | None = None
    link: Text | None = None
    card: Card | None = None


class DmAction(StepAction):
    """A private message to the step's member; several texts take turns."""

    dm: OneOrMore[Template]
    image: File | None = None
    link: Text | None = None
    card: Card | None = None


class Prepare(Part):
    """Ask a person for today's item `before_ms` ahead of the step's time."""

    by: Recipient = "staff"
    before_ms: DurationMs = Field(default=45 * MINUTE_MS, alias="before")


class DropAction(StepAction):
    """The next unused item of a pool (with `tag`: of those that carry it).

    What a person was asked to `prepare` comes first, `fallback` where there is nothing else.
    """

    UNDER = "drop"

    pool: PoolId
    tag: Word | None = None
    prepare: Prepare | None = None
    fallback: PoolId | None = None


class AskSource(Part):
    """Where a prompt comes from: texts that take turns, a pool, or the item just dropped."""

    texts: OneOrMore[Template] = ()
    pool: PoolId | None = None
    from_: Literal["item"] | None = Field(default=None, alias="from")


class Starter(Part):
    """Who primes a thread in which nobody spoke for `after_ms`."""

    after_ms: DurationMs = Field(default=20 * MINUTE_MS, alias="after")
    by: Recipient = "owner"


def texts_alone(value: object) -> object:
    """Take one or several texts for prompts that take turns."""
    return value if isinstance(value, Mapping) else {"texts": value}


def first_replies(value: object) -> object:
    """Read `first 3` as a number."""
    words = value.split() if isinstance(value, str) else []
    if len(words) == 2 and words[0] == "first" and words[1].isdecimal():  # noqa: PLR2004 - words
        return int(words[1])
    raise ValueError('must say how many replies the bot acknowledges, such as "first 3"')


class AskAction(StepAction):
    """A prompt that opens a thread; the first `ack` replies are acknowledged."""

    ask: Annotated[AskSource, BeforeValidator(texts_alone)]
    starter: Starter | None = None
    ack: Annotated[int, BeforeValidator(first_replies)] = 0
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


class OfferAction(StepAction):
    """A conversion node: the tracked link of a benefit, with its title or `text`, as a reply."""

    offer: BenefitId
    text: Template | None = None


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
