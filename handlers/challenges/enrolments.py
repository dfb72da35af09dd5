"""Who takes part in which challenge: coming, leaving, teams, and how far somebody is."""

from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.challenges import certificates, challenges
from handlers.invitations import personal_codes
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import say_aside, say_words
from handlers.recognition.recognition import addressed
from handlers.replies import aside, discreetly, privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Enrolment, Group, Thread
from sop.text import normalise
from sop.texts import text

ACTIVE: Final = "active"

LISTED: Final = 10
"""Challenges named at most when asking which is meant."""


@dataclass(frozen=True, slots=True)
class Course:
    """One challenge somebody takes part in."""

    thread: Thread
    enrolment: Enrolment


def courses(context: Context, at: int, person: int = 0) -> tuple[Course, ...]:
    """Return the challenges the person (else who acted) takes part in that are open, by age."""
    found = context.store.find(
        Enrolment, community=context.community, person=person or context.person_id,
        order="thread", status__in=(ACTIVE, challenges.COMPLETED),
    )  # fmt: skip
    pairs = ((context.store.get(Thread, context.community, each.thread), each) for each in found)
    return tuple(
        Course(thread, each)
        for thread, each in pairs
        if thread is not None and thread.status == "open"
        and thread.opened_at <= at < thread.closes_at
    )  # fmt: skip


