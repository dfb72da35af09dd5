"""What people have said about texts is learned at once: it is judged alike in every group.

What was learned is versioned: each change makes a revision, what is taken back stays on record,
and every earlier revision can be had again. It is bounded: in number, in what one person can
teach within a day, and in that it reaches no further than texts that sound nearly alike.
"""

from collections.abc import Collection
from dataclasses import replace
from typing import Final

from handlers.moderation.moderation import Said
from handlers.ports import Context, Outcome
from sop.detectors.detector_data import packaged
from sop.detectors.known_texts import (
    LINK,
    NOTHING_KNOWN,
    KnownText,
    KnownTexts,
    as_heard,
    is_link,
    linked,
    words_of,
)
from sop.links.hosts import domain
from sop.model import LearnedText, Learning, Message
from sop.pack.pack_rules import AdsCheck
from sop.text import hash_normal
from sop.times.durations import DAY_MS
from sop.told_events import LearningReverted, TextsTaught

DEPLOYMENT: Final = ""
"""In a community's place: the changes of all of them."""

ADVERT: Final = "advert"
FINE: Final = "fine"

MOST: Final = 1_000
"""Texts in force in a community: for one more, the oldest leaves."""

A_DAY: Final = 50
"""Texts one person can teach within a day; what they answer beyond that holds for that one."""

_KEPT: Final = 16

# By the fingerprint of all changes, so that one never stands for another; none of them changes.
_compiled: dict[str, KnownTexts] = {}


def known(context: Context) -> KnownTexts:
    """Return the texts that were decided about, ready to be found."""
    state = context.store.get(Learning, context.community)
    if state is None:
        return NOTHING_KNOWN
    found = _compiled.get(state.digest)
    if found is None:
        # What is said last of the same words holds; taken back, the word before it does again.
        latest = {
            heard: KnownText(each.id, each.label == ADVERT, heard)
            for each in in_force(context)
            for heard in (_heard(each.words),)
        }
        links = {name: each for name, each in latest.items() if name.startswith(LINK)}
        texts = (each for name, each in latest.items() if name not in links)
        found = _remembered(state.digest, KnownTexts(texts, links))
    return found


def confirmed(context: Context) -> KnownTexts:
    """Return the adverts that staff of any community of this deployment have told of.

    What a community does not know itself is asked about there, and nothing more: a slip
    elsewhere is to strike nobody.
    """
    state = context.store.get(Learning, DEPLOYMENT)
    if state is None:
        return NOTHING_KNOWN
    found = _compiled.get(state.digest)
    return _remembered(state.digest, _told_anywhere(context)) if found is None else found


def _told_anywhere(context: Context) -> KnownTexts:
    newest = context.store.find(LearnedText, until=0, order="-at", limit=MOST)
    latest = {
        (each.community, as_heard(each.words)): each
        for each in reversed(newest)
        if not is_link(each.words)
    }
    return KnownTexts(
        KnownText(each.id, is_advert=True, sound=heard)
        for (_, heard), each in latest.items()
        if each.label == ADVERT
    )


def _remembered(name: str, found: KnownTexts) -> KnownTexts:
    if len(_compiled) >= _KEPT:
        _compiled.pop(next(iter(_compiled)), None)
    _compiled[name] = found
    return found


def in_force(context: Context) -> tuple[LearnedText, ...]:
    """Return what is learned now, oldest first."""
    return tuple(
        context.store.find(LearnedText, community=context.community, until=0, order="id")
    )  # fmt: skip


def _heard(words: str) -> str:
    """Return by what a text that is kept is told again: its sound, or the link that it is."""
    return words if words.startswith(LINK) else as_heard(words)


def teach(context: Context, text: str, *, is_advert: bool, by: int, source: str) -> bool:
    """Learn a text and where it links to; what is too short, or known already, changes nothing.

    Of an advert that has words enough they alone are kept. Tells whether it is known now as what
    it was said to be.
    """
    kept = (text,) if is_link(text) else _kept(context, text, is_advert=is_advert)
    found = [_teach(context, each, is_advert=is_advert, by=by, source=source) for each in kept]
    return any(found)


def _kept(context: Context, text: str, *, is_advert: bool) -> tuple[str, ...]:
    words, allowed = words_of(text), _allowed(context)
    if is_advert:
        return (words,) if words else linked(text, allowed, is_advert=True)
    # A page is kept only where it has to be made good.
    before = known(context)
    wrong = [each for each in linked(text, allowed, is_advert=True) if before.kept(each)]
    sites = linked(text, allowed, is_advert=False)
    return (*filter(None, (words,)), *dict.fromkeys((*wrong, *sites)))


