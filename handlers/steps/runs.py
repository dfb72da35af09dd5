"""One run of a step: who takes part, what fits the budget, what it does and what is kept of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers import traces
from handlers.limits import budgets, gates, settling
from handlers.people.people import is_staff
from handlers.ports import Context
from handlers.steps import step_actions
from handlers.timing import absences, scheduling
from handlers.traces import DROPPED, MERGED, RUN, Verdict
from sop.actions import Action
from sop.budgets import budget
from sop.model import Group, Member, Occurrence, Person, StepRun
from sop.pack.pack_steps import Step
from sop.triggers import triggers

OUTLASTING: Final = ("left:", "promoted:", "demoted:")
"""Causes after which the member may be out of the group and is still meant."""

SAID: Final = "says"
"""The cause of what a member's words set off: it is traced, and was never planned."""


@dataclass(frozen=True, slots=True)
class Taker:
    """An occurrence that takes part in a run, its member, and what was asked of them."""

    occurrence: Occurrence
    person: Person | None
    figures: tuple[str, ...]


def run(
    context: Context,
    group: Group,
    step: Step,
    batch: Sequence[Occurrence],
    *,
    bundled: bool = False,
) -> tuple[Action, ...]:
    """Run a step once for all occurrences of a batch that may; settle every one of them.

    What does not fit the group's budget waits for it. `bundled` posts go out with others as
    one message, which is counted by who sends it.
    """
    lines, takers = _takers(context, group, step, batch)
    if not takers:
        return lines
    start = begun_at(takers[0].occurrence)
    short = budgets.short_of(context, group, budget.posts_from(step, start), bundled=bundled)
    if short is not None:
        held = (settling.hold(context, each.occurrence, short) for each in takers)
        return (*lines, *(line for each in held for line in each))
    return (*lines, *_act(context, group, step, takers, start, bundled=bundled))


def answer(
    context: Context, group: Group, step: Step, person: Person, at: int
) -> tuple[Action, ...]:
    """Run a step that a member's words have set off: it answers, so no budget holds it."""
    said = Occurrence(
        community=context.community, group=group.id, kind=scheduling.STEP, step=step.id,
        subject=str(person.id), cause=SAID, due_at=at, run_at=at,
    )  # fmt: skip
    verdict = gates.asked(context, group, step, person)
    if verdict.verdict != RUN:
        traces.keep(context, said, verdict)
        return ()
    part = step_actions.expand(context, group, step, (person,), due_at=at)
    if not part.ran:
        verdict = _unfed(part)
    else:
        _record(context, group, step, (person,), at)
    traces.keep(context, said, verdict)
    return part.lines


def sharing(context: Context, step: Step, occurrence: Occurrence) -> Sequence[Occurrence]:
    """The occurrences that share one run: for a batched step all that are due with this one.

    What is chained to it is shared by those who shared that run.
    """
    if step.batch is None and not _follows_batch(context, step):
        return (occurrence,)
    found = context.store.find(
        Occurrence, community=context.community, group=occurrence.group, kind=occurrence.kind,
        step=step.id, status="pending", run_at__le=context.now, order="due_at",
        version=occurrence.version,
    )  # fmt: skip
    return [
        each
        for each in found
        if begun_at(each) == begun_at(occurrence)
        and (step.batch is not None or each.cause == occurrence.cause)
    ]


def _follows_batch(context: Context, step: Step) -> bool:
    """Tell whether the step's chain begins with one whose newcomers share a run."""
    passed: set[str] = set()
    found: Step | None = step
    while found is not None and isinstance(found.when, triggers.After) and found.id not in passed:
        passed.add(found.id)
        found = context.book.step(found.when.step)
    return found is not None and found.batch is not None


def begun_at(occurrence: Occurrence) -> int:
    """Return the action an occurrence goes on with: what comes before has been done."""
    return int(occurrence.body.get("from", 0))


