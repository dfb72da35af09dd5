"""What a report is made of: the last weeks of some groups of a community.

Only members' words count as said; the bot's own posts are kept apart.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from sop import channels
from sop.figures.tracks import Sums, Track
from sop.model import Group, Item, LayerMove, Member, Person, Record, StepRun, Thread

R = TypeVar("R", bound=Record)

WEEKS: Final = 8
"""Whole weeks, Monday to Sunday, that a report looks back for what is usual."""

TAKING_PART: Final = "takes-part"
"""What it is called that somebody is in a challenge, a sign-up or a vote, beside all deeds."""

FOLLOWING: Final = "follows"
"""What it is called that somebody has come to follow a leader (see `following`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The groups' last weeks, from `since` (of reports a local Monday) to before `until`, in ms.

    By group: what was `said`, the bot's `posts`, counted `replies`, `claims`, those who `left`,
    `points` booked, what `leaders` did in the report's span, and `deeds`: who did what at all.
    """

    groups: tuple[Group, ...]
    since: int
    until: int
    said: Mapping[str, Track]
    posts: Mapping[str, Track]
    replies: Mapping[str, Track]
    claims: Mapping[str, Track]
    left: Mapping[str, Track]
    points: Mapping[str, Sums]
    members: Sequence[Member]
    moves: "Moves"
    persons: Mapping[int, Person]
    leaders: Mapping[str, Mapping[int, "Led"]]
    deeds: Mapping[str, Mapping[str, Collection[int]]]
    items: Sequence[Item]
    likes: Mapping[str, int]
    comments: Mapping[tuple[str, int], int]
    threads: Sequence[Thread]
    answers: Mapping[int, int]
    runs: Sequence[StepRun]

    def observed_since(self, group: Group) -> int | None:
        """When the bot began to hear the group in that time; None: it heard nothing yet."""
        begun = group.created_at or group.adopted_at or self.said[group.id].first_at
        return None if begun is None else max(begun, self.since)

    def newcomers(self) -> Mapping[int, Member]:
        """Return whoever was seen to come since then, with their first membership.

        Who was there before anybody looked has not come, nor who moved between the layers. Where
        no channel tells of joins it is who was heard for the first time.
        """
        unseen = {each.id for each in self.groups if not channels.knows_members(each.channels)}
        first: dict[int, Member] = {}
        for each in sorted(self.members, key=lambda each: each.joined_at):
            first.setdefault(each.person, each)
        return {
            who: each
            for who, each in first.items()
            if self.since <= each.joined_at < self.until
            and (each.came_at or each.group in unseen)
            and not self.moves.brought(each)
        }

    def gone(self, since: int, until: int) -> set[int]:
        """Return who left from `since` on and before `until`, and is in none of the groups now."""
        left = {
            each.person
            for each in self.members
            if since <= each.left_at < until and not self.moves.took(each)
        }
        return left - {each.person for each in self.members if not each.left_at}

    def did(self, deeds: Iterable[str]) -> set[int]:
        """Return who did any of the deeds in any of the groups."""
        wanted = tuple(deeds)
        return {
            person
            for group in self.groups
            for deed in wanted
            for person in self.deeds[group.id].get(deed, ())
        }

    def of(self, group: Group) -> "Past":
        """Return the past of one of the groups."""
        return replace(
            self, groups=(group,), members=_of(group, self.members), items=_of(group, self.items),
            threads=_of(group, self.threads), runs=_of(group, self.runs),
        )  # fmt: skip


def _of(group: Group, records: Sequence[R]) -> list[R]:
    return [each for each in records if getattr(each, "group", "") == group.id]


class Moves:
    """Moves between the layers: who moves is in another group, but has not come or left."""

    def __init__(self, moves: Iterable[LayerMove]) -> None:
        self._into: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        self._out_of: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
        for each in moves:
            for groups, ats in ((each.into, self._into), (each.out_of, self._out_of)):
                for group in groups:
                    ats[each.person, group].append(each.at)

    def brought(self, member: Member) -> bool:
        """Tell whether a move made the membership."""
        ats = self._into.get((member.person, member.group), ())
        return any(at <= member.joined_at for at in ats)

    def took(self, member: Member) -> bool:
        """Tell whether a move ended the membership."""
        ats = self._out_of.get((member.person, member.group), ())
        return any(member.joined_at <= at <= member.left_at for at in ats)


@dataclass(slots=True)
class Led:
    """What a leader did in the span: awards by deed, points, likes received."""

    deeds: Counter[str]
    points: int = 0
    likes: int = 0


def knows_members(groups: Sequence[Group]) -> bool:
    """Tell whether joins and leaves of all the groups reach us."""
    return all(channels.knows_members(group.channels) for group in groups)
