"""What could not be delivered: people take over what matters, the rest is recorded as dropped.

A task that cannot be announced is no task again: it stands in the list anyway.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers import notes
from handlers.figures import publishing
from handlers.groups import moves, rosters
from handlers.layers import layer_moves
from handlers.moderation import moderation
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.deliveries import NOT_BESIDE, siblings_of
from handlers.tasks import task_checks, tasks
from sop import channels, texts
from sop.actions import Action
from sop.events import DeliveryFailed
from sop.model import Group, Member, Outgoing, Person, Task
from sop.times.durations import MINUTE_MS

WORTHLESS: Final = frozenset({"expired", "cap", "budget", "quiet", "batch"})
"""Reasons for which a delivery was given up because it came too late or was too much."""

SHOWN_ERROR: Final = 120
"""Characters of an error shown to staff."""

KEPT_TEXTS: Final = 5
"""Texts of one incident written out in its task; the rest is only counted."""

BETWEEN: Final = "\n----\n"

ASKED_AGAIN_MS: Final = 30 * MINUTE_MS
"""The pause after which a roster is asked for again that could not be had."""


def take_over(event: DeliveryFailed, context: Context) -> Outcome:
    """Turn a delivery that failed for good, or whose answer was lost, into what people can do."""
    lost = context.store.get(Outgoing, event.community, event.action)
    if lost is None:
        return Outcome()
    if "words" in lost.body:
        # These have arrived, and they say it all.
        return Outcome(_noted(context, lost, "picture" if "picture" in lost.body else "card"))
    if lost.body.get("confidential"):
        return Outcome(_noted(context, lost, "unreachable"))
    if event.error in WORTHLESS and not lost.body.get("rule"):
        return Outcome(_noted(context, lost, event.error))
    take = _TAKERS.get(lost.do, _note)
    return Outcome(take(context, lost, event))


def _said(context: Context, lost: Outgoing, event: DeliveryFailed) -> tuple[Action, ...]:
    """Give staff the text of a post or answer; one in a private chat was for one person."""
    if not lost.group:
        return _dm(context, lost, event)
    if event.unknown:
        return _unknown(context, lost)
    head = _heading(context, lost, "tasks.failed", error=event.error[:SHOWN_ERROR])
    return tasks.open_task(
        context, kind="failed", to="staff", group=lost.group, about=f"failed:{lost.id}",
        step=_text(lost, "step"), rule=_text(lost, "rule"), person=_member(lost),
        prepared=_text(lost, "text"), target=lost.group,
        words=lambda number: f"{head(number)}\n{_words(lost)}",
    )  # fmt: skip


def _unknown(context: Context, lost: Outgoing) -> tuple[Action, ...]:
    """Gather a group's lost answers in one task, as long as it is open."""
    about = f"unknown:{lost.group}"
    gathering = tasks.find_open(context, about)
    if gathering is not None:
        _gather(context, lost, gathering)
        return ()
    head = _heading(context, lost, "tasks.unknown", count=1)
    return tasks.open_task(
        context, kind="unknown", to="staff", group=lost.group, about=about, target="1",
        step=_text(lost, "step"), words=lambda number: f"{head(number)}\n{_words(lost)}",
    )  # fmt: skip


def _gather(context: Context, lost: Outgoing, task: Task) -> None:
    count = int(task.target) + 1
    old = _heading(context, lost, "tasks.unknown", count=count - 1)(task.id)
    new = _heading(context, lost, "tasks.unknown", count=count)(task.id)
    parts = task.text.removeprefix(old).removeprefix("\n").split(BETWEEN)[:KEPT_TEXTS]
    if count <= KEPT_TEXTS:
        parts.append(_words(lost))
    else:
        parts.append(texts.text("tasks.more", count=count - KEPT_TEXTS))
    words = f"{new}\n{BETWEEN.join(parts)}"
    context.store.put(replace(task, target=str(count), text=words))


def _heading(context: Context, lost: Outgoing, key: str, **values: object) -> Callable[[int], str]:
    title = _title(context, lost.group)
    return lambda number: texts.text(key, group=title, number=number, **values)


def _roster(context: Context, lost: Outgoing, event: DeliveryFailed) -> tuple[Action, ...]:
    """Let people move somebody, or make a group, with what had waited for it.

    Whether it has happened after all is asked of the roster, which ends the task if so.
    """
    person = context.store.get(Person, context.community, _member(lost))
    if NOT_BESIDE in event.error:
        return _broken_off(context, lost, person)
    left = _waiting_removals(context, lost) if lost.do == "add" else ()
    if person is not None and _happened(context, lost, person):
        return (*_noted(context, lost, "happened"), *moves.go_on(context, person))
    titles = texts.text("layers.groups-joiner").join(_title(context, each) for each in left)
    key = "tasks.moved-by-hand" if left else f"tasks.{lost.do}"
    opened = tasks.open_task(
        context, kind=lost.do, to="staff", group=lost.group, step=_text(lost, "step"),
        rule=_text(lost, "rule"), person=_member(lost),
        about=f"{lost.do}:{lost.group}:{_text(lost, 'member')}", target=_moves(lost, left),
        words=lambda number: texts.text(
            key, name=people.shown(person), group=_title(context, lost.group), left=titles,
            number=number,
        ),
    )  # fmt: skip
    further = moves.go_on(context, person) if person else ()
    return (*opened, *further, *_looked_up(context, lost))


def _happened(context: Context, lost: Outgoing, person: Person) -> bool:
    """Tell whether a roster says by now that the call had its effect after all."""
    group = context.store.get(Group, context.community, lost.group)
    if group is None or not channels.knows_members(group.channels):
        return False
    member = context.store.get(Member, context.community, group.id, person.id)
    if member is None:
        return False
    came = not member.left_at and member.joined_at >= lost.created_at
    return came if lost.do == "add" else member.left_at >= lost.created_at


