"""An offer is made: by who has given first (the step's conditions), seldom, and not to everybody.

What is left out is recorded as well, so that what an offer brings can be told from what would have
come anyway.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.benefits import benefits
from handlers.links import short_links
from handlers.offers import guarding
from handlers.ports import Context
from handlers.posting import mentions
from handlers.posting.rendering import render, say_words
from handlers.posting.step_run import Expanded, Run
from sop.actions import Action
from sop.activities import offers
from sop.model import Offer, Person
from sop.pack.pack_actions import OfferAction
from sop.pack.pack_score import Benefit
from sop.texts import text
from sop.triggers.triggers import Says

CAP: Final = "cap"
GUARD: Final = "guard"
HOLDOUT: Final = "holdout"
UNAVAILABLE: Final = "unavailable"
"""Why an offer was not made, beside what keeps a step from running."""


def make(run: Run, action: OfferAction) -> Expanded:
    """Offer a benefit to the step's members, or to the group where it has none.

    What began under an older pack offers what the one in force still has.
    """
    benefit = run.context.in_force.pack.benefit(action.offer)
    if benefit is None:
        return (_dropped(run, UNAVAILABLE),), run
    stopped, lines = guarding.check(run.context, run.group)
    if stopped or _is_capped(run):
        return (*lines, _dropped(run, GUARD if stopped else CAP)), run
    if not run.subjects:
        return _to_the_group(run, action, benefit), run
    meant, dropped = _meant(run, benefit)
    posted = (_line(run, action, benefit, meant),) if meant else ()
    return (*dropped, *posted), run


def _to_the_group(run: Run, action: OfferAction, benefit: Benefit) -> tuple[Action, ...]:
    if benefits.closed(run.context, benefit):
        return (_dropped(run, UNAVAILABLE),)
    _record(run, benefit, None, held=False)
    return (_line(run, action, benefit, ()),)


def _meant(run: Run, benefit: Benefit) -> tuple[tuple[Person, ...], tuple[Action, ...]]:
    """Return to whom it is offered, and a line for each of the others."""
    meant: list[Person] = []
    dropped: list[Action] = []
    share = run.context.book.pack.offers.holdout
    for person in run.subjects:
        reason = _obstacle(run, benefit, person)
        if not reason:
            held = offers.is_left_out(run.context.community, benefit.id, person.id, share)
            _record(run, benefit, person, held=held)
            reason = HOLDOUT if held else ""
        if reason:
            dropped.append(replace(_dropped(run, reason), member=str(person.id)))
        else:
            meant.append(person)
    return tuple(meant), tuple(dropped)


def _obstacle(run: Run, benefit: Benefit, person: Person) -> str:
    if _is_capped(run, person):
        return CAP
    if benefits.obstacle(run.context, person, benefit, broke=True):
        return UNAVAILABLE
    return ""


def _is_capped(run: Run, person: Person | None = None) -> bool:
    """Tell whether a member, or the group, has had as many offers as it may.

    What was kept back from a member counts for them as an offer would, but the group saw none.
    """
    caps = run.context.book.pack.offers
    rate = caps.per_member if person else caps.per_group
    if rate is None:
        return False
    since = run.context.now - rate.within_ms if rate.within_ms is not None else -1
    whose = {"person": person.id} if person else {"group": run.group.id, "held": False}
    found = run.context.store.find(Offer, community=run.context.community, at__gt=since, **whose)
    # Several who are offered it by one post have one offer between them.
    return len({(each.step, each.at) for each in found}) >= rate.count


def _record(run: Run, benefit: Benefit, person: Person | None, *, held: bool) -> None:
    run.context.store.put(
        Offer(
            community=run.context.community,
            id=run.context.store.number(run.context.community, "offer"),
            group=run.group.id,
            step=run.step.id,
            benefit=benefit.id,
            person=person.id if person else 0,
            at=run.context.now,
            held=held,
        )
    )


def _dropped(run: Run, reason: str) -> Action:
    return Action(do="dropped", group=run.group.id, step=run.step.id, reason=reason)


def _line(run: Run, action: OfferAction, benefit: Benefit, meant: Sequence[Person]) -> Action:
    words = _words(run, action, benefit, meant)
    line = Action(do="post", group=run.group.id, text=words, step=run.step.id)
    if isinstance(run.step.when, Says):
        # Where a message set it off, the offer stands in the thread of that message.
        return replace(line, do="reply")
    mention, _ = mentions.whom(run.context, run.group, run.step, meant, ("member",))
    return replace(line, mention=mention)


def _words(run: Run, action: OfferAction, benefit: Benefit, meant: Sequence[Person]) -> str:
    context, person = run.context, meant[0] if len(meant) == 1 else None
    said = benefit.title
    if action.text is not None:
        said = render(context, action.text, run.group, person=person, joined=tuple(meant))
    return "\n".join(filter(None, (said, _way(context, run, benefit))))


def _way(context: Context, run: Run, benefit: Benefit) -> str:
    """Say how the benefit is had: by the tracked link, its value, or the command."""
    value = benefit.value if benefit.kind != "file" else None
    if value and benefits.is_for_all(context, benefit):
        return short_links.of_group(context, run.group, benefit.id, step=run.step.id) or value
    word = context.book.words.shown("redeem" if benefit.price else "claim")
    return text("offers.way", say=say_words(context, run.group, f"{word} {benefit.title}"))
