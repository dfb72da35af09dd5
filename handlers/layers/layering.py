"""Layers: who is proposed for the core group or back, and what an answer to that brings about.

What a review finds is decided by `sop.standing.layers`; the moves are in `layer_moves`. Owner
and staff are never proposed: they run the groups and stay in them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.benefits import layer_benefits
from handlers.layers import layer_digest, layer_moves, layer_strays
from handlers.layers.layer_survey import Survey, Waiting
from handlers.ledger import ledger
from handlers.people import people, reviews
from handlers.ports import Context
from handlers.tasks import tasks
from sop import channels, texts
from sop.actions import Action
from sop.model import Group, LayerMove, Member, Person, Task
from sop.pack import conditions
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.standing import layers


def review(context: Context, step: Step) -> tuple[Action, ...]:
    """Propose who should enter or leave the core, or (`approve: auto`) move them at once."""
    core = context.book.pack.layers.core
    if core is None or not reviews.first_of_its_review(context, step):
        return ()
    found = Survey(context, step, core)
    demoted = _demotions(found)
    promoted, waiting = _promotions(found)
    strays = layer_strays.look(found)
    return layer_digest.gathered(found, (*demoted, *promoted, *strays), waiting)


def _demotions(found: Survey) -> tuple[Action, ...]:
    wanted, context = found.core.leave, found.context
    persons = context.store.find(Person, community=context.community, layer="core", order="id")
    present = found.present(persons)
    lines: list[Action] = []
    for person in persons:
        members = present.get(person.id, ())
        if person.id in found.moving or found.runs_groups(person, members):
            continue
        if layer_strays.has_left(found, members):
            lines.extend(_proposed(found, "demote", None, person, None, context.group_id))
            continue
        if wanted is None:
            continue
        groups = _where(found, members)
        ruling = _leaves(found, wanted, person, groups)
        due = layers.rested(person.layer_since, context.now, found.core.min_stay_ms)
        if ruling is False and f"demote:{person.id}" in found.open:
            tasks.void(context, f"demote:{person.id}")
        if ruling and due:
            group = next(iter(groups), None)
            lines.extend(_proposed(found, "demote", wanted, person, group, context.group_id))
    return tuple(lines)


def _where(found: Survey, members: Iterable[Member]) -> tuple[Group, ...]:
    """Return the groups a core member is or may be in, those that hear too little first."""
    known = [found.groups[each.group] for each in members]
    core = found.core_group
    if core is not None and core not in known and layer_moves.may_be_in(core, known):
        known.append(core)
    return tuple(sorted(known, key=lambda each: channels.hears_all(each.channels)))


def _leaves(
    found: Survey, wanted: Conditions, person: Person, groups: Sequence[Group]
) -> bool | None:
    hears_all = all(channels.hears_all(each.channels) for each in groups)
    facts = found.facts(person, groups[0] if groups else found.core_group)
    return layers.leaving(wanted, facts, hears_all=hears_all).holds


def _promotions(found: Survey) -> tuple[tuple[Action, ...], tuple[Waiting, ...]]:
    """Propose who gets the free places; returns also who waits for one, the next one first."""
    qualified = _qualified(found)
    waiting = _still_waiting(found, qualified)
    fresh = {
        each.person.id: each for about, each in qualified.items()
        if each is not None and about not in waiting and about not in found.answered
    }  # fmt: skip
    free = found.free(len(waiting))
    ranked = layers.chosen([each.candidate for each in fresh.values()], None)
    taken = layers.chosen(ranked, free)
    lines: list[Action] = []
    for one in taken:
        each = fresh[one.person]
        lines.extend(
            _proposed(found, "promote", found.core.enter, each.person, each.ears, each.home)
        )
    left = tuple(Waiting(fresh[one.person].person, one.score) for one in ranked[len(taken) :])
    return tuple(lines), left


def who_waits(found: Survey) -> tuple[Waiting, ...]:
    """Return who qualifies for the core and is not in it, with what they wait for; writes nothing.

    First who has no place or no review yet, by score; then who has not stayed long enough where
    they are. Who is proposed waits for a word of the owner alone, and is told of as such.
    """
    qualified = _qualified(found)
    ready = [each for about, each in qualified.items() if each and about not in found.open]
    ranked = layers.chosen([each.candidate for each in ready], None)
    free = found.free(len(found.open.keys() & qualified.keys()))
    placed = {one.person for one in layers.chosen(ranked, free)}
    persons = {each.person.id: each.person for each in ready}
    resting = [
        Waiting(each.person, each.candidate.score, _rests_until(found, each.person))
        for each in _qualified(found, rested=False).values()
        if each is not None
    ]
    first = (
        Waiting(persons[each.person], each.score, placed=each.person in placed) for each in ranked
    )
    return (*first, *resting)


def _rests_until(found: Survey, person: Person) -> int:
    return person.layer_since + found.core.min_stay_ms


def _still_waiting(found: Survey, qualified: Mapping[str, "_Qualified | None"]) -> frozenset[str]:
    """Return the open proposals, each of which keeps a place; close those that no longer hold."""
    proposed = {about for about in found.open if about.startswith("promote:")}
    for about in proposed - qualified.keys():
        tasks.void(found.context, about)
    return frozenset(proposed & qualified.keys())


@dataclass(frozen=True, slots=True)
class _Qualified:
    """Who may enter, the group whose ears the figures come from, and whose owner is asked."""

    candidate: layers.Candidate
    person: Person
    ears: Group
    home: str


def _qualified(found: Survey, *, rested: bool = True) -> dict[str, _Qualified | None]:
    """Return who qualifies, by proposal; None: nobody can know. Who does not is left out.

    With `rested` false it is those who would, had they stayed long enough.
    """
    context, wanted = found.context, found.core.enter
    floor = layers.score_floor(wanted, {each.id: each.at for each in context.book.pack.levels})
    # The remembered score is at most a night old: what time alone changes is noticed then.
    least: dict[str, Any] = {} if floor is None else {"score__ge": floor}
    persons = context.store.find(
        Person, community=context.community, layer="regular", order="id", **least
    )
    present = found.present(persons)
    cheap = layers.cheap_part(wanted)
    qualified: dict[str, _Qualified | None] = {}
    for person in persons:
        members = present.get(person.id, ())
        due = layers.rested(person.layer_since, context.now, found.core.min_stay_ms)
        if not members or due != rested or found.runs_groups(person, members):
            continue
        if person.id in found.moving or found.is_new(person):
            continue
        ears = max(
            (found.groups[each.group] for each in members),
            key=lambda each: channels.hears_all(each.channels),
        )
        facts = found.facts(person, ears)
        if conditions.ruling(cheap, facts).holds is False:
            continue
        holds = conditions.ruling(wanted, facts).holds
        if holds is not False:
            entry = _entry(found, person, members, ears) if holds else None
            qualified[f"promote:{person.id}"] = entry
    return qualified


def _entry(found: Survey, person: Person, members: Sequence[Member], ears: Group) -> _Qualified:
    candidate = layers.Candidate(
        person=person.id,
        score=ledger.as_of_now(found.context, person.id).score,
        joined_at=members[0].joined_at,
    )
    here = found.context.group_id
    homes = [each.group for each in members]
    group = found.groups.get(here)
    decides = here in homes or (group is not None and group.kind == "core")
    return _Qualified(candidate, person, ears, here if decides else homes[0])


def _proposed(
    found: Survey,
    kind: str,
    wanted: Conditions | None,
    person: Person,
    ears: Group | None,
    group: str,
) -> tuple[Action, ...]:
    """Ask the owner, or where the pack asks nobody, do it."""
    context, step = found.context, found.step.id if found.step else ""
    about = f"{kind}:{person.id}"
    if found.core.approve == "auto":
        return _MOVES[kind](context, person, layer_moves.Cause(group=group, step=step))
    if about in found.answered or about in found.open:
        return ()
    reasons = _reasons(found, wanted, person, ears)

    def words(number: int) -> str:
        name = people.shown(person)
        return texts.text(f"layers.{kind}", name=name, reasons=reasons, number=number)

    return tasks.open_task(
        context, kind=kind, to="owner", about=about, group=group, person=person.id, step=step,
        words=words,
    )  # fmt: skip


def _reasons(found: Survey, wanted: Conditions | None, person: Person, ears: Group | None) -> str:
    """Return the figures behind a proposal; without conditions it is that they are not there."""
    if wanted is None:
        return layer_strays.absence(found, person)
    figures = layers.figures(wanted, found.facts(person, ears))
    parts = [reviews.figure_words(found.context, each) for each in figures]
    told = texts.text("layers.joiner").join(parts) or texts.text("layers.figure-none")
    heard = ears is None or channels.hears_all(ears.channels)
    return told if heard else told + texts.text("layers.figure-partly")


_MOVES: Final = {"promote": layer_moves.promote, "demote": layer_moves.demote}


def decide_promotion(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out an approved proposal to enter the core; anything else changes nothing.

    A promotion that waited for a core group is moved into it by the next yes.
    """
    person = context.store.get(Person, context.community, task.person)
    if person is None or choice == "reject":
        return ()
    if task.target == layer_moves.WAITING_MOVE:
        if person.layer != "core":
            return ()
        return layer_moves.move_in(context, person, layer_moves.caused_by(task))
    if choice != "approve" or person.layer == "core":
        return ()
    if context.book.pack.layers.core is None:
        return layer_moves.tell_decider(context, task, texts.text("layers.none-set"))
    if is_full(context):
        words = texts.text("layers.waiting", name=people.shown(person))
        return layer_moves.tell_decider(context, task, words)
    return layer_moves.promote(context, person, layer_moves.caused_by(task))


