"""`清理`: the list first, then one word, then a week in which anything that is said counts."""

from handlers.clean_up import running, silent
from handlers.clean_up.silent import Silent
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import discreetly, privately, stopping
from sop.actions import Action
from sop.activities import clean_up as policy
from sop.events import MessageReceived
from sop.model import CleanUp, Group, Member
from sop.texts import text
from sop.times import localtime
from sop.times.durations import DAY_MS


def clean_up(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show who would be told; with the word for it, call off what is under way."""
    group = context.group
    asked = policy.parse(argument)
    if group is None or asked is None:
        form = text("clean-up.form", days=policy.USUAL_DAYS, shortest=policy.SHORTEST_DAYS)
        return stopping(privately(form))
    under_way = running.under_way(context, group)
    if asked.stop:
        return stopping(*_stopped(event, context, under_way))
    if under_way is not None:
        return stopping(privately(_going_on(context, under_way)))
    if not silent.heard_since(context, group):
        return stopping(privately(text("clean-up.unheard", group=_title(group))))
    found, spared = silent.in_group(context, group, asked.days * DAY_MS)
    if not found:
        words = text("clean-up.none", group=_title(group), days=asked.days, spared=spared)
        return stopping(privately(words))
    _keep(context, group, found[: policy.MOST], asked.days)
    return stopping(privately(_preview(context, group, found, asked.days, spared)))


def _keep(context: Context, group: Group, found: list[Silent], days: int) -> None:
    context.store.put(
        CleanUp(
            community=context.community, id=context.store.number(context.community, "clean-up"),
            group=group.id, by=context.person_id, at=context.now, days=days,
            members=tuple(each.person.id for each in found),
        )
    )  # fmt: skip


def _preview(context: Context, group: Group, found: list[Silent], days: int, spared: int) -> str:
    present = context.store.count(
        Member, community=context.community, group=group.id, left_at=0
    )  # fmt: skip
    lines = [
        text(
            "clean-up.line", number=number, name=people.shown(each.person),
            days=(context.now - each.since) // DAY_MS,
        )
        for number, each in enumerate(found[: policy.SHOWN], 1)
    ]  # fmt: skip
    head = text(
        "clean-up.preview", group=_title(group), days=days, count=len(found), present=present,
        share=round(100 * len(found) / max(present, 1)),
    )  # fmt: skip
    rest = len(found) - policy.SHOWN
    more = text("clean-up.more", count=rest) if rest > 0 else ""
    limit = text("clean-up.limit", most=policy.MOST) if len(found) > policy.MOST else ""
    how = text("clean-up.how", spared=spared, word=context.book.words.shown("confirm"))
    return "\n".join(filter(None, (head, *lines, more, limit, how)))


def confirm(event: MessageReceived, context: Context, newest: CleanUp) -> Outcome:
    """Begin the clean-up whose preview the person has just seen."""
    group = context.store.get(Group, context.community, newest.group)
    if group is None or not people.is_staff(context.person, group):
        return stopping(privately(text("clean-up.nothing-to-confirm")))
    under_way = running.under_way(context, group)
    if under_way is not None:
        return stopping(privately(_going_on(context, under_way)))
    lines, count = running.begin(context, group, newest)
    key = "clean-up.begun" if count else "clean-up.all-back"
    words = text(key, group=_title(group), count=count)
    return stopping(*lines, discreetly(event, context, words))


def _stopped(
    event: MessageReceived, context: Context, under_way: CleanUp | None
) -> tuple[Action, ...]:
    if under_way is None:
        return (privately(text("clean-up.nothing-to-stop")),)
    return (
        *running.stop(context, under_way),
        discreetly(event, context, text("clean-up.stopped")),
    )


def _going_on(context: Context, found: CleanUp) -> str:
    word = context.book.words.shown("clean_up")
    if not found.ends_at:
        return text("clean-up.being-told", word=word)
    until = localtime.wall_time(found.ends_at, context.book.zone)
    return text("clean-up.going-on", month=until.month, day=until.day, word=word)


def _title(group: Group) -> str:
    return group.title or group.id
