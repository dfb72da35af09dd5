"""Standing answers, and the word for whoever speaks to the bot and gets no other answer."""

from typing import Final

from handlers.ports import Context, Outcome
from handlers.posting.rendering import render
from handlers.recognition.recognition import addressed
from handlers.replies import excerpt, openly
from sop.actions import Action
from sop.activities import relays
from sop.events import MessageReceived
from sop.frozen import replace
from sop.pack.pack import StandingAnswer
from sop.text import normalise
from sop.texts import text
from sop.times.durations import HOUR_MS

OWN: Final = (
    "points", "ledger", "growth", "badges", "ranking", "why_warned", "appeal", "claim", "redeem",
)  # fmt: skip
"""Commands about oneself: whoever speaks to the bot and says such a word wants that."""

NAMING: Final = frozenset({"claim", "redeem"})
"""Those of them after which something is named."""

LONGEST_WISH: Final = 20
"""Characters of a message in which such a word is looked for: a longer one is a story."""

POINTED_EVERY_MS: Final = HOUR_MS
"""How long somebody whose words nobody understands is not pointed to the help again."""


def answer(event: MessageReceived, context: Context) -> Outcome:
    """Answer a message that holds one of the pack's phrases; else only one said to the bot.

    Whatever an earlier route has answered already is left alone. Where it is people who were
    told or asked instead, the speaker hears no more than that it was received.
    """
    if is_answered(context):
        return Outcome()
    standing = _standing(event, context)
    if standing is not None:
        words = render(context, standing.reply, context.group, person=context.person)
        return Outcome((openly(words),))
    if not addressed(event):
        return Outcome()
    passed_on = [line for line in context.earlier if line.do in ("task", "dm")]
    earned = sum(line.points or 0 for line in context.earlier if _is_own(line, context))
    # Nobody is thanked for what may have broken a rule.
    if earned > 0 and not any(line.rule for line in passed_on):
        return Outcome((openly(text("commands.thanks", points=earned)),))
    if passed_on:
        return Outcome((openly(text("commands.noted")),))
    if not event.group and relays.is_headless(event.text):
        return Outcome((openly(text("relays.headless")),))
    return Outcome((openly(_nearly(event.text, context) or _pointer(context)),))


def _nearly(said: str, context: Context) -> str:
    """Tell how to say what somebody seems to want to know of themselves, or to have.

    People write on without a blank, or ask in a sentence of their own.
    """
    words, said = context.book.words, said.strip()
    known = (
        (word, name)
        for name in OWN
        for word in words.names[name]
        if word in said and not word.isascii()
    )
    found = max(known, key=lambda each: len(each[0]), default=None)
    if found is None or len(said) > LONGEST_WISH or "@" in normalise(said):
        return ""
    word, name = found
    if name in NAMING and said.startswith(word):
        return text("commands.unparted", word=word, rest=excerpt(said.removeprefix(word)))
    return text("commands.nearly", word=word, help=text(f"help.{name}"))


def _pointer(context: Context) -> str:
    """Point to the help once in a while; in between only say that somebody listens.

    An AI bot's message needs some answer: few of a member's may be in progress at a time.
    """
    person = context.person
    assert person is not None
    if context.now - person.pointed_at < POINTED_EVERY_MS:
        return text("commands.here")
    context.store.put(replace(person, pointed_at=context.now))
    return text("commands.unknown")


def is_answered(context: Context) -> bool:
    """Tell whether who spoke was answered: what other people are told is no answer."""
    me = str(context.person_id)
    return any(
        line.do in ("reply", "post") or (line.do == "dm" and line.to == me)
        for line in context.earlier
    )


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
