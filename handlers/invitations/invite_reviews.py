"""Invitations that wait until people had a look: one task for each inviter.

Yes, and all that wait count as if they had just been told; no, and they never do. Nobody but
staff learns that they waited.
"""

from dataclasses import replace
from typing import Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group, Invitation, LedgerEntry, Person, Task
from sop.texts import text

KIND: Final = "invites"
"""The kind of task that asks whether guests shall count."""

AT_ONCE: Final = 100
"""Invitations settled by one answer; for more there is another task."""

LONGEST: Final = 1_500
"""Characters of a task to which further guests are added."""


def hold(context: Context, group: Group, invitation: Invitation) -> tuple[Action, ...]:
    """Ask staff to have a look; while they were asked and have not answered, add the guest."""
    about = f"invites:{invitation.inviter}"
    known = tasks.find_open(context, about)
    guest = _guest(context, invitation)
    if known is not None:
        if len(known.text) < LONGEST:
            context.store.put(replace(known, text=f"{known.text}\n{guest}"))
        return ()
    name = people.shown(people.current(context.store, context.community, invitation.inviter))

    def words(number: int) -> str:
        return text("invitations.review", name=name, guests=guest, number=number)

    return tasks.open_task(
        context, kind=KIND, to="staff", group=group.id, about=about, words=words,
        person=invitation.inviter,
    )  # fmt: skip


def _guest(context: Context, invitation: Invitation) -> str:
    guest = people.current(context.store, context.community, invitation.guest)
    seen = text(f"invitations.by-{invitation.scene}") if invitation.scene else ""
    why = f"{seen}{text(f'invitations.why-{invitation.why}')}"
    return text("invitations.guest", name=people.shown(guest), why=why)


def count(context: Context, invitation: Invitation) -> tuple[Action, ...]:
    """Let an invitation count; it is credited at once where the guest was paid before."""
    guest = context.store.get(Person, context.community, invitation.guest)
    if guest is None:
        return ()
    context.store.put(replace(guest, invited_by=invitation.inviter))
    return ledger.credit_inviter(context, guest.id) if _was_paid(context, guest) else ()


def _was_paid(context: Context, guest: Person) -> bool:
    """Tell whether the guest has done anything yet that the pack pays."""
    entries = context.store.find(
        LedgerEntry, community=context.community, person=guest.id, points__gt=0,
        deed__in=tuple(context.book.pack.score.earn), limit=1,
    )  # fmt: skip
    return bool(entries)


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the inviter's guests that wait count, or never."""
    waiting = context.store.find(
        Invitation, community=context.community, inviter=task.person, status="held", order="at",
        limit=AT_ONCE + 1,
    )  # fmt: skip
    lines: list[Action] = []
    for invitation in waiting[:AT_ONCE]:
        status = "counted" if choice == "approve" else "refused"
        settled = replace(invitation, status=status)
        context.store.put(settled)
        if choice == "approve":
            lines.extend(count(context, settled))
    group = context.store.get(Group, context.community, task.group)
    if len(waiting) > AT_ONCE and group is not None:
        lines.extend(hold(context, group, waiting[-1]))
    return tuple(lines)
