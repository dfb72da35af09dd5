"""What members want, told by their likes: much of an echo, or hardly any after a while."""

from dataclasses import replace
from typing import Final

from handlers.limits import budgets
from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.questions import contributions
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.threads import entries
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.events import StepDue
from sop.model import Counter, Group, Item, Like, Member
from sop.standing import recognition
from sop.texts import text

KIND: Final = "weak-signal"
"""The kind of occurrence at which a contribution has had its time."""

STRONG: Final = "strong:"
"""How the cause of one begins that waited for the group to wake."""


def expect(context: Context, group: Group, found: Item) -> None:
    """Plan to look at the echo of a new contribution, where the pack wants to know."""
    signal = context.book.pack.signal
    if signal is None or signal.weak is None or "weak" not in signal.then:
        return
    scheduling.plan(
        context, group.id, KIND, context.now + signal.weak.after_ms, subject=str(found.number),
        cause=contributions.source_of(found),
    )  # fmt: skip


def liked(context: Context, like: Like, likes: int) -> tuple[Action, ...]:
    """Tell of a strong signal, once, when a contribution has just become one."""
    signal = context.book.pack.signal
    group = context.store.get(Group, context.community, like.group)
    if signal is None or signal.strong is None or group is None or "strong" not in signal.then:
        return ()
    found = _offered(context, like)
    if found is None or likes < recognition.strong_at(signal.strong, hearable(context, group)):
        return ()
    if not _first(context, f"strong:{like.target}"):
        return ()
    how, asleep = signal.then["strong"], acknowledging.sleeping(context, group)
    if how != "task" and asleep is not None:
        scheduling.plan(
            context, group.id, KIND, asleep.until, subject=str(found.number),
            cause=f"{STRONG}{like.target}",
        )  # fmt: skip
        return ()
    return _tell(context, group, found, "strong", how, likes)


def look(event: StepDue, context: Context) -> Outcome:
    """Help with a contribution that found hardly any echo: in private, in the daytime.

    Where not everything is heard, thanks may have been said that the bot does not know of.
    A strong echo that came at night is told now.
    """
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    signal = context.book.pack.signal
    found = context.store.get(Item, context.community, event.group, int(event.subject))
    if signal is None or group is None or group.retired or group.paused or found is None:
        context.store.put(replace(occurrence, status="dropped"))
        return Outcome()
    asleep = acknowledging.sleeping(context, group)
    if asleep is not None:
        return Outcome((deadlines.hold(context, occurrence, asleep),))
    context.store.put(replace(occurrence, status="done"))
    likes = voices.count(context, contributions.source_of(found))
    if occurrence.cause.startswith(STRONG):
        how = signal.then.get("strong", "")
        return Outcome(_tell(context, group, found, "strong", how, likes) if how else ())
    if not channels.hears_all(group.channels):
        return Outcome()
    if not recognition.is_weak(signal, likes) or is_strong(context, found):
        return Outcome()
    return Outcome(_tell(context, group, found, "weak", signal.then.get("weak", ""), likes))


def is_strong(context: Context, found: Item) -> bool:
    """Tell whether the contribution was a strong signal at any time."""
    name = f"strong:{contributions.source_of(found)}"
    return context.store.get(Counter, context.community, name) is not None


def hearable(context: Context, group: Group) -> int:
    """Return how many members of the group the bot has ever heard."""
    return context.store.count(
        Member, community=context.community, group=group.id, left_at=0, last_at__gt=0
    )


def _offered(context: Context, like: Like) -> Item | None:
    """Return the share or story that a like is of; demand shows in nothing else."""
    found = entries.liked(context, like)
    return found if found is not None and found.kind in contributions.OFFERED else None


def _first(context: Context, name: str) -> bool:
    if context.store.get(Counter, context.community, name) is not None:
        return False
    return context.store.number(context.community, name) == 1


def _tell(
    context: Context, group: Group, found: Item, which: str, how: str, likes: int
) -> tuple[Action, ...]:
    person = people.current(context.store, context.community, found.person)
    if person is None:
        return ()
    fields = {
        "name": people.shown(person), "number": found.number, "text": excerpt(found.text, 60),
        "likes": likes, "group": group.title or group.id, "kind": text(f"deeds.{found.kind}"),
    }  # fmt: skip
    if how == "task":
        return tasks.open_task(
            context, kind="signal", to="staff", group=group.id, person=person.id,
            about=f"signal:{which}:{contributions.source_of(found)}",
            words=lambda number: text(f"signals.{which}-task", task=number, **fields),
        )  # fmt: skip
    # Hardly any echo is nobody else's business, whatever the pack says.
    aloud = how == "post" and which == "strong" and people.may_be_named(context, group, person)
    words = text(f"signals.{which}-{'post' if aloud else 'dm'}", **fields)
    if aloud:
        return budgets.charge(context, group, (Action(do="post", group=group.id, text=words),))
    reached = channels.can(group.channels, "dm") and people.is_present(context, group, person)
    if person.nudges_off or not reached:
        return ()
    line = Action(do="dm", group=group.id, to=str(person.id), member=str(person.id), text=words)
    return budgets.charge(context, group, (line,))
