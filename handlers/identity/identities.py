"""One person behind several platform ids: found to be one, and taken apart if that was wrong.

Entries stay as they were booked; only whose they are changes, so balances add up, nobody is
scored anew, and a split undoes a merge. The newest merge of a person is undone first.
"""

from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from handlers import notes
from handlers.identity.identity_keys import give_keyed_back, keep_ballots, take_ballots, take_keyed
from handlers.identity.identity_likes import give_own_likes_back, take_own_likes
from handlers.identity.identity_plans import (
    give_memberships_back,
    give_plans_back,
    give_tasks_back,
    take_memberships,
    take_plans,
    take_tasks,
)
from handlers.identity.identity_rows import (
    Move,
    Part,
    give_entries_back,
    give_ids_back,
    give_plain_back,
    restored,
    take_entries,
    take_ids,
    take_plain,
)
from handlers.ledger import ledger, seasons, streaks
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group, IdentityMerge, LedgerEntry, Note, Person, Task
from sop.standing import merging
from sop.told_events import IdentitiesMerged, IdentitiesSplit

PARTS: Final = {
    "identities": Part(take_ids, give_ids_back),
    "entries": Part(take_entries, give_entries_back),
    "records": Part(take_plain, give_plain_back),
    "keyed": Part(take_keyed, give_keyed_back),
    "ballots": Part(take_ballots, keep_ballots),
    "own likes": Part(take_own_likes, give_own_likes_back),
    "memberships": Part(take_memberships, give_memberships_back),
    "tasks": Part(take_tasks, give_tasks_back),
    "plans": Part(take_plans, give_plans_back),
}
"""Everything that is somebody's, by the name it is remembered under."""

MERGE: Final = "merge"
"""The kind of task that asks whether its person and its target are one."""