def _looked_up(context: Context, lost: Outgoing) -> tuple[Action, ...]:
    group = context.store.get(Group, context.community, lost.group)
    able = group is not None and lost.do != "create" and channels.can(group.channels, "roster")
    return rosters.ask(context, group) if group is not None and able else ()


def _broken_off(context: Context, lost: Outgoing, person: Person | None) -> tuple[Action, ...]:
    """Let somebody stay in the old group who is not in the new one."""
    lines = _noted(context, lost, "failed")
    for move in moves.of(context, person.id) if person else ():
        if person is not None and lost.group in move.out_of:
            lines = (*lines, *moves.break_off(context, person, move))
    return lines


def _moves(lost: Outgoing, left: tuple[str, ...]) -> str:
    if lost.do == "add":
        return task_checks.moves(into=(lost.group,), out_of=left)
    return task_checks.moves(out_of=(lost.group,)) if lost.do == "remove" else ""


def _waiting_removals(context: Context, lost: Outgoing) -> tuple[str, ...]:
    """Call off the removals that waited for this add; returns the groups they were for."""
    beside = siblings_of(context.store, lost, "remove")
    waiting = [
        each for each in beside
        if each.body.get("after_add") and each.body.get("member") == lost.body.get("member")
        and each.status in ("pending", "dropped")
    ]  # fmt: skip
    for each in waiting:
        context.store.put(
            replace(each, status="dropped", done_at=context.now, error="its add failed")
        )
    return tuple(each.group for each in waiting)


def _dm(context: Context, lost: Outgoing, event: DeliveryFailed) -> tuple[Action, ...]:
    """Let staff pass on a measure or a promised word; a nudge is only noted."""
    person = context.store.get(Person, context.community, _recipient(lost))
    group = context.store.get(Group, context.community, lost.group)
    if person is None or people.is_staff(person, group):
        return _noted(context, lost, "unreachable")
    if _text(lost, "rule"):
        return _remind_by_hand(context, lost, person)
    if _text(lost, "step") or event.error in WORTHLESS:
        return _noted(context, lost, "unreachable")
    homes = layer_moves.groups_of(context, person.id)
    return tasks.open_task(
        context, kind="copy", to="staff", about=f"failed:{lost.id}", person=person.id,
        prepared=_text(lost, "text"),
        group=lost.group or (homes[0].id if homes else ""),
        words=lambda number: "\n".join(
            (
                texts.text(
                    "tasks.copy-private", name=people.shown(person), number=number
                ),
                _words(lost),
            )
        ),
    )  # fmt: skip


def _remind_by_hand(context: Context, lost: Outgoing, person: Person) -> tuple[Action, ...]:
    rule = _text(lost, "rule")
    return tasks.open_task(
        context, kind="remind", to="staff", group=lost.group, person=person.id, rule=rule,
        about=f"remind:{lost.group}:{person.id}",
        words=lambda number: texts.text(
            "rules.remind-task", name=people.shown(person), group=_title(context, lost.group),
            rule=moderation.rule_name(context, rule), number=number,
        ),
    )  # fmt: skip


def _ask_again(context: Context, lost: Outgoing, event: DeliveryFailed) -> tuple[Action, ...]:
    """Ask who is in the group once more after a while, unless its roster is looked at anyway.

    The change that was told of is never told again.
    """
    group = context.store.get(Group, context.community, lost.group)
    alone = group is not None and "appchat" not in group.channels
    again = rosters.ask(context, group, ASKED_AGAIN_MS) if group is not None and alone else ()
    return (*_note(context, lost, event), *again)


def _note(context: Context, lost: Outgoing, event: DeliveryFailed) -> tuple[Action, ...]:
    return _noted(context, lost, "unknown" if event.unknown else "failed")


def _noted(context: Context, lost: Outgoing, reason: str) -> tuple[Action, ...]:
    """Record that nothing more comes of a delivery."""
    step, member = _text(lost, "step"), _text(lost, "member")
    body = {"outgoing": lost.id, "step": step, "reason": reason}
    notes.keep(context, lost.group, "dropped", body)
    return (Action(do="dropped", group=lost.group, step=step, member=member, reason=reason),)


Taker = Callable[[Context, Outgoing, DeliveryFailed], tuple[Action, ...]]
_TAKERS: Final[Mapping[str, Taker]] = {
    "post": _said,
    "reply": _said,
    "dm": _dm,
    "add": _roster,
    "remove": _roster,
    "create": _roster,
    "fetch_roster": _ask_again,
    "reckon": lambda context, lost, _event: publishing.failed(context, lost),
}
"""What is done instead, mostly by people; of the rest (a task's announcement) a note is kept."""


def _text(lost: Outgoing, name: str) -> str:
    return str(lost.body.get(name, ""))


def _words(lost: Outgoing) -> str:
    """Return what people shall pass on: the text, and the names of files that went with it."""
    return "\n".join(filter(None, (_text(lost, name) for name in ("text", "image", "file"))))


def _member(lost: Outgoing) -> int:
    member = _text(lost, "member")
    return int(member) if member.isdecimal() else 0


def _recipient(lost: Outgoing) -> int:
    """Return the one person a private message was for; 0 where it was for several."""
    to = _text(lost, "to")
    return int(to) if to.isdecimal() else 0


def _title(context: Context, group_id: str) -> str:
    group = context.store.get(Group, context.community, group_id)
    return (group.title if group else "") or group_id
