"""Conversations the bot opens: which message belongs to which, and how each one ends.

A collection takes what is given by its command, and nothing else: see `entering`; a challenge its
days: see `challenge_days`. Of what is merely said a quote decides. Without one a running game
takes what is a move in it; else an open questions slot or share day takes questions, except those
of its speakers, whose words are their share; else the newest open prompt takes a member's first
message. A message in a thread is still an ordinary message. Votes and sign-ups take their
commands, and a vote a number alone (see `ballots`): only while no game, slot, share day or prompt
is open.
"""

from dataclasses import replace
from typing import Final

from handlers.games import games
from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.questions import asked, questions, unfound
from handlers.recognition import recognition
from handlers.replies import aside, excerpt, openly
from handlers.shares import prompt_echoes, share_days
from handlers.tasks import tasks
from handlers.threads import open_threads, quotes
from handlers.threads.open_threads import ASK, ASKED_IN, GAME
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import commands
from sop.events import MessageReceived, StepDue
from sop.model import Group, Item, Message, Occurrence, Thread, ThreadReply
from sop.pack.pack_actions import AskAction
from sop.pack.pack_steps import Step
from sop.text import fingerprint, normalise, visible_length
from sop.texts import text

STARTER: Final = "starter"

TALKED_IN: Final = (ASK, *ASKED_IN, GAME)
"""Kinds of conversations that ordinary messages can belong to."""

SHORTEST_QUESTION: Final = 2
"""Characters beside the question marks: a bare `?` is wonder, not a question."""

SHORTEST_ANSWER: Final = 8
"""Characters from which a quote that begins with thanks is an answer, not a like."""


def open_ask(context: Context, group: Group, step: Step, action: AskAction, words: str) -> None:
    """Open the thread of a prompt that is being posted as `words`."""
    starter = action.starter
    thread = open_threads.begin(
        context, group, step, kind=ASK, title=step.title, words=words, for_ms=action.for_ms,
        body={
            "ack": action.ack, "replies": 0, "by": starter.by if starter else "", "asked": False,
        },
    )  # fmt: skip
    if starter is not None:
        due = context.now + starter.after_ms
        scheduling.plan(
            context, group.id, STARTER, due, step=step.id, subject=str(thread.id),
            version=thread.version,
        )  # fmt: skip


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Give a group message to the conversation it belongs to, if there is one."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    speaks = bool(group.threads) and share_days.note_speech(event, context, group)
    if event.quote or event.quote_id:
        return Outcome(_by_quote(event, context, group))
    if not group.threads:
        return Outcome()
    return Outcome(_by_words(event, context, group, speaks=speaks))


def _by_quote(event: MessageReceived, context: Context, group: Group) -> tuple[Action, ...]:
    """Go by the quote: one of something else, or uncertain, belongs to no conversation."""
    if not group.threads and not asked.last_number(context, group):
        return ()
    quoted = quotes.resolve(context, group, event)
    if quoted is None:
        return ()
    thread = _quoted_thread(context, group, event, quoted)
    if thread is not None and thread.kind == GAME:
        return games.moved_in(event, context, group, thread) or ()
    if thread is not None and thread.kind == ASK:
        return _reply(event, context.under(thread.version), thread)
    if thread is not None:
        asks = thread.kind in ASKED_IN and _is_question(event)
        return asked.pose(context, event, event.text, thread) if asks else ()
    question = asked.said_in(context, group, quoted)
    if question is None or question.kind != asked.QUESTION or _is_like(event, context):
        return ()
    return _answer(event, context, question, event.text)


def _quoted_thread(
    context: Context, group: Group, event: MessageReceived, quoted: Message
) -> Thread | None:
    """Return the open thread whose opening words are quoted, the newest of several."""
    found = [
        thread
        for thread in open_threads.open_at(context, group, event.at, *TALKED_IN)
        if fingerprint(thread.text) == quoted.fingerprint
    ]
    return found[-1] if found else None


