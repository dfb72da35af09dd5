"""Entries that staff look at first: nothing is shown or paid before their yes."""

from dataclasses import replace

from handlers.collections import publishing, review_queue
from handlers.ledger import hidden_authors
from handlers.people import people
from handlers.ports import Context
from handlers.replies import excerpt
from handlers.tasks import tasks
from handlers.threads import entries
from sop import channels
from sop.actions import Action
from sop.activities import collecting as policy
from sop.model import Group, Item, Task, Thread
from sop.texts import quoted, text


def ask(context: Context, group: Group, thread: Thread, found: Item) -> tuple[Action, ...]:
    """Ask staff whether an entry may be shown; of an anonymous one they learn the words alone."""
    anonymous = bool(thread.body["anonymous"])
    person = entries.author(context, found)

    def words(number: int) -> str:
        return text(
            "collect.review-anonymous" if anonymous else "collect.review-task",
            title=quoted(thread.title), group=group.title or group.id, entry=found.number,
            name=people.shown(person), text=excerpt(found.text), number=number,
        )  # fmt: skip

    oldest = review_queue.first(context, group, thread)
    lines = tasks.open_task(
        context, kind=review_queue.KIND, to="staff", group=group.id, person=found.person,
        step=thread.step, about=about(found), target=str(found.number), words=words,
        due_at=review_queue.due_at(context, oldest),
    )  # fmt: skip
    return review_queue.joined(context, group, thread, lines) if oldest and lines else lines


def about(found: Item) -> str:
    """Name what the task is about that asks whether an entry may be shown."""
    return f"{review_queue.KIND}:{found.group}:{found.number}"


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Show and pay the entry, or tell its author kindly that it is not shown."""
    lines = settle(context, task, choice)
    return () if lines is None else (*lines, *tell(context, task, choice))


def settle(context: Context, task: Task, choice: str) -> tuple[Action, ...] | None:
    """Show and pay the entry, or not, and tell nobody; None where it waits no more."""
    group = context.store.get(Group, context.community, task.group)
    found = context.store.get(Item, context.community, task.group, int(task.target))
    thread = entries.thread_of(context, found.thread) if found else None
    if group is None or found is None or thread is None or found.status != policy.PENDING:
        return None
    context = context.under(thread.version)
    status = "open" if choice == "approve" else policy.REJECTED
    found = replace(found, status=status)
    context.store.put(found)
    if choice != "approve":
        return ()
    return publishing.publish(context, group, thread, found, said_openly=False)


def tell(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Tell the author of an entry what was decided of it."""
    found = context.store.get(Item, context.community, task.group, int(task.target))
    thread = entries.thread_of(context, found.thread) if found else None
    if found is None or thread is None:
        return ()
    key = "collect.approved" if choice == "approve" else "collect.rejected"
    return tell_author(context, thread, found, text(key, title=quoted(thread.title)))


def tell_author(context: Context, thread: Thread, found: Item, words: str) -> tuple[Action, ...]:
    """Tell an author something; an unknown one only where nobody must pass it on."""
    person = found.person
    if thread.body["anonymous"]:
        group = context.store.get(Group, context.community, found.group)
        hidden = hidden_authors.of(context, found)
        if group is None or hidden is None or not channels.can(group.channels, "dm"):
            return ()
        person = hidden.person
    to = str(person)
    # With a step: what cannot be delivered is no task that would name them.
    return (
        Action(do="dm", group=found.group, to=to, member=to, text=words, step=thread.step),
    )  # fmt: skip
