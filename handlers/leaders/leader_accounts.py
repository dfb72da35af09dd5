"""What a leader is told about themselves: where they stand, on what figures, and what comes next.

Staff may ask the same about a leader, or for all of them in a few lines.
"""

from collections.abc import Sequence
from typing import Final

from handlers.leaders import circles_led, leader_measures, volunteers
from handlers.people import leader_records, people, places
from handlers.people.leader_records import CANDIDATE, OVER, PROBATION, SERVING
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.threads.whose import whose
from sop.events import MessageReceived
from sop.model import Leader, LeaderChange, Person, Volunteer
from sop.standing import leaders, offices
from sop.texts import has, text
from sop.times import localtime

SHOWN: Final = 8
"""Latest changes that are told."""

LISTED: Final = 30
"""Leaders listed to staff at most."""


def account(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell somebody all about their way as a leader; staff without a name get the list."""
    about = whose(event, context, argument, "leader")
    if about.person is None:
        return stopping(privately(about.problem))
    known = leader_records.of(context, about.person.id)
    if not about.other and known is None and _is_staff(context):
        return stopping(privately("\n".join(_everybody(context))))
    lines = lines_of(context, about.person)
    history = _history(context, about.person)
    if not lines and not history:
        return stopping(privately(_invitation(context)))
    heading = text("leaders.account", name=people.shown(about.person))
    return stopping(privately("\n".join((heading, *lines, *history))))


def _is_staff(context: Context) -> bool:
    if people.is_staff(context.person, context.group):
        return True
    return context.group is None and bool(places.own_groups(context, staff=True))


def _invitation(context: Context) -> str:
    """Say how to become one, where the pack has leaders."""
    wanted = context.book.pack.leaders
    if wanted is None or not wanted.tiers:
        return text("leaders.none")
    return text("leaders.invitation", word=context.book.words.shown("apply"))


def lines_of(context: Context, person: Person) -> list[str]:
    """Return where somebody stands now, line by line; nothing where they never came forward."""
    known, wanted = leader_records.of(context, person.id), context.book.pack.leaders
    lines = _terms(context, person)
    if known is None or wanted is None or known.status in OVER:
        return lines
    if known.status in CANDIDATE:
        return [*lines, text(f"leaders.candidate-{known.status}")]
    if not wanted.tiers:
        return [*lines, text("leaders.now-elected")]
    return [*lines, *_standing(context, person, known)]


def _standing(context: Context, person: Person, known: Leader) -> list[str]:
    wanted = context.book.pack.leaders
    assert wanted is not None
    place = leaders.place_of(wanted.tiers, known.tier)
    tier, measures = wanted.tiers[place], leader_measures.of(context, person)
    on_probation = known.status == PROBATION
    key = "leaders.now-probation" if on_probation else "leaders.now-serving"
    lines = [text(key, tier=tier.title)]
    if known.failed:
        lines.append(text("leaders.now-warned"))
    lines += _demands("leaders.keeps", leaders.held(tier.keep, measures).figures)
    if not on_probation:
        lines += _duties(context, person, known)
    if not on_probation and place + 1 < len(wanted.tiers):
        above = wanted.tiers[place + 1]
        lines.append(text("leaders.next", tier=above.title))
        lines += _demands("leaders.needs", leaders.held(above.keep, measures).figures)
    lines += _rights(context, None if on_probation else tier.id)
    circles = circles_led.led_by(context, person)
    return lines + [
        text("leaders.circle", tag=each.tag, count=len(circles_led.inside(context, each.tag)))
        for each in circles
    ]


def _rights(context: Context, tier: str | None) -> list[str]:
    """Return what somebody in that tier (None: on probation) may open, and by which words."""
    wanted, words = context.book.pack.leaders, context.book.words
    may = leaders.rights(wanted, tier) if wanted is not None else {}
    joiner = text("people.joiner")
    parts = [text("leaders.may-ask", word=words.shown("launch"))] if "ask" in may else []
    opened = joiner.join(text(f"actions.{each}") for each in may if has(f"actions.{each}"))
    if opened:
        parts.append(text("leaders.may-start", what=opened, word=words.shown("start_slot")))
    return [text("leaders.may", what=joiner.join(parts))] if parts else []


def _demands(key: str, figures: Sequence[leaders.Figure]) -> list[str]:
    """Return what a tier asks, each with a mark whether it is there."""
    marks = {True: "leaders.yes", False: "leaders.not-yet", None: "leaders.unheard"}
    told = leader_measures.told(figures)
    pairs = zip(figures, told, strict=True)
    parts = [text(marks[figure.holds], figure=words) for figure, words in pairs]
    return [text(key, figures=text("leaders.joiner").join(parts))] if parts else []


def _duties(context: Context, person: Person, known: Leader) -> list[str]:
    wanted = context.book.pack.leaders
    owed = leaders.duties(wanted, known.tier) if wanted is not None else {}
    parts = [
        leader_measures.owed_words(name, rate, leader_measures.done(context, person, name, rate))
        for name, rate in owed.items()
    ]
    return [text("leaders.owes", duties=text("leaders.joiner").join(parts))] if parts else []


def _terms(context: Context, person: Person) -> list[str]:
    found = context.store.find(
        Volunteer, community=context.community, person=person.id, status="serving", order="duty"
    )
    return [
        text(
            "leaders.now-volunteer",
            role=offices.title(each.duty),
            term=volunteers.term_words(context, each.until),
        )
        for each in found
    ]


def _history(context: Context, person: Person) -> list[str]:
    """Return what happened lately, the latest first, with the figures as they were told."""
    found = context.store.find(
        LeaderChange, community=context.community, person=person.id, what__ne="led", order="-id",
        limit=SHOWN,
    )  # fmt: skip
    lines = [_happened(context, each) for each in found]
    return [text("leaders.history"), *lines] if lines else []


def _happened(context: Context, change: LeaderChange) -> str:
    day = localtime.local_date(change.at, context.book.zone)
    kinds = (f"{change.what}-{change.reason}", change.what)
    kind = next((each for each in kinds if has(f"leaders.change-{each}")), "")
    what = text(f"leaders.change-{kind}") if kind else text(
        f"leaders.moved-to-{change.reason or 'certified'}",
        tier=leader_records.title_of(context, change.what),
    )  # fmt: skip
    figures = text("leaders.joiner").join(change.body.get("figures", ()))
    told = text("leaders.on-figures", figures=figures) if figures else ""
    return text("leaders.happened", month=day.month, day=day.day, what=what, figures=told)


def _everybody(context: Context) -> list[str]:
    """Return the leaders and those on their way, one a line, for owner and staff."""
    found = context.store.find(
        Leader, community=context.community, order="person",
        status__in=(*CANDIDATE, PROBATION, SERVING),
    )  # fmt: skip
    lines = [_listed(context, each) for each in found[:LISTED]]
    word = context.book.words.shown("leader")
    if not lines:
        return [text("leaders.list-empty")]
    return [text("leaders.list", count=len(found), word=word), *lines]


def _listed(context: Context, known: Leader) -> str:
    person = people.current(context.store, context.community, known.person)
    state = leader_records.title_of(context, known.tier) or text(f"leaders.state-{known.status}")
    if person is None or known.status in CANDIDATE:
        return text("leaders.listed-candidate", name=people.shown(person), state=state)
    measures = leader_measures.of(context, person)
    warned = text("leaders.listed-warned") if known.failed else ""
    return text(
        "leaders.listed", name=people.shown(person), state=state + warned, score=measures.score,
        posts=measures.posts, answers=measures.answers, claims=measures.claims,
    )  # fmt: skip
