"""Why staff did something to a member by hand: in their own words, as long as texts are kept."""

from typing import Final

from handlers.moderation import moderation
from handlers.ports import Context
from handlers.replies import excerpt
from sop.model import Reason, Strike

LONGEST: Final = 60
"""Characters of a reason that are kept and shown."""


def keep(context: Context, source: str, said: str) -> None:
    """Keep what staff gave as the reason for what is booked under a source."""
    if said:
        context.store.put(
            Reason(
                community=context.community, source=source, at=context.now,
                text=excerpt(said, LONGEST),
            )
        )  # fmt: skip


def given(context: Context, source: str) -> str:
    """Return the reason that staff gave; empty where they gave none, or it is forgotten."""
    found = context.store.get(Reason, context.community, source)
    return found.text if found is not None else ""


def of_strike(context: Context, strike: Strike) -> str:
    """Return what somebody was reminded for: the reason given, else what the rule is called."""
    own = given(context, f"strike:{strike.id}") if strike.rule == moderation.BY_HAND else ""
    return own or moderation.rule_name(context, strike.rule)
