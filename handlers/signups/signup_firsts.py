"""Who comes first in a sign-up: others are noted meanwhile, and placed when it opens for all."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.ports import Context, Outcome
from handlers.posting import announcing
from handlers.posting.rendering import say_words
from handlers.signups import signup_lists
from handlers.timing import deadlines
from sop.events import StepDue
from sop.model import Group, Signup, Thread
from sop.texts import text

FOR_ALL: Final = "signup-for-all"
"""The kind of occurrence at which those who were noted get their places."""


def for_all(event: StepDue, context: Context) -> Outcome:
    """Let everybody sign up: who was noted gets a place, or waits, in order of coming."""
    occurrence, group = deadlines.pending(event, context), context.group
    thread = context.store.get(Thread, context.community, int(event.subject))
    if occurrence is None or thread is None or group is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    if thread.status != "open":
        return Outcome()
    placed = signup_lists.place_noted(context, thread)
    if group.retired or group.paused:
        return Outcome()
    words = _opened_for_all(context, group, thread, placed)
    return Outcome(
        announcing.announce(
            context, occurrence, group, words, step=thread.step, expires_at=thread.closes_at
        )
    )


def _opened_for_all(
    context: Context, group: Group, thread: Thread, placed: Sequence[Signup]
) -> str:
    say = say_words(context, group, context.book.words.shown("signup"))
    free = signup_lists.left(context, thread)
    key = "signups.for-all" if free is None else "signups.for-all-left"
    key = "signups.for-all-full" if free == 0 else key
    lines = [text(key, title=thread.title, left=free, say=say)]
    for status in ("in", "waiting"):
        found = [each for each in placed if each.status == status]
        if found:
            names = signup_lists.names(context, found)
            lines.append(text(f"signups.noted-{status}", names=names))
    late = sum(each.status == "gone" for each in placed)
    if late:
        lines.append(text("signups.no-room", count=late))
    return "\n".join(lines)
