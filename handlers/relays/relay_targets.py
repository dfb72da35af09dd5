"""What a signed list may become in a group: check-ins, or places and entries of what is open."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers.checkins import checkin_entries, checkins
from handlers.collections import collecting, taking
from handlers.collections.given import Given
from handlers.ports import Context
from handlers.signups import signup_lists
from handlers.threads import open_threads
from handlers.threads.open_threads import COLLECT, SIGNUP
from sop.actions import Action
from sop.activities import relays
from sop.events import MessageReceived
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
        title = self.thread.title if self.thread else ""
        return text(f"relays.into-{self.kind}", title=title)


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
    context: Context, choice: Choice, person: Person, said: str, source: str
) -> tuple[str, tuple[Action, ...]]:
    """Book a check-in; the group's collection of check-ins, where one is open, has it, too."""
    key = (context.community, person.id, source, checkins.DEED, 0)
    if context.store.get(LedgerEntry, *key) is not None:
        return "", ()
    event = _said(context, choice, person, said, source)
    entered = checkin_entries.enter(event, replace(context, person_id=person.id), said)
    if entered.booked is not None or entered.waits:
        return "", entered.booked.lines if entered.booked else entered.lines
    return "", checkins.book(context, person, source=source, said=said).lines


def _collections(context: Context, group: Group) -> Iterator[Choice]:
    """The open collections that names and words are enough for."""
    for thread in collecting.open_now(context, group, context.now):
        body = thread.body
        if not (body["anonymous"] or body["nominate"] or body["kind"] in ("photo", CHECKIN)):
            yield Choice(kind=COLLECT, group=group, thread=thread)


def _given(context: Context, choice: Choice, person: Person, said: str, source: str) -> Given:
    """Return the entry as if the person had given it in the group."""
    assert choice.thread is not None
    there = replace(context.under(choice.thread.version), person_id=person.id)
    event = _said(context, choice, person, said, source)
    return Given(event=event, context=there, group=choice.group, thread=choice.thread, said=said)


def _said(
    context: Context, choice: Choice, person: Person, said: str, source: str
) -> MessageReceived:
    """Return what the person signed as if they had said it in the group."""
    return MessageReceived(
        key=f"{source}:{person.id}", community=context.community, group=choice.group.id,
        at=context.now, sender=person.userid, text=said, message_id="", channel="",
    )  # fmt: skip


def _no_entry(context: Context, choice: Choice, person: Person, said: str) -> str:
    _, lacking = taking.fit(_given(context, choice, person, said, ""))
    return "short" if lacking else ""


def _enter(
    context: Context, choice: Choice, person: Person, said: str, source: str
) -> tuple[str, tuple[Action, ...]]:
    given, _ = taking.fit(_given(context, choice, person, said, source))
    return "", taking.keep(given)


def _sign_ups(context: Context, group: Group) -> Iterator[Choice]:
    for thread in open_threads.open_at(context, group, context.now, SIGNUP):
        if thread.body["phase"] == SIGNUP:
            yield Choice(kind=SIGNUP, group=group, thread=thread)


def _no_place(context: Context, choice: Choice, person: Person, _said: str) -> str:
    assert choice.thread is not None
    return "there" if signup_lists.of(context, choice.thread, person.id) else ""


def _sign_up(
    context: Context, choice: Choice, person: Person, _said: str, _source: str
) -> tuple[str, tuple[Action, ...]]:
    """Put somebody on the list; who has a place is what was wanted, else it is told."""
    assert choice.thread is not None
    there = context.under(choice.thread.version)
    status, moved = signup_lists.sign(there, choice.group, choice.thread, person)
    return ("" if status == "in" else f"signup-{status}"), moved


TARGETS: Final[Mapping[str, Target]] = {
    CHECKIN: Target(_check_ins, _no_check_in, _check_in),
    SIGNUP: Target(_sign_ups, _no_place, _sign_up),
    COLLECT: Target(_collections, _no_entry, _enter),
}
"""By kind; of what is open, the kind is that of its thread."""