def subject_of(context: Context, group: Group, occurrence: Occurrence) -> Person | None:
    """The occurrence's member, if the membership that caused it still lasts.

    Nobody is missed who runs the group: they are there without a word.
    """
    person = context.store.get(Person, context.community, int(occurrence.subject))
    member = context.store.get(Member, context.community, group.id, int(occurrence.subject))
    if person is None or member is None:
        return None
    gone = member.left_at and not occurrence.cause.startswith(OUTLASTING)
    other = occurrence.cause.startswith("stint:") and occurrence.cause != f"stint:{member.stint}"
    missed = occurrence.cause.startswith(absences.SPELL)
    back = missed and (
        is_staff(person, group) or not absences.lasts(group, member, occurrence.cause)
    )
    return None if gone or other or back else person


def _takers(
    context: Context, group: Group, step: Step, batch: Sequence[Occurrence]
) -> tuple[tuple[Action, ...], list[Taker]]:
    """Ask for each occurrence whether it takes part; the others are settled here."""
    lines: list[Action] = []
    takers: list[Taker] = []
    for occurrence in batch:
        person = subject_of(context, group, occurrence) if occurrence.subject else None
        verdict = _asked(context, group, step, occurrence, person)
        if verdict.verdict == RUN:
            takers.append(Taker(occurrence, person, verdict.figures))
        else:
            lines.extend(settling.settle(context, occurrence, verdict))
    return tuple(lines), takers


def _asked(
    context: Context, group: Group, step: Step, occurrence: Occurrence, person: Person | None
) -> Verdict:
    if occurrence.subject and person is None:
        return Verdict(verdict=DROPPED, reason="left")
    late = budgets.waited_for_nothing(context, occurrence)
    if late is not None:
        return late
    fresh = bool(occurrence.body.get("matched")) and not occurrence.body.get("held")
    begun = begun_at(occurrence) > 0
    verdict = gates.asked(context, group, step, person, matched=fresh, begun=begun)
    if verdict.verdict != RUN or person is None or begun:
        return verdict
    return budgets.short_for(context, group, step, person) or verdict


def _act(
    context: Context,
    group: Group,
    step: Step,
    takers: Sequence[Taker],
    start: int,
    *,
    bundled: bool,
) -> tuple[Action, ...]:
    people = [each.person for each in takers if each.person is not None]
    left = None if bundled else budgets.left(context, group)
    due_at = takers[0].occurrence.due_at
    part = step_actions.expand(context, group, step, people, due_at=due_at, start=start, left=left)
    lines = budgets.charge(context, group, part.lines, bundled=bundled)
    if part.ran and not start:
        _record(context, group, step, people, due_at)
    ends: list[Action] = []
    for position, taker in enumerate(takers):
        if not part.ran:
            ends.extend(settling.settle(context, taker.occurrence, _unfed(part)))
        elif part.stopped:
            ends.extend(_rest_waits(context, group, step, taker.occurrence, part.stopped))
        else:
            verdict = RUN if position == 0 else MERGED
            reason = "batch" if position else ""
            found = Verdict(verdict=verdict, reason=reason, figures=taker.figures)
            ends.extend(settling.settle(context, taker.occurrence, found))
    return (*lines, *ends)


def _unfed(part: step_actions.Part) -> Verdict:
    return Verdict(
        verdict=DROPPED, reason="pool", figures=(f"pool: {part.lacking} has nothing left",)
    )


def _rest_waits(
    context: Context, group: Group, step: Step, occurrence: Occurrence, position: int
) -> tuple[Action, ...]:
    """Let the actions from a position on wait: all of them together never fit the budget."""
    short = budgets.short_of(context, group, budget.posts_from(step, position))
    assert short is not None
    rest = replace(occurrence, body={**occurrence.body, "from": position})
    return settling.hold(context, rest, short)


def _record(
    context: Context, group: Group, step: Step, people: Sequence[Person], due_at: int
) -> None:
    """Remember that the step ran, and plan what is chained to it."""
    for person in people or (None,):
        number = person.id if person else 0
        context.store.put(
            StepRun(
                community=context.community,
                id=context.store.number(context.community, "run"),
                group=group.id,
                step=step.id,
                person=number,
                at=context.now,
                due_at=due_at,
            )
        )
        scheduling.plan_after(context, group, step, number, due_at)
