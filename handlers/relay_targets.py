"""What a signed list may become in a group: check-ins, or places and entries of what is open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from handlers import checkins
from handlers.ports import Context
from sop import relays
from sop.actions import Action
from sop.model import Group, LedgerEntry, Person, Thread
from sop.text import normalise
from sop.texts import text

CHECKIN: Final = "checkin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something a list may become: its kind, where, and the open thing it is for, if any."""

    kind: str
    group: Group
    thread: Thread | None = None

    @property
    def target(self) -> str:
        """The choice as a list remembers it."""
        return f"{self.kind}:{self.thread.id}" if self.thread else self.kind

    @property
    def title(self) -> str:
        """What to call it."""
        if self.thread is None:
            return text(f"relays.{self.kind}")
        return text(f"relays.{self.kind}", title=self.thread.title)


@dataclass(frozen=True, slots=True)
class Target:
    """How one kind is found, and what an entry brings.

    choices: what is open of it in a group. hindrance: why a person's entry would bring nothing
    now, in one word; empty where it would. book: let it be theirs, once a source; with a word for
    what became of it, where that is not what was wanted.
    """

    choices: Callable[[Context, Group], Iterator[Choice]]
    hindrance: Callable[[Context, Choice, Person, str], str]
    book: Callable[[Context, Choice, Person, str, str], tuple[str, tuple[Action, ...]]]


def choices(context: Context, group: Group) -> tuple[Choice, ...]:
    """Return all that a list may become in the group."""
    return tuple(each for target in TARGETS.values() for each in target.choices(context, group))


def choice_of(context: Context, group: Group, target: str) -> Choice | None:
    """Return what a list is for; None where that is over."""
    return next((each for each in choices(context, group) if each.target == target), None)


def fitting(found: tuple[Choice, ...], words: str) -> tuple[tuple[Choice, ...], bool]:
    """Return the choices a list's words name, and whether they name any; else all of them."""
    normal = normalise(words)
    titled = tuple(
        each for each in found
        if each.thread is not None and each.thread.title and normalise(each.thread.title) in normal
    )  # fmt: skip
    named = relays.kinds_named(words)
    meant = titled or tuple(each for each in found if each.kind in named)
    return meant or found, bool(meant)


def hindrance(context: Context, choice: Choice, person: Person, said: str) -> str:
    """Return why the entry would bring nothing now; empty where it would."""
    return TARGETS[choice.kind].hindrance(context, choice, person, said)


def book(
    context: Context, choice: Choice, person: Person, said: str, source: str
) -> tuple[str, tuple[Action, ...]]:
    """Let the entry be the person's; tells in a word what else became of it."""
    return TARGETS[choice.kind].book(context, choice, person, said, source)


def _check_ins(context: Context, group: Group) -> Iterator[Choice]:
    if CHECKIN in context.book.pack.score.earn:
        yield Choice(kind=CHECKIN, group=group)


def _no_check_in(context: Context, _choice: Choice, person: Person, said: str) -> str:
    return checkins.refusal(context, person, said)


def _check_in(
    context: Context, _choice: Choice, person: Person, said: str, source: str
) -> tuple[str, tuple[Action, ...]]:
    key = (context.community, person.id, source, checkins.DEED, 0)
    if context.store.get(LedgerEntry, *key) is not None:
        return "", ()
    return "", checkins.book(context, person, source=source, said=said).lines


TARGETS: Final[Mapping[str, Target]] = {CHECKIN: Target(_check_ins, _no_check_in, _check_in)}
"""By kind; of what is open, the kind is that of its thread."""
