"""Which of the open things of one kind a command means: what is quoted, named, or the only one.

In a group its own are meant; in private those of every group the person is in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from handlers.people import places
from handlers.ports import Context
from handlers.threads import naming, open_threads
from sop.events import MessageReceived
from sop.model import Group, Thread
from sop.text import fingerprint
from sop.texts import text
from sop.times.durations import MINUTE_MS

JUST_OVER_MS: Final = 10 * MINUTE_MS
"""How long after its end somebody is told that it is over who comes for it."""


@dataclass(frozen=True, slots=True)
class Open:
    """Something that is open, and where."""

    thread: Thread
    group: Group

    def under(self, context: Context) -> Context:
        """Return the context in its group, under the version of the pack that it began with."""
        return replace(context, group_id=self.group.id).under(self.thread.version)


def groups(context: Context) -> tuple[Group, ...]:
    """Return where a command may mean something: the message's group, or all of the person's."""
    return (context.group,) if context.group is not None else places.own_groups(context)


def opened(context: Context, at: int, kind: str) -> tuple[Open, ...]:
    """Return what is open of a kind, the oldest of each group first."""
    return tuple(
        Open(thread, group)
        for group in groups(context)
        for thread in open_threads.open_at(context, group, at, kind)
    )


def meant(
    event: MessageReceived, context: Context, argument: str, found: Sequence[Open]
) -> tuple[Sequence[Open], str]:
    """Return what the message can mean of it (exactly one: that), and the argument without a name.

    A quote of something else means none of them.
    """
    if event.group and (event.quote or event.quote_id):
        return _quoted(event, context, found), argument
    found, argument = _in_named_group(context, argument, found)
    for each in sorted(found, key=lambda each: -len(each.thread.title)):
        for name in (each.thread.title, each.thread.name, each.thread.step):
            if name and argument[: len(name)].casefold() == name.casefold():
                named = [other for other in found if _called(other.thread, name)]
                return named, argument[len(name) :].lstrip(context.book.words.separators)
    return found, argument


def _in_named_group(
    context: Context, argument: str, found: Sequence[Open]
) -> tuple[Sequence[Open], str]:
    """Take the group that is named first, where it may be one of several."""
    if not _are_apart(found):
        return found, argument
    said = argument.casefold()
    for each in found:
        for name in (each.group.title, each.group.id):
            if name and said.startswith(name.casefold()):
                rest = argument[len(name) :].lstrip(context.book.words.separators)
                return [other for other in found if other.group.id == each.group.id], rest
    return found, argument


def _are_apart(found: Sequence[Open]) -> bool:
    return len({each.group.id for each in found}) > 1


def again(found: Sequence[Open], word: str, rest: str = "") -> str:
    """Return what to say again so that it means the first of several, and no other.

    What is open in several groups has one name in all of them: then the group is named.
    """
    first = found[0]
    beside = [each for each in found if each.group.id == first.group.id]
    alike = [each for each in found if each.thread.title == first.thread.title]
    title = first.thread.title if len(alike) == 1 or len(beside) > 1 else ""
    words = " ".join(filter(None, (word, title, rest)))
    if len(alike) == 1:
        return words
    return text("commands.in-group", group=first.group.title or first.group.id, word=words)


def lately(context: Context, at: int, kind: str) -> Thread | None:
    """Return what of a kind has ended a moment before, whether its end was carried out or not."""
    found = [
        each
        for group in groups(context)
        for each in (*_ended(context, group, kind), *_ending(context, group, kind))
        if 0 <= at - each.closes_at < JUST_OVER_MS
    ]
    return max(found, key=lambda each: each.closes_at, default=None)


def _ended(context: Context, group: Group, kind: str) -> Sequence[Thread]:
    return context.store.find(
        Thread, community=context.community, group=group.id, status="closed", kind=kind,
        order="-id", limit=1,
    )  # fmt: skip


def _ending(context: Context, group: Group, kind: str) -> Iterator[Thread]:
    """Yield what is still to be closed: its time may be over for this message."""
    for number, known in group.threads:
        found = context.store.get(Thread, context.community, number) if known == kind else None
        if found is not None:
            yield found


def _called(thread: Thread, name: str) -> bool:
    known = (thread.title, thread.name, thread.step)
    return name.casefold() in (each.casefold() for each in known)


def _quoted(event: MessageReceived, context: Context, found: Sequence[Open]) -> tuple[Open, ...]:
    message = naming.quoted(event, context)
    if message is None:
        return ()
    fitting = [each for each in found if fingerprint(each.thread.text) == message.fingerprint]
    return tuple(fitting[-1:])


def listed(found: Sequence[Open]) -> str:
    """Name what is open, with the group where there are several."""
    several = _are_apart(found)
    names = (
        text("people.with-id", name=each.thread.title, id=each.group.title or each.group.id)
        if several
        else each.thread.title
        for each in found
    )
    return text("people.joiner").join(dict.fromkeys(names))
