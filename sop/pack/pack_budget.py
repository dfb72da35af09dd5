"""How much the bot may start by itself, and when what is capped goes out together."""

from sop.fields.pack_part import Part
from sop.fields.pack_types import CapText, RateText, TimeMinute


class Budget(Part):
    """What the bot may start by itself: per group and per member and local day, and @all."""

    group: CapText | None = None
    member: CapText | None = None
    mention_all: RateText | None = None


class Bundle(Part):
    """Where sends are capped, the day's posts go out together at `at` (minute of the day)."""

    at: TimeMinute
    max: CapText | None = None
