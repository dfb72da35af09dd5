"""What WeCom answered about a group's members, as the event that brings it."""

from collections.abc import Mapping

from bot.channels.wecom.rosters import Roster
from sop.events import RosterFetched


def roster_fetched(
    roster: Roster,
    *,
    key: str,
    community: str,
    group: str,
    asked_at: int,
    at: int,
    names: Mapping[str, str] | None = None,
    last_look_at: int = 0,
) -> RosterFetched:
    """Return a roster as an event; `names` stand for those that it holds by itself."""
    return RosterFetched(
        key=key,
        community=community,
        group=group,
        at=at,
        asked_at=asked_at,
        last_look_at=last_look_at,
        owner=roster.owner,
        members=roster.members,
        names=roster.names if names is None else names,
        staff=roster.staff,
        arrivals=roster.arrivals,
        version=roster.version,
    )
