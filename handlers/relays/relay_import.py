"""A signed list becomes what it is for: what would be booked, told first, and booked after a yes.

Later copies of one list only add who is new. A copy is the same list if it has the same title and
is of the same day, or begins with all of an older one: then nobody is booked a second time, even
if that were another list.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.relays import relay_names, relay_targets
from handlers.relays.relay_names import Meant
from handlers.relays.relay_targets import Choice
from handlers.replies import excerpt
from handlers.threads.open_threads import SIGNUP
from sop.actions import Action
from sop.activities import relays
from sop.activities.relays import Odd
from sop.model import Group, Person, Relay, Task
from sop.texts import text
from sop.times import localtime

TASK: Final = "relay"
"""The kind of task that asks whether a list was read right."""

COPIES: Final = 20
"""Lists of one title that are looked at for the one this is a copy of."""

NAMED: Final = 30
"""Names in a line of the preview; of the others it tells how many they are."""

LONGEST_NAME: Final = 12
"""Characters of a nickname nobody knows."""

MAY_COUNT_YET: Final = frozenset({"short", "same", "signup-full"})
"""Why an entry brings nothing that a later copy of the list may put right."""

AGAIN: Final = "again"
"""Why an entry brings nothing of who was booked by an earlier copy of the list."""

TWICE: Final = "twice"
"""Why an entry brings nothing of who stands in the list before."""

HINDERED: Final = "hindered"
"""That an entry brings nothing for a reason of what the list is for."""


@dataclass(frozen=True, slots=True)
class Row:
    """An entry with who signed it, and why it brings nothing (empty where it does)."""

    meant: Meant
    person: Person
    hindered: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would bring now; `root` is the first copy of it that was booked, or itself."""

    record: Relay
    choice: Choice
    root: int
    rows: Sequence[Row]
    unknown: Sequence[str]
    odd: Sequence[Odd]

    def named(self, outcome: str) -> list[str]:
        """Return who signed with that outcome."""
        return [_name(row) for row in self.rows if _outcome(row) == outcome]


def _outcome(row: Row) -> str:
    """Return what an entry brings in one word: empty where it is booked."""
    return row.hindered if row.hindered in ("", AGAIN, TWICE) else HINDERED


def plan(context: Context, record: Relay) -> Plan | None:
    """Return what the list would bring now; None where what it is for is over."""
    signed = relays.read(record.text)
    group = context.store.get(Group, context.community, record.group)
    if signed is None or group is None or group.retired:
        return None
    there = replace(context, group_id=group.id)
    choice = relay_targets.choice_of(there, group, record.target)
    if choice is None:
        return None
    copies = _copies(there, record, signed)
    rows, unknown = _rows(there, group, choice, signed, _counted(there, copies))
    root = copies[0].root if copies else record.id
    return Plan(record, choice, root, rows, unknown, signed.odd)


def _rows(
    context: Context, group: Group, choice: Choice, signed: relays.Signed, before: set[int]
) -> tuple[list[Row], list[str]]:
    """Return what each entry brings, and the nicknames nobody knows."""
    known = relay_names.known(context, group)
    rows: list[Row] = []
    unknown: list[str] = []
    seen: set[int] = set()
    for meant in map(known.meant, signed.entries):
        person = meant.person
        if person is None:
            unknown.append(excerpt(meant.name, LONGEST_NAME))
            continue
        hindered = AGAIN if person.id in before else TWICE if person.id in seen else ""
        hindered = hindered or relay_targets.hindrance(context, choice, person, meant.said)
        if hindered not in MAY_COUNT_YET:
            seen.add(person.id)
        rows.append(Row(meant, person, hindered))
    return rows, unknown


def _copies(context: Context, record: Relay, signed: relays.Signed) -> list[Relay]:
    """Return the copies of the list that were booked, the newest first."""
    zone = context.book.zone
    found = context.store.find(
        Relay, community=context.community, group=record.group, mark=record.mark, status="done",
        order="-id", limit=COPIES,
    )  # fmt: skip
    day = localtime.local_date(record.at, zone)
    same = next(
        (
            each
            for each in found
            if each.target == record.target
            and (localtime.local_date(each.at, zone) == day or _extends(signed, each))
        ),
        None,
    )
    return [each for each in found if same is not None and each.root == same.root]


def _extends(signed: relays.Signed, older: Relay) -> bool:
    before = relays.read(older.text)
    return before is not None and relays.extends(signed.entries, before.entries)


def _counted(context: Context, copies: Iterable[Relay]) -> set[int]:
    """Return who was booked by any copy, by the number they have now."""
    numbers = {number for each in copies for number in each.counted.values()}
    persons = (people.current(context.store, context.community, each) for each in numbers)
    return {person.id for person in persons if person is not None}


