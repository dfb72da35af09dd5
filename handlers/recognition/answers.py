"""Standing answers, and the word for whoever speaks to the bot and gets no other answer."""

from typing import Final

from handlers.ports import Context, Outcome
from handlers.posting.rendering import render
from handlers.recognition.recognition import addressed
from handlers.replies import openly
from sop.actions import Action
from sop.activities import relays
from sop.events import MessageReceived
from sop.pack.pack import StandingAnswer
from sop.text import normalise
from sop.texts import text

SPOKEN: Final = frozenset({"reply", "post", "dm", "task"})
"""Lines that answer a message, whoever reads them."""


def answer(event: MessageReceived, context: Context) -> Outcome:
    """Answer a message that holds one of the pack's phrases; else only one said to the bot.

    Whatever an earlier route has answered already is left alone.
    """
    if any(line.do in SPOKEN for line in context.earlier):
        return Outcome()
    standing = _standing(event, context)
    if standing is not None:
        words = render(context, standing.reply, context.group, person=context.person)
        return Outcome((openly(words),))
    if not addressed(event):
        return Outcome()
    earned = sum(line.points or 0 for line in context.earlier if _is_own(line, context))
    if earned > 0:
        return Outcome((openly(text("commands.thanks", points=earned)),))
    headless = not event.group and relays.is_headless(event.text)
    return Outcome((openly(text("relays.headless" if headless else "commands.unknown")),))


def _is_own(line: Action, context: Context) -> bool:
    return line.do == "points" and line.member == str(context.person_id)


def _standing(event: MessageReceived, context: Context) -> StandingAnswer | None:
    known = context.book.answers
    if not known:
        return None
    normal = normalise(event.text)
    for phrases, standing in known:
        if any(phrase and phrase in normal for phrase in phrases):
            return standing
    return None
