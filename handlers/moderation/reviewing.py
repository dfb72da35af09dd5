"""Every group message is held against the rules: broken, in doubt, or nothing to say."""

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.moderation import doubts, learning, moderation, raids, reporting, senders
from handlers.moderation.passages import passage
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.outbox import LATE_MS
from sop import channels, texts
from sop.actions import Action
from sop.detectors import trust
from sop.detectors.detect_behaviour import REPETITION, is_one_burst
from sop.detectors.detect_words import OFF_TOPIC
from sop.detectors.detectors import Check
from sop.detectors.known_texts import NOTHING_KNOWN
from sop.detectors.verdicts import Utterance, Verdict
from sop.events import MessageReceived
from sop.frozen import replace
from sop.model import Group, Person, Strike
from sop.text import hash_normal, normalise
from sop.times import localtime
from sop.times.durations import HOUR_MS

MOST_TOLD: Final = 20
"""Observed messages of a group that staff are told of within an hour."""


def review(event: MessageReceived, context: Context) -> Outcome:
    """Judge a group message; one that broke a rule earns nothing and answers nothing."""
    group, person = context.group, context.person
    if group is None or person is None:
        return Outcome()
    if not context.book.pack.rules.checks and not raids.is_on(group, event.at):
        return Outcome()
    role, exempt = people.role_of(person, group), context.book.pack.rules.exempt
    skip = trust.unlooked(role, person.layer, exempt)
    if skip is None or reporting.is_report(event, context):
        return Outcome()
    verdicts = _fresh(event, context, _verdicts(event, context, skip))
    _note_straying(event, context, verdicts)
    verdict = _breach(verdicts)
    if verdict is None:
        return Outcome(doubts.ask(event, context, group, person, verdicts))
    if verdict.observed:
        line = _observe(event, context, group, person, verdict)
        # A question about a message says more than that it was noticed.
        told = doubts.ask(event, context, group, person, verdicts)
        return Outcome((line, *(told or _tell(event, context, group, person, verdict))))
    if context.now - event.at > LATE_MS:
        return Outcome(stop=True)
    return Outcome(moderation.strike(context, group, person, verdict.rule, event=event), stop=True)


def _verdicts(
    event: MessageReceived, context: Context, skip: frozenset[str]
) -> tuple[Verdict, ...]:
    member, normal = context.member, normalise(event.text)
    recent, fingerprint = member.recent if member else (), hash_normal(normal)
    if recent[-1:] == ((event.at, fingerprint),):
        recent = recent[:-1]
    else:  # commands and moves in a game are not among them: see `handlers.steps.hearing`
        skip |= REPETITION
    kinds = context.book.rules.kinds
    utterance = Utterance(
        text=event.text,
        normal=normal,
        at=event.at,
        mentions=event.mentions,
        has_image=event.has_image,
        codes=event.codes,
        recent=recent,
        fingerprint=fingerprint,
        known=learning.known(context) if "ads" in kinds else NOTHING_KNOWN,
        confirmed=learning.confirmed(context) if "ads" in kinds else NOTHING_KNOWN,
        off_topic=_strayed(event, context) if "topic" in kinds else 0,
        clock=_clock(event, context) if "hours" in kinds else -1,
        elsewhere=senders.elsewhere(context, normal, fingerprint) if "copies" in kinds else (),
    )
    verdicts = context.book.rules.judge(utterance, skip)
    weighed = senders.weighed(event, context, utterance, verdicts)
    brought = raids.judged(context, utterance)
    # Once it is known for a raid, that is what its newcomers are told of; until then a question
    # about an advert teaches more than one about them.
    strict = any(each.violated for each in brought)
    return (*brought, *weighed) if strict else (*weighed, *brought)


def _fresh(
    event: MessageReceived, context: Context, verdicts: tuple[Verdict, ...]
) -> tuple[Verdict, ...]:
    """Leave out what a burst breaks for which its member was struck: one burst is one strike."""
    broken = {each.rule for each in verdicts if each.violated}
    if not broken:
        return verdicts
    checks = {
        each.id: each for each in context.book.pack.rules.checks if each.detect in REPETITION
    }
    if broken.isdisjoint(checks):
        return verdicts
    struck = context.store.find(
        Strike, community=context.community, person=context.person_id, group=context.group_id,
        rule__in=[*checks], observed=False, reversed_at=0, order="-at", limit=1,
    )  # fmt: skip
    recent = context.member.recent if context.member else ()

    def goes_on(found: Verdict) -> bool:
        return found.rule in checks and any(
            found.rule != each.rule
            and is_one_burst(each.at, recent, event.at, _window(checks, found.rule, each.rule))
            for each in struck
        )

    return tuple(each for each in verdicts if not (each.violated and goes_on(each)))


def _window(checks: Mapping[str, Check], *rules: str) -> int:
    return min(int(str(checks[rule].params["within"])) for rule in rules)


def _clock(event: MessageReceived, context: Context) -> int:
    return localtime.minute_of_day(event.at, context.book.zone)


def _strayed(event: MessageReceived, context: Context) -> int:
    """Count the member's earlier messages of this local day that were off the topic."""
    member = context.member
    if member is None or not member.strayed:
        return 0
    today = localtime.local_date(event.at, context.book.zone).isoformat()
    return member.strayed if member.strayed_on == today else 0


def _note_straying(event: MessageReceived, context: Context, verdicts: Sequence[Verdict]) -> None:
    if not any(one.name == OFF_TOPIC for each in verdicts for one in each.signals):
        return
    member = context.member
    if member is not None:
        today = localtime.local_date(event.at, context.book.zone).isoformat()
        count = _strayed(event, context) + 1
        context.store.put(replace(member, strayed=count, strayed_on=today))


def _breach(verdicts: Sequence[Verdict]) -> Verdict | None:
    broken = [verdict for verdict in verdicts if verdict.violated]
    # What is only observed does not shield what is enforced.
    return next((each for each in broken if not each.observed), broken[0] if broken else None)


def _observe(
    event: MessageReceived, context: Context, group: Group, person: Person, verdict: Verdict
) -> Action:
    """Record what enforcing would have struck; nothing happens to the member."""
    moderation.record_strike(context, group, person, verdict.rule, event=event, measure="observe")
    return Action(
        do="strike", group=group.id, member=str(person.id), rule=verdict.rule, reason="observe"
    )


def _tell(
    event: MessageReceived, context: Context, group: Group, person: Person, verdict: Verdict
) -> tuple[Action, ...]:
    """Tell staff what enforcing would have done; of a flood of it the weekly account tells."""
    lately = context.store.count(
        Strike, community=context.community, group=group.id, observed=True,
        at__gt=event.at - HOUR_MS,
    )  # fmt: skip
    if lately > MOST_TOLD:
        return ()
    if not channels.can(group.channels, "dm"):
        return moderation.staff_task(
            context,
            group,
            person,
            verdict.rule,
            key="rules.observed-task",
            kind="observed",
            at=event.at,
        )
    words = texts.text(
        "rules.observed", name=people.shown(person), group=group.title or group.id,
        rule=moderation.rule_name(context, verdict.rule), reason=verdict.reason,
        text=passage(event.text, verdict),
    )  # fmt: skip
    return (
        Action(
            do="dm", group=group.id, to="staff", text=words, rule=verdict.rule, reason="observe"
        ),
    )
