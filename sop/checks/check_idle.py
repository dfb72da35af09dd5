"""Checks of settings that bring nothing, because what they need is not in the pack."""

import math
from collections.abc import Iterator, Mapping
from typing import Final

from sop.activities import commands
from sop.checks.check_subject import Subject, warning
from sop.detectors import trust
from sop.fields.comparison import Comparison
from sop.pack.pack_campaigns import BadgeAction
from sop.pack.pack_conditions import Conditions
from sop.problems import Path, suggestion
from sop.yaml.schema_problems import Finding

_LONGEST_COMMAND: Final = 20
_AT_LEAST_ONE: Final = frozenset({">=", ">", "=="})

# Deeds that are booked by themselves, whether a pack pays them or not.
_UNPAID: Final = frozenset({"award", "redeem", "strike", "reversal"})


def unpaid_deeds(subject: Subject) -> Iterator[Finding]:
    """Find conditions on deeds that nothing pays: they are never counted."""
    known = {*map(str, subject.pack.score.earn), *map(str, subject.pack.score.lose), *_UNPAID}
    for path, value in subject.parts:
        if isinstance(value, Conditions):
            for deed, wanted in value.deeds.items():
                if deed not in known and _wants_some(wanted):
                    message = f"is never counted: add {deed} to score.earn"
                    yield warning((*path, "deeds", deed), message)


def _wants_some(wanted: Comparison) -> bool:
    return wanted.op in _AT_LEAST_ONE and not wanted.holds(0)


def idle_rules(subject: Subject) -> Iterator[Finding]:
    """Find checks that an earlier one makes needless, exemptions and mutes that change nothing."""
    rules = subject.pack.rules
    seen: dict[str, str] = {}
    for index, check in enumerate(rules.checks):
        told = repr((check.detect, dict(check.params)))
        if told in seen:
            message = f'does the same as "{seen[told]}", which comes first'
            yield warning(("rules", "checks", index), message)
        seen.setdefault(told, check.id)
    if not any(check.detect in trust.LENIENT for check in rules.checks):
        message = f"is spared nothing: only {trust.SPARED} would pass them over"
        for index, who in enumerate(rules.exempt):
            if who in ("leader", "core"):
                yield warning(("rules", "exempt", index), message)
    if "mute-points" in rules.ladder and not subject.pack.score.earn:
        place = rules.ladder.index("mute-points")
        yield warning(("rules", "ladder", place), "nothing earns points: there is nothing to mute")
    if "mute_ms" in rules.model_fields_set and "mute-points" not in rules.ladder:
        yield warning(("rules", "mute"), "the ladder has no mute-points: this is not used")


def taken_words(subject: Subject) -> Iterator[Finding]:
    """Find command words that another command has, and such as nobody can give."""
    if not subject.pack.commands:
        return
    words = commands.words_for(subject.pack.commands)
    owners: dict[str, str] = {}
    for name, known in words.names.items():
        for word in known:
            owners.setdefault(word.casefold(), name)
    named: set[str] = set()
    for written, own in subject.pack.commands.items():
        name = commands.command_name(written)
        if name in named:
            message = f'the words of "{name}" are given already'
            yield Finding(path=("commands", written), message=message, at_key=True)
        elif name:
            named.add(name)
            yield from _unusable_words(("commands", written), name, own, owners)


def _unusable_words(
    path: Path, name: str, own: tuple[str, ...], owners: Mapping[str, str]
) -> Iterator[Finding]:
    for index, word in enumerate(own):
        other = owners.get(word.casefold(), name)
        if other != name:
            message = f'"{word}" is a word of the command {other}'
            yield Finding(path=(*path, index), message=message)
        elif len(word) > _LONGEST_COMMAND:
            message = f"is longer than {_LONGEST_COMMAND} characters: it is never understood"
            yield warning((*path, index), message)


def answered_before(subject: Subject) -> Iterator[Finding]:
    """Find phrases that an earlier standing answer already answers."""
    seen: set[str] = set()
    for index, answer in enumerate(subject.pack.answers):
        if not answer.asks:
            yield warning(("answers", index, "asks"), "is empty: this is never answered")
        for place, phrase in enumerate(answer.asks):
            if phrase in seen:
                message = "an earlier answer has this phrase and comes first"
                yield warning(("answers", index, "asks", place), message)
        seen.update(answer.asks)


def beyond_means(subject: Subject) -> Iterator[Finding]:
    """Find benefits nobody can get: no points to pay with, no core group, none in stock."""
    pack = subject.pack
    for index, benefit in enumerate(pack.benefits):
        if benefit.price and not pack.score.earn:
            yield warning(("benefits", index, "price"), "nothing earns points to pay it with")
        if benefit.layer == "core" and pack.layers.core is None:
            yield warning(("benefits", index, "layer"), "the pack has no layers.core")
        if benefit.stock == 0:
            yield warning(("benefits", index, "stock"), "there is none: leave it out for no limit")
        if benefit.by == "leader" and pack.leaders is None:
            yield warning(("benefits", index, "by"), "the pack has no leaders: say staff")
    first = pack.benefit(str(pack.first_benefit))
    if first and (first.levels or first.layer == "core"):
        message = f'newcomers cannot have "{first.id}": it asks for a level or layer'
        yield warning(("first_benefit",), message)
    if pack.benefit_budget and not any(benefit.cost for benefit in pack.benefits):
        yield warning(("benefit_budget",), "no benefit says its cost: this bounds nothing")


def badges_for_nobody(subject: Subject) -> Iterator[Finding]:
    """Find badges that neither a condition nor a step gives."""
    given = {str(each.badge) for _, _, each in subject.actions if isinstance(each, BadgeAction)}
    for index, badge in enumerate(subject.pack.badges):
        if badge.if_.is_empty and badge.id not in given:
            yield warning(("badges", index), "nobody gets it: give it an if, or a step")


def odd_people(subject: Subject) -> Iterator[Finding]:
    """Find likes, circles and echoes whose settings do not fit each other."""
    pack = subject.pack
    if (pack.likes.pair_per_day or 0) > (pack.likes.per_day or math.inf):
        message = f"is more than per_day, {pack.likes.per_day}"
        yield warning(("likes", "pair_per_day"), message)
    for index, circle in enumerate(pack.circles if pack.tags else ()):
        if circle.tag not in pack.tags:
            near = suggestion(circle.tag, pack.tags)
            yield warning(("circles", index, "tag"), f'"{circle.tag}" is none of the tags', near)
    for kind in pack.signal.then if pack.signal else ():
        if getattr(pack.signal, kind) is None:
            yield warning(("signal", "then", kind), f"signal does not say what is {kind}")


def falling_tiers(subject: Subject) -> Iterator[Finding]:
    """Find tiers of leaders that ask less than the tier below them."""
    highest: float = -math.inf
    for index, tier in enumerate(subject.pack.leaders.tiers if subject.pack.leaders else ()):
        wanted = tier.keep.score
        if wanted is not None and wanted.op in _AT_LEAST_ONE:
            if wanted.value < highest:
                message = f"is less than the tier below asks, {highest:g}: tiers rise"
                yield warning(("leaders", "tiers", index, "keep", "score"), message)
            highest = max(highest, wanted.value)
