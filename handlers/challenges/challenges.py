"""A challenge of many days in a group: how it opens, and what is said when it is over."""

from collections import Counter as Tally
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.posting import summaries
from handlers.posting.rendering import say_words
from handlers.tasks import hosting
from handlers.threads import open_threads
from handlers.threads.open_threads import CHALLENGE
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.activities import challenges, commands
from sop.activities.challenges import Plan
from sop.model import Enrolment, Group, Occurrence, Person, Thread
from sop.pack.pack_campaigns import ChallengeAction
from sop.pack.pack_steps import Step
from sop.text import normalise
from sop.texts import text
from sop.times import localtime
from sop.times.durations import DAY_MS

EVENING: Final = "challenge-evening"
"""The kind of occurrence at which members are reminded; its cause is the last one reminded."""

COMPLETED: Final = "completed"
LEFT: Final = "left"

NAMED: Final = 30
"""Members whom a post names at most."""

READ: Final = 200
"""Members among whom those are looked for whom a post may name."""

MANY_HANDS: Final = 2
"""Members from which a team is one."""


def title_of(step: Step, action: ChallengeAction) -> str:
    """Return what a challenge is called."""
    return action.title or step.title or text("actions.challenge")


def plan_of(thread: Thread) -> Plan:
    """Return the days of an open or closed challenge."""
    body = thread.body
    first = date.fromisoformat(body["from"])
    return Plan(first=first, days=body["days"], grace=body["make_up"])


def today(context: Context, at: int) -> date:
    """Return the local date of an instant."""
    return localtime.local_date(at, context.book.zone)


def running(context: Context, group: Group, at: int) -> tuple[Thread, ...]:
    """Return the group's challenges whose days are not over, the oldest first."""
    found = open_threads.open_at(context, group, at, CHALLENGE)
    return tuple(each for each in found if plan_of(each).number(today(context, at)))


def begin(
    context: Context, group: Group, step: Step, action: ChallengeAction
) -> tuple[Action, ...]:
    """Open a challenge with its post, unless it runs already.

    Where the bot hears nobody, aloud or in private, people must hold it.
    """
    name, title = action.id or step.id, title_of(step, action)
    if not (channels.hears(group.channels) or channels.can(group.channels, "dm")):
        return hosting.by_hand(
            context, group, step, name="challenge", title=title, for_ms=action.days * DAY_MS
        )
    if any(each.name == name for each in running(context, group, context.now)):
        return ()
    plan = Plan(first=today(context, context.now), days=action.days, grace=action.grace)
    body = _body(context, group, step, action, plan)
    words = _opening(context, group, title, plan, body)
    thread = open_threads.begin(
        context, group, step, kind=CHALLENGE, title=title, words=words, name=name, body=body,
        for_ms=plan.ends_at(context.book.zone) - context.now,
    )  # fmt: skip
    plan_evening(context, thread)
    expires_at = context.now + step.grace_ms
    return (Action(do="post", group=group.id, text=words, step=step.id, expires_at=expires_at),)


def _body(
    context: Context, group: Group, step: Step, action: ChallengeAction, plan: Plan
) -> dict[str, Any]:
    words = context.book.words
    said = commands.parse_command(action.daily, words)
    own = said is not None and said.name == "checkin" and is_own(context, action.daily)
    digest = "weekly" if channels.can(group.channels, "dm") else "daily"
    return {
        "from": plan.first.isoformat(), "days": plan.days, "make_up": plan.grace,
        "daily": action.daily if own else words.shown("checkin"), "own": own,
        "min_chars": action.min_chars, "team": action.team or 0,
        "certificate": action.certificate, "digest": action.digest or digest,
        "grace": step.grace_ms,
    }  # fmt: skip


def is_own(context: Context, word: str) -> bool:
    """Tell whether a word of a check-in is a challenge's own, and not one of any check-in."""
    given = (
        each
        for name, own in context.book.pack.commands.items()
        if commands.command_name(name) == "checkin"
        for each in own
    )
    return not commands.command_name(word) and normalise(word) not in map(normalise, given)


