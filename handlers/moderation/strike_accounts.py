"""Why somebody was reminded: what was said, which rule it met and by what, and what follows."""

from collections.abc import Iterator, Sequence
from typing import Final

from handlers.moderation import learning, moderation, reasons
from handlers.overrides import book_of
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import excerpt, privately, stopping
from handlers.tasks import tasks
from handlers.threads.whose import whose
from sop.detectors.detect_behaviour import REPETITION
from sop.detectors.evidence import as_typed
from sop.detectors.unmasking import unmask
from sop.detectors.verdicts import Signal, Utterance
from sop.events import MessageReceived
from sop.model import Group, LedgerEntry, Message, Person, Strike, Task
from sop.text import normalise
from sop.texts import text
from sop.times import localtime

SIGNALS: Final = 5
"""Places of the text shown that spoke for a breach."""


def why_warned(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Give account of the newest strike: to the member themselves, or to staff in private."""
    about = whose(event, context, argument, "why_warned")
    person = about.person
    if person is None:
        return stopping(privately(about.problem))
    found = context.store.find(
        Strike, community=context.community, person=person.id, observed=False
    )
    if found:
        newest = moderation.newest_first(found)[0]
        return stopping(privately("\n".join(_account(context, person, newest))))
    if about.other:
        return stopping(privately(text("whys.none-of", name=people.shown(person))))
    return stopping(privately(text("whys.none")))


def _account(context: Context, person: Person, strike: Strike) -> Iterator[str]:
    at = localtime.wall_time(strike.at, context.book.zone)
    by_hand = strike.rule == moderation.BY_HAND
    yield text(
        "whys.heading-by-hand" if by_hand else "whys.heading", month=at.month, day=at.day,
        time=f"{at:%H:%M}", group=places.title(context, strike.group),
        rule=reasons.of_strike(context, strike),
    )  # fmt: skip
    yield from _said(context, strike)
    if strike.reversed_at:
        yield text("whys.reversed")
    else:
        yield from _consequences(context, person, strike)
        yield from _appeal(context, strike)
    earlier = context.store.count(
        Strike, community=context.community, person=person.id, observed=False, reversed_at=0,
        id__ne=strike.id, at__gt=_counts_from(context),
    )  # fmt: skip
    if earlier:
        yield text("whys.more", count=earlier)


def _counts_from(context: Context) -> int:
    forget = context.book.pack.rules.forget_after_ms
    return -1 if forget is None else context.now - forget


def _said(context: Context, strike: Strike) -> Iterator[str]:
    numbers = people.numbers_of(context.store, context.community, strike.person)
    kept = context.store.find(
        Message, community=context.community, group=strike.group, at=strike.at,
        message_id=strike.source, person__in=numbers,
    )  # fmt: skip
    said = kept[0].text if kept else ""
    if not said:
        # What staff decided by themselves may be about no message.
        if strike.rule != moderation.BY_HAND:
            yield text("whys.said-gone")
        return
    yield text("whys.said", text=excerpt(said))
    signals = _signals(context, strike, said)
    if signals and signals[0].name == "learned":
        yield text("whys.learned")
    met = _places(said, signals)
    if met:
        shown = text("people.joiner").join(text("people.quoted", title=one) for one in met)
        yield text("whys.signals", signals=shown)


def _signals(context: Context, strike: Strike, said: str) -> list[Signal]:
    """Return what met the rule in a text, as the rules in force see it."""
    group = context.store.get(Group, context.community, strike.group)
    book = book_of(context, group) if group is not None else context.book
    known = learning.known(context)
    utterance = Utterance(text=said, normal=normalise(said), at=strike.at, known=known)
    return [
        one
        for each in book.rules.judge(utterance, REPETITION)
        if each.rule == strike.rule and each.violated
        for one in each.signals
        if one.weight > 0
    ]


def _places(said: str, signals: Sequence[Signal]) -> list[str]:
    """Return the places in the text as it was typed."""
    plain = unmask(said)
    typed = (as_typed(plain, one.evidence) for one in signals if one.evidence)
    return list(dict.fromkeys(excerpt(one) for one in typed if one in said))[:SIGNALS]


def _consequences(context: Context, person: Person, strike: Strike) -> Iterator[str]:
    yield _measure(context, person, strike)
    booked = context.store.find(
        LedgerEntry, community=context.community, person=person.id, deed="strike",
        source=f"strike:{strike.id}",
    )  # fmt: skip
    lost = -sum(entry.points for entry in booked)
    if lost:
        yield text("whys.points", points=lost)
    forget = context.book.pack.rules.forget_after_ms
    if forget is not None:
        day = localtime.wall_time(strike.at + forget, context.book.zone)
        yield text("whys.forgotten", month=day.month, day=day.day)


def _measure(context: Context, person: Person, strike: Strike) -> str:
    if strike.measure == "mute-points":
        if person.muted_until <= context.now:
            return text("whys.measure-mute-over")
        until = localtime.wall_time(person.muted_until, context.book.zone)
        return text(
            "whys.measure-mute", month=until.month, day=until.day, time=f"{until:%H:%M}"
        )  # fmt: skip
    if strike.measure == "remove":
        asked = tasks.find_open(context, f"confirm-removal:{strike.group}:{strike.person}")
        return text("whys.measure-remove" if asked else "whys.measure-removed")
    return text("whys.measure-task" if strike.measure == "task" else "whys.measure-remind")


def _appeal(context: Context, strike: Strike) -> Iterator[str]:
    """Yield how to object, while that is possible."""
    rules = context.book.pack.rules.appeal
    if rules is None or strike.known_from < context.now - rules.within_ms:
        return
    asked = context.store.find(
        Task, community=context.community, about=f"appeal:{strike.id}", order="-id", limit=1
    )
    if not asked:
        yield text("whys.appeal", word=context.book.words.shown("appeal"))
    elif asked[0].status == "open":
        yield text("whys.appeal-open")
