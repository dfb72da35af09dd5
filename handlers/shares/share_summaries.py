"""What a share day brought, in the bot's words: its questions, who shared, and their likes."""

from typing import Any, Final

from handlers.people import people, voices
from handlers.ports import Context
from handlers.posting.rendering import say_words
from handlers.questions import asked, contributions
from handlers.replies import excerpt
from handlers.threads import entries
from sop import channels
from sop.activities.collecting import WITHDRAWN
from sop.model import Group, Item, Like, Thread
from sop.texts import text

QUESTIONS: Final = 5
"""Open questions that are named when the time for questions comes."""

SHARED: Final = 20
"""Speakers, and contributions of others, that a summary names at the most."""

LENGTH: Final = 40
"""Characters of each text: the whole stays readable on a phone."""


def question_time(context: Context, group: Group, day: Thread, thanks: str) -> str:
    """Return the words that begin the time for questions: those still open, with their numbers."""
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.QUESTION, thread=day.id,
        status__in=asked.WAITING, number__gt=day.body["first"], order="number", limit=QUESTIONS,
    )  # fmt: skip
    ask = say_words(context, group, f"{context.book.words.shown('ask')} …")
    words = text("share-days.question-time", thanks=thanks, ask=ask)
    lines = (
        text(
            "share-days.question", number=each.number, name=_name(context, each.person),
            text=excerpt(each.text, LENGTH),
        )
        for each in found
    )  # fmt: skip
    return "\n".join((words, *lines))


def words(context: Context, group: Group, day: Thread) -> str:
    """Return the summary; where nobody shared or asked, thanks alone, and nothing unless heard."""
    speakers, others = _speakers(context, group, day), _others(context, group, day)
    questions = _asked(context, group, day)
    if not speakers and not others:
        if channels.hears_all(group.channels):
            missed = day.body["speakers"]
            key = "share-days.summary-later" if missed else "share-days.summary-empty"
            return "\n".join((text(key, title=day.title), *questions))
        asked_only = (text("share-days.summary-asked", title=day.title), *questions)
        return "\n".join(asked_only if questions else ())
    liked = "@…" if speakers else others[0].number
    like = say_words(context, group, f"{context.book.words.shown('like')} {liked}")
    heading = text("share-days.summary", title=day.title)
    shared = (*speakers, *(_item(context, each) for each in others))
    return "\n".join((heading, *shared, *questions, text("share-days.summary-like", say=like)))


def _asked(context: Context, group: Group, day: Thread) -> list[str]:
    """Say how many questions there were, and that the open ones are not forgotten."""
    among: dict[str, Any] = {
        "community": context.community, "group": group.id, "kind": asked.QUESTION,
        "thread": day.id, "number__gt": day.body["first"],
    }  # fmt: skip
    count = context.store.count(Item, status__ne=WITHDRAWN, **among)
    waiting = context.store.count(Item, status__in=asked.WAITING, **among)
    key = "share-days.asked" if waiting else "share-days.asked-answered"
    return [text(key, count=count)] if count else []


def _speakers(context: Context, group: Group, day: Thread) -> list[str]:
    """Name who spoke; where not all is heard, everybody who was to."""
    seats, spoke = day.body["speakers"], day.body["spoke"]
    heard = channels.hears_all(group.channels)
    return [
        _line(context, each, _liked(context, group, day, each))
        for each in seats[:SHARED]
        if not heard or str(each) in spoke
    ]


def _liked(context: Context, group: Group, day: Thread, person: int) -> int:
    """Return how many likes the person received in the group since the share day began."""
    return context.store.count(
        Like, community=context.community, author=person, at__ge=day.opened_at, group=group.id,
        status="counted", counts=True,
    )  # fmt: skip


def _line(context: Context, person: int, likes: int) -> str:
    key = "share-days.shared-liked" if likes else "share-days.shared"
    return text(key, name=_name(context, person), likes=likes)


def _others(context: Context, group: Group, day: Thread) -> list[Item]:
    """Return what others shared under a number meanwhile."""
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=contributions.SHARE,
        number__gt=day.body["first"], order="number", limit=SHARED,
    )  # fmt: skip
    return [
        each
        for each in found
        if each.person not in day.body["speakers"] and entries.is_shown(each)
    ]


def _item(context: Context, found: Item) -> str:
    likes = voices.count(context, contributions.source_of(found))
    return text(
        "share-days.item-liked" if likes else "share-days.item", number=found.number,
        name=_name(context, found.person), text=excerpt(found.text, LENGTH), likes=likes,
    )  # fmt: skip


def _name(context: Context, person: int) -> str:
    return people.shown(people.current(context.store, context.community, person))
