"""Conditions: what must hold for a step to run, a member to qualify or a segment to match."""

from functools import cached_property
from typing import Final, Literal

from pydantic import Field

from sop.fields.comparison import Compared, ComparedNow, ComparedTime
from sop.fields.pack_part import Part
from sop.fields.pack_types import DurationMs, Items, LevelId, SegmentId, StepId, Table, Word

Layer = Literal["regular", "core"]
Role = Literal["member", "leader", "staff", "owner"]
Deed = Literal[
    "message",
    "introduce",
    "checkin",
    "reply",
    "share",
    "story",
    "photo",
    "wish",
    "snag",
    "thanks",
    "review",
    "idea",
    "question",
    "answer",
    "accepted",
    "like-given",
    "like-received",
    "comment",
    "featured",
    "spread",
    "invite",
    "win",
    "award",
    "redeem",
    "strike",
    "reversal",
    "fixed",
    "task",
]

NEEDS_HEARING: Final = ("introduced", "active_days", "last_seen")
"""Conditions that are unknown, not zero, where no channel of a group hears everything."""


class LikedIn(Part):
    """Counted likes a member received on items with one tag."""

    tag: Word
    count: Compared


class Conditions(Part):
    """All that are set must hold; without any, the conditions hold for everybody.

    `any` holds when one of its entries does. Comparisons with durations are in ms.
    """

    segment: SegmentId | None = None
    layer: Layer | None = None
    level: LevelId | None = None
    role: Role | None = None
    tag: Word | None = None
    paid: bool | None = None
    score: ComparedNow | None = None
    balance: ComparedNow | None = None
    active_days: Compared | None = None
    introduced: bool | None = None
    strikes: Compared | None = None
    value_posts: Compared | None = None
    recognised_ms: DurationMs | None = Field(default=None, alias="recognised")
    step_done: StepId | None = None
    tenure: ComparedTime | None = None
    last_seen: ComparedTime | None = None
    deeds: Table[Deed, Compared] = Field(default_factory=dict)
    liked_in: LikedIn | None = None
    any: Items["Conditions"] = ()

    @cached_property
    def asked(self) -> tuple[tuple[str, object], ...]:
        """What is asked, by the fields' names and in their order."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return tuple((name, value) for name, value in values if value not in (None, (), {}))

    @property
    def is_empty(self) -> bool:
        """Whether nothing is asked at all."""
        return not self.asked
