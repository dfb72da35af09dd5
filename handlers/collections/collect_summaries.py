"""What a collection brought, in the bot's words: how much, who is ahead, and who has won what."""

from collections.abc import Sequence
from typing import Final

from handlers.collections import snags
from handlers.people import people
from handlers.ports import Context
from handlers.posting.rendering import say_words
from handlers.replies import excerpt
from handlers.threads import entries
from sop.activities.collecting import HALVES, Place
from sop.model import Group, Item, Thread
from sop.texts import quoted, text

NAMED: Final = 10
"""Places a summary tells of."""


def words(context: Context, group: Group, thread: Thread) -> str:
    """Return the summary; nothing where nobody gave anything."""
    found, waiting = entries.shown(context, thread), entries.waiting(context, thread)
    if not found:
        title = quoted(thread.title)
        return text("collect.over-unseen", title=title, count=waiting) if waiting else ""
    heading = text(
        "collect.over-heading", title=quoted(thread.title), count=len(found), who=_who(found)
    )
    lines = [heading, *_goal(thread)]
    lines.extend(_named(context, thread, found))
    if waiting:
        lines.append(text("collect.still-unseen", count=waiting))
    if thread.body["kind"] not in ("snag", "checkin"):
        like = f"{context.book.words.shown('like')} {found[0].number}"
        lines.append(text("collect.still-like", say=say_words(context, group, like)))
    return "\n".join(lines)


def _named(context: Context, thread: Thread, found: Sequence[Item]) -> list[str]:
    """Name who is ahead and has won; where nobody is, all who took part are thanked by name."""
    if thread.body["kind"] == "snag":
        return _fixers(context, thread) or _thanks(context, thread, found)
    places = entries.ranked(context, thread, found)
    if not places:
        return [*_thanks(context, thread, found), *_unwon(context, thread)]
    return [
        *_places(context, thread, places[:NAMED], found), *_prizes(context, thread, places)
    ]  # fmt: skip


def _thanks(context: Context, thread: Thread, found: Sequence[Item]) -> list[str]:
    """Name who gave something, or was put forward; who does not want to be named is not."""
    meant = (each.about if thread.body["nominate"] else each.person for each in found)
    persons = [people.current(context.store, context.community, each) for each in meant if each]
    listed = {each.id: each for each in persons if each is not None and not each.unranked}
    names = [people.shown(each) for each in listed.values()]
    joined = text("people.joiner").join(names[:NAMED])
    if len(names) > NAMED:
        joined = text("acks.and-more", names=joined, count=len(names))
    key = "collect.put-forward" if thread.body["nominate"] else "collect.thanks-to"
    return [text(key, names=joined)] if names else []


def _unwon(context: Context, thread: Thread) -> list[str]:
    """Say what becomes of prizes for the first where nothing was liked."""
    benefits = (
        context.book.pack.benefit(each["benefit"])
        for each in thread.body["prizes"]
        if each["top"]
    )  # fmt: skip
    titles = dict.fromkeys(quoted(each.title) for each in benefits if each is not None)
    joined = text("people.joiner").join(titles)
    return [text("collect.unwon", titles=joined)] if titles else []


def _who(found: Sequence[Item]) -> str:
    persons = {each.person for each in found if each.person}
    return text("collect.by-persons", count=len(persons)) if persons else ""


def _goal(thread: Thread) -> list[str]:
    goal, count = thread.body["goal"], thread.body["count"]
    if not goal:
        return []
    # What was told when it was reached still holds when somebody takes an entry back.
    reached = thread.body["told"] == HALVES
    key = "collect.goal-met" if reached else "collect.goal-missed"
    return [text(key, goal=goal, count=max(count, goal) if reached else count)]


def _places(
    context: Context, thread: Thread, places: Sequence[Place], found: Sequence[Item]
) -> list[str]:
    items = {each.number: each for each in found}
    return [
        _line(context, thread, position, place, items[place.numbers[0]])
        for position, place in enumerate(places, 1)
    ]


def _line(context: Context, thread: Thread, position: int, place: Place, first: Item) -> str:
    shared = {"place": position, "count": place.count, "likes": place.likes}
    if place.team:
        return text("collect.place-team", team=place.team, **shared)
    if thread.body["kind"] == "checkin":
        return text("collect.place-days", name=entries.name(context, first), **shared)
    key = "collect.place-anonymous" if thread.body["anonymous"] else "collect.place"
    if thread.body["nominate"]:
        nominee = people.current(context.store, context.community, first.about)
        return text("collect.place-star", name=entries.name_of(nominee), **shared)
    return text(
        key, number=first.number, name=entries.name(context, first),
        text=excerpt(first.text, entries.LENGTH), **shared,
    )  # fmt: skip


def _prizes(context: Context, thread: Thread, places: Sequence[Place]) -> list[str]:
    """Name who has won what; a prize by likes was told when it was won."""
    lines = []
    for prize in thread.body["prizes"]:
        benefit = context.book.pack.benefit(prize["benefit"])
        winners = places[: prize["top"] or 0]
        if benefit is not None and winners and not thread.body["anonymous"]:
            names = text("people.joiner").join(_winner(context, thread, each) for each in winners)
            lines.append(text("collect.won", names=names, title=quoted(benefit.title)))
    return lines


def _winner(context: Context, thread: Thread, place: Place) -> str:
    if place.team:
        return quoted(place.team)
    found = context.store.get(Item, context.community, thread.group, place.numbers[0])
    person = found.about if found and thread.body["nominate"] else place.persons[0]
    return entries.name_of(people.current(context.store, context.community, person))


def _fixers(context: Context, thread: Thread) -> list[str]:
    """Thank who has put things right; what is open is told staff, and nobody is blamed."""
    lines = []
    for each in snags.figures(context, thread):
        person = people.current(context.store, context.community, each.person)
        if person is not None and each.fixed:
            name = entries.name_of(person)
            lines.append(text("collect.fixer", name=name, count=each.fixed))
    return lines
