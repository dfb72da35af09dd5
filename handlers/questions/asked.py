"""Questions and answers as numbered items: how they are recorded, and what each one brings.

A question is open, then escalated (people were told), known (an earlier answer fits), seen to (by
hand), answered, accepted or withdrawn; an answer is open or accepted. An item's text is bounded,
its message keeps it all.
"""

from dataclasses import replace
from typing import Any, Final

from handlers.ledger import ledger, reinstating
from handlers.people import people
from handlers.ports import Context
from handlers.posting import cards
from handlers.posting.rendering import say_words
from handlers.questions import caring, known_answers
from handlers.questions.known_answers import Known
from handlers.replies import aside, openly, privately
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities.collecting import HIDDEN
from sop.events import MessageReceived
from sop.finding import ranking
from sop.model import BOT, Counter, Group, Item, Message, Person, Thread
from sop.text import normalise
from sop.texts import text
from sop.times.durations import DAY_MS

QUESTION: Final = "question"
ANSWER: Final = "answer"

WAITING: Final = ("open", "escalated")
"""What a question is while nobody has answered it."""

KEPT: Final = 2_000
"""Characters of a contribution that an item keeps."""

SAME: Final = 0.9
"""Likeness from which somebody asks what they have asked already."""

ANNOUNCED: Final = 50
"""Newest items among which one is looked for that the bot's own reply announced."""


def last_number(context: Context, group: Group) -> int:
    """Return the number of the newest item of the group, 0 where there is none."""
    counter = context.store.get(Counter, context.community, f"item:{group.id}")
    return counter.value if counter else 0


def item(context: Context, group: Group, number: int, kind: str = "") -> Item | None:
    """Return the group's item of that number, if it is of that kind and may be shown."""
    found = context.store.get(Item, context.community, group.id, number)
    if found is None or found.status in HIDDEN or kind not in ("", found.kind):
        return None
    return found


def said_in(context: Context, group: Group, message: Message) -> Item | None:
    """Return the question or answer a message holds; a post of the bot may announce one."""
    if message.person == BOT:
        return _announced_in(context, group, message)
    return by_message(context, group, message.message_id)


def by_message(context: Context, group: Group, message_id: str) -> Item | None:
    """Return the question or answer that was said in that message."""
    if not message_id:
        return None
    found = context.store.find(
        Item, community=context.community, message_id=message_id, group=group.id,
        kind__in=(QUESTION, ANSWER), order="-number", limit=1,
    )  # fmt: skip
    return found[0] if found else None


def _announced_in(context: Context, group: Group, post: Message) -> Item | None:
    newest = context.store.find(
        Item, community=context.community, group=group.id, order="-number", limit=ANNOUNCED
    )
    said = normalise(post.text)
    return next((each for each in newest if said.startswith(_heading(context, each))), None)


def _heading(context: Context, found: Item) -> str:
    """Return the normalised beginning of the bot's reply to an item."""
    return normalise(_announcement(context, found))


def _announcement(context: Context, found: Item) -> str:
    name = people.shown(context.store.get(Person, context.community, found.person))
    key = "threads.question-numbered" if found.kind == QUESTION else "threads.answered"
    return text(key, number=found.number, name=name)


def pose(
    context: Context, event: MessageReceived, said: str, slot: Thread | None
) -> tuple[Action, ...]:
    """Record a question; somebody is told if it stays unanswered."""
    group, person = context.group, context.person
    assert group is not None
    assert person is not None
    same = _asked_lately(context, group, said)
    if same is not None:
        unsolved = f"{context.book.words.shown('unsolved')} {same.number}"
        say = say_words(context, group, unsolved)
        words = text(f"threads.again-{same.status}", number=same.number, say=say)
        return (aside(event, context, words),)
    known = known_answers.look_up(context, group, said, person)
    status, earlier = ("known", known.number) if known else ("open", 0)
    question = _recorded(
        context, group, event, said, kind=QUESTION, status=status, parent=earlier,
        thread=slot.id if slot else 0,
    )  # fmt: skip
    if known is None:
        caring.watch(context, group, question, question.at)
    lines = _credit(context, question, person.id, QUESTION, question.number, said)
    return (*lines, _reply(context, question, _noted(context, group, question, known)))


def _asked_lately(context: Context, group: Group, said: str) -> Item | None:
    """Return the question of the same member, of this day, that asks the same."""
    own = context.store.find(
        Item, community=context.community, group=group.id, kind=QUESTION,
        person=context.person_id, status__in=(*WAITING, "known"), at__gt=context.now - DAY_MS,
        order="-number", limit=ANNOUNCED,
    )  # fmt: skip
    return next((each for each in own if ranking.likeness(said, each.text) >= SAME), None)


