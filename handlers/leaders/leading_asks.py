"""Leaders begin a conversation with a question of their own: 发起, within what their tier may."""

from typing import Final

from handlers.people import leading, people
from handlers.ports import Context, Outcome
from handlers.posting.rendering import only_there, say_words
from handlers.replies import aside, openly, privately, stopping
from handlers.threads import open_threads
from sop.events import MessageReceived
from sop.model import Thread
from sop.text import visible_length
from sop.texts import text
from sop.times.durations import HOUR_MS

ASK: Final = "ask"

SHORTEST: Final = 4
"""Characters of a question that others can answer."""

FOR_MS: Final = 12 * HOUR_MS
"""How long answers belong to it, as to a prompt of the pack that does not say."""


def launch(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Open the leader's own question to the group: answers to it earn what any reply earns."""
    group, person = context.group, context.person
    if group is None or person is None:
        return Outcome()
    staff = people.is_staff(person, group)
    if not staff and not leading.may(context, ASK):
        return stopping(privately(text("leaders.not-leading")))
    word = context.book.words.shown("launch")
    if not event.group:
        return stopping(
            privately(only_there(context, group, "leaders.launch-in-group", f"{word} …"))
        )
    if visible_length(argument) < SHORTEST:
        return stopping(aside(event, context, text("leaders.launch-form", word=word)))
    thread = context.store.number(context.community, "thread")
    if not staff and not leading.take(context, ASK, thread=thread):
        return stopping(aside(event, context, text("leaders.launch-enough")))
    opened = Thread(
        community=context.community, id=thread, group=group.id, step="", kind=open_threads.ASK,
        title=text("leaders.launch-title", name=people.shown(person)), text=event.text,
        opened_at=context.now, closes_at=context.now + FOR_MS, version=context.book.version,
        body={"ack": 0, "replies": 0, "by": "", "asked": False},
    )  # fmt: skip
    open_threads.enter(context, group, opened)
    say = say_words(context, group, text("leaders.launch-reply"))
    return stopping(openly(text("leaders.launched", name=people.shown(person), say=say)))
