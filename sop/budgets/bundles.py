"""Owns posts that go out as one: which groups need it, when it is time, and what fits.

In a customer group every send costs a person a tap, and the platform caps them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sop import channels
from sop.actions import Action
from sop.budgets import budget
from sop.pack.pack_actions import QuestionsAction
from sop.pack.pack_steps import Step
from sop.times import localtime

LONGEST: Final = 4_000
"""Bytes of a message to a customer group (wecom-protocol, group messages: text)."""

BETWEEN: Final = "\n\n"


def is_wanted(step: Step, carriers: Mapping[str, str]) -> bool:
    """Tell whether the step's posts wait for the bundle in a group of these channels.

    They do where sends are capped or need a person's tap; not where an hour begins with them.
    """
    tapped = channels.way_for("post", carriers) is None or not channels.EXTERNAL.isdisjoint(
        carriers
    )
    timed = any(isinstance(action, QuestionsAction) for action in step.do)
    return tapped and not timed and budget.posts_from(step) > 0


def next_at(minute: int, after: int, zone: ZoneInfo) -> int:
    """Return the first instant at or after `after` at which a bundle goes out."""
    today = localtime.local_date(after, zone)
    at = localtime.instant(today, minute, zone)
    return at if at >= after else localtime.instant(today + timedelta(days=1), minute, zone)


def packed(posts: Sequence[Action]) -> tuple[Action | None, tuple[Action, ...]]:
    """Return one post made of several, in order, and those that do not fit in with it.

    A message has a longest text and carries one picture or file.
    """
    whole: Action | None = None
    left: list[Action] = []
    for post in posts:
        joined = post if whole is None else _joined(whole, post)
        if whole is not None and joined is None:
            left.append(post)
        else:
            whole = joined
    return whole, tuple(left)


def _joined(whole: Action, post: Action) -> Action | None:
    text = BETWEEN.join(filter(None, (whole.text, post.text)))
    carried = sum(1 for each in (whole, post) if each.image or each.file)
    if len(text.encode()) > LONGEST or carried > 1:
        return None
    everybody = "all" in whole.mention + post.mention
    mention = ("all",) if everybody else tuple(dict.fromkeys(whole.mention + post.mention))
    return replace(
        whole,
        text=text,
        mention=mention,
        image=whole.image or post.image,
        file=whole.file or post.file,
        expires_at=max(whole.expires_at or 0, post.expires_at or 0) or None,
    )
