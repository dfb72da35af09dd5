"""The day's posts of a group go out together, where each send is capped or costs a tap."""

from collections.abc import Iterator, Sequence
from typing import Final

from handlers import overrides
from handlers.limits import budgets, gates, rounds, settling
from handlers.ports import Context
from handlers.steps import lateness, runs
from handlers.tasks import tasks
from handlers.timing import scheduling
from handlers.traces import DROPPED, HELD, Verdict
from sop.actions import Action
from sop.budgets import bundles
from sop.budgets.budget import turn
from sop.model import Group, Occurrence
from sop.pack.pack_budget import Bundle
from sop.pack.pack_steps import Step
from sop.times.durations import format_time_of_day

CAP: Final = "cap"


def bundle_of(context: Context, group: Group, step: Step) -> Bundle | None:
    """Return the bundle the step's posts go out with in that group, or None."""
    bundle = overrides.bundle_of(context, group)
    if bundle is None or not bundles.is_wanted(step, group.channels):
        return None
    return bundle


def wait(context: Context, bundle: Bundle, occurrence: Occurrence) -> Verdict | None:
    """Return until when the occurrence waits for its bundle; None: it is time."""
    at = bundles.next_at(bundle.at, occurrence.run_at, context.book.zone)
    if at <= context.now:
        return None
    figure = f"bundle: at {format_time_of_day(bundle.at)}"
    return Verdict(verdict=HELD, reason="batch", figures=(figure,), until=at)


def send(
    context: Context, group: Group, bundle: Bundle, occurrence: Occurrence
) -> tuple[Action, ...]:
    """Run all of the group's steps whose bundle's time has come, and send their posts as one.

    `occurrence` is one of them; every one of them is settled.
    """
    lines = list(_judged(context, group, occurrence))
    waiting = _waiting(context, group, occurrence)
    short = budgets.short_of(context, group, 1)
    if short is not None:
        held = (settling.hold(context, each, short) for each, _ in waiting)
        return (*lines, *(line for each in held for line in each))
    for row, step in waiting:
        lines.extend(_ran(context, group, row, step))
    posts = [line for line in lines if line.do == "post" and line.group == group.id]
    rest = [line for line in lines if line not in posts]
    return (*_sent(context, group, bundle, posts), *rest)


def _judged(context: Context, group: Group, occurrence: Occurrence) -> Iterator[Action]:
    """Settle what comes too late to go out; of the rest, what follows upon it is planned."""
    for row, step in _waiting(context, group, occurrence):
        if row.key != occurrence.key and row.kind == scheduling.STEP:
            over = lateness.judged(_under(context, row), group, step, row)
            if over is not None:
                yield from settling.settle(context, row, over)


def _waiting(
    context: Context, group: Group, occurrence: Occurrence
) -> list[tuple[Occurrence, Step]]:
    """What is due of the group and belongs into the bundle, in the order of its turn."""
    # What begins with silence is settled when it is looked into: here it waits again.
    context.store.put(occurrence)
    rows = context.store.find(
        Occurrence, community=context.community, group=group.id,
        kind__in=(scheduling.STEP, scheduling.SILENCE), status="pending",
        run_at__le=context.now,
    )  # fmt: skip
    found = []
    for row in sorted(rows, key=lambda row: turn(row.rank, row.due_at)):
        step = _under(context, row).book.step(row.step)
        if step is None or rounds.is_round(step, row) or not _is_meant(group, row, occurrence):
            continue
        bundle = bundle_of(context, group, step)
        if bundle is not None and wait(context, bundle, row) is None:
            found.append((row, step))
    return found


def _is_meant(group: Group, row: Occurrence, occurrence: Occurrence) -> bool:
    """Tell whether an occurrence may run here: of a silent spell, what waited and goes on."""
    if row.kind == scheduling.STEP or row.key == occurrence.key:
        return True
    since = group.spoken_at or group.created_at or group.adopted_at
    return bool(row.body.get("held")) and row.cause == str(since)


def _under(context: Context, row: Occurrence) -> Context:
    """What began under an older pack ends under it; what has not, follows the one in force."""
    return context.under(row.version or context.in_force.version)


def _ran(context: Context, group: Group, occurrence: Occurrence, step: Step) -> tuple[Action, ...]:
    """Run a step whose turn has come, with what shares its run; others did so before."""
    row = context.store.get(Occurrence, *occurrence.key)
    if row is None or row.status != "pending" or row.run_at > context.now:
        return ()
    context = _under(context, row)
    shut = gates.closed(context, group, step, row.due_at)
    if shut is not None:
        return settling.settle(context, row, shut)
    batch = runs.sharing(context, step, row)
    return runs.run(context, group, step, batch, bundled=True)


def _sent(
    context: Context, group: Group, bundle: Bundle, posts: Sequence[Action]
) -> tuple[Action, ...]:
    if not posts:
        return ()
    room = budgets.bundle_room(context, group, bundle.max)
    if room is not None and not room.left:
        figure = f"bundle: {room.spent} of {room.cap.n} {budgets.PERIODS[room.cap.period]}"
        return _left(context, group, posts, figure)
    whole, left = bundles.packed(posts)
    assert whole is not None
    budgets.spend_bundle(context, group, bundle.max)
    budgets.spend_post(context, group)
    return (whole, *_left(context, group, left, "bundle: does not fit into one message"))


def _left(
    context: Context, group: Group, posts: Sequence[Action], figure: str
) -> tuple[Action, ...]:
    """What does not fit is posted by hand; what matters little is dropped."""
    lines: list[Action] = []
    for post in posts:
        step = context.book.step(post.step)
        if step is None or step.priority != "low":
            lines.extend(tasks.copy_text(context, group, post))
            continue
        lines.append(settling.lost(context, group, post, Verdict(
            verdict=DROPPED, reason=CAP, figures=(figure,)
        )))  # fmt: skip
    return tuple(lines)