def _opening(context: Context, group: Group, title: str, plan: Plan, body: dict[str, Any]) -> str:
    words = context.book.words
    daily = say_words(context, group, f"{body['daily']} …")
    lines = [
        text(
            "challenges.open", title=title, days=plan.days, first=shown_day(plan.first),
            last=shown_day(plan.last),
        ),
        text("challenges.join", say=say_words(context, group, words.shown("join_challenge"))),
        text("challenges.daily-long" if body["min_chars"] else "challenges.daily", say=daily,
             least=body["min_chars"]),
    ]  # fmt: skip
    if plan.grace:
        again = say_words(context, group, f"{words.shown('make_up')} …")
        lines.append(text("challenges.make-up", say=again, count=plan.grace))
    mine = say_words(context, None, words.shown("challenge"))
    if body["team"]:
        lines.append(text("challenges.teams", size=body["team"], say=mine))
    if body["certificate"]:
        lines.append(text("challenges.certificate"))
    return "\n".join(lines)


def shown_day(day: date) -> str:
    """Return a date as people say it."""
    return text("challenges.day", month=day.month, day=day.day)


def plan_evening(context: Context, thread: Thread) -> None:
    """Plan the next evening at which members are reminded, if there is one."""
    due = plan_of(thread).evening_after(context.now, context.book.zone)
    if due:
        scheduling.plan(
            context, thread.group, EVENING, due, step=thread.step, subject=str(thread.id),
            version=thread.version,
        )  # fmt: skip


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Post who has come through; who does not want to be named is only counted."""
    del fresh
    context = context.under(thread.version)
    return summaries.post(
        context, occurrence, group, thread, lambda: _summary(context, group, thread)
    )


def _summary(context: Context, group: Group, thread: Thread) -> str:
    where: dict[str, Any] = {"community": context.community, "thread": thread.id}
    members = context.store.count(Enrolment, status__ne=LEFT, **where)
    if not members:
        return ""
    early = thread.closes_at < plan_of(thread).ends_at(context.book.zone)
    completed = context.store.count(Enrolment, status=COMPLETED, **where)
    if not completed:
        key = "challenges.over-early" if early else "challenges.over-none"
        return text(key, title=thread.title, count=members)
    found = context.store.find(Enrolment, status=COMPLETED, order="person", limit=READ, **where)
    names = named(context, group, (each.person for each in found), completed)
    lines = [text("challenges.over", title=thread.title, count=members, names=names)]
    lines += [
        text("challenges.whole-team", names=team) for team in _teams(context, group, thread, found)
    ]
    if thread.body["certificate"]:
        mine = say_words(context, None, context.book.words.shown("challenge"))
        lines.append(text("challenges.fetch", say=mine))
    return "\n".join(lines)


def named(context: Context, group: Group, numbers: Iterable[int], count: int) -> str:
    """Name those of `count` members who may be named in the group, and say how many others."""
    shown = _nameable(context, group, numbers)[:NAMED]
    if not shown:
        return text("challenges.somebody", count=count)
    names = people.named(shown)
    if len(shown) == count:
        return names
    return text("acks.and-more", names=names, count=count)


def _nameable(context: Context, group: Group, numbers: Iterable[int]) -> list[Person]:
    known = (context.store.get(Person, context.community, number) for number in numbers)
    return [each for each in known if each and people.may_be_named(context, group, each)]


def _teams(
    context: Context, group: Group, thread: Thread, completed: Iterable[Enrolment]
) -> list[str]:
    """Return the names of each team that came through as a whole, if all may be named."""
    teams: dict[int, list[Enrolment]] = {}
    for each in completed:
        if each.team:
            teams.setdefault(each.team, []).append(each)
    sizes = Tally(team for (team,) in _rows(context, thread))
    whole = (own for number, own in teams.items() if sizes[number] == len(own) >= MANY_HANDS)
    shown = ((own, _nameable(context, group, (each.person for each in own))) for own in whole)
    return [people.named(names) for own, names in shown if len(names) == len(own)]


def _rows(context: Context, thread: Thread) -> Iterator[tuple[int]]:
    """Return the team of everybody in the challenge."""
    return context.store.rows(
        Enrolment, ("team",), order="person", community=context.community, thread=thread.id
    )


def team_of(context: Context, enrolment: Enrolment) -> list[Enrolment]:
    """Return who is in somebody's team and has not left, themselves included."""
    if not enrolment.team:
        return [enrolment]
    found = context.store.find(
        Enrolment, community=context.community, thread=enrolment.thread, team=enrolment.team,
        status__ne=LEFT, order="person",
    )  # fmt: skip
    return list(found)


def allowed_again(context: Context, group: Group, step: Step) -> bool:
    """Tell whether any challenge of the step can be opened now: none of them runs."""
    known = {each.name for each in running(context, group, context.now)}
    return any((each.id or step.id) not in known for each in challenges.actions_of(step))
