"""People of a pack: layers, leaders, recognition, care and admission. Durations are ms."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from sop.fields.comparison import ComparedNow, ComparedShare, ComparedTime
from sop.fields.pack_part import Part
from sop.fields.pack_types import (
    Count,
    DurationMs,
    Id,
    Items,
    LevelId,
    OneOrMany,
    Percent,
    RateText,
    SpanText,
    Table,
    Text,
    Word,
)
from sop.pack.pack_actions import DAY_MS, Recipient
from sop.pack.pack_conditions import Conditions, Deed, Layer


class Core(Part):
    """The core group: who enters, who leaves, how many and who says so.

    `min_stay_ms` also delays re-entry. `size` None: no bound. With `keep_regular` a promoted
    member stays in the regular groups.
    """

    enter: Conditions
    leave: Conditions | None = None
    min_stay_ms: DurationMs = Field(default=0, alias="min_stay")
    size: Count | None = None
    approve: Literal["auto", "owner"] = "owner"
    keep_regular: bool = False


class Layers(Part):
    """`benefits` lists what a layer gets: benefit ids, or prose that nobody delivers."""

    core: Core | None = None
    benefits: Table[Layer, Items[Text]] = Field(default_factory=dict)


class LeaderVote(Part):
    """Ballots are counted after `for_ms`; `pass_` is the share of ayes needed."""

    for_ms: DurationMs = Field(default=3 * DAY_MS, alias="for")
    quorum: Count = 1
    pass_: Percent = Field(default=0.5, alias="pass")


class Keep(Part):
    """What a leader must show at a review to keep the tier."""

    score: ComparedNow | None = None
    posts: ComparedNow | None = None
    answers: ComparedNow | None = None
    answer_time: ComparedTime | None = None
    circle_retention: ComparedShare | None = None
    claims: ComparedNow | None = None


class Tier(Part):
    """A rank of leaders, lowest first in the list."""

    id: Id
    title: Text
    benefits: Items[Text] = ()
    duties: Table[str, RateText] = Field(default_factory=dict)
    may: Table[str, RateText] = Field(default_factory=dict)
    keep: Keep = Keep()


class StaffRole(Part):
    """A duty that members of a level may take over for a term."""

    level: LevelId | None = None
    term_ms: DurationMs | None = Field(default=None, alias="term")


class Leaders(Part):
    """How members become leaders, and what leaders owe and may do."""

    apply: Conditions = Conditions()
    vote: LeaderVote | None = None
    probation_ms: DurationMs = Field(default=0, alias="probation")
    tiers: Items[Tier] = ()
    duties: Table[str, RateText] = Field(default_factory=dict)
    may: Table[str, RateText] = Field(default_factory=dict)
    charter: str = ""
    staff: Table[Id, StaffRole] = Field(default_factory=dict)


class Badge(Part):
    """A badge for whoever fulfils `if_`; `brings` names benefits."""

    id: Id
    title: Text
    if_: Conditions = Field(default=Conditions(), alias="if")
    brings: Items[Text] = ()


class Circle(Part):
    """A small circle around a tag."""

    tag: Word
    leader: Text | None = None
    group: Text | None = None


class Recognition(Part):
    """Contributions that somebody shall answer within a time, else it becomes a task."""

    within_ms: DurationMs = Field(default=3 * 3_600_000, alias="within")
    of: Items[Deed] = ("share", "story", "introduce")
    by: Literal["experienced", "leader", "staff", "owner"] = "experienced"
    else_: Literal["task", "none"] = Field(default="task", alias="else")


def of_hearable(value: object) -> object:
    """Take the words after a share away."""
    if isinstance(value, str):
        return value.removesuffix("of hearable").strip()
    return value


class StrongSignal(Part):
    """An entry liked so often, or by that share of the members that can be heard."""

    likes: Count
    or_share: Annotated[Percent, BeforeValidator(of_hearable)] | None = Field(
        default=None, alias="or"
    )


class WeakSignal(Part):
    """An entry with fewer likes than that after a time."""

    likes: Count
    after_ms: DurationMs = Field(default=DAY_MS, alias="after")


class Signal(Part):
    """What the echo of an entry brings."""

    strong: StrongSignal | None = None
    weak: WeakSignal | None = None
    then: Mapping[Literal["strong", "weak"], Literal["task", "dm", "post"]] = Field(
        default_factory=dict
    )


class Grade(Part):
    """Questions that need another answer: by words, or (`paid`) by who asks."""

    says: OneOrMany[Word] = ()
    to: Recipient = "staff"
    due_ms: DurationMs = Field(alias="due")


class Care(Part):
    """Every question is owed an answer within a time, counted in the hours of `within`."""

    answer_within_ms: DurationMs = Field(alias="answer_within")
    within: SpanText | None = None
    grades: Table[Id, Grade] = Field(default_factory=dict)


class AdmissionQuestion(Part):
    """A question to a newcomer; `want` are words a good answer holds."""

    ask: Text
    want: OneOrMany[Word] = ()


class Admission(Part):
    """Questions before or after joining, who approves, and a time of trial."""

    questions: Items[AdmissionQuestion] = ()
    approve: Literal["auto", "staff"] = "auto"
    trial_ms: DurationMs | None = Field(default=None, alias="trial")
