"""Likes and comments as they stood some days ago: what came later is taken out of the sums."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from sop.model import Comment, Like, LikeNorm, Record, Voice
from sop.standing import fair_play
from sop.times import localtime


def appreciation_before(
    likes: Sequence[Like],
    voices: Iterable[Voice],
    comments: Iterable[Comment],
    *,
    since: int,
    zone: ZoneInfo,
) -> Iterator[Record]:
    """Yield what was stored at `since`; who vouches for whom, and what waits, is as it is now."""
    yield from (each for each in likes if each.at < since)
    yield from (each for each in comments if each.at < since)
    later = [each for each in likes if each.at >= since and each.status == "counted"]
    given, received = Counter[int](), Counter[int]()
    for like in later:
        given[like.giver] += like.weight
        received[like.author] += like.weight
    today = localtime.local_date(since, zone).isoformat()
    for voice in voices:
        yield _as_then(voice, given[voice.person], received[voice.person], today)


def norms_before(norms: Iterable[LikeNorm], *, since: int, zone: ZoneInfo) -> Iterator[LikeNorm]:
    """Yield since when there were likes, if before `since`; the measure is to be reckoned anew."""
    today = localtime.local_date(since, zone).isoformat()
    yield from (replace(each, day="") for each in norms if each.since < today)


def _as_then(voice: Voice, given: int, received: int, today: str) -> Voice:
    given, received = max(0, voice.given - given), max(0, voice.received - received)
    return replace(
        voice,
        given=given,
        given_paid=min(voice.given_paid, fair_play.whole_awards(given)),
        received=received,
        received_paid=min(voice.received_paid, fair_play.whole_awards(received)),
        recent=tuple((day, count) for day, count in voice.recent if day < today),
    )
