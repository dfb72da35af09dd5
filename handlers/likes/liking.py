"""One like: judged by fair play, recorded, and what follows where it counts.

Points come by whole awards: what light likes weigh is summed up per person, and each time the
sum (rounded half up) has grown by one, the deed is booked once. Nothing is lost by rounding.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.collections import collect_endings
from handlers.ledger import hidden_authors, ledger, reinstating
from handlers.likes import like_holds, like_targets
from handlers.likes.like_norms import mates, norm
from handlers.likes.like_targets import Target
from handlers.people import people, voices
from handlers.ports import Context
from handlers.recognition import moments, recognising
from handlers.shares import signals
from sop.actions import Action
from sop.model import Group, LedgerEntry, Like
from sop.standing import fair_play
from sop.triggers import triggers

GIVEN: Final = "like-given"
RECEIVED: Final = "like-received"

SUMS: Final = {GIVEN: ("given", "given_paid"), RECEIVED: ("received", "received_paid")}
"""The fields of `Voice` that belong to a deed: the sum of weights, and awards booked of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What became of a like: counted, held, again, withdrawn, or the limit it ran into."""

    status: str
    lines: tuple[Action, ...] = ()


def give(context: Context, group: Group, target: Target) -> Given:
    """Let who acted like the target, once for ever; a like that is held waits for people."""
    known = context.store.get(Like, context.community, target.key, context.person_id)
    if known is not None:
        return Given(status="withdrawn" if known.status == "withdrawn" else "again")
    if _own(context, target):
        # Said as to anybody: that it is theirs must show nowhere.
        return Given(status="counted")
    case = _case(context, group, target)
    verdict = fair_play.judge(case, context.book.pack.likes)
    if verdict.refused:
        return Given(status=verdict.refused)
    like = Like(
        community=context.community,
        target=target.key,
        giver=context.person_id,
        author=target.author,
        group=group.id,
        at=context.now,
        day=case.day,
        status="held" if verdict.held else "counted",
        counts=verdict.counts,
        bears=verdict.bears,
        weight=verdict.weight,
    )
    context.store.put(like)
    _note_given(context, case.day)
    recognising.seen(context, group, target.subject)
    if verdict.held:
        return Given(status="held", lines=like_holds.hold(context, group, case))
    return Given(status="counted", lines=take_effect(context, like))


def _own(context: Context, target: Target) -> bool:
    """Tell whether who acted is the unknown author of the target."""
    found = target.item
    return found is not None and hidden_authors.is_by(context, found, context.person_id)


def _author(context: Context, target: Target) -> int:
    """Return whom the like favours, as limits see it; unknown authors are never the same one."""
    found = target.item
    if found is None or target.author == context.person_id:
        return target.author
    return target.author or -found.number


def _case(context: Context, group: Group, target: Target) -> fair_play.Case:
    author = _author(context, target)
    giver, day = context.person_id, like_targets.today(context)
    voice = voices.voice_of(context, giver)
    measure = norm(context, day)
    given = voices.standing(context, day, giver=giver)
    # What everybody else liked of theirs tells nothing: a star receives thousands.
    exchanged = {author, *(each.author for each in given)}
    return fair_play.Case(
        giver=giver,
        author=author,
        day=day,
        given=given,
        got=voices.standing(context, day, author=giver, giver__in=sorted(exchanged)),
        mates=voices.from_clique(context, day, author, mates(measure, giver)),
        vouched=voice.vouched or not measure.vouching or voices.has_duty(context, group),
        allowance=measure.allowance,
        cleared=voice.cleared_until > context.now,
    )


def _note_given(context: Context, day: str) -> None:
    voice = voices.voice_of(context, context.person_id)
    recent = fair_play.with_one_more(voice.recent, day)
    context.store.put(replace(voice, recent=recent, last_at=context.now))


def take_effect(context: Context, like: Like) -> tuple[Action, ...]:
    """Book what a counted like brings both, and begin what it sets off."""
    received = _pay(context, like, like.author, RECEIVED)
    given = _pay(context, like, like.giver, GIVEN)
    _vouch(context, like)
    if not like.counts:
        return (*received, *given)
    likes = voices.count(context, like.target)
    _set_off(context, like, likes)
    won = collect_endings.liked(context, like, likes)
    return (*received, *given, *won, *signals.liked(context, like, likes))


def source_of(like: Like, giver: int = 0) -> str:
    """Name a like as the source of what it pays; its giver may have been another person then."""
    return f"like:{like.target}:{giver or like.giver}"


def _pay(context: Context, like: Like, person: int, deed: str) -> tuple[Action, ...]:
    voice = voices.voice_of(context, person)
    sum_, paid = SUMS[deed]
    total, booked = getattr(voice, sum_) + like.weight, getattr(voice, paid)
    due = fair_play.whole_awards(total) > booked
    changes: dict[str, Any] = {sum_: total, paid: booked + 1 if due else booked}
    context.store.put(replace(voice, **changes))
    return ledger.credit(context, person, deed, source=source_of(like)) if due else ()


def _vouch(context: Context, like: Like) -> None:
    """Who is vouched for vouches for whom they like; whose duty it is does so alone."""
    group = context.store.get(Group, context.community, like.group)
    giver = people.current(context.store, context.community, like.giver)
    there = replace(context, person_id=like.giver)
    certain = group is not None and giver is not None and voices.has_duty(there, group)
    if certain:
        voices.vouch_for(context, like.giver)
    author = voices.voice_of(context, like.author)
    if author.vouched or not (certain or voices.voice_of(context, like.giver).vouched):
        return
    vouchers, enough = fair_play.vouch(author.vouchers, like.giver, certain=certain)
    context.store.put(replace(author, vouchers=vouchers, vouched=enough))


def _set_off(context: Context, like: Like, likes: int) -> None:
    """Plan the steps that one more counted like sets off; somebody as such is no contribution."""
    steps = [step.when for step in context.book.pack.steps]
    if not any(isinstance(when, triggers.Likes | triggers.LikesGiven) for when in steps):
        return
    mine: Sequence[Like] = ()
    if any(isinstance(when, triggers.LikesGiven) for when in steps):
        mine = context.store.find(
            Like, community=context.community, giver=like.giver, status="counted", counts=True
        )
    moments.liked(
        context, like.group, author=like.author, item=like.target,
        likes=0 if like.target.startswith("person:") else likes, by=like.giver,
        given=len(mine), people=len({each.author for each in mine}),
    )  # fmt: skip


def withdraw(context: Context, like: Like) -> tuple[Action, ...]:
    """Take a like back: what it had booked is reversed, and it never counts again."""
    context.store.put(replace(like, status="withdrawn"))
    if like.status != "counted":
        return ()
    return (
        *_take_back(context, like, like.author, RECEIVED),
        *_take_back(context, like, like.giver, GIVEN),
    )


def _take_back(context: Context, like: Like, person: int, deed: str) -> tuple[Action, ...]:
    """Take the weight out of the sum; an award that the sum no longer holds is reversed.

    Only an award that this very like had booked: else the next likes fill up what was paid.
    """
    voice = voices.voice_of(context, person)
    sum_, paid = SUMS[deed]
    total, booked = max(0, getattr(voice, sum_) - like.weight), getattr(voice, paid)
    entry = _booked(context, like, person, deed)
    over = entry is not None and fair_play.whole_awards(total) < booked
    changes: dict[str, Any] = {sum_: total, paid: booked - 1 if over else booked}
    context.store.put(replace(voice, **changes))
    if entry is None or not over:
        return ()
    # Of two who were found to be one both awards are the same person's.
    return ledger.reverse(context, entry, f"withdrawn:{deed}:{entry.source}")


def _booked(context: Context, like: Like, person: int, deed: str) -> LedgerEntry | None:
    """Return the award that the like had booked and that stands."""
    for giver in people.numbers_of(context.store, context.community, like.giver):
        key = (context.community, person, source_of(like, giver), deed, 0)
        entry = context.store.get(LedgerEntry, *key)
        if entry is not None and not reinstating.is_reversed(context, entry):
            return entry
    return None
