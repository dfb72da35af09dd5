"""Edits of packs and bindings that cannot be used: whoever can put them right is told, once."""

from handlers.ports import Context, Outcome
from handlers.tasks import tasks
from sop import channels
from sop.actions import Action
from sop.events import PackMended, PackRefused
from sop.model import Group
from sop.texts import text

ABOUT = "edit"
"""What the one open task about the folder is about."""


def refuse(event: PackRefused, context: Context) -> Outcome:
    """Tell staff which line is wrong and that the old text stays in force."""
    group = told_in(context)
    if group is None:
        return Outcome()
    tasks.void(context, ABOUT)
    more = text("editing.more", count=event.more) if event.more else ""

    def words(number: int) -> str:
        return text(
            "editing.refused", file=event.file, line=event.line, column=event.column,
            message=event.message, more=more, number=number,
        )  # fmt: skip

    return Outcome(
        tasks.open_task(context, kind="edit", to="staff", about=ABOUT, group=group.id, words=words)
    )


def mend(event: PackMended, context: Context) -> Outcome:
    """Tell staff, where they can be told privately, that the folder is in force again."""
    del event
    tasks.void(context, ABOUT)
    group = told_in(context)
    if group is None or not channels.can(group.channels, "dm"):
        return Outcome()
    words = text("editing.mended")
    return Outcome((Action(do="dm", group=group.id, to="staff", text=words),))


def told_in(context: Context) -> Group | None:
    """The group whose channels carry the news: one by which people are reached, if there is."""
    groups = context.store.find(
        Group, community=context.community, retired=False, order="id"
    )  # fmt: skip
    able = (each for each in groups if channels.can(each.channels, "dm"))
    return next(able, None) or next(iter(groups), None)
