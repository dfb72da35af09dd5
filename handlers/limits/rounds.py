"""A timed step that runs once for each member of a segment: who they are is found in slices.

Each of them gets an occurrence of their own, and with it a verdict of their own. Whom nobody
can tell about is left out, and the trace says so.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from handlers import traces
from handlers.ledger import facts
from handlers.ports import Context, Outcome
from handlers.timing import scheduling
from handlers.traces import NOT_FIRED, RUN, Verdict
from sop.model import Group, Member, Occurrence, Person
from sop.pack import conditions
from sop.pack.conditions import Ruling
from sop.pack.pack_steps import Step

EACH: Final = "each"
"""The cause of a member's occurrence (see `storage.retention`); of a slice, with its number."""

SLICE: Final = 50
"""Members looked at in one event, so that messages need not wait for all of them."""


def run(context: Context, group: Group, step: Step, occurrence: Occurrence) -> Outcome:
    """Plan the step for every matching member of the next slice, due at once."""
    assert step.each is not None
    context.store.put(replace(occurrence, status="done", body={**occurrence.body, "held": ""}))
    members = _slice(context, group, int(occurrence.body.get("after", 0)))
    found = [_one(context, group, step, occurrence, each) for each in members]
    tally = _added(occurrence.body.get("tally", (0, 0, 0)), found)
    if len(members) == SLICE:
        body = {"after": members[-1].person, "tally": tally, "round": _cause(occurrence)}
        scheduling.plan(
            context, group.id, scheduling.STEP, occurrence.due_at, step=step.id,
            cause=f"{EACH}:{members[-1].person}", run_at=context.now, body=body,
        )  # fmt: skip
    whole = replace(occurrence, cause=_cause(occurrence))
    traces.keep(context, whole, _verdict(step.each.segment, tally))
    return Outcome()


def is_round(step: Step, occurrence: Occurrence) -> bool:
    """Tell whether the occurrence is the step's own, for which members are still to be found."""
    return step.each is not None and not occurrence.subject


def count(context: Context, group: Group, step: Step) -> tuple[int, int, int]:
    """Return how many members match, do not, and cannot be told about; nothing is planned."""
    assert step.each is not None
    tally = (0, 0, 0)
    after = 0
    while members := _slice(context, group, after):
        after = members[-1].person
        rulings = [_ruling(context, group, step, each.person) for each in members]
        tally = _added(tally, [each.holds if each else False for each in rulings])
    return tally


def figures(segment: str, tally: Sequence[int]) -> tuple[str, ...]:
    """Say how many members of the group belong to a segment."""
    matched, other, unknown = tally
    return (f"each: {matched} of {matched + other + unknown} in {segment}, {unknown} unknown",)


def _slice(context: Context, group: Group, after: int) -> Sequence[Member]:
    return context.store.find(
        Member, community=context.community, group=group.id, person__gt=after, left_at=0,
        order="person", limit=SLICE,
    )  # fmt: skip


def _one(
    context: Context, group: Group, step: Step, occurrence: Occurrence, member: Member
) -> bool | None:
    found = _ruling(context, group, step, member.person)
    if found is None or found.holds is False:
        return False
    subject, due = str(member.person), occurrence.due_at
    if found.holds:
        scheduling.plan(
            context, group.id, scheduling.STEP, due, step=step.id, subject=subject, cause=EACH,
            run_at=context.now, body={"matched": True}, version=occurrence.version,
        )  # fmt: skip
        return True
    theirs = replace(occurrence, subject=subject, cause=EACH, body={})
    verdict = Verdict(verdict=NOT_FIRED, reason="unknown", figures=found.against)
    traces.keep(context, theirs, verdict)
    return None


def _ruling(context: Context, group: Group, step: Step, number: int) -> Ruling | None:
    person = context.store.get(Person, context.community, number)
    if person is None or step.each is None:
        return None
    known = facts.StoredFacts(context, group, person)
    return conditions.in_segment(step.each.segment, known)


def _added(tally: Sequence[int], found: Sequence[bool | None]) -> tuple[int, int, int]:
    matched, other, unknown = tally
    return (matched + found.count(True), other + found.count(False), unknown + found.count(None))


def _cause(occurrence: Occurrence) -> str:
    """The cause of the occurrence that began the round, of which this may be a later slice."""
    found: Any = occurrence.body.get("round", occurrence.cause)
    return str(found)


def _verdict(segment: str, tally: Sequence[int]) -> Verdict:
    reason = "" if tally[0] else "unknown" if tally[2] else "condition"
    verdict = RUN if tally[0] else NOT_FIRED
    return Verdict(verdict=verdict, reason=reason, figures=figures(segment, tally))
