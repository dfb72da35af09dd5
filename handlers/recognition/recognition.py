"""Which messages are commands: a word that stands first, meant for the bot.

Command words are everyday words too. Where the bot hears everything, one that was not said to
it only counts if it comes with what it needs; else it is talk, and nobody answers it.
"""

from collections.abc import Callable
from typing import Final
from unicodedata import normalize

from handlers.people import leading, people, places
from handlers.ports import Context
from handlers.threads import open_threads
from handlers.threads.open_threads import COLLECT, SIGNUP
from sop.activities import clean_up, tasks
from sop.activities.commands import Command, numbers_in, parse_command
from sop.events import MessageReceived
from sop.standing import offices

POINTED: Final = frozenset({"warn", "pardon", "award", "remove", "merge", "split"})
"""Commands about a person: they need an @ or a quote."""

REDEEMED: Final = frozenset({"redeem", "claim"})
"""The commands whose word, after the one for taking back, says that a benefit is meant."""

LIKED: Final = frozenset({"like", "unlike"})
"""Commands about somebody or something said: they need an @, a quote or a number."""

NUMBERED: Final = frozenset({"done", "take", "approve", "reject"})
"""Commands about a task: they need its number or a quote of it."""

COUNTED: Final = frozenset({"comment", "withdraw", "reveal", "advice"})
"""Commands about a contribution, or about what was advised: they need its number."""

JUDGING: Final = frozenset({"advert", "fine"})
"""Everyday words that say of a quoted message what it is: where staff say them, and alone."""

GIVING: Final = frozenset(
    {"share", "submit", "nominate", "wish", "snag", "vote", "propose", "launch"}
)
"""Commands that need what is given after the word, parted from it by a blank or a stop."""

MEANWHILE: Final = frozenset({"plus_one", "roster"})
"""Everyday words that are commands while a sign-up is open in the group, and else are talk."""

BROUGHT: Final = frozenset({"confirm", "relay", "nickname", "make_link", "stop_link"})
"""Commands with what is only brought to the bot itself: a list, who is meant in it, a link."""

COLLECTED: Final = frozenset({"submit", "nominate", "wish", "snag"})
"""Those of them by which an entry is given to a collection."""

ALONE: Final = frozenset(
    {"layers", "pause", "open_group", "adopt", "start_slot", "end_slot", "raid", "raid_over"}
)
"""Staff commands that need nothing, so that nothing may follow them."""

NAMING: Final = frozenset({"start_slot", "end_slot"})
"""Staff commands that may name what they are about: where they name nothing they are talk."""

LONELY: Final = frozenset({"challenge", "invitation", "my_link", "my_page", "leader", "step_down"})
"""Commands of members that nothing follows."""

_ASKS: Final = frozenset("?？")  # noqa: RUF001 - as people type it

LONGEST_NUMBER: Final = 16
"""Characters in which a task number is looked for; what is longer is no number."""

SECRET: Final = frozenset(
    {
        "points", "ledger", "growth", "why_warned", "claim", "redeem", "appeal", "tasks", "badges",
        "clean_up",
        "relay", "nickname", "reveal", "challenge", "invitation", "my_link", "my_page",
        "make_link",
        "stop_link", "advice", "apply", "layers", "leader", "step_down",
    }
)  # fmt: skip
"""Commands whose answer is for the sender alone: a group without a private way only hears how
to ask in private."""


def recognise(event: MessageReceived, context: Context) -> Command | None:
    """Return the command that a message gives, or None where it is only talk."""
    command = parse_command(event.text, context.book.words) or _unparted(event, context)
    if command is None or (command.name in JUDGING and not _may_judge(event, context, command)):
        return None
    if addressed(event):
        return command
    if _complete(event, command) and _has_a_place(context, command):
        return command
    if command.name in NAMING and _may_name(context, command):
        return command
    if command.name == "pardon" and _takes_back(context, command.argument):
        return command
    return command if command.name in COLLECTED and _is_open(context, COLLECT) else None


def claim_number(context: Context, argument: str) -> int:
    """Return the number of what was redeemed, if that is what an argument names, else 0."""
    inner = parse_command(argument, context.book.words)
    if inner is None or inner.name not in REDEEMED:
        return 0
    return task_number(inner.argument)


def _may_name(context: Context, command: Command) -> bool:
    """Tell whether who acted may be heard to open or close what they name."""
    leads = command.name == "start_slot" and leading.is_leader(context)
    return leads or people.is_staff(context.person, context.group)


