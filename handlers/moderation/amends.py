"""Words that are no advert after all: whoever was struck for nothing but them is forgiven.

They were learned as an advert and are no more, or people have said that they are fine.
"""

from typing import Final

from handlers.moderation import clemency, learning
from handlers.overrides import book_of
from handlers.ports import Context, Outcome
from sop.actions import Action
from sop.detectors.detect_behaviour import REPETITION
from sop.detectors.known_texts import KnownTexts
from sop.detectors.unmasking import unmask
from sop.detectors.verdicts import Utterance, Verdict
from sop.detectors.wording import bare
from sop.model import Group, Message, Strike
from sop.text import normalise
from sop.times.durations import DAY_MS
from sop.told_events import LearningReverted

WITHIN_MS: Final = 30 * DAY_MS
"""How far back strikes are looked through."""

MOST: Final = 500
"""Strikes looked through, the newest."""


def revert(event: LearningReverted, context: Context) -> Outcome:
    """Take back what was learned, with all that was done for it."""
    before = learning.known(context)
    learning.revert(event, context)
    return Outcome(make(context, before))


def make(context: Context, before: KnownTexts) -> tuple[Action, ...]:
    """Forgive what was struck for words known otherwise `before`, and that are no advert now."""
    after = learning.known(context)
    if after is before:
        return ()
    strikes = context.store.find(
        Strike, community=context.community, observed=False, reversed_at=0,
        at__gt=context.now - WITHIN_MS, order="-at", limit=MOST,
    )  # fmt: skip
    found = (
        each
        for each in strikes
        if learning.is_advert_rule(context, each.rule)
        and _is_otherwise(context, each, before, after)
    )
    return clemency.once(*(line for each in found for line in clemency.forgive(context, each)))


def _is_otherwise(context: Context, strike: Strike, before: KnownTexts, after: KnownTexts) -> bool:
    """Tell whether a strike was for words that are seen otherwise now, and are no advert."""
    kept = context.store.find(
        Message, community=context.community, group=strike.group, at=strike.at,
        message_id=strike.source, limit=1,
    )  # fmt: skip
    said = kept[0].text if kept else ""
    words = bare(unmask(said).text)
    # Most strikes have nothing to do with what was learned, which is told at once.
    if before.find(words) == after.find(words) and before.page(said) == after.page(said):
        return False
    now = _seen(context, strike, said, after)
    if any(each.violated for each in now):
        return False
    return any(map(_is_learned, now)) or any(
        each.violated and _is_learned(each) for each in _seen(context, strike, said, before)
    )


def _is_learned(verdict: Verdict) -> bool:
    return bool(verdict.signals) and verdict.signals[0].name == "learned"


def _seen(context: Context, strike: Strike, said: str, known: KnownTexts) -> list[Verdict]:
    """Return what the rule of a strike says of a text."""
    group = context.store.get(Group, context.community, strike.group)
    book = book_of(context, group) if group else context.book
    utterance = Utterance(text=said, normal=normalise(said), at=strike.at, known=known)
    verdicts = book.rules.judge(utterance, REPETITION)
    return [each for each in verdicts if each.rule == strike.rule]