def preview(plan: Plan, number: int) -> str:
    """Say what a yes would bring, whom nobody knows, and what to look at."""
    title = text("people.quoted", title=plan.record.title) if plan.record.title else ""
    group = plan.choice.group
    lines = [
        text(
            "relays.heading", group=group.title or group.id, title=excerpt(title),
            target=plan.choice.title, number=number,
        ),
        *_result(plan, "will-count"),
    ]  # fmt: skip
    if plan.unknown:
        example = plan.unknown[0]
        lines.append(_line("relays.unknown", plan.unknown, example=example))
    more = [_name(row) for row in plan.rows if row.meant.said]
    if more and plan.choice.kind == SIGNUP:
        # A list of names says "2人" where a sign-up wants to know who comes along.
        lines.append(_line("relays.alone", more))
    if plan.odd:
        odd = (str(each.number) for each in plan.odd[:NAMED])
        lines.append(text("relays.odd", numbers=text("people.joiner").join(odd)))
    return "\n".join((*lines, text("relays.decide", number=number)))


def _result(plan: Plan, counted: str) -> list[str]:
    """Name who is booked, who was before, and whose entry brings nothing."""
    keys = {"": counted, AGAIN: "again", TWICE: "twice", HINDERED: f"hindered-{plan.choice.kind}"}
    lines = [
        _line(f"relays.{key}", names)
        for outcome, key in keys.items()
        if (names := plan.named(outcome))
    ]
    return lines if plan.named("") else [text("relays.nobody-new"), *lines]


def _line(key: str, names: Sequence[str], **fields: str) -> str:
    unique = list(dict.fromkeys(names))
    joined = text("people.joiner").join(unique[:NAMED])
    if len(unique) > NAMED:
        joined = text("acks.and-more", names=joined, count=len(unique))
    return text(key, count=len(unique), names=joined, **fields)


def _name(row: Row) -> str:
    """Return somebody's name, after the nickname they signed with where that is another."""
    shown = people.shown(row.person)
    if relays.name_key(row.meant.name) == relays.name_key(shown):
        return shown
    nickname = excerpt(row.meant.name, LONGEST_NAME)
    return text("people.with-id", name=nickname, id=shown)


def of_task(context: Context, task: Task) -> Relay | None:
    """Return the list that a task asks about."""
    return context.store.get(Relay, context.community, int(task.target))


def answered(context: Context, task: Task, choice: str) -> str:
    """Return what to tell whoever answers, before it is acted on."""
    record = of_task(context, task)
    if choice != "approve" or record is None:
        return text("relays.rejected")
    found = plan(context, record)
    if found is None:
        return text("relays.over")
    lines = _result(found, "counted")
    if found.unknown:
        lines.append(_line("relays.left-out", found.unknown))
    return "\n".join(lines)


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Book what the list brings, and remember whom its nicknames mean; or drop it."""
    record = of_task(context, task)
    found = plan(context, record) if record is not None and choice == "approve" else None
    if record is None or found is None:
        if record is not None:
            context.store.put(replace(record, status="rejected"))
        return ()
    lines, became = _booked(context, found)
    counted = {
        relays.name_key(row.meant.name): row.person.id
        for row, outcome in became
        if outcome not in MAY_COUNT_YET
    }
    context.store.put(replace(record, status="done", root=found.root, counted=counted))
    return (*lines, *_told(context, found, became))


def _booked(context: Context, found: Plan) -> tuple[tuple[Action, ...], Sequence[tuple[Row, str]]]:
    """Book what is new, and return what became of every row."""
    lines: list[Action] = []
    became = []
    for row in found.rows:
        relay_names.remember(context, found.choice.group, row.meant.name, row.person)
        outcome = row.hindered
        if not outcome:
            outcome, more = relay_targets.book(
                context, found.choice, row.person, row.meant.said, source_of(found.root)
            )
            lines.extend(more)
        became.append((row, outcome))
    return tuple(lines), became


def _told(context: Context, found: Plan, became: Sequence[tuple[Row, str]]) -> tuple[Action, ...]:
    """Tell whoever said yes, in private, what only booking could show: who got no place."""
    otherwise: dict[str, list[str]] = {}
    for row, outcome in became:
        if not row.hindered and outcome:
            otherwise.setdefault(outcome, []).append(_name(row))
    if not otherwise:
        return ()
    words = "\n".join(_line(f"relays.{outcome}", names) for outcome, names in otherwise.items())
    to = str(context.person_id)
    return (Action(do="dm", group=found.choice.group.id, to=to, text=words),)


def source_of(root: int) -> str:
    """Name a list as the source of what it brings, with all its copies."""
    return f"relay:{root}"