def _noted(context: Context, group: Group, question: Item, known: Known | None) -> str:
    """Say that a question has a number, and how it is answered, or by what it was."""
    if known is not None:
        say = say_words(
            context, group, f"{context.book.words.shown('unsolved')} {question.number}"
        )
        how = text("threads.question-known", answer=known.words, say=say)
    else:
        answer = f"{context.book.words.shown('answer')} {question.number} …"
        how = text("threads.question-how", say=say_words(context, group, answer))
    return _announcement(context, question) + how


def _recorded(
    context: Context, group: Group, event: MessageReceived, said: str, **fields: Any
) -> Item:
    new = Item(
        community=context.community,
        group=group.id,
        number=context.store.number(context.community, f"item:{group.id}"),
        person=context.person_id,
        text=said[:KEPT],
        at=event.at,
        message_id=event.message_id,
        **fields,
    )
    context.store.put(new)
    known_answers.note(context, new)
    return new


def reopen(context: Context, group: Group, question: Item) -> tuple[Action, ...]:
    """Look for an answer again, since the one there is did not help; else people see to it."""
    question = replace(question, status="open", parent=0)
    context.store.put(question)
    slot = caring.slot_of(context, question)
    lines: tuple[Action, ...] = ()
    if slot is not None and slot.status == "open":
        caring.watch(context, group, question, context.now)
    else:
        lines = caring.hand_over(context, group, question, context.now)
    return (_reply(context, question, text("threads.reopened", number=question.number)), *lines)


def add_answer(
    context: Context, event: MessageReceived, question: Item, said: str
) -> tuple[Action, ...]:
    """Record an answer to somebody else's question; the first of each member is paid."""
    group, person = context.group, context.person
    assert group is not None
    assert person is not None
    if question.status == caring.WITHDRAWN:
        words = text("threads.answer-withdrawn", number=question.number)
        return (aside(event, context, words),)
    before = context.store.find(
        Item, community=context.community, group=group.id, kind=ANSWER, person=person.id,
        parent=question.number, number__gt=question.number, limit=1,
    )  # fmt: skip
    answer = _recorded(
        context, group, event, said, kind=ANSWER, parent=question.number,
        thread=question.thread,
    )  # fmt: skip
    _settle(context, question, "answered")
    if before:
        return ()
    lines = _credit(context, answer, person.id, ANSWER, question.number, said)
    return (*lines, _reply(context, answer, _thanks(context, group, question, answer)))


def _thanks(context: Context, group: Group, question: Item, answer: Item) -> str:
    thanks = _announcement(context, answer)
    if question.status == "accepted":
        return thanks
    asker = people.shown(context.store.get(Person, context.community, question.person))
    words = f"{context.book.words.shown('accept')} {answer.number}"
    say = say_words(context, group, words)
    return thanks + text("threads.answered-how", asker=asker, say=say)


def accept(context: Context, question: Item, answer: Item) -> tuple[Action, ...]:
    """Accept an answer for good; the caller has seen to who may."""
    context.store.put(replace(answer, status="accepted"))
    _settle(context, question, "accepted")
    lines = _credit(context, answer, answer.person, "accepted", question.number, "")
    asker = people.shown(context.person)
    name = people.shown(context.store.get(Person, context.community, answer.person))
    return (*lines, _reply(context, answer, text("threads.accepted", asker=asker, name=name)))


def withdraw(context: Context, question: Item) -> tuple[Action, ...]:
    """Take a question back for good, with its words; nobody need see to it any more.

    What was answered stays: others have given something to it. The caller has seen to who may.
    """
    if question.status in ("answered", "accepted", caring.WITHDRAWN):
        key = f"threads.withdraw-{question.status}"
        return (privately(text(key, number=question.number)),)
    tasks.void(context, caring.about(question))
    gone = replace(question, status=caring.WITHDRAWN, text="")
    context.store.put(gone)
    known_answers.note(context, gone)
    lines = reinstating.withdraw(
        context, people.current(context.store, context.community, question.person), QUESTION,
        _source(question, question.number), question.at,
    )  # fmt: skip
    return (*lines, privately(text("threads.withdrawn", number=question.number)))


def _settle(context: Context, question: Item, status: str) -> None:
    """Note that a question got on: who was asked to see to it need not any more."""
    if question.status == "accepted":
        return
    if question.status == "escalated":
        tasks.void(context, caring.about(question))
    settled = replace(question, status=status)
    context.store.put(settled)
    if status == "accepted":
        known_answers.note(context, settled)


def _credit(
    context: Context, found: Item, person: int, deed: str, question: int, said: str
) -> tuple[Action, ...]:
    # All deeds around a question name it as their source: none of them is paid twice.
    slot = caring.slot_of(context, found)
    version = slot.version if slot and slot.status == "open" else ""
    return ledger.credit(
        context.under(version), person, deed, source=_source(found, question),
        step=slot.step if slot else "", said=said,
    )  # fmt: skip


def _source(found: Item, question: int) -> str:
    return f"question:{found.group}:{question}"


def _reply(context: Context, found: Item, words: str) -> Action:
    liked = cards.likes(context, (found.number,))
    return replace(openly(words, liked), step=caring.step_of(context, found))
