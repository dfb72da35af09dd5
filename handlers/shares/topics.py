"""Topics that members propose for the next share day, and the one that was chosen.

A vote chooses among them (see `votes`); what was not chosen waits for the next one.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.posting.rendering import only_there, say_words
from handlers.questions import asked, contributions
from handlers.replies import excerpt, openly, privately, stopping
from handlers.timing import ahead
from sop.activities import collecting
from sop.events import MessageReceived
from sop.model import Counter, Group, Item
from sop.text import normalise, visible_length
from sop.texts import text

TOPIC: Final = "topic"
CHOSEN: Final = "chosen"
HELD: Final = "held"

MOST: Final = 9
"""Topics a vote is over: the best liked, else the earliest."""

MOST_EACH: Final = 2
"""Topics of one member that wait at the same time."""

SHORTEST: Final = 2
LONGEST: Final = 40
"""Characters of a topic: it becomes a title."""


def propose(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Number a topic for the next share day, in the group it is for."""
    group, person = context.group, context.person
    if group is None or person is None:
        return Outcome()
    said = excerpt(argument, LONGEST)
    refused = _refused(event, context, group, said)
    if refused:
        return stopping(privately(refused))
    found = contributions.record(
        context, group, TOPIC, said, person=person.id, at=event.at, message_id=event.message_id
    )
    like = say_words(context, group, f"{context.book.words.shown('like')} {found.number}")
    name = people.shown(person)
    words = text("topics.noted", name=name, number=found.number, topic=said, say=like)
    return stopping(openly(words))


def _refused(event: MessageReceived, context: Context, group: Group, said: str) -> str:
    """Return what to say where the topic is not noted; empty where it is."""
    how = f"{context.book.words.shown('propose')} …"
    if not event.group:
        return only_there(context, group, "topics.in-group", how)
    if not any(ahead.share_days(step) for step in context.book.pack.steps):
        return text("topics.no-day")
    if visible_length(said) < SHORTEST:
        return text("topics.form", say=say_words(context, group, how))
    return (
        text("collect.contact") if collecting.has_contact(said) else _crowded(context, group, said)
    )


def _crowded(context: Context, group: Group, said: str) -> str:
    """Return what to say where the topic waits already, or enough of the member's do."""
    waiting = open_topics(context, group)
    same = [each for each in waiting if _bare(each.text) == _bare(said)]
    if same:
        like = say_words(context, group, f"{context.book.words.shown('like')} {same[0].number}")
        return text("topics.there", number=same[0].number, say=like)
    mine = sum(each.person == context.person_id for each in waiting)
    return text("topics.enough", most=MOST_EACH) if mine >= MOST_EACH else ""


def _bare(topic: str) -> str:
    return normalise(topic).strip(" .!?~")


def open_topics(context: Context, group: Group) -> list[Item]:
    """Return the topics of the group that wait to be chosen, the earliest first."""
    newest = asked.last_number(context, group) - contributions.NEWEST
    found = context.store.find(
        Item, community=context.community, group=group.id, number__gt=newest, kind=TOPIC,
        status="open", order="number",
    )  # fmt: skip
    return list(found)


def for_vote(context: Context, group: Group) -> Sequence[Item]:
    """Return the topics a vote is over: the best liked, else the earliest."""
    waiting = open_topics(context, group)
    waiting.sort(key=lambda each: -voices.count(context, contributions.source_of(each)))
    return waiting[:MOST]


def choose(context: Context, group: Group, step: str, number: int) -> None:
    """Make a topic the title of the next share day of that step; the one before waits again."""
    _release(context, group, step, "open")
    found = asked.item(context, group, number, TOPIC)
    if found is not None:
        context.store.put(replace(found, status=CHOSEN))
        _point(context, group.id, step, number)


def chosen(context: Context, group: str, step: str) -> str:
    """Return the topic of the next share day of that step; empty where none was chosen."""
    pointer = context.store.get(Counter, context.community, _name(group, step))
    if pointer is None or not pointer.value:
        return ""
    found = context.store.get(Item, context.community, group, pointer.value)
    return found.text if found is not None else ""


def used(context: Context, group: Group, step: str) -> None:
    """Note that the share day of the chosen topic has begun: the next one is free again."""
    _release(context, group, step, HELD)


def _release(context: Context, group: Group, step: str, status: str) -> None:
    pointer = context.store.get(Counter, context.community, _name(group.id, step))
    if pointer is None or not pointer.value:
        return
    found = asked.item(context, group, pointer.value, TOPIC)
    if found is not None:
        context.store.put(replace(found, status=status))
    _point(context, group.id, step, 0)


def _point(context: Context, group: str, step: str, number: int) -> None:
    name = _name(group, step)
    context.store.put(Counter(community=context.community, name=name, value=number))


def _name(group: str, step: str) -> str:
    return f"topic:{group}:{step}"
