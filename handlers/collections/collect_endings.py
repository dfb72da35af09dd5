"""How a collection ends: who has won what is settled at that second, then told and handed over.

Prizes and the summary wait for the morning. An entry that came a second late changes nothing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from handlers.benefits import prizes
from handlers.collections import collect_summaries, photo_albums
from handlers.people import people
from handlers.ports import Context
from handlers.posting import acknowledging, summaries
from handlers.threads import entries
from sop.actions import Action
from sop.activities.collecting import Place
from sop.model import Group, Item, Like, Occurrence, Person, Thread


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Settle the prizes when it ends; hand them over and sum up when the group is awake."""
    context = context.under(thread.version)
    lines: tuple[Action, ...] = ()
    if fresh:
        places = entries.ranked(context, thread)
        thread = _settled(context, thread, places)
        lines = photo_albums.ask(context, group, thread)
    awake = acknowledging.sleeping(context, group) is None
    if thread.body["places"] and (awake or group.paused or group.retired):
        lines = (*lines, *_handed(context, group, thread))
        thread = entries.thread_of(context, thread.id) or thread
    return (
        *lines,
        *summaries.post(
            context, occurrence, group, thread,
            lambda: collect_summaries.words(context, group, thread),
        ),
    )  # fmt: skip


def _settled(context: Context, thread: Thread, places: Sequence[Place]) -> Thread:
    """Keep who gets which prize, as it stands now."""
    thread = entries.thread_of(context, thread.id) or thread
    gone = people.gone(context, thread.closes_at)
    won = [
        [index, person]
        for index, prize in enumerate(thread.body["prizes"])
        if prize["top"]
        for place in places[: prize["top"]]
        for person in _winners(context, thread, place)
        if person not in gone
    ]
    thread = replace(thread, body={**thread.body, "places": won})
    context.store.put(thread)
    return thread


def _winners(context: Context, thread: Thread, place: Place) -> Iterable[int]:
    """Return the persons a place belongs to: whom an entry nominates, else who gave it."""
    if thread.body["nominate"]:
        found = context.store.get(Item, context.community, thread.group, place.numbers[0])
        return (found.about,) if found else ()
    return (person for person in place.persons if person)


def _handed(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    handed: list[Any] = thread.body["places"]
    context.store.put(replace(thread, body={**thread.body, "places": []}))
    lines: list[Action] = []
    for index, person in handed:
        lines.extend(give(context, group, thread, index, person))
    return tuple(lines)


def liked(context: Context, like: Like, likes: int) -> tuple[Action, ...]:
    """Give what an entry wins by so many likes while its collection is open: once a person."""
    group = context.store.get(Group, context.community, like.group)
    found = entries.liked(context, like)
    thread = entries.thread_of(context, found.thread) if found else None
    if group is None or found is None or thread is None or not entries.is_shown(found):
        return ()
    if not thread.opened_at <= like.at < thread.closes_at:
        return ()
    context = context.under(thread.version)
    winner = found.about if thread.body["nominate"] else found.person
    reached = [
        index
        for index, prize in enumerate(thread.body["prizes"])
        if winner and prize["likes"] and likes >= prize["likes"]
    ]
    if not reached or winner in people.gone(context, context.now):
        return ()
    given = (give(context, group, thread, index, winner) for index in reached)
    return tuple(line for lines in given for line in lines)


def give(
    context: Context, group: Group, thread: Thread, index: int, person: int
) -> tuple[Action, ...]:
    """Hand a prize to somebody who does not have it yet; the claim says who has."""
    thread = entries.thread_of(context, thread.id) or thread
    won: dict[str, list[int]] = thread.body["won"]
    has = won.get(str(index), [])
    winner = people.current(context.store, context.community, person)
    if winner is None or _among(context, winner, has):
        return ()
    won = {**won, str(index): [*has, winner.id]}
    context.store.put(replace(thread, body={**thread.body, "won": won}))
    return prizes.give_benefit(
        context, group, thread, winner, thread.body["prizes"][index]["benefit"]
    )


def _among(context: Context, winner: Person, numbers: Iterable[int]) -> bool:
    """Tell whether somebody is one of those, under whatever number they were known."""
    now = (people.current(context.store, context.community, each) for each in numbers)
    return any(each is not None and each.id == winner.id for each in now)
