"""Who may know the answer: members with experience are asked privately, one after the other.

Somebody with a tag that the question names comes first, then who has answered what is like it.
Whoever does not want to be addressed is left alone.
"""

from collections.abc import Iterator
from typing import Final

from handlers.limits import budgets
from handlers.overrides import quiet_of
from handlers.people import people
from handlers.ports import Context
from handlers.posting.rendering import say_words
from handlers.questions import asked, caring, known_answers
from handlers.replies import excerpt
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.activities import care
from sop.finding import ranking
from sop.model import BOT, Group, Item, Member, Person
from sop.text import normalise
from sop.texts import text
from sop.times import quiet

MOST: Final = 2
"""Members asked for one question of a slot before staff are."""

NEAR: Final = 0.25
"""Likeness from which who answered one question may know the answer to another."""

FETCHED: Final = 30
"""Questions or answers whose authors are considered."""

AT_ONCE: Final = 64
"""Persons read by one statement."""


def ask(
    context: Context, group: Group, question: Item, before: tuple[int, ...]
) -> tuple[Action, ...]:
    """Ask the next member about an unanswered question; nothing: nobody is left, or no time.

    `before` are those asked already. The question is looked at again while there is time left.
    """
    again = _again(context, group, question, before)
    if again <= context.now or not _may(context, group):
        return ()
    person = next(
        (each for each in known(context, group, question) if each.id not in before), None
    )
    if person is None:
        return ()
    slot = caring.slot_of(context, question)
    step = slot.step if slot else ""
    scheduling.plan(
        context, group.id, caring.ESCALATE, again, step=step, subject=str(question.number),
        version=slot.version if slot else "", body={"asked": [*before, person.id]},
    )  # fmt: skip
    return budgets.charge(context, group, (_letter(context, group, step, question, person),))


def _again(context: Context, group: Group, question: Item, before: tuple[int, ...]) -> int:
    """Return until when a member who is asked now may answer; 0 where people are to see to it.

    In a slot that is two members, one after the other; else one, by the time that is promised.
    """
    slot = caring.slot_of(context, question)
    if slot is not None and slot.status == "open" and slot.body.get("escalate"):
        until = context.now + int(slot.body["escalate"])
        return until if len(before) < MOST and until < slot.closes_at else 0
    promised = caring.owed(context, group, question)
    return promised.after(care.HANDED_OVER) if promised is not None and not before else 0


def _may(context: Context, group: Group) -> bool:
    """Tell whether members can be asked now: else people see to it."""
    waking = quiet.quiet_end(quiet_of(context, group), context.now, context.book.zone)
    return not group.paused and waking <= context.now and channels.can(group.channels, "dm")


def _letter(context: Context, group: Group, step: str, question: Item, person: Person) -> Action:
    answer = f"{context.book.words.shown('answer')} {question.number} …"
    words = text(
        "threads.expert", name=people.addressed(person), group=group.title or group.id,
        number=question.number, text=excerpt(question.text),
        say=say_words(context, group, answer),
    )  # fmt: skip
    to = str(person.id)
    return Action(do="dm", group=group.id, to=to, member=to, text=words, step=step)


def known(context: Context, group: Group, question: Item) -> Iterator[Person]:
    """Yield who may be asked about a question, the likeliest first, each once."""
    seen: set[int] = set()
    for number in _numbers(context, group, question):
        person = people.current(context.store, context.community, number)
        if person is None or person.id in seen:
            continue
        seen.add(person.id)
        if _free(context, group, question, person):
            yield person


def _free(context: Context, group: Group, question: Item, person: Person) -> bool:
    """Tell whether somebody is here, may be addressed, and has not had enough of it today."""
    member = context.store.get(Member, context.community, group.id, person.id)
    if member is None or member.left_at or person.id in (BOT, question.person):
        return False
    if person.nudges_off or person.muted_until > context.now or people.is_staff(person, group):
        return False
    room = budgets.member_room(context, group, person.id)
    return room is None or room.left > 0


def _numbers(context: Context, group: Group, question: Item) -> Iterator[int]:
    yield from _tagged(context, group, normalise(question.text))
    for likeness, near in known_answers.nearest(context, group, question.text, FETCHED):
        if likeness >= NEAR:
            yield from _answered(context, group, near)
    yield from _spoke_of_it(context, group, question)


def _spoke_of_it(context: Context, group: Group, question: Item) -> Iterator[int]:
    """Those whose answers to anything hold what is asked, the most of it first."""
    numbers = context.store.candidates(
        context.community, group.id, asked.ANSWER, ranking.sought(question.text), FETCHED
    )
    answers = (asked.item(context, group, number, asked.ANSWER) for number in numbers)
    found = [(ranking.relevance(question.text, each.text), each) for each in answers if each]
    for relevance, answer in sorted(found, key=lambda pair: -pair[0]):
        if relevance >= NEAR:
            yield answer.person


def _answered(context: Context, group: Group, question: Item) -> Iterator[int]:
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER, status="accepted",
        parent=question.number, number__gt=question.number, limit=1,
    )  # fmt: skip
    yield from (each.person for each in found)


def _tagged(context: Context, group: Group, said: str) -> Iterator[int]:
    """The members with a tag that was said, by number."""
    here = context.store.rows(
        Member, ("person",), community=context.community, group=group.id, left_at=0,
        order="person",
    )  # fmt: skip
    numbers = [int(row[0]) for row in here]
    for start in range(0, len(numbers), AT_ONCE):
        persons = context.store.find(
            Person, community=context.community, id__in=numbers[start : start + AT_ONCE],
            order="id",
        )  # fmt: skip
        for person in persons:
            if any(normalise(tag) in said for tag in person.tags if tag):
                yield person.id
