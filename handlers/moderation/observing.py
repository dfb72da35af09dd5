"""Once a week staff are told what enforcing would have done where a check only observes.

Nobody else hears of it, and nothing is done: it says whether a check is ready to be enforced.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from handlers.moderation import moderation
from handlers.overrides import book_of
from handlers.ports import Context, Outcome
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Group, Message, Strike
from sop.standing import ladder
from sop.texts import text
from sop.times import localtime

KIND: Final = "observed-week"
"""The kind of occurrence at which the week is told."""

MINUTE_OF_DAY: Final = 9 * 60 + 30
"""09:30 local, on Mondays."""

WEEK: Final = timedelta(days=7)

SAMPLES: Final = 2
"""Messages of each rule that are quoted."""


def plan(context: Context) -> None:
    """Plan to tell the week that is over, in each group with something to tell; once a night."""
    zone = context.book.zone
    today = localtime.local_date(context.now, zone)
    at = localtime.instant(today, MINUTE_OF_DAY, zone)
    if today.weekday() or at <= context.now:
        return
    since, until = _week(context, at)
    found = _observed(context, since, until)
    for group in sorted({each.group for each in found}):
        scheduling.plan(context, group, KIND, at)


def _week(context: Context, at: int) -> tuple[int, int]:
    """Return the instants at which the last whole week before a Monday begins and ends."""
    zone = context.book.zone
    monday = localtime.local_date(at, zone)
    return localtime.local_midnight(monday - WEEK, zone), localtime.local_midnight(monday, zone)


def _observed(context: Context, since: int, until: int) -> Sequence[Strike]:
    return context.store.find(
        Strike, community=context.community, observed=True, at__ge=since, at__lt=until, order="at"
    )


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell staff of the group in private, or by a task where nobody is reached."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired:
        return Outcome()
    since, until = _week(context, event.due_at)
    found = [each for each in _observed(context, since, until) if each.group == group.id]
    if not found:
        return Outcome()
    words = "\n".join(_account(context, group, found))
    if channels.can(group.channels, "dm"):
        return Outcome((Action(do="dm", group=group.id, to="staff", text=words),))

    def task(number: int) -> str:
        return "\n".join((words, text("observing.seen", number=number)))

    about = f"observed:{group.id}:{event.due_at}"
    return Outcome(
        tasks.open_task(context, kind=KIND, to="staff", group=group.id, about=about, words=task)
    )


def _account(context: Context, group: Group, found: Sequence[Strike]) -> Iterator[str]:
    yield text("observing.heading", group=group.title or group.id)
    for rule, count in Counter(each.rule for each in found).most_common():
        those = [each for each in found if each.rule == rule]
        yield text(
            "observing.rule", rule=moderation.rule_name(context, rule), count=count,
            people=len({each.person for each in those}),
        )  # fmt: skip
        for said in _samples(context, those):
            yield text("observing.sample", text=said)
    rungs = Counter(_rungs(context, group, found))
    yield text(
        "observing.rungs",
        rungs=text("people.joiner").join(
            text("observing.rung", rung=text(f"observing.would-{rung}"), count=count)
            for rung, count in rungs.items()
        ),
    )
    yield text("observing.next")


def _samples(context: Context, strikes: Sequence[Strike]) -> list[str]:
    said: dict[str, None] = {}
    for each in strikes:
        kept = context.store.find(
            Message, community=context.community, group=each.group, at=each.at,
            message_id=each.source, limit=1,
        )  # fmt: skip
        if kept and kept[0].text:
            said[excerpt(kept[0].text, 40)] = None
        if len(said) == SAMPLES:
            break
    return list(said)


def _rungs(context: Context, group: Group, found: Sequence[Strike]) -> Iterator[str]:
    """Yield what each breach would have brought, had the check been enforced all the time."""
    rules = book_of(context, group).pack.rules
    for each in found:
        earlier = context.store.find(
            Strike, community=context.community, person=each.person, reversed_at=0,
            at__lt=each.at,
        )  # fmt: skip
        count = ladder.counting((one.at for one in earlier), each.at, rules.forget_after_ms)
        yield ladder.sanction(rules.ladder, count)
