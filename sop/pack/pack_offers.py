"""Offers of a pack: how seldom, who is left out to compare with, and when all of them stop."""

from pydantic import Field

from sop.fields.pack_part import Part
from sop.fields.pack_types import Count, DurationMs, Percent, RateText
from sop.times.durations import DAY_MS


class Guard(Part):
    """Offers stop in a group when, `within` a time, complaints or leaves reach these numbers.

    Both must also be `rise` times what they were in the time before.
    """

    within_ms: DurationMs = Field(default=7 * DAY_MS, alias="within")
    complaints: Count = 3
    leaves: Count = 5
    rise: Count = 2


class Offers(Part):
    """What holds for every offer; `holdout` members get none, so that lift can be told.

    `within` is how long after an offer a claim or an order may come of it.
    """

    holdout: Percent = 0.0
    per_member: RateText | None = None
    per_group: RateText | None = None
    within_ms: DurationMs = Field(default=7 * DAY_MS, alias="within")
    guard: Guard = Guard()