def _allowed(context: Context) -> frozenset[str]:
    """Return the sites a link to which says nothing here anyway."""
    checks = (each for each in context.book.pack.rules.checks if isinstance(each, AdsCheck))
    told = (domain(name) for each in checks for name in each.allow_domains)
    return packaged().ads.known.union(told)


def _teach(context: Context, words: str, *, is_advert: bool, by: int, source: str) -> bool:
    found = known(context).kept(words)
    if found and found.is_advert == is_advert and found.sound == _heard(words):
        return True
    if _has_taught_enough(context, by):
        return False
    oldest = in_force(context)
    for each in oldest[: max(len(oldest) + 1 - MOST, 0)]:
        _retire(context, each)
    _add(
        context,
        LearnedText(
            community=context.community, id=0, label=ADVERT if is_advert else FINE, words=words,
            source=source, by=by, at=context.now, since=0,
        ),
    )  # fmt: skip
    return True


def is_advert_rule(context: Context, rule: str) -> bool:
    """Tell whether a rule is one about adverts: of other breaches no words are learned."""
    checks = context.book.pack.rules.checks
    return any(each.id == rule and each.detect == "ads" for each in checks)


def teach_said(
    context: Context, group: str, said: Said, *, is_advert: bool, by: int, source: str
) -> None:
    """Learn a message of a group, while its text is kept; of one that was not heard, its quote."""
    for text in _texts_of(context, group, said):
        teach(context, text, is_advert=is_advert, by=by, source=source)


def is_advert(context: Context, group: str, said: Said) -> bool:
    """Tell whether a message of a group is known as an advert, as far as its text is kept."""
    texts, before = _texts_of(context, group, said), known(context)
    found = (before.kept(words_of(each)) or before.page(each) for each in texts)
    return any(each is not None and each.is_advert for each in found)


def _texts_of(context: Context, group: str, said: Said) -> list[str]:
    heard = context.store.find(
        Message, community=context.community, group=group, at=said.at,
        message_id=said.message_id, limit=1,
    )  # fmt: skip
    if heard:
        return [heard[0].text]
    quoted = context.store.find(
        LearnedText, community=context.community, source=said.message_id, until=0, limit=1
    )
    return [each.words for each in quoted]


def _has_taught_enough(context: Context, by: int) -> bool:
    if not by:
        return False
    today = context.store.count(
        LearnedText, community=context.community, by=by, at__gt=context.now - DAY_MS
    )
    return today >= A_DAY


def teach_all(event: TextsTaught, context: Context) -> Outcome:
    """Learn what an operator brings."""
    for is_advert, text in event.texts:
        teach(context, text, is_advert=is_advert, by=0, source="operator")
    return Outcome()


def forget(context: Context, sources: Collection[str]) -> None:
    """Unlearn what was learned from those answers."""
    for each in in_force(context):
        if each.source in sources:
            _retire(context, each)


def revert(event: LearningReverted, context: Context) -> None:
    """Unlearn single texts, or bring back what was learned at an earlier revision."""
    now = in_force(context)
    if event.revision is None:
        kept = {each.id for each in now} - {*event.texts}
        then: tuple[LearnedText, ...] = ()
    else:
        then = at_revision(context, event.revision)
        kept = {each.id for each in then}
    for each in now:
        if each.id not in kept:
            _retire(context, each)
    for each in then:
        if each.until:
            _add(context, each)


def at_revision(context: Context, revision: int) -> tuple[LearnedText, ...]:
    """Return what was in force at a revision, oldest first; at 0 nothing was."""
    found = context.store.find(
        LearnedText, community=context.community, since__le=revision, order="id"
    )
    return tuple(each for each in found if not each.until or each.until > revision)


def _add(context: Context, text: LearnedText) -> None:
    """Put a text in force under a number of its own."""
    number = context.store.number(context.community, "learned")
    revision = _changed(context, f"+{number}:{text.label}:{text.words}")
    context.store.put(replace(text, id=number, since=revision, until=0))


def _retire(context: Context, text: LearnedText) -> None:
    context.store.put(replace(text, until=_changed(context, f"-{text.id}")))


def _changed(context: Context, change: str) -> int:
    """Count a change; returns the revision from which on it holds."""
    _count(context, DEPLOYMENT, f"{context.community} {change}")
    return _count(context, context.community, change)


def _count(context: Context, whose: str, change: str) -> int:
    before = context.store.get(Learning, whose)
    revision = before.revision + 1 if before else 1
    digest = hash_normal(f"{before.digest if before else ''}{revision}{change}")
    context.store.put(Learning(community=whose, revision=revision, digest=digest))
    return revision