def decide_demotion(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Carry out an approved proposal to leave the core; anything else changes nothing."""
    person = context.store.get(Person, context.community, task.person)
    if person is None or choice != "approve" or person.layer != "core":
        return ()
    return layer_moves.demote(context, person, layer_moves.caused_by(task))


def undo(context: Context, task: Task) -> tuple[Action, ...] | None:
    """Take back what an agreed proposal has changed; None where that is the last word no longer.

    The layer is as it was, with its own beginning, and whatever was moved is moved back.
    """
    person = context.store.get(Person, context.community, task.person)
    last = context.store.find(
        LayerMove, community=context.community, person=task.person, order="-id", limit=1
    )
    if person is None or not last or last[0].task != task.id or last[0].layer != person.layer:
        return None
    cause = layer_moves.Cause(
        group=task.group, step=task.step, by=context.person_id, words="layers.undone",
        since=last[0].since,
    )  # fmt: skip
    back = layer_moves.demote if person.layer == "core" else layer_moves.promote
    lines = back(context, person, cause)
    if last[0].layer == "regular":
        person = context.store.get(Person, context.community, task.person) or person
        lines = (*lines, *layer_benefits.asked_again(context, person, last[0].at))
    undone = context.store.get(LayerMove, context.community, last[0].id) or last[0]
    context.store.put(replace(undone, status="undone"))
    return lines


def is_full(context: Context) -> bool:
    """Tell whether the core has as many members as the pack lets it have."""
    core = context.book.pack.layers.core
    if core is None or core.size is None:
        return False
    return context.store.count(Person, community=context.community, layer="core") >= core.size
