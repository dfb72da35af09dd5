"""What members ask for themselves: the rules, and being left in peace."""

from dataclasses import replace

from handlers.people import leading
from handlers.ports import Context, Outcome
from handlers.replies import aside, discreetly, openly, stopping
from sop.events import MessageReceived
from sop.texts import text


def charter(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the rules; leaders see what is agreed with them, too."""
    del argument
    said = openly(context.book.pack.rules.charter.strip() or text("rules.none"))
    leaders = context.book.pack.leaders
    own = leaders.charter.strip() if leaders is not None else ""
    if not own or not leading.is_leader(context):
        return stopping(said)
    return stopping(said, aside(event, context, text("leaders.charter", charter=own)))


def toggle_nudges(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Stop, or allow again, everything the bot would start by itself for this person."""
    del argument
    person = context.person
    assert person is not None
    context.store.put(replace(person, nudges_off=not person.nudges_off))
    key = "commands.nudges-on" if person.nudges_off else "commands.nudges-off"
    return stopping(discreetly(event, context, text(key)))


def toggle_ranked(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Leave the ranking, or come back to it."""
    del argument
    person = context.person
    assert person is not None
    context.store.put(replace(person, unranked=not person.unranked))
    key = "commands.ranked" if person.unranked else "commands.unranked"
    return stopping(discreetly(event, context, text(key)))
