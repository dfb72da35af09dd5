"""What owner and staff do to members by hand: warn, pardon, award, remove; and answered tasks.

Rights follow the platform id; owner and staff themselves are out of reach.
"""

from handlers.layers import layer_commands
from handlers.ledger import ledger
from handlers.moderation import learning, moderation, reasons, saying
from handlers.moderation.clemency import forgive
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import discreetly, excerpt, openly, privately, stopping
from handlers.staff import second_thoughts, task_commands
from handlers.tasks import task_checks, tasks
from handlers.threads import naming
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived, TaskAnswered
from sop.model import Group, Member, Person, Strike
from sop.texts import text

MOST_POINTS = 1_000
"""Points one award may give: a slip of the finger must not make a mentor."""


def warn(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Strike a member by hand and remind them in private."""
    meant = naming.resolve(event, context, argument)
    group = context.group
    if meant.person is None or group is None:
        return stopping(privately(meant.problem))
    if people.is_staff(meant.person, group):
        words = text("commands.exempt", name=people.shown(meant.person))
        return stopping(discreetly(event, context, words))
    lines = strike_by_hand(event, context, meant.person, meant.rest)
    reminder = tasks.find_open(context, _reminder(group, meant.person))
    key = "commands.warned-task" if reminder else "commands.warned"
    words = text(key, name=people.shown(meant.person), number=reminder.id if reminder else 0)
    return stopping(*lines, discreetly(event, context, words))


def strike_by_hand(
    event: MessageReceived, context: Context, person: Person, reason: str
) -> tuple[Action, ...]:
    """Record a strike that staff decided: points as the pack says, and one private reminder.

    Where no channel reaches the member alone, the reminder is a task with the words to say.
    """
    group = context.group
    assert group is not None
    number = moderation.record_strike(
        context, group, person, moderation.BY_HAND, event=event, measure="remind-privately"
    )
    line = Action(do="strike", group=group.id, member=str(person.id), rule=moderation.BY_HAND)
    source = f"strike:{number}"
    reasons.keep(context, source, reason)
    points = ledger.debit(context, person.id, "strike", source=source)
    return (line, *_remind(context, group, person, reason), *points)


def _remind(context: Context, group: Group, person: Person, reason: str) -> tuple[Action, ...]:
    why = excerpt(reason) or text("rules.staff")
    if channels.can(group.channels, "dm"):
        words = text("rules.by-hand", name=people.addressed(person), reason=why)
        words = saying.with_appeal(context.book, words, "rules.appeal-hint")
        return (moderation.told(group, person, moderation.BY_HAND, words),)

    def task_words(number: int) -> str:
        return text(
            "rules.by-hand-task", name=people.shown(person), group=group.title or group.id,
            reason=why, number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind="remind", to="staff", group=group.id, person=person.id,
        rule=moderation.BY_HAND, about=_reminder(group, person), words=task_words,
    )  # fmt: skip


def _reminder(group: Group, person: Person) -> str:
    return f"remind:{group.id}:{person.id}"


def pardon(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take back the newest strike that counts in a group of theirs, also of somebody who left.

    With a task's number it is what was said of a message in it, or the change of layer that was
    agreed to with it.
    """
    number = recognition.task_number(argument)
    if number:
        undone = second_thoughts.undo(context, number)
        return undone or layer_commands.undo(event, context, number)
    meant = naming.resolve(event, context, argument, former=True)
    if meant.person is None:
        return stopping(privately(meant.problem))
    name = people.shown(meant.person)
    found = _newest_counting(context, meant.person)
    if found is None:
        words = text("commands.nothing-to-pardon", name=name)
        return stopping(discreetly(event, context, words))
    lines = forgive(context, found)
    told = text("commands.pardoned", name=name)
    # It may be mercy: that the words are fine is for staff to say.
    if learning.is_advert(context, found.group, moderation.Said(found.at, found.source)):
        told += text("commands.pardoned-known", word=context.book.words.shown("fine"))
    return stopping(*lines, discreetly(event, context, told))


def _newest_counting(context: Context, person: Person) -> Strike | None:
    forget = context.book.pack.rules.forget_after_ms
    since = -1 if forget is None else context.now - forget
    found = context.store.find(
        Strike, community=context.community, person=person.id, observed=False, reversed_at=0,
        at__gt=since,
    )  # fmt: skip

    def is_theirs(each: Strike) -> bool:
        group = context.store.get(Group, context.community, each.group)
        return people.is_staff(context.person, group)

    return next(filter(is_theirs, moderation.newest_first(found)), None)


def award(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Give a member points, in front of all: praise is public."""
    meant = naming.resolve(event, context, argument)
    if meant.person is None:
        return stopping(privately(meant.problem))
    points, reason = _points(meant.rest)
    if not points:
        return stopping(privately(text("commands.award-form", most=MOST_POINTS)))
    if meant.person.id == context.person_id and not tasks.owns(meant.person, context.group):
        return stopping(privately(text("commands.award-self")))
    lines = ledger.book_entry(
        context, meant.person.id, "award", points, score=points, source=event.key
    )
    reasons.keep(context, event.key, reason)
    words = text("commands.awarded", name=people.shown(meant.person), points=points)
    if reason:
        words = text("commands.awarded-for", words=words, reason=excerpt(reason, 60))
    return stopping(*lines, openly(words))


def _points(rest: str) -> tuple[int, str]:
    """Return the points that stand first, 0 unless they are within bounds, and the reason."""
    first, _, reason = rest.strip().removeprefix("+").partition(" ")
    digits = first.removesuffix(text("commands.points-unit"))
    if not digits.isdecimal() or len(digits) > len(str(MOST_POINTS)):
        return 0, ""
    points = int(digits)
    return (points, reason.strip()) if points <= MOST_POINTS else (0, "")


def remove(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take a member out of the group, by a channel or by a task."""
    meant = naming.resolve(event, context, argument)
    group = context.group
    if meant.person is None or group is None:
        return stopping(privately(meant.problem))
    person, name = meant.person, people.shown(meant.person)
    if people.is_staff(person, group):
        return stopping(discreetly(event, context, text("commands.exempt", name=name)))
    member = context.store.get(Member, context.community, group.id, person.id)
    if member is None or member.left_at:
        return stopping(discreetly(event, context, text("commands.not-here", name=name)))
    if channels.can(group.channels, "remove_member"):
        line = Action(do="remove", group=group.id, member=str(person.id))
        return stopping(line, discreetly(event, context, text("commands.removed", name=name)))
    lines = _removal_task(context, group, person)
    opened = tasks.find_open(context, _removal(group, person))
    words = text("commands.removed-task", number=opened.id if opened else 0)
    return stopping(*lines, discreetly(event, context, words))


def _removal(group: Group, person: Person) -> str:
    # The same thing the outbox names it: a removal by rule and one by hand are one task.
    return f"remove:{group.id}:{person.id}"


def _removal_task(context: Context, group: Group, person: Person) -> tuple[Action, ...]:
    return tasks.open_task(
        context, kind="remove", to="staff", group=group.id, person=person.id,
        about=_removal(group, person), target=task_checks.moves(out_of=(group.id,)),
        words=lambda number: text(
            "tasks.remove", name=people.shown(person), group=places.title(context, group.id),
            number=number,
        ),
    )  # fmt: skip


def answer_task(event: TaskAnswered, context: Context) -> Outcome:
    """Answer a task from outside a chat; a refusal is a line with its reason."""
    task = tasks.find_task(context, event.task, event.group)
    if task is None:
        return Outcome((_refused(event, "unknown-task"),))
    if not tasks.may_answer(context, task, context.person_id):
        return Outcome((_refused(event, "not-staff"),))
    if event.choice not in (*tasks.CHOICES, "take"):
        return Outcome((_refused(event, "unknown-choice"),))
    problem = task_commands.mismatch(task, event.choice)
    if problem:
        return Outcome((_refused(event, problem),))
    lines, _ = task_commands.settle(context, task, event.choice)
    return Outcome(lines)


def _refused(event: TaskAnswered, reason: str) -> Action:
    return Action(do="error", group=event.group, reason=reason)
