"""Commands: from the first word of a message to the duty that answers it."""

from dataclasses import replace

from handlers import duties
from handlers.ledger import scoring
from handlers.people import leading, people, places
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import aloud, aside, can_whisper, privately, stopping
from sop.activities.commands import Command
from sop.events import MessageReceived
from sop.model import Task
from sop.texts import text


def run_command(event: MessageReceived, context: Context) -> Outcome:
    """Carry out the command a message gives; what is none is left to the routes that follow."""
    if context.person is None:
        return Outcome()
    command = recognition.recognise(event, context)
    if command is None and not event.group:
        event, context = places.named_first(event, context)
        command = recognition.recognise(event, context)
    if command is None and not event.group:
        return _elsewhere(event, context)
    return Outcome() if command is None else _carry_out(event, context, command)


def _elsewhere(event: MessageReceived, context: Context) -> Outcome:
    """Tell who is not in the group they name that its votes and offices are for its members."""
    rest, group = places.foreign_first(event, context)
    command = recognition.recognise(rest, context) if group is not None else None
    if group is None or command is None or command.name not in ("vote", "apply"):
        return Outcome()
    return stopping(privately(text("commands.not-in-group", group=group.title or group.id)))


def _carry_out(event: MessageReceived, context: Context, command: Command) -> Outcome:
    duty = duties.DUTIES[command.name]
    if duty.of_task and context.group is None:
        number = recognition.task_number(command.argument)
        task = context.store.get(Task, context.community, number) if number else None
        context = replace(context, group_id=task.group) if task is not None else context
    if duty.in_group and context.group is None:
        word = places.again(command.raw_word, command.argument)
        staff = duty.staff and not (duty.leaders and _only_leads(context))
        context, question = places.only_one(context, staff=staff, word=word)
        if question:
            return stopping(privately(question))
    if duty.staff and not _may(context, duty):
        return stopping(aside(event, context, _refusal(context)))
    if command.name in recognition.SECRET and not can_whisper(event, context):
        return stopping(privately(text("commands.private", word=command.raw_word)))
    if event.group:
        scoring.note_day(context)
    outcome = duty.run(event, context, command.argument)
    if duty.aloud and not can_whisper(event, context):
        outcome = replace(outcome, actions=tuple(map(aloud, outcome.actions)))
    return replace(outcome, stop=outcome.stop or bool(outcome.actions))


def _may(context: Context, duty: duties.Duty) -> bool:
    role = people.role_of(context.person, context.group)
    return role in ("owner", "staff") or (duty.leaders and leading.is_leader(context))


def _only_leads(context: Context) -> bool:
    """Tell whether who acted leads, and is staff nowhere: their groups are those they are in."""
    return leading.is_leader(context) and not places.own_groups(context, staff=True)


def _refusal(context: Context) -> str:
    group = context.group
    if group is not None and not group.owner and not group.staff:
        return text("commands.no-owner", group=group.title or group.id)
    return text("commands.not-staff")
