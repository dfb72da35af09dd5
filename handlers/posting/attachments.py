"""Pictures and files: the channel that carries most of them, a person for what none does."""

from collections.abc import Iterable
from dataclasses import replace

from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.model import Group
from sop.text import fingerprint
from sop.texts import quoted, text


def wishes(action: Action) -> tuple[str, ...]:
    """What a channel should be able to do for this post to arrive whole."""
    images = action.image or action.picture
    wished = {"mention": action.mention, "images": images, "files": action.file}
    return tuple(name for name, value in wished.items() if value)


def present(context: Context, group: Group, lines: Iterable[Action]) -> tuple[Action, ...]:
    """Let the words go out without files that do not lie beside the pack: staff are told."""
    found: list[Action] = []
    for line in lines:
        absent = {name for name in (line.image, line.file) if name in context.book.missing}
        if not absent:
            found.append(line)
            continue
        bare = replace(
            line,
            image="" if line.image in absent else line.image,
            file="" if line.file in absent else line.file,
        )
        if bare.text or bare.image or bare.file:
            found.append(bare)
        for name in sorted(absent):
            found.extend(_ask_for(context, group, line.step, name))
    return tuple(found)


def _ask_for(context: Context, group: Group, step_id: str, file: str) -> tuple[Action, ...]:
    step = context.book.step(step_id)
    title = quoted(step.title or step.id) if step is not None else ""

    def words(number: int) -> str:
        return text("tasks.missing-file", step=title, file=file, number=number)

    return tasks.open_task(
        context, kind="missing-file", to="staff", group=group.id, step=step_id,
        about=f"file:{file}", words=words,
    )  # fmt: skip


def detach(
    context: Context, group: Group, action: Action, way: channels.Way
) -> tuple[Action, tuple[Action, ...]]:
    """Leave to a person what the channel cannot carry: the words go out, the file is a task."""
    able = channels.CAPABILITIES[way.channel]
    left = {
        name: getattr(action, name)
        for name, needed in (("image", "images"), ("file", "files"))
        if getattr(action, name) and needed not in able
    }
    if not left:
        return action, ()
    names = " ".join(left.values())
    opened = leave(context, group, action.step, names, alone=not action.text)
    bare = replace(
        action,
        image="" if "image" in left else action.image,
        file="" if "file" in left else action.file,
    )
    return bare, opened


def leave(
    context: Context, group: Group, step: str, names: str, *, alone: bool = False
) -> tuple[Action, ...]:
    """Ask staff to post files that no channel of the group carries, beside words or alone."""
    key = "tasks.attach-alone" if alone else "tasks.attach"

    def words(number: int) -> str:
        return text(key, group=group.title or group.id, file=names, number=number)

    return tasks.open_task(
        context, kind="attach", to="staff", group=group.id, step=step, words=words,
        about=f"attach:{group.id}:{step}:{context.now}:{fingerprint(names)}",
    )  # fmt: skip


def hand_over(context: Context, action: Action) -> tuple[Action, tuple[Action, ...]]:
    """Leave a file no channel can carry to a person: staff hand it to who asked for it."""
    names = " ".join(filter(None, (action.image, action.file)))
    person = context.person

    def words(number: int) -> str:
        return text("tasks.hand-over", name=people.shown(person), file=names, number=number)

    opened = tasks.open_task(
        context, kind="attach", to="staff", person=context.person_id, words=words,
        about=f"hand-over:{context.person_id}:{fingerprint(names)}:{context.now}",
    )  # fmt: skip
    told = "\n".join(filter(None, (action.text, text("tasks.handed-over"))))
    return replace(action, text=told, image="", file=""), opened
