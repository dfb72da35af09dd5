"""Standing answers, and the word for whoever speaks to the bot and gets no other answer."""

from handlers.ports import Context, Outcome
from handlers.recognition import addressed
from handlers.rendering import render
from handlers.replies import openly
from sop.events import MessageReceived
from sop.model import Item, StepRun, ThreadReply
from sop.pack import StandingAnswer
from sop.text import normalise
from sop.texts import text


def answer(event: MessageReceived, context: Context) -> Outcome:
    """Answer a message that holds one of the pack's phrases; else only one said to the bot."""
    standing = _standing(event, context)
    if standing is not None and not _is_item(event, context):
        words = render(context, standing.reply, context.group, person=context.person)
        return Outcome((openly(words),))
    if standing is not None or not addressed(event) or _taken_up(event, context):
        return Outcome()
    return Outcome((openly(text("commands.unknown")),))


def _standing(event: MessageReceived, context: Context) -> StandingAnswer | None:
    known = context.book.answers
    if not known:
        return None
    normal = normalise(event.text)
    for phrases, standing in known:
        if any(phrase and phrase in normal for phrase in phrases):
            return standing
    return None


def _taken_up(event: MessageReceived, context: Context) -> bool:
    """Tell whether a thread, a question or a step has taken the message as its own."""
    return (
        _is_reply(event, context)
        or _is_item(event, context)
        or context.store.count(
            StepRun, community=context.community, group=context.group_id,
            person=context.person_id, at=context.now,
        ) > 0
    )  # fmt: skip


def _is_reply(event: MessageReceived, context: Context) -> bool:
    group = context.group
    replies = (
        context.store.get(ThreadReply, context.community, thread, context.person_id)
        for thread in (group.threads if group else ())
    )
    return any(each is not None and each.message_id == event.message_id for each in replies)


def _is_item(event: MessageReceived, context: Context) -> bool:
    found = context.store.count(
        Item, community=context.community, group=context.group_id, message_id=event.message_id
    )
    return found > 0