def _takes_back(context: Context, argument: str) -> bool:
    """Tell whether it is the number of what staff take back, a decision or what was redeemed."""
    return bool(task_number(argument) or claim_number(context, argument))


def _unparted(event: MessageReceived, context: Context) -> Command | None:
    """Return a sign-up to what is open by that name, written without a blank as people do."""
    said, words = event.text.strip(), context.book.words.names["signup"]
    group = context.group if said.startswith(words) else None
    if group is None:
        return None
    for word in sorted(words, key=len, reverse=True):
        rest = said.removeprefix(word)
        if rest != said and any(
            each.title and rest.startswith(each.title)
            for each in open_threads.open_at(context, group, event.at, SIGNUP)
        ):
            return Command(name="signup", argument=rest, raw_word=word)
    return None


def _may_judge(event: MessageReceived, context: Context, command: Command) -> bool:
    """Tell whether it is meant for the bot: staff's word, or an advert that a member shows it."""
    if command.argument and not (_names(command) and _quotes(event)):
        return False
    if event.group and not people.is_staff(context.person, context.group):
        return command.name == "advert" and event.mentions_bot and _quotes(event)
    return bool(event.group or places.own_groups(context, staff=True))


def _judges(event: MessageReceived, _command: Command) -> bool:
    return _quotes(event) and not _ASKS.intersection(event.text)


def _is_open(context: Context, wanted: str) -> bool:
    """Tell whether something of that kind is open in the group, for which more is a command."""
    group = context.group
    return group is not None and any(kind == wanted for _, kind in group.threads)


def is_command(event: MessageReceived, context: Context) -> bool:
    """Tell whether the message is a command: those never count for flood and repeats."""
    return recognise(event, context) is not None


def addressed(event: MessageReceived) -> bool:
    """Tell whether the message was said to the bot: in private, or by mentioning it."""
    return event.mentions_bot or not event.group


def _complete(event: MessageReceived, command: Command) -> bool:
    """Tell whether a command in the open group comes with what it needs."""
    needs = next((each for names, each in _NEEDS if command.name in names), None)
    return needs is None or needs(event, command)


def _has_a_place(context: Context, command: Command) -> bool:
    """Tell whether what is a command only where there is such a thing is one here and now."""
    if command.name == "apply":
        return offices.known(context.book.pack.leaders, command.argument)
    if command.name not in MEANWHILE or context.group is None:
        return True
    return _is_open(context, SIGNUP)


def _quotes(event: MessageReceived) -> bool:
    return bool(event.quote or event.quote_id)


def _points(event: MessageReceived, command: Command) -> bool:
    return _names(command) or _quotes(event) or bool(event.mentions)


def _names(command: Command) -> bool:
    return normalize("NFKC", command.argument[:1]) == "@"


def _counts(argument: str) -> bool:
    """Tell whether the argument begins with a number."""
    return argument[:1].isdecimal()


def _lists(argument: str) -> bool:
    """Tell whether the argument is numbers of contributions, and nothing else."""
    return bool(numbers_in(argument))


def task_number(argument: str) -> int:
    """Return the task number that the argument is, 0 where it is anything else."""
    digits = normalize("NFKC", argument[:LONGEST_NUMBER]).strip("# ")
    return int(digits) if digits.isdecimal() and len(argument) < LONGEST_NUMBER else 0


_NEEDS: Final[tuple[tuple[frozenset[str], Callable[[MessageReceived, Command], bool]], ...]] = (
    (BROUGHT, lambda _event, _command: False),
    (POINTED, _points),
    (LIKED, lambda event, command: _points(event, command) or _lists(command.argument)),
    (JUDGING, _judges),
    (frozenset({"feature"}), lambda event, command: _quotes(event) or _lists(command.argument)),
    (COUNTED, lambda _event, command: _counts(command.argument)),
    (LONELY, lambda _event, command: not command.argument),
    (frozenset({"invite_code"}), lambda _event, command: bool(command.argument)),
    (GIVING, lambda _event, command: bool(command.argument)),
    (NUMBERED, lambda event, command: _quotes(event) or bool(numbers_in(command.argument))),
    (
        frozenset({"clean_up"}),
        lambda _event, command: clean_up.parse(command.argument) is not None,
    ),
    (frozenset({"tasks"}), lambda _event, command: tasks.parse(command.argument) is not None),
    (ALONE, lambda _event, command: not command.argument),
)
"""What a command needs in the open group, for the commands that need anything."""
