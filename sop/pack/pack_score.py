"""Score of a pack: what deeds earn and cost, levels, likes, and what points can buy."""

from collections.abc import Mapping
from typing import Annotated, Literal, cast

from pydantic import Field

from sop.fields.pack_part import Part
from sop.fields.pack_types import (
    CapText,
    Count,
    File,
    Id,
    Items,
    LastingMs,
    LevelId,
    Rate,
    RateOrLifetime,
    Table,
    Text,
    Whole,
)
from sop.pack.pack_conditions import Deed, Layer

Factor = Annotated[float, Field(gt=0, le=100, strict=False)]


class Earn(Part):
    """What one deed earns. `cap` counts awards per local day or ISO week."""

    points: Whole
    cap: CapText | None = None
    once: bool = False
    min_chars: Whole = 0
    distinct: Annotated[int, Field(ge=0, le=100)] = 0


class Lose(Part):
    """What one deed costs, as a positive number."""

    points: Whole
    cap: CapText | None = None


class Multiplier(Part):
    """Factors on what a paying member earns; a score of 1 keeps standing unbought."""

    balance: Factor = 1
    score: Factor = 1


class Score(Part):
    """`window_ms` None: everything ever earned stands; `half_life_ms` None: nothing fades."""

    window_ms: LastingMs | None = Field(default=None, alias="window")
    half_life_ms: LastingMs | None = Field(default=None, alias="half_life")
    earn: Table[Deed, Earn] = Field(default_factory=dict)
    lose: Table[Deed, Lose] = Field(default_factory=dict)
    paid_multiplier: Multiplier = Multiplier()

    def earned(self, deed: str) -> Earn | None:
        """Return what a deed brings; None for one that brings nothing, or that there is not."""
        return cast("Mapping[str, Earn]", self.earn).get(deed)

    def lost(self, deed: str) -> Lose | None:
        """Return what a deed costs; None for one that costs nothing, or that there is not."""
        return cast("Mapping[str, Lose]", self.lose).get(deed)


class Level(Part):
    """A level is reached with a score of `at`."""

    id: Id
    title: Text
    at: Whole


class Likes(Part):
    """How many likes a member may give a day, in all and to one person; None: no limit."""

    per_day: Count | None = None
    pair_per_day: Count | None = None
    distinct_days: bool = False


class Valid(Part):
    """How long a code is good for."""

    for_ms: LastingMs = Field(alias="for")


class Benefit(Part):
    """Something members can get. `stock` None: unlimited; `price` 0: a gift.

    `value` is a file beside the pack (kind file) or a web address; without `codes`, codes are
    generated.
    """

    id: Id
    title: Text
    kind: Literal["code", "file", "link", "quota", "service"]
    value: Text | None = None
    stock: Whole | None = None
    price: Whole = 0
    per_member: RateOrLifetime = Rate(1)
    levels: Items[LevelId] = ()
    layer: Layer | None = None
    codes: File | None = None
    by: Literal["leader", "staff"] | None = None
    approve: Literal["auto", "leader", "staff", "owner"] = "auto"
    valid: Valid | None = None
    fulfil: Literal["code", "task"] = "code"
    cost: Whole = 0
    calendar: str | None = None
    refers: str | None = None


class BenefitBudget(Part):
    """What benefits may cost in a calendar period."""

    per: Literal["day", "week", "month"] = "month"
    cost: Whole
