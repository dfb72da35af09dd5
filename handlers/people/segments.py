"""Figures of the segments: how many are in each, how many nobody can tell, who came and went."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.ports import Context
from sop.model import SegmentDay, SegmentSpell
from sop.standing import segments
from sop.times.durations import DAY_MS


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One segment: `members` are in it, `known` were told about, `unknown` nobody can judge.

    `entered` and `left` are changes of the last `days` nights.
    """

    name: str
    own: bool
    members: int
    known: int
    unknown: int
    entered: int
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The segments of a community as of the last night's look; `day` is empty before the first."""

    day: str
    members: int
    segments: tuple[Figure, ...]


def figures(context: Context, days: int) -> Figures:
    """Return what the last night has found, with the changes of the last `days` nights."""
    found: Sequence[SegmentDay] = context.store.find(
        SegmentDay, community=context.community, order="-day", limit=1
    )
    night = found[0] if found else SegmentDay(community=context.community, day="", at=0)
    since = night.at - days * DAY_MS
    pack = context.book.pack
    return Figures(
        day=night.day,
        members=night.members,
        segments=tuple(
            _figure(context, name, night, since, own=name in pack.segments)
            for name in segments.definitions(pack)
        ),
    )


def _figure(context: Context, name: str, night: SegmentDay, since: int, *, own: bool) -> Figure:
    inside, outside, unknown = night.found.get(name, (0, 0, 0))
    return Figure(
        name=name,
        own=own,
        members=inside,
        known=inside + outside,
        unknown=unknown,
        entered=_changes(context, name, since__gt=since),
        left=_changes(context, name, until__gt=max(since, 0)),
    )


def _changes(context: Context, segment: str, **when: int) -> int:
    return context.store.count(SegmentSpell, community=context.community, segment=segment, **when)
