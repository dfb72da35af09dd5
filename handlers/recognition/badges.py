"""Badges: given once and kept for ever, when their conditions hold or a step says so.

What cannot be known gives no badge, and takes none away.
"""

from collections.abc import Collection, Sequence
from typing import Final

from handlers.ledger import streaks
from handlers.ledger.facts import StoredFacts
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.recognition import praise
from handlers.replies import privately, stopping
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.model import BadgeHeld, Group, Person
from sop.pack import conditions
from sop.pack.pack_people import Badge
from sop.standing import badges
from sop.texts import text
from sop.times import localtime

KIND: Final = "badges"
"""The kind of occurrence that looks at what one person has earned."""


def follow(context: Context, actions: Sequence[Action]) -> None:
    """Plan a look at the badges of whom a decided line may have earned one."""
    found = [badge for badge in context.in_force.pack.badges if not badge.if_.is_empty]
    if not found:
        return
    deeds = frozenset(deed for badge in found for deed in badges.watched(badge))
    level = any(badges.with_standing(badge) for badge in found)
    for action in actions:
        if (action.do == "points" and action.deed in deeds) or (action.do == "level" and level):
            scheduling.plan(
                context, "", KIND, context.now, subject=action.member, cause=action.group
            )


def look(event: StepDue, context: Context) -> Outcome:
    """Give one person the badges whose conditions hold now."""
    if not deadlines.settle(event, context):
        return Outcome()
    person = people.current(context.store, context.community, int(event.subject))
    if person is not None:
        own = {each.badge for each in held(context, person.id)}
        give_earned(context, person, heard_in(context, person), own, group=event.cause)
    return Outcome()


def heard_in(context: Context, person: Person) -> Group | None:
    """Return the group by whose ears a person is judged: one that hears all, else the latest."""
    known = (
        (member, context.store.get(Group, context.community, member.group))
        for member in people.memberships(context, person.id)
    )
    present = [(member, group) for member, group in known if group and not group.retired]
    best = max(
        present, default=None,
        key=lambda each: (channels.hears_all(each[1].channels), each[0].last_at, each[1].id),
    )  # fmt: skip
    return best[1] if best else None


def give_earned(
    context: Context, person: Person, ears: Group | None, own: Collection[str], *, group: str = ""
) -> tuple[str, ...]:
    """Give the person every badge whose conditions hold; returns those that are new.

    `own` are the badges they hold already.
    """
    waiting = [badge for badge in context.in_force.pack.badges if not badge.if_.is_empty]
    facts = StoredFacts(context, ears, person)
    return tuple(
        badge.id
        for badge in waiting
        if badge.id not in own
        and conditions.ruling(badge.if_, facts).holds
        and give(context, person, badge, group=group or (ears.id if ears else ""))
    )


def give(
    context: Context, person: Person, badge: Badge, *, group: str = "", step: str = ""
) -> bool:
    """Give a badge, and see to it that it is told; who has it already keeps it as it is."""
    if has(context, person.id, badge.id):
        return False
    context.store.put(
        BadgeHeld(
            community=context.community, person=person.id, badge=badge.id, at=context.now,
            group=group, step=step,
        )
    )  # fmt: skip
    praise.plan(context, person, praise.BADGE, badge.id, group=group)
    return True


def has(context: Context, person: int, badge: str) -> bool:
    """Tell whether the person holds the badge."""
    return context.store.get(BadgeHeld, context.community, person, badge) is not None


def held(context: Context, person: int) -> Sequence[BadgeHeld]:
    """Return the badges a person holds, the oldest first; also those the pack has no more."""
    return context.store.find(BadgeHeld, community=context.community, person=person, order="at")


def opens(context: Context, person: int, benefit: str) -> bool:
    """Tell whether a badge the person holds brings the benefit."""
    found = badges.bringing(context.book.pack.badges, benefit)
    return any(has(context, person, badge.id) for badge in found)


def lines(context: Context, person: Person) -> tuple[str, ...]:
    """Say which badges the person holds and how long their run of check-ins is."""
    titles = {badge.id: badge.title for badge in context.book.pack.badges}
    names = [titles[each.badge] for each in held(context, person.id) if each.badge in titles]
    told = text("badges.held", titles=text("people.joiner").join(names)) if names else ""
    return tuple(filter(None, (told, streaks.told(streaks.lasting(context, person)))))


def mine(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the person their badges with the day of each, and those still to be earned."""
    del event, argument
    person = context.person
    assert person is not None
    own = held(context, person.id)
    titles = {badge.id: badge.title for badge in context.book.pack.badges}
    told = [_dated(context, each, titles) for each in own if each.badge in titles]
    missing = [titles[name] for name in titles if name not in {each.badge for each in own}]
    heading = text("badges.heading" if told else "badges.none", name=people.shown(person))
    joined = text("people.joiner").join(missing)
    ahead = (text("badges.ahead", titles=joined),) if missing else ()
    run = filter(None, (streaks.told(streaks.lasting(context, person)),))
    return stopping(privately("\n".join((heading, *told, *run, *ahead))))


def _dated(context: Context, badge: BadgeHeld, titles: dict[str, str]) -> str:
    day = localtime.local_date(badge.at, context.book.zone)
    return text(
        "badges.line", year=day.year, month=day.month, day=day.day, title=titles[badge.badge]
    )