Scored = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a merge would bring together; nothing is changed by looking."""

    into: Person
    gone: Person
    entries: tuple[int, int]
    groups: tuple[str, ...]
    runs_groups: bool

    @property
    def balance(self) -> int:
        """The balance of the one person."""
        return self.into.balance + self.gone.balance


def preview(context: Context, into: Person, gone: Person) -> Preview:
    """Tell what a merge would bring together."""

    def count(person: Person) -> int:
        return context.store.count(LedgerEntry, community=context.community, person=person.id)

    present = (each for person in (into, gone) for each in people.memberships(context, person.id))
    running = running_ids(context)
    return Preview(
        into=into,
        gone=gone,
        entries=(count(into), count(gone)),
        groups=tuple(dict.fromkeys(each.group for each in present)),
        runs_groups=any(_runs(person, running) for person in (into, gone)),
    )


def running_ids(context: Context) -> frozenset[str]:
    """Return the platform ids that own or look after a group of the community, lower-cased."""
    groups = context.store.find(Group, community=context.community, retired=False)
    return frozenset(
        userid.casefold() for group in groups for userid in (group.owner, *group.staff) if userid
    )


def _runs(person: Person, running: frozenset[str]) -> bool:
    return person.role in ("owner", "staff") or not running.isdisjoint(merging.ids_of(person))


def merge(context: Context, into: Person, gone: Person, *, by: int = 0) -> tuple[Action, ...]:
    """Make two persons one; who is one already stays so. Returns what follows for the level."""
    if into.id == gone.id or into.merged_into or gone.merged_into:
        return ()
    store, community = context.store, context.community
    move = Move(context, into.id, gone.id, context.now)
    body: dict[str, Any] = {name: part.take(move) for name, part in PARTS.items()}
    userid = merging.reached_by(into.userid, gone.userid, running_ids(context))
    whole = merging.merged(into, gone, userid=userid)
    store.put(whole)
    store.put(_name_alone(gone, into.id))
    _note_layers(context, (into, whole), (gone, _name_alone(gone, into.id)), gone)
    _close_questions(context)
    lines = _settled(context, into.id)
    whole = store.get(Person, community, into.id) or whole
    body |= {"into": asdict(into), "gone": asdict(gone), "whole": asdict(whole)}
    store.put(
        IdentityMerge(
            community=community, id=store.number(community, "merge"), into=into.id, gone=gone.id,
            at=context.now, by=by, body=body,
        )
    )  # fmt: skip
    return lines


def _close_questions(context: Context) -> None:
    """Close what still asks whether two are one who are so already."""
    asking = context.store.find(Task, community=context.community, status="open", kind=MERGE)
    for task in asking:
        one, other = persons_of(context, task)
        if one is not None and one == other:
            tasks.end(context, task, "void")


def persons_of(context: Context, task: Task) -> tuple[Person | None, Person | None]:
    """Return whom a task is about that asks whether two are one, as they are now."""
    one, other = (
        people.current(context.store, context.community, number)
        for number in (task.person, int(task.target or 0))
    )
    return one, other


def _name_alone(gone: Person, into: int) -> Person:
    """What remains of who was found to be somebody else: what was sent to them still arrives."""
    return Person(
        community=gone.community, id=gone.id, userid=gone.userid, name=gone.name, merged_into=into
    )


def newest(context: Context, person: int) -> IdentityMerge | None:
    """Return the newest merge into the person that still holds: the one a split would undo."""
    found = context.store.find(
        IdentityMerge, community=context.community, into=person, split_at=0, order="-id", limit=1
    )
    return found[0] if found else None


def before(found: IdentityMerge) -> tuple[Person, Person, Person]:
    """Return who stayed and who was merged, as they were, and who they were made into."""
    into, gone, whole = (restored(Person, found.body[name]) for name in ("into", "gone", "whole"))
    return into, gone, whole


def split(context: Context, found: IdentityMerge) -> tuple[Action, ...]:
    """Undo the merge, if it is the newest of its person; what happened since stays with them."""
    store, community = context.store, context.community
    now = store.get(Person, community, found.into)
    last = newest(context, found.into)
    if now is None or now.merged_into or last is None or last.id != found.id:
        return ()
    into, gone, whole = before(found)
    one, other = merging.parted(now, into, gone, whole)
    store.put(one)
    store.put(other)
    move = Move(context, found.into, found.gone, found.at)
    for name, part in reversed(PARTS.items()):
        part.give_back(move, found.body[name])
    _note_layers(context, (now, one), (_name_alone(gone, into.id), other), gone)
    store.put(replace(found, split_at=context.now))
    as_before = _scored(now) == _scored(whole) and _untouched(context, found)
    return (*_restored(context, into, as_before), *_restored(context, gone, as_before))


def _scored(person: Person) -> Scored:
    return person.score, person.scored_at


def _untouched(context: Context, found: IdentityMerge) -> bool:
    """Tell whether neither has got an entry since the merge."""
    since = {"community": context.community, "id__gt": found.body["entries"]["last"]}
    return not any(
        context.store.count(LedgerEntry, person=person, **since)
        for person in (found.into, found.gone)
    )


def _restored(context: Context, before: Person, as_before: bool) -> tuple[Action, ...]:  # noqa: FBT001 - read by its name
    """Give the person the figures their own ledger has."""
    if as_before:
        now = context.store.get(Person, context.community, before.id) or before
        figures = (
            "balance", "score", "scored_at", "level", "boards", "streak", "streak_on"
        )  # fmt: skip
        context.store.put(replace(now, **{name: getattr(before, name) for name in figures}))
        return ()
    return _settled(context, before.id)


def _settled(context: Context, person_id: int) -> tuple[Action, ...]:
    """Take balance, score, level and streak from the ledger as it is now."""
    balance = context.store.total(
        LedgerEntry, "points", community=context.community, person=person_id
    )
    person = ledger.rescore(context, person_id)
    boards = seasons.recounted(context, person_id)
    context.store.put(replace(person, balance=balance, boards=boards))
    streaks.recount(context, person_id)
    lines = ledger.settle_level(context, person_id)
    # Nobody has earned this now: it sets off no step, and nobody is congratulated.
    return tuple(replace(line, reason="identity") for line in lines)


def _note_layers(
    context: Context, one: tuple[Person, Person], other: tuple[Person, Person], gone: Person
) -> None:
    """Keep who is of another layer now, and which groups they had left for it."""
    for before, after in (one, other):
        if before.layer != after.layer:
            left = _left_for(context, gone) if after.layer == "core" else ()
            body = {"person": after.id, "layer": after.layer, "left": left, "step": ""}
            notes.keep(context, "", "layer", body)


def _left_for(context: Context, person: Person) -> tuple[str, ...]:
    found = context.store.find(
        Note, community=context.community, at=person.layer_since, do="layer"
    )
    mine = (note.body for note in found if note.body.get("person") == person.id)
    return tuple(str(group) for body in mine for group in body.get("left", ()))


def merged_event(event: IdentitiesMerged, context: Context) -> Outcome:
    """Make the persons behind two platform ids one."""
    into = people.find_person(context.store, context.community, event.into)
    gone = people.find_person(context.store, context.community, event.gone)
    if into is None or gone is None:
        return Outcome((Action(do="error", reason="unknown-member"),))
    return Outcome(merge(context, into, gone))


def split_event(event: IdentitiesSplit, context: Context) -> Outcome:
    """Undo the newest merge of the person behind a platform id."""
    person = people.find_person(context.store, context.community, event.member)
    found = newest(context, person.id) if person else None
    if found is None:
        return Outcome((Action(do="error", reason="unknown-merge"),))
    return Outcome(split(context, found))