def _by_words(
    event: MessageReceived, context: Context, group: Group, *, speaks: bool
) -> tuple[Action, ...]:
    """Go by the words; what a speaker says on their share day is that, and nothing else."""
    move = games.moved(event, context, group)
    if move is not None:
        return move
    found = open_threads.open_at(context, group, event.at, ASK, *ASKED_IN)
    asking = [thread for thread in found if thread.kind in ASKED_IN]
    if len(asking) == 1:
        question, said = _numbered(event, context, group, asking[0])
        if question is not None:
            return _answer(event, context, question, said)
        if said and recognition.addressed(event) and not _is_question(event):
            words = unfound.questions(context, group, text("threads.no-question"))
            return (aside(event, context, words),)
    if speaks:
        return ()
    if asking and _is_question(event):
        return asked.pose(context, event, event.text, asking[-1])
    prompts = [thread for thread in found if thread.kind == ASK]
    if not prompts:
        return ()
    return _reply(event, context.under(prompts[-1].version), prompts[-1])


def _numbered(
    event: MessageReceived, context: Context, group: Group, slot: Thread
) -> tuple[Item | None, str]:
    """Somebody else's question in the slot that the message begins with the number of.

    With it what is said; that alone, where the number is none of a question.
    """
    number, said = questions.split_number(event.text, context.book.words.separators, alone=True)
    if not number or not said:
        return None, ""
    question = asked.item(context, group, number, asked.QUESTION)
    if question is None:
        return None, said
    if question.thread != slot.id or question.person == context.person_id:
        return None, ""
    return question, said


def _answer(
    event: MessageReceived, context: Context, question: Item, said: str
) -> tuple[Action, ...]:
    if question.person == context.person_id or not said.strip():
        return ()
    return asked.add_answer(context, event, question, said)


def _is_question(event: MessageReceived) -> bool:
    normal = normalise(event.text)
    return normal.endswith("?") and visible_length(normal.rstrip("? ")) >= SHORTEST_QUESTION


def _is_like(event: MessageReceived, context: Context) -> bool:
    thanks = commands.is_thanks(event.text, context.book.words)
    return thanks and visible_length(event.text) < SHORTEST_ANSWER


def _reply(event: MessageReceived, context: Context, thread: Thread) -> tuple[Action, ...]:
    """Count a member's first reply in the thread; the first ones are acknowledged.

    Who asks something wants an answer, and no thanks for it.
    """
    key = (context.community, thread.id, context.person_id)
    if context.store.get(ThreadReply, *key) is not None:
        return ()
    context.store.put(
        ThreadReply(
            community=context.community,
            thread=thread.id,
            person=context.person_id,
            at=event.at,
            message_id=event.message_id,
        )
    )
    if thread.body["asked"]:
        tasks.void(context, _starter(thread))
    count = thread.body["replies"] + 1
    context.store.put(replace(thread, body={**thread.body, "replies": count, "asked": False}))
    lines = ledger.credit(
        context, context.person_id, "reply", source=f"thread:{thread.id}", step=thread.step,
        said=event.text,
    )  # fmt: skip
    if count > thread.body["ack"] or _is_question(event):
        return lines
    words = text("threads.acknowledged", name=people.shown(context.person))
    return (*lines, replace(openly(words), step=thread.step))


def start(event: StepDue, context: Context) -> Outcome:
    """Ask somebody to begin where nobody spoke; where not all is heard nobody can tell."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired or group.paused:
        return Outcome()
    thread = context.store.get(Thread, context.community, int(event.subject))
    if thread is None or thread.status != "open" or context.now >= thread.closes_at:
        return Outcome()
    if thread.body["replies"] or not channels.hears_all(group.channels):
        return Outcome()

    context.store.put(replace(thread, body={**thread.body, "asked": True}))

    def words(number: int) -> str:
        name = group.title or group.id
        return text("threads.starter", group=name, text=excerpt(thread.text), number=number)

    lines = tasks.open_task(
        context, kind="starter", to=thread.body["by"], group=group.id, step=thread.step,
        about=_starter(thread), due_at=thread.closes_at, words=words,
    )  # fmt: skip
    return Outcome(lines)


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """End a prompt: nobody need begin any more, and who replied is thanked."""
    del fresh
    if thread.body["asked"]:
        tasks.void(context, _starter(thread))
    return prompt_echoes.ended(context, group, thread, occurrence)


def _starter(thread: Thread) -> str:
    return f"starter:{thread.id}"
