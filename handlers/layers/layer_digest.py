"""What a review found, said once: many proposals in one message, and who waits for a place.

And, at any time, how the layers stand: for whoever decides about them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from handlers.layers.layer_survey import Survey, Waiting
from handlers.people import people
from handlers.ports import Context
from handlers.posting.outbox_marks import LISTED
from sop import channels, texts
from sop.actions import Action, Button
from sop.model import Occurrence, Person
from sop.times.durations import DAY_MS

APART: Final = 3
"""Proposals that are told one by one; more of them come in one message."""

SHOWN: Final = 20
"""Proposals, and people who wait, that one message names."""

KIND: Final = "waiting"
"""The kind under which it is kept whom the last review had no place for."""


def gathered(
    found: Survey, lines: Sequence[Action], waiting: Sequence[Waiting]
) -> tuple[Action, ...]:
    """Return a review's lines, with one message to the owner where there is much to decide."""
    proposals = [each for each in lines if each.do == "task"]
    fresh = _remembered(found, waiting)
    many = len(proposals) > APART
    parts = [_listed(proposals)] if many else []
    if waiting and (many or fresh):
        parts.append(queue(found.context, waiting))
    group = found.context.group
    if not parts or group is None or not channels.can(group.channels, "dm"):
        return tuple(lines)
    buttons = _buttons(found.context) if many else ()
    told = Action(do="dm", group=group.id, to="owner", text="\n".join(parts), buttons=buttons)
    if not many:
        return (*lines, told)
    return (*(_quiet(each) for each in lines), told)


def _buttons(context: Context) -> tuple[Button, ...]:
    """Let all be agreed to at once, or looked at one by one."""
    words = context.book.words
    every = f"{words.shown('approve')} {words.every[0]}"
    commands = {"all": words.shown("approve") and every, "list": words.shown("tasks")}
    return tuple(
        Button(texts.text(f"layers.press-{name}"), said) for name, said in commands.items() if said
    )


def _quiet(line: Action) -> Action:
    return replace(line, reason=LISTED) if line.do == "task" and line.to == "owner" else line


def _remembered(found: Survey, waiting: Iterable[Waiting]) -> bool:
    """Keep who waits; whether that is somebody else than at the last review."""
    context = found.context
    key = (context.community, "", KIND, "", "", "", 0)
    last = context.store.get(Occurrence, *key)
    now = [each.person.id for each in waiting]
    context.store.put(
        Occurrence(
            community=context.community, group="", kind=KIND, step="", subject="", cause="",
            due_at=0, run_at=context.now, status="done", body={"waiting": now},
        )
    )  # fmt: skip
    before = last.body.get("waiting", []) if last is not None else []
    return list(before) != now


def _listed(proposals: Sequence[Action]) -> str:
    shown = "\n".join(each.text for each in proposals[:SHOWN])
    more = len(proposals) - SHOWN
    rest = (texts.text("layers.digest-more", count=more),) if more > 0 else ()
    head = texts.text("layers.digest", count=len(proposals))
    return "\n".join((head, shown, *rest))


def queue(context: Context, waiting: Sequence[Waiting]) -> str:
    """Return who waits for the core, and for what, in one line."""
    names = texts.text("people.joiner").join(_waits(context, each) for each in waiting[:SHOWN])
    return texts.text("layers.queue", count=len(waiting), names=names)


def _waits(context: Context, one: Waiting) -> str:
    name = people.shown(one.person)
    if not one.until:
        if one.placed:
            return texts.text("layers.queue-review", name=name, score=one.score)
        return texts.text("layers.queue-place", name=name, score=one.score)
    days = -(-(one.until - context.now) // DAY_MS)
    return texts.text("layers.queue-rest", name=name, score=one.score, days=days)


def standing(found: Survey, waiting: Sequence[Waiting]) -> str:
    """Return how many are in the core, what is to be decided, who moves and who waits."""
    context = found.context
    inside = context.store.count(Person, community=context.community, layer="core")
    size = "" if found.core.size is None else texts.text("layers.of-size", size=found.core.size)
    parts = [texts.text("layers.standing", count=inside, size=size)]
    if found.open:
        numbers = texts.text("people.joiner").join(
            str(task.id) for task in sorted(found.open.values(), key=lambda task: task.id)[:SHOWN]
        )
        parts.append(texts.text("layers.to-decide", count=len(found.open), numbers=numbers))
    if found.moving:
        moving = (
            context.store.get(Person, context.community, each) for each in sorted(found.moving)
        )
        parts.append(texts.text("layers.moving", names=people.named(list(moving)[:SHOWN])))
    if waiting:
        parts.append(queue(context, waiting))
    return "\n".join(parts)
