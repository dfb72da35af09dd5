"""Who was there: staff are sent a code, who comes says it, and what is told afterwards.

Who was missed is told to nobody but staff, and to them as a figure alone.
"""

from dataclasses import replace
from typing import Final

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import summaries
from handlers.posting.rendering import say_words
from handlers.replies import privately, stopping
from handlers.signups import signup_lists
from handlers.tasks import tasks
from handlers.threads import open_named
from handlers.threads.open_threads import SIGNUP
from sop import channels
from sop.actions import Action
from sop.activities import signups
from sop.events import MessageReceived
from sop.model import Group, Occurrence, Signup, Thread
from sop.texts import quoted, text
from sop.times.durations import HOUR_MS

EARLY_MS: Final = HOUR_MS
"""How long before an event its first guests arrive."""


def hand_out(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Send staff the code that is told at the event, as a task."""
    code = thread.body["code"]
    if not code:
        return ()
    say = say_words(context, None, f"{context.book.words.shown('checkin')} {code}")
    return tasks.open_task(
        context, kind="signup-code", to="staff", group=group.id, step=thread.step,
        about=_about(thread), due_at=thread.body["at"],
        words=lambda number: text(
            "signups.code-task", group=group.title or group.id, title=quoted(thread.title),
            code=code, say=say, number=number,
        ),
    )  # fmt: skip


def _about(thread: Thread) -> str:
    return f"signup-code:{signup_lists.number_of(thread)}"


def call_off(context: Context, thread: Thread) -> None:
    """Take the code back of an event that nobody comes to."""
    tasks.void(context, _about(thread))


def check_in(event: MessageReceived, context: Context, argument: str) -> Outcome | None:
    """Note that somebody is there, if they say the code of an event; None where it is none."""
    code = signups.code_in(argument)
    opened = [
        each
        for each in (
            open_named.opened(context, event.at, SIGNUP) if signups.may_be_code(argument) else ()
        )
        if each.thread.body["code"] and (code or _is_on(each.thread, event.at))
    ]
    if not opened:
        return None
    for each in opened:
        if each.thread.body["code"] == code:
            _came(context, each.thread)
            words = text("signups.welcome", title=quoted(each.thread.title))
            return stopping(privately(words))
    return stopping(privately(text("signups.wrong-code")))


def _is_on(thread: Thread, at: int) -> bool:
    """Tell whether an event has begun, or will in a moment: digits may be meant for its code."""
    return bool(thread.body["at"]) and at >= thread.body["at"] - EARLY_MS


def _came(context: Context, thread: Thread) -> None:
    """Note the person and the companions with whom they come; also who had not signed up."""
    key = (context.community, signup_lists.number_of(thread), context.person_id, "")
    own = context.store.get(Signup, *key)
    if own is None:
        fields = {"came_at": context.now}
        signup_lists.put_new(context, thread, context.person_id, "walked", **fields)
    elif not own.came_at:
        context.store.put(replace(own, came_at=context.now))
    for each in signup_lists.of(context, thread, context.person_id):
        if each.guest and each.status == "in" and not each.came_at:
            context.store.put(replace(each, came_at=context.now))


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Tell staff the figures once, and thank who came; that nobody said the code is unknown."""
    if not thread.body["code"]:
        return ()
    lines: tuple[Action, ...] = ()
    if fresh:
        tasks.void(context, _about(thread))
        lines = _tell_staff(context, group, thread)
    return (
        *lines,
        *summaries.post(
            context, occurrence, group, thread, lambda: _thanks(context, group, thread)
        ),
    )


def _there(context: Context, thread: Thread) -> list[Signup]:
    found = signup_lists.rows(context, thread, "in", "waiting", "noted", "walked", "gone")
    return [each for each in found if each.came_at]


def _thanks(context: Context, group: Group, thread: Thread) -> str:
    """Thank who came by name; who does not want to be named is one of the others."""
    there = _there(context, thread)
    if not there:
        return ""
    named = [
        each
        for each in there
        if (person := people.current(context.store, context.community, each.person)) is not None
        and people.may_be_named(context, group, person)
    ]
    key = "signups.thanks" if named else "signups.thanks-all"
    names = signup_lists.names(context, named)
    return text(key, title=thread.title, count=len(there), names=names)


def figures(context: Context, thread: Thread) -> str:
    """Return how many signed up, waited, called off and came, for staff."""
    there = _there(context, thread)
    coming, waiting, noted, gone = (
        signup_lists.count(context, thread, status)
        for status in ("in", "waiting", "noted", "gone")
    )
    # Who called off and came all the same is one of those who came.
    gone -= sum(each.status == "gone" for each in there)
    words = text(
        "signups.figures", title=quoted(thread.title), coming=coming, waiting=waiting,
        noted=noted, gone=gone,
    )  # fmt: skip
    if thread.body["code"]:
        walked = sum(each.status != "in" for each in there)
        words += text("signups.figures-came", there=len(there), walked=walked)
    return words


def _tell_staff(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    words = figures(context, thread)
    if channels.can(group.channels, "dm"):
        return (Action(do="dm", group=group.id, to="staff", text=words, step=thread.step),)
    return tasks.open_task(
        context, kind="figures", to="staff", group=group.id, step=thread.step,
        about=f"figures:{thread.id}",
        words=lambda number: text("signups.figures-task", figures=words, number=number),
    )  # fmt: skip
