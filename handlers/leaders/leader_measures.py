"""What a leader has shown lately, read from what is kept; and what of their duties is done."""

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any, Final

from handlers.leaders import circles_led
from handlers.ledger import ledger
from handlers.ledger.facts import StoredFacts
from handlers.people import leading, people
from handlers.ports import Context
from handlers.questions import asked
from handlers.questions.contributions import OFFERED
from handlers.threads import open_threads
from sop import channels
from sop.activities.collecting import HIDDEN, SHOWN
from sop.fields.pack_types import Rate
from sop.model import CircleMember, Claim, Group, Invitation, Item, LeaderChange, Person, Thread
from sop.standing.layers import SIGNS
from sop.standing.leaders import WINDOW_MS, Figure, Measures
from sop.texts import has, length, text
from sop.times.durations import DAY_MS

CHUNK: Final = 500
"""Persons whose claims are counted in one statement."""


def of(context: Context, person: Person) -> Measures:
    """Return what somebody has shown in the 30 days until now."""
    since = context.now - WINDOW_MS
    answers = _answers(context, person, since)
    return Measures(
        score=ledger.as_of_now(context, person.id).score,
        posts=posts(context, person.id, since),
        answers=len(answers),
        answer_time=_pace(context, answers),
        circle_retention=_retention(context, person, since),
        claims=_claims(context, person, since),
        heard=_is_heard(context, person),
    )


def posts(context: Context, person: int, since: int) -> int:
    """Return how many contributions of somebody are shown: shares, stories, entries."""
    return context.store.count(
        Item, community=context.community, person=person, at__gt=since, kind__in=OFFERED,
        status__in=SHOWN,
    )  # fmt: skip


def _answers(context: Context, person: Person, since: int) -> Sequence[Item]:
    found = context.store.find(
        Item, community=context.community, person=person.id, at__gt=since, kind=asked.ANSWER
    )
    return [each for each in found if each.status not in HIDDEN]


def _pace(context: Context, answers: Iterable[Item]) -> int | None:
    """Return the median time from a question to their answer; unknown without any."""
    pairs = (
        (each, context.store.get(Item, context.community, each.group, each.parent))
        for each in answers
    )
    waited = [each.at - question.at for each, question in pairs if question is not None]
    return round(median(waited)) if waited else None


def _retention(context: Context, person: Person, since: int) -> float | None:
    """Return which share of those who were in their circles then is still there.

    Unknown where nobody was, or where no channel tells who leaves.
    """
    before = [
        each
        for each in circles_led.rows(context, person)
        if each.at <= since and (not each.left_at or each.left_at > since)
    ]
    groups = {
        each.group: context.store.get(Group, context.community, each.group) for each in before
    }
    told = all(group and channels.knows_members(group.channels) for group in groups.values())
    if not before or not told:
        return None
    return sum(circles_led.is_in(context, each) for each in before) / len(before)


def _claims(context: Context, person: Person, since: int) -> int:
    """Return how many benefits were taken by their circles, and by those they brought."""
    ids = sorted(followers(context, person))
    return sum(
        context.store.count(
            Claim, community=context.community, person__in=ids[start : start + CHUNK],
            status="given", at__gt=since,
        )
        for start in range(0, len(ids), CHUNK)
    )  # fmt: skip


def followers(context: Context, person: Person) -> set[int]:
    """Return who is in their circles, and whom they brought, never themselves."""
    inside: Iterable[CircleMember] = circles_led.rows(context, person)
    brought = context.store.find(
        Invitation, community=context.community, inviter=person.id, status="counted"
    )
    found = {each.person for each in inside if not each.left_at}
    return (found | {each.guest for each in brought}) - {person.id}


def _is_heard(context: Context, person: Person) -> bool:
    """Tell whether some group of theirs is heard as a whole."""
    known = (
        context.store.get(Group, context.community, each.group)
        for each in people.memberships(context, person.id)
    )
    return any(group is not None and channels.hears_all(group.channels) for group in known)


def done(context: Context, person: Person, duty: str, rate: Rate) -> int:
    """Return how often a duty was done within its window."""
    since = -1 if rate.within_ms is None else context.now - rate.within_ms
    return _DONE.get(duty, _led)(context, person, duty, since)


def _answered(context: Context, person: Person, _duty: str, since: int) -> int:
    return len(_answers(context, person, since))


def _hosted(context: Context, person: Person, _duty: str, since: int) -> int:
    """Whatever they opened for their group, and the share days they spoke on."""
    opened = context.store.count(
        LeaderChange,
        community=context.community,
        person=person.id,
        at__gt=since,
        what=leading.OPENED,
    )
    days = (
        each
        for member in people.memberships(context, person.id)
        for each in context.store.find(
            Thread, community=context.community, group=member.group, status="closed",
            closes_at__gt=since, kind=open_threads.SHARE,
        )
    )  # fmt: skip
    return opened + sum(str(person.id) in each.body.get("spoke", ()) for each in days)


def _led(context: Context, person: Person, duty: str, since: int) -> int:
    """What they opened of that kind, else the deeds of that name."""
    opened: dict[str, Any] = {"community": context.community, "person": person.id}
    led = context.store.count(
        LeaderChange, what=leading.OPENED, reason=duty, at__gt=since, **opened
    )
    within = context.now - since if since >= 0 else None
    return led + StoredFacts(context, None, person).deeds(duty, within)


_DONE: Final = {"answer": _answered, "host": _hosted}


def owed_words(duty: str, rate: Rate, done_: int | None = None) -> str:
    """Say a duty as people say it; with what of it is done, where that is asked for."""
    named = text(f"leaders.does-{duty}") if has(f"leaders.does-{duty}") else duty
    days = (rate.within_ms or 0) // DAY_MS
    so_far, ever = "" if done_ is None else "-done", "" if days else "-ever"
    key = f"leaders.duty{so_far}{ever}"
    return text(key, duty=named, count=rate.count, days=days, done=done_)


def told(figures: Iterable[Figure]) -> tuple[str, ...]:
    """Return figures in words, each with what is wanted."""
    return tuple(_told(each) for each in figures)


def _told(figure: Figure) -> str:
    wanted = SIGNS[figure.wanted.op] + _shown(figure.name, figure.wanted.value)
    found = text("leaders.unknown") if figure.found is None else _shown(figure.name, figure.found)
    return text(f"leaders.figure-{figure.name.replace('_', '-')}", found=found, wanted=wanted)


def _shown(name: str, value: float) -> str:
    if name == "answer_time":
        return (length(int(value) // 60_000 * 60_000) or length(60_000)).strip(
            text("leaders.brackets")
        )
    return f"{value:.0%}" if name == "circle_retention" else f"{value:g}"
