"""Giving an entry: which collection is meant, and what is said where none is open.

The command word decides, then a name, number or category that stands first, then whether there
is a picture. Where that is not certain nothing is done, and the bot asks in private.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from handlers.collections import collecting, taking
from handlers.people import places
from handlers.ports import Context, Outcome
from handlers.replies import aside, privately, stopping
from handlers.shares import shares
from handlers.threads.open_threads import COLLECT
from sop.activities import collecting as policy
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.model import Group, Thread
from sop.texts import quoted, text
from sop.times.durations import DAY_MS

LATELY_MS: Final = DAY_MS
"""So long after its end an entry is still known to have been for a collection."""

SUBMIT: Final = "submit"

ENTRY_COMMANDS: Final = frozenset({SUBMIT, collecting.NOMINATE, "wish", "snag"})
"""Commands that give an entry in words of its own."""


def submit(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Give a story, photo, thanks, review or idea; a story where nothing is collected."""
    return _give(event, context, argument, SUBMIT)


def nominate(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Put somebody forward in an election."""
    return _give(event, context, argument, collecting.NOMINATE)


def wish(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Put a wish on the wall; in a group nothing is revealed."""
    if event.group:
        word = context.book.words.shown("wish")
        return stopping(privately(text("commands.private", word=word)))
    return _give(event, context, argument, "wish")


def snag(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Report what should be put right."""
    return _give(event, context, argument, "snag")


def _give(event: MessageReceived, context: Context, said: str, command: str) -> Outcome:
    context, question = _placed(event, context, command, said)
    group = context.group
    if group is None or context.person is None:
        return stopping(privately(question)) if question else Outcome()
    found = open_for(context, group, command, event.at)
    ended = _ended_lately(event, context, group, command)
    late = None if _named(context, found, said) else _named(context, ended, said)
    if late is not None:
        return _none_open(event, context, group, late[1], command, ended[late[0]])
    if not found:
        return _none_open(event, context, group, said, command, ended[-1] if ended else None)
    meant = choice(context, found, said, has_image=taking.has_picture(event, context))
    if meant.place is None:
        return stopping(aside(event, context, which(context, found, command)))
    thread = found[meant.place]
    return taking.take(event, context, group, thread, meant.said, category=meant.category)


def _named(context: Context, found: Sequence[Thread], said: str) -> tuple[int, str] | None:
    return policy.named(
        [_candidate(each) for each in found], said, context.book.words.separators
    )  # fmt: skip


def choice(
    context: Context, found: Sequence[Thread], said: str, *, has_image: bool
) -> policy.Choice:
    """Tell which of several collections an entry is for, and what was said beside its name."""
    candidates = [_candidate(each) for each in found]
    separators = context.book.words.separators
    return policy.choose(candidates, said, separators, has_image=has_image)


def _placed(
    event: MessageReceived, context: Context, command: str, said: str
) -> tuple[Context, str]:
    """Return the context in the group it is for: in private the only one that collects such."""
    if context.group is not None:
        return context, ""
    groups = places.own_groups(context)
    collect = [each for each in groups if open_for(context, each, command, event.at)]
    if len(collect) == 1:
        return replace(context, group_id=collect[0].id), ""
    word = places.again(context.book.words.shown(command), said)
    return places.only_one(context, staff=False, word=word)


def open_for(context: Context, group: Group, command: str, at: int) -> tuple[Thread, ...]:
    """Return the group's collections that the command gives entries for, open at that instant.

    One that has ended since, before the message was heard, still takes what was said in time. An
    election, which has a command of its own, takes the others' words where nothing else does.
    """
    found = {
        each.id: each
        for each in (*collecting.open_now(context, group, at), *_ended(context, group, at))
        if _takes(each, command) and each.opened_at <= at < each.closes_at
    }
    threads = tuple(found[number] for number in sorted(found))
    own = tuple(each for each in threads if collecting.command_of(each) == command)
    return own or threads


def _takes(thread: Thread, command: str) -> bool:
    own = collecting.command_of(thread) == command
    return own or thread.body["kind"] in policy.COMMANDS.get(command, ())


def _ended(context: Context, group: Group, since: int) -> Sequence[Thread]:
    """Return the group's collections that end after that instant and take nothing any more."""
    where: dict[str, Any] = {
        "community": context.community, "group": group.id, "closes_at__gt": since,
    }  # fmt: skip
    found = [
        *context.store.find(Thread, status="closed", order="id", **where),
        # Its end may be a moment away from being handled.
        *context.store.find(Thread, status="open", closes_at__le=context.now, **where),
    ]
    return [each for each in found if each.kind == COLLECT]


def _candidate(thread: Thread) -> policy.Candidate:
    return policy.Candidate(
        name=thread.name, title=thread.title, kind=thread.body["kind"],
        categories=collecting.categories(thread),
    )  # fmt: skip


def which(context: Context, found: tuple[Thread, ...], command: str) -> str:
    """Ask which of several collections is meant."""
    found = found[: policy.MOST_CANDIDATES]
    word = context.book.words.shown(command)
    return text("collect.which", word=word, titles=collecting.titles(found))


def _ended_lately(
    event: MessageReceived, context: Context, group: Group, command: str
) -> list[Thread]:
    return [
        each
        for each in _ended(context, group, event.at - LATELY_MS)
        if _takes(each, command) and each.closes_at <= event.at
    ]


def _none_open(
    event: MessageReceived, context: Context, group: Group, said: str, command: str,
    ended: Thread | None,
) -> Outcome:  # fmt: skip
    """Say kindly that it is over; what was given is kept, as a story or for people to see."""
    if command == SUBMIT and (event.group or ended is None):
        outcome = shares.submit(event, context, said)
        if ended is None or not said:
            return outcome
        over = aside(event, context, _over(context, ended))
        return replace(outcome, actions=(*outcome.actions, over))
    if ended is None:
        none = text(f"collect.none-{command}", group=group.title or group.id)
        return stopping(aside(event, context, none))
    taking.keep_late(event, context, group, ended, said)
    words = _over(context, ended) + text("collect.kept-late")
    return stopping(aside(event, context, words))


def _over(context: Context, thread: Thread) -> str:
    ends = collecting.until(context, thread.closes_at)
    return text("collect.over", title=quoted(thread.title), until=ends)


def is_entry(event: MessageReceived, context: Context) -> bool:
    """Tell whether a private message gives an entry, also where it begins with a group's name."""
    command = parse_command(event.text, context.book.words)
    if command is None:
        named, _ = places.named_first(event, context)
        command = parse_command(named.text, context.book.words)
    return command is not None and command.name in ENTRY_COMMANDS
