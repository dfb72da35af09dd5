"""Which messages are commands: a word that stands first, meant for the bot.

Command words are everyday words too. Where the bot hears everything, one that was not said to
it only counts if it comes with what it needs; else it is talk, and nobody answers it.
"""

from typing import Final
from unicodedata import normalize

from handlers.ports import Context
from sop.commands import Command, parse_command
from sop.events import MessageReceived

DORMANT: Final = frozenset(
    {
        "like", "share", "submit", "wish", "snag", "signup", "plus_one", "vote",
        "apply", "tags", "feature", "comment", "start_slot", "end_slot",
    }
)  # fmt: skip
"""Commands whose words exist, and whose features this version does not have."""

POINTED: Final = frozenset({"warn", "pardon", "award", "remove", "merge", "split"})
"""Commands about a person: they need an @ or a quote."""

NUMBERED: Final = frozenset({"done", "approve", "reject"})
"""Commands about a task: they need its number or a quote of it."""

ALONE: Final = frozenset({"tasks", "pause", "open_group", "adopt"})
"""Staff commands that need nothing, so that nothing may follow them."""

LONGEST_NUMBER: Final = 16
"""Characters in which a task number is looked for; what is longer is no number."""

SECRET: Final = frozenset(
    {"points", "ledger", "growth", "why_warned", "claim", "redeem", "appeal", "tasks"}
)
"""Commands whose answer is for the sender alone: a group without a private way only hears how
to ask in private."""


def recognise(event: MessageReceived, context: Context) -> Command | None:
    """Return the command that a message gives, or None where it is only talk."""
    command = parse_command(event.text, context.book.words)
    if command is None or addressed(event) or _complete(event, command):
        return command
    return None


def is_command(event: MessageReceived, context: Context) -> bool:
    """Tell whether the message is a command: those never count for flood and repeats."""
    return recognise(event, context) is not None


def addressed(event: MessageReceived) -> bool:
    """Tell whether the message was said to the bot: in private, or by mentioning it."""
    return event.mentions_bot or not event.group


def _complete(event: MessageReceived, command: Command) -> bool:
    """Tell whether a command in the open group comes with what it needs."""
    quotes = bool(event.quote or event.quote_id)
    if command.name in DORMANT:
        return False
    if command.name in POINTED:
        return quotes or bool(event.mentions) or normalize("NFKC", command.argument[:1]) == "@"
    if command.name in NUMBERED:
        return quotes or task_number(command.argument) > 0
    if command.name in ALONE:
        return not command.argument
    return True


def task_number(argument: str) -> int:
    """Return the task number that the argument is, 0 where it is anything else."""
    digits = normalize("NFKC", argument[:LONGEST_NUMBER]).strip("# ")
    return int(digits) if digits.isdecimal() and len(argument) < LONGEST_NUMBER else 0
