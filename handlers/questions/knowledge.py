"""What a group's questions have brought: each with its best answer, to be searched and kept.

An accepted answer is the best one; else the one most liked, of equals the first.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from handlers.people import people
from handlers.ports import Context
from handlers.questions import asked
from sop.finding import ranking
from sop.model import Group, Item, Like, Person
from sop.texts import text
from sop.times import localtime

AT_ONCE: Final = 500
"""Items read in one go."""

FETCHED: Final = 60
"""Candidates of each scope that a search compares."""

SCOPES: Final = (ranking.ACCEPTED, asked.QUESTION, asked.ANSWER)

ANSWERS: Final = 50
"""Answers to one question among which a search looks for the best."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A question with its best answer; `answer` is empty where nobody has answered.

    Names are those to be shown, days local dates (ISO).
    """

    number: int
    question: str
    asker: str
    asked_on: str
    answer: str = ""
    by: str = ""
    answered_on: str = ""
    accepted: bool = False


def entries(context: Context, group: Group) -> Iterator[Entry]:
    """Yield the answered questions of a group, the oldest first."""
    questions: list[Item] = []
    answers: defaultdict[int, list[Item]] = defaultdict(list)
    for found in _items(context, group):
        if found.kind == asked.QUESTION:
            questions.append(found)
        else:
            answers[found.parent].append(found)
    for question in questions:
        if question.text and answers[question.number]:
            yield entry(context, question, answers[question.number])


def search(context: Context, group: Group, words: str, limit: int) -> list[Entry]:
    """Return the questions that fit the words best, by their own text and by their answers'."""
    found: dict[int, tuple[float, Entry]] = {}
    for question in _fetched(context, group, words):
        answers = context.store.find(
            Item, community=context.community, group=group.id, kind=asked.ANSWER,
            parent=question.number, number__gt=question.number, order="number", limit=ANSWERS,
        )  # fmt: skip
        said = "\n".join(each.text for each in (question, *answers))
        score = ranking.relevance(words, said)
        if score > 0 and question.text:
            found[question.number] = score, entry(context, question, answers)
    best = sorted(found.values(), key=lambda pair: (-pair[0], not pair[1].accepted))
    return [each for _, each in best[:limit]]


def entry(context: Context, question: Item, answers: Sequence[Item]) -> Entry:
    """Return a question with the best of its answers."""
    best = _best(context, answers)
    return Entry(
        number=question.number,
        question=question.text,
        asker=_name(context, question.person),
        asked_on=_day(context, question.at),
        answer=best.text if best else "",
        by=_name(context, best.person) if best else "",
        answered_on=_day(context, best.at) if best else "",
        accepted=best is not None and best.status == "accepted",
    )


def _items(context: Context, group: Group) -> Iterator[Item]:
    last = 0
    while found := context.store.find(
        Item, community=context.community, group=group.id, number__gt=last, order="number",
        limit=AT_ONCE,
    ):  # fmt: skip
        yield from (each for each in found if each.kind in (asked.QUESTION, asked.ANSWER))
        last = found[-1].number


def _fetched(context: Context, group: Group, words: str) -> Iterator[Item]:
    """The questions that hold some of the words, or whose answers do; each once."""
    terms, seen = ranking.sought(words), set[int]()
    for scope in SCOPES:
        for number in context.store.candidates(context.community, group.id, scope, terms, FETCHED):
            found = asked.item(context, group, number)
            if found is not None and found.kind == asked.ANSWER:
                found = asked.item(context, group, found.parent)
            if found is not None and found.number not in seen:
                seen.add(found.number)
                yield found


def _best(context: Context, answers: Sequence[Item]) -> Item | None:
    accepted = next((each for each in answers if each.status == "accepted"), None)
    if accepted is not None or len(answers) < 2:  # noqa: PLR2004 - one needs no choice
        return accepted or next(iter(answers), None)
    return max(answers, key=lambda each: (_likes(context, each), -each.number))


def _likes(context: Context, answer: Item) -> int:
    target = f"item:{answer.group}:{answer.number}"
    return context.store.count(
        Like, community=context.community, target=target, status="counted", counts=True
    )


def _name(context: Context, number: int) -> str:
    """Return the name to show; who is not to be on any list is not in a book either."""
    person = people.current(context.store, context.community, number)
    return text("knowledge.someone") if _unnamed(person) else people.shown(person)


def _unnamed(person: Person | None) -> bool:
    return person is None or person.unranked


def _day(context: Context, at: int) -> str:
    return localtime.wall_time(at, context.book.zone).date().isoformat()
