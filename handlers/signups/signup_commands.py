"""报名, +1, 取消报名 and 名单: what people say around a sign-up, and what they are told.

The words are everyday ones: said to nobody in particular they mean something only while a
sign-up is open, and a quote of something else is about that.
"""

from collections.abc import Sequence
from typing import Final

from handlers.challenges import enrolments
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import say_words
from handlers.recognition import recognition
from handlers.replies import aside, stopping
from handlers.signups import attendance, signup_lists
from handlers.signups.signup_lists import Signed
from handlers.threads import open_named
from handlers.threads.open_named import Open
from handlers.threads.open_threads import SIGNUP
from sop.actions import Action
from sop.activities import signups
from sop.activities.commands import parse_command
from sop.events import MessageReceived
from sop.model import Person
from sop.texts import quoted, text

MARK: Final = "signups.with"
"""The text that stands before a companion's name in 报名."""


def sign_up(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Sign up who says it, or (带 NAME) a companion of theirs; a challenge is joined by name."""
    if enrolments.is_named(context, event.at, argument):
        return enrolments.join(event, context, argument)
    return _signed(event, context, argument, loosely=False)


def plus_one(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Sign up who says it; who is on the list already, the companion whose name follows."""
    return _signed(event, context, argument, loosely=True)


def _signed(event: MessageReceived, context: Context, argument: str, *, loosely: bool) -> Outcome:
    person = context.person
    opened = [
        each
        for each in open_named.opened(context, event.at, SIGNUP)
        if each.thread.body["phase"] == SIGNUP
    ]
    if person is None or not opened:
        return _none(event, context)
    found, said = open_named.meant(event, context, argument, opened)
    if len(found) != 1:
        return _which(event, context, found or opened, "signup")
    guest = _guest(event, context, found[0], said, loosely=loosely)
    if guest is None:
        meant = recognition.addressed(event) or signups.is_of_others(said)
        return stopping(_form(event, context, found[0])) if meant else Outcome()
    most = found[0].thread.body["companions"]
    if guest and _guests(context, found[0], but=guest) >= most:
        if not most:
            return stopping(_form(event, context, found[0]))
        return stopping(aside(event, context, text("signups.enough-guests", count=most)))
    there = found[0].under(context)
    lines: list[Action] = []
    for each in ("", guest) if guest and not _is_there(context, found[0]) else (guest,):
        signed, moved = signup_lists.sign(there, found[0].group, found[0].thread, person, each)
        lines.extend((*_answer(event, context, found[0], person, each, signed), *moved))
    if loosely and said and not guest and most:
        # +1 小明, of who was not on the list: it may be a name, or a word by the way.
        lines.append(aside(event, context, _how_guests(context, found[0])))
    return stopping(*lines)


def _guest(
    event: MessageReceived, context: Context, opened: Open, said: str, *, loosely: bool
) -> str | None:
    """Return the companion who is named, empty for the person alone; None: it is not certain."""
    mark = text(MARK)
    if said.startswith(mark):
        return signups.guest_name(said.removeprefix(mark)) or None
    if not said or _is_plus_one(context, said):
        return ""
    own = signup_lists.of(context, opened.thread, context.person_id)
    if loosely and own and opened.thread.body["companions"]:
        return signups.guest_name(said) or None
    return "" if loosely and recognition.addressed(event) else None


def _is_plus_one(context: Context, said: str) -> bool:
    """Tell whether what follows 报名 only counts in who says it."""
    command = parse_command(said, context.book.words)
    return command is not None and (command.name, command.argument) == ("plus_one", "")


def _is_there(context: Context, opened: Open) -> bool:
    """Tell whether who acts has signed up themselves: who brings somebody along comes, too."""
    own = signup_lists.of(context, opened.thread, context.person_id)
    return any(not each.guest for each in own)


def _guests(context: Context, opened: Open, *, but: str) -> int:
    own = signup_lists.of(context, opened.thread, context.person_id)
    return sum(bool(each.guest) and each.guest != but for each in own)


def _form(event: MessageReceived, context: Context, opened: Open) -> Action:
    """Say how one signs up, and whether somebody else may come along."""
    words = context.book.words
    group = context.group
    how = text("signups.form", say=say_words(context, group, words.shown("signup")))
    return aside(event, context, how + _how_guests(context, opened))


def _how_guests(context: Context, opened: Open) -> str:
    """Say how somebody is brought along, in words that hold for who is on the list or is not."""
    most = opened.thread.body["companions"]
    if not most:
        return text("signups.no-guests")
    example = f"{context.book.words.shown('signup')} {text('signups.guest-example')}"
    return text("signups.how-guests", say=say_words(context, context.group, example), count=most)


def _answer(
    event: MessageReceived,
    context: Context,
    opened: Open,
    person: Person,
    guest: str,
    signed: Signed,
) -> tuple[Action, ...]:
    """Confirm a place before all; whatever else became of it is said aside where possible."""
    thread = opened.thread
    name = text("signups.guest", name=people.shown(person), guest=guest) if guest else ""
    fields = {"name": name or people.shown(person), "title": quoted(thread.title)}
    if signed == "in":
        free = signup_lists.left(context, thread)
        count = signup_lists.count(context, thread, "in")
        key = "signups.in" if free is None else "signups.in-left" if free else "signups.in-last"
        words = text(key, number=count, left=free, **fields)
        return acknowledging.acknowledge(context, event, "signup", words)
    if signed == "noted":
        until = signup_lists.moment(context, thread.body["first"]["until"])
        words = text("signups.noted", until=until, **fields)
    else:
        place = signup_lists.count(context, thread, "waiting")
        words = text(f"signups.answer-{signed}", place=place, **fields)
    return (aside(event, context, words),)


def cancel(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Call off one's own place and those of one's companions, or that of the one named."""
    opened = [
        each
        for each in open_named.opened(context, event.at, SIGNUP)
        if not 0 < each.thread.body["at"] <= event.at
    ]
    if not opened:
        return _none(event, context)
    found, said = open_named.meant(event, context, argument, opened)
    mine = [each for each in found if signup_lists.of(context, each.thread, context.person_id)]
    if len(mine) > 1:
        return _which(event, context, mine, "cancel_signup")
    own = signup_lists.of(context, mine[0].thread, context.person_id) if mine else []
    named = said.removeprefix(text(MARK)).strip()
    given_up = [each for each in own if each.guest == named] if named else own
    if not given_up:
        if said and not recognition.addressed(event):
            return Outcome()
        return stopping(aside(event, context, text("signups.not-there")))
    there = mine[0].under(context)
    moved = signup_lists.call_off(there, mine[0].group, mine[0].thread, given_up)
    key = "signups.called-off-guest" if named else "signups.called-off"
    words = text(key, title=quoted(mine[0].thread.title), guest=named)
    return stopping(aside(event, context, words), *moved)


def roster(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show who is on the list; staff are told the figures as well."""
    opened = open_named.opened(context, event.at, SIGNUP)
    if not opened:
        return _none(event, context)
    found, _ = open_named.meant(event, context, argument, opened)
    if len(found) != 1:
        return _which(event, context, found or opened, "roster")
    thread = found[0].thread
    lines = [
        text(f"signups.list-{status}", title=thread.title, count=len(rows), names=names)
        for status in ("in", "waiting")
        if (rows := signup_lists.rows(context, thread, status))
        and (names := signup_lists.names(context, rows))
    ]
    lines = lines or [text("signups.empty", title=thread.title)]
    if people.is_staff(context.person, found[0].group) and not event.group:
        lines.append(attendance.figures(context, thread))
    return stopping(aside(event, context, "\n".join(lines)))


def _which(event: MessageReceived, context: Context, found: Sequence[Open], name: str) -> Outcome:
    """Ask which one is meant; a quote of something else is about that, and no sign-up."""
    if (event.quote or event.quote_id) and not recognition.addressed(event):
        return Outcome()
    example = open_named.again(found, context.book.words.shown(name))
    titles = open_named.listed(found)
    words = text("signups.which", titles=titles, example=example)
    return stopping(aside(event, context, words))


def _none(event: MessageReceived, context: Context) -> Outcome:
    """Say that a sign-up is over, to who comes a moment too late or asks."""
    late = open_named.lately(context, event.at, SIGNUP)
    running = open_named.opened(context, event.at, SIGNUP)
    title = late.title if late is not None else running[0].thread.title if running else ""
    if title and (late is not None or recognition.addressed(event)):
        return stopping(aside(event, context, text("signups.over", title=quoted(title))))
    if not recognition.addressed(event):
        return Outcome()
    return stopping(aside(event, context, text("signups.none")))
