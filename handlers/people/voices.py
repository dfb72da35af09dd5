"""Likes as they are stored: whose they are, how many there are, and what a person's weigh."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from handlers.people import people
from handlers.ports import Context
from sop.model import Group, Like, LikeNorm, Voice
from sop.standing import fair_play
from sop.times.durations import DAY_MS


def standing(context: Context, day: str, **whose: Any) -> Sequence[Like]:
    """Return the likes of the window that were given and not taken back, oldest first."""
    since = context.now - (fair_play.WINDOW + 1) * DAY_MS
    found = context.store.find(
        Like, community=context.community, at__gt=since, order="at", **whose
    )
    first = fair_play.window_starts(day)
    return [each for each in found if each.day >= first and each.status in fair_play.STANDING]


def from_clique(context: Context, day: str, author: int, clique: Sequence[int]) -> int:
    """Return how many likes of the window that weigh anything somebody has of a clique."""
    if not clique:
        return 0
    return len(standing(context, day, author=author, giver__in=clique, bears=True))


def has_duty(context: Context, group: Group | None) -> bool:
    """Tell whether who acted is owner, staff, a leader or in the core: nobody need vouch."""
    person = context.person
    if person is None:
        return False
    return person.layer == "core" or people.role_of(person, group) != "member"


def voice_of(context: Context, person: int) -> Voice:
    """Return what is known of a person's likes; empty where there were none."""
    found = context.store.get(Voice, context.community, person)
    return found or Voice(community=context.community, person=person)


def count(context: Context, target: str) -> int:
    """Return how many counted likes the target has."""
    return context.store.count(
        Like, community=context.community, target=target, status="counted", counts=True
    )


def weigh_little(context: Context, person: int) -> bool:
    """Tell whether somebody gave likes that count less, because nobody vouches for them yet."""
    voice = voice_of(context, person)
    if voice.vouched or not voice.recent:
        return False
    measure = context.store.get(LikeNorm, context.community)
    return measure is not None and measure.vouching


def vouch_for(context: Context, person: int) -> None:
    """Let a person's likes count like anybody's from now on."""
    voice = voice_of(context, person)
    if not voice.vouched:
        context.store.put(replace(voice, vouched=True))
