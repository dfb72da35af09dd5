"""What somebody has reached is told warmly, once, by day, and within what the bot may start.

A level is told in private. A badge is told in the group, those of one moment in one post; in
private to who does not want to be named, or where the group has had enough. Who wants nothing
the bot starts, or has left, is left in peace: what they have stands under their own commands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers import overrides
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, LevelReached, Occurrence, Person
from sop.pack.pack_score import Level
from sop.texts import text
from sop.times import localtime, quiet

KIND: Final = "praise"
LEVEL: Final = "level"
BADGE: Final = "badge"

DAWN: Final = 6 * 60
"""Minute of the day before which nobody is told anything, quiet hours or not."""

MORNING: Final = 9 * 60
"""Minute of the day from which is told what was found before dawn."""


def plan(context: Context, person: Person, what: str, name: str, *, group: str) -> None:
    """See to it that something reached is told: at once by day, else when the day begins."""
    home = context.store.get(Group, context.community, group) if group else None
    scheduling.plan(
        context, home.id if home else "", KIND, context.now, subject=str(person.id),
        cause=f"{what}:{name}", run_at=_by_day(context, home),
    )  # fmt: skip


def plan_level(context: Context, person: Person, level: str, *, group: str) -> None:
    """See to it that a level is told, the first time the person reaches it."""
    key = (context.community, person.id, level)
    if context.store.get(LevelReached, *key) is None:
        context.store.put(
            LevelReached(
                community=context.community, person=person.id, level=level, at=context.now
            )
        )
        plan(context, person, LEVEL, level, group=group)


def _by_day(context: Context, group: Group | None) -> int:
    zone = context.book.zone
    hours = overrides.quiet_of(context, group) if group else context.book.pack.quiet
    until = quiet.quiet_end(hours, context.now, zone)
    wall = localtime.wall_time(until, zone)
    if wall.hour * 60 + wall.minute >= DAWN:
        return until
    return localtime.instant(wall.date(), MORNING, zone)


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell a level to its member, or the group's badges of this moment to the group."""
    found = deadlines.pending(event, context)
    if found is None:
        return Outcome()
    context.store.put(replace(found, status="done"))
    what, _, name = event.cause.partition(":")
    if what == LEVEL:
        return Outcome(_level(context, int(event.subject), name))
    return Outcome(_badges(context, (found, *_others(context, found))))


def _level(context: Context, number: int, name: str) -> tuple[Action, ...]:
    person = people.current(context.store, context.community, number)
    level = next((each for each in context.book.pack.levels if each.id == name), None)
    if person is None or level is None or person.nudges_off or person.score < level.at:
        return ()
    if people.is_gone(context, person.id):
        return ()
    words = text("praise.level", name=people.addressed(person), title=level.title)
    words = "\n".join((words, *_brought(context, level)))
    alone = _alone(context, person, words)
    if alone or person.unranked or not _may_post(context):
        return alone
    said = text("praise.level-aloud", name=people.shown(person), title=level.title)
    return _aloud(context, said)


def _brought(context: Context, level: Level) -> Iterable[str]:
    """Say which benefits open with this level, not with one below it: free ones, then others."""
    lower = {each.id for each in context.book.pack.levels if each.at < level.at}
    found = [
        benefit
        for benefit in context.book.pack.benefits
        if level.id in benefit.levels and not lower & {*benefit.levels}
    ]
    free = [each.title for each in found if not each.price]
    priced = [
        text("benefits.with-price", title=each.title, price=each.price)
        for each in found
        if each.price
    ]
    joiner = text("people.joiner")
    if free:
        yield text("praise.level-brings", titles=joiner.join(free))
    if priced:
        word = context.book.words.shown("redeem")
        yield text("praise.level-sells", titles=joiner.join(priced), word=word)


def _alone(context: Context, person: Person, words: str) -> tuple[Action, ...]:
    """Say it to the person alone, where a channel can, within their budget."""
    group = context.group
    if group is None or not channels.can(group.channels, "dm") or person.nudges_off:
        return ()
    to = str(person.id)
    line = Action(do="dm", group=group.id, to=to, member=to, text=words)
    return budgets.charge(context, group, (line,))


def _aloud(context: Context, words: str) -> tuple[Action, ...]:
    group = context.group
    assert group is not None
    return budgets.charge(context, group, (Action(do="post", group=group.id, text=words),))


def _may_post(context: Context) -> bool:
    """Tell whether the group can be told by itself now: no task is worth this."""
    group = context.group
    if group is None or group.retired or group.paused:
        return False
    return bool(channels.way_for("post", group.channels)) and budgets.left(context, group) != 0


@dataclass(frozen=True, slots=True)
class _Given:
    """A badge that somebody has been given."""

    person: Person
    badge: str


def _others(context: Context, found: Occurrence) -> Sequence[Occurrence]:
    """Settle the other badges of the group that are to be told now; return them in order."""
    rows = context.store.find(
        Occurrence, community=context.community, group=found.group, kind=KIND, status="pending",
        run_at__le=context.now, order="run_at",
    )  # fmt: skip
    badges = [row for row in rows if row.cause.startswith(f"{BADGE}:") and row.key != found.key]
    for row in badges:
        context.store.put(replace(row, status="done"))
    return badges


def _badges(context: Context, rows: Iterable[Occurrence]) -> tuple[Action, ...]:
    given = tuple(_given(context, rows))
    aloud = _may_post(context)
    group = context.group
    public = [
        each for each in given
        if aloud and group is not None and people.may_be_named(context, group, each.person)
    ]  # fmt: skip
    lines = _aloud(context, _announced(context, public)) if public else ()
    for each in given:
        if each not in public:
            words = text(
                "praise.badge", name=people.addressed(each.person), title=_title(context, each)
            )
            lines += _alone(context, each.person, words)
    return lines


def _given(context: Context, rows: Iterable[Occurrence]) -> Iterable[_Given]:
    known = {badge.id for badge in context.book.pack.badges}
    for row in rows:
        badge = row.cause.partition(":")[2]
        person = people.current(context.store, context.community, int(row.subject))
        if person is not None and badge in known and not people.is_gone(context, person.id):
            yield _Given(person, badge)


def _announced(context: Context, given: Sequence[_Given]) -> str:
    """Return one post about the badges of a moment, in the order of the pack."""
    lines = [
        text("praise.badge-line", names=people.named(persons), title=badge.title)
        for badge in context.book.pack.badges
        if (persons := [each.person for each in given if each.badge == badge.id])
    ]
    return "\n".join((text("praise.badges"), *lines))


def _title(context: Context, given: _Given) -> str:
    return next(each.title for each in context.book.pack.badges if each.id == given.badge)