def join(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take part in a challenge of the group, with a friend's code in their team."""
    group = context.group
    if group is None:
        return Outcome()
    code, wanted = personal_codes.split(argument)
    running = challenges.running(context, group, event.at)
    if personal_codes.may_be_one(wanted) and _meant(running, wanted) is None:
        code, wanted = wanted, ""
    meant = _chosen(event, context, running, wanted, none="challenges.none")
    if isinstance(meant, Outcome):
        return meant
    elsewhere = _elsewhere(context, event.at, meant)
    if elsewhere:
        return stopping(aside(event, context, text("challenges.elsewhere", group=elsewhere)))
    return stopping(*_enrol(event, context, group, meant, code))


def is_named(context: Context, at: int, wanted: str) -> bool:
    """Tell whether a challenge that runs in the group is called that."""
    group = context.group if wanted else None
    return group is not None and _meant(challenges.running(context, group, at), wanted) is not None


def _chosen(
    event: MessageReceived, context: Context, threads: tuple[Thread, ...], wanted: str,
    *, none: str,
) -> Thread | Outcome:  # fmt: skip
    """Return the one that is meant, else what to answer; `none` is the text where there is none.

    Who did not speak to the bot, and says something else after the word, gets no answer.
    """
    meant = _meant(threads, wanted)
    if meant is not None:
        return meant
    if wanted and not addressed(event):
        return Outcome()
    if not threads:
        return stopping(aside(event, context, text(none)))
    titles = text("people.joiner").join(each.title for each in threads[:LISTED])
    return stopping(aside(event, context, text("challenges.which", titles=titles)))


def _meant(running: tuple[Thread, ...], wanted: str) -> Thread | None:
    """Return the one that is named, else (where none is) the only one."""
    named = normalise(wanted)
    found = [each for each in running if named in ("", *map(normalise, (each.title, each.name)))]
    return found[0] if len(found) == 1 else None


def _elsewhere(context: Context, at: int, thread: Thread) -> str:
    """Return in which other group the person takes part in the same challenge, or nothing."""
    for each in courses(context, at):
        if each.thread.name == thread.name and each.thread.group != thread.group:
            group = context.store.get(Group, context.community, each.thread.group)
            return (group.title if group else "") or each.thread.group
    return ""


def _enrol(
    event: MessageReceived, context: Context, group: Group, thread: Thread, code: str
) -> tuple[Action, ...]:
    key = (context.community, thread.id, context.person_id)
    known = context.store.get(Enrolment, *key)
    today = challenges.today(context, event.at)
    fresh = known is None or known.status == challenges.LEFT
    mine = known or Enrolment(
        community=context.community, thread=thread.id, person=context.person_id, group=group.id,
        joined=today.isoformat(),
    )  # fmt: skip
    mine = replace(mine, status=ACTIVE) if fresh else mine
    mine, told = _teamed(context, thread, mine, code) if code else (mine, "")
    context.store.put(mine)
    beside = (aside(event, context, told),) if told else ()
    if not fresh:
        already = text("challenges.joined-already", title=thread.title)
        return beside or (aside(event, context, already),)
    words = _welcome(context, group, thread, mine, event.at)
    return (*acknowledging.acknowledge(context, event, "challenge", words), *beside)


def _welcome(context: Context, group: Group, thread: Thread, mine: Enrolment, at: int) -> str:
    plan, today = challenges.plan_of(thread), challenges.today(context, at)
    words = text(
        "challenges.joined", name=people.shown(context.person), title=thread.title,
        number=plan.number(today), days=plan.days,
        say=say_words(context, group, f"{thread.body['daily']} …"),
    )  # fmt: skip
    if plan.standing(mine.days, mine.made_up, today) == "missed":
        words += text("challenges.late")
    return words


def _teamed(context: Context, thread: Thread, mine: Enrolment, code: str) -> tuple[Enrolment, str]:
    """Put somebody into the team of whose code it is, if there is room; says what came of it."""
    size, owner = thread.body["team"], personal_codes.owner(context, code)
    if not size or owner is None or owner.id == mine.person:
        return mine, text("challenges.no-team" if size else "challenges.teamless")
    theirs = context.store.get(Enrolment, context.community, thread.id, owner.id)
    if theirs is None or theirs.status == challenges.LEFT:
        return mine, text("challenges.no-team")
    if theirs.team and theirs.team == mine.team:
        return mine, ""
    if mine.team and len(challenges.team_of(context, mine)) > 1:
        return mine, text("challenges.in-team")
    if len(challenges.team_of(context, theirs)) >= size:
        return mine, text("challenges.team-full")
    if not theirs.team:
        number = context.store.number(context.community, f"team:{thread.id}")
        theirs = replace(theirs, team=number)
        context.store.put(theirs)
    return replace(mine, team=theirs.team), text("challenges.teamed", name=people.shown(owner))


def leave(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take part no longer; what was done stays, for who comes back."""
    found = [each for each in courses(context, event.at) if each.enrolment.status == ACTIVE]
    threads = tuple(each.thread for each in found)
    meant = _chosen(event, context, threads, argument, none="challenges.not-in")
    if isinstance(meant, Outcome):
        return meant
    mine = next(each.enrolment for each in found if each.thread.id == meant.id)
    context.store.put(replace(mine, status=challenges.LEFT, team=0))
    return stopping(discreetly(event, context, text("challenges.left", title=meant.title)))


def mine(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell somebody how far they are, and give what they have earned once more."""
    del argument
    found = courses(context, event.at)
    told = [privately(_standing(event, context, each)) for each in found]
    given = certificates.latest(context)
    told += [given] if given is not None else []
    return stopping(*(told or [privately(_open_here(event, context))]))


def _open_here(event: MessageReceived, context: Context) -> str:
    """Say what somebody who is in none can join."""
    groups = [context.group] if context.group else _groups(context)
    for group in groups:
        for thread in challenges.running(context, group, event.at):
            say = say_words(context, group, context.book.words.shown("join_challenge"))
            return text("challenges.may-join", title=thread.title, say=say)
    return text("challenges.none")


def _groups(context: Context) -> list[Group]:
    members = people.memberships(context, context.person_id)
    found = (context.store.get(Group, context.community, each.group) for each in members)
    return [each for each in found if each is not None and not each.retired]


def _standing(event: MessageReceived, context: Context, course: Course) -> str:
    thread, mine_ = course.thread, course.enrolment
    plan, today = challenges.plan_of(thread), challenges.today(context, event.at)
    group = context.store.get(Group, context.community, thread.group)
    told = [line(context, course, event.at)]
    if mine_.status == ACTIVE and plan.number(today) and today.isoformat() not in mine_.days:
        say = say_aside(context, group, f"{thread.body['daily']} …")
        told.append(text("challenges.not-today", say=say))
    missed, left = plan.missed(mine_.days, mine_.made_up, today), plan.left(mine_.made_up)
    if missed and left:
        say = say_aside(context, group, f"{context.book.words.shown('make_up')} …")
        told.append(text("challenges.missed", missed=missed, left=left, say=say))
    told += _team(event, context, course) if thread.body["team"] else []
    return "\n".join(told)


def line(context: Context, course: Course, at: int) -> str:
    """Say in a line how far somebody is in a challenge."""
    plan, mine_ = challenges.plan_of(course.thread), course.enrolment
    fields: dict[str, Any] = {
        "title": course.thread.title, "done": len(mine_.days) + mine_.made_up, "days": plan.days,
        "number": plan.number(challenges.today(context, at)),
    }  # fmt: skip
    if mine_.status == challenges.COMPLETED:
        return text("challenges.line-completed", **fields)
    return text("challenges.line" if fields["number"] else "challenges.line-over", **fields)


def _team(event: MessageReceived, context: Context, course: Course) -> list[str]:
    thread, size = course.thread, course.thread.body["team"]
    team = challenges.team_of(context, course.enrolment)
    told = []
    if len(team) > 1:
        known = (people.current(context.store, context.community, each.person) for each in team)
        names = people.named(known)
        told.append(text("challenges.team", names=names, count=len(team), size=size))
    if len(team) < size and challenges.plan_of(thread).number(challenges.today(context, event.at)):
        group = context.store.get(Group, context.community, thread.group)
        code = personal_codes.of(context, event.key)
        say = say_words(context, group, f"{context.book.words.shown('join_challenge')} {code}")
        told.append(text("challenges.bring", say=say, left=size - len(team)))
    return told


def lines(context: Context, person: int) -> list[str]:
    """Say of each open challenge of a person how far they are."""
    return [line(context, each, context.now) for each in courses(context, context.now, person)]
