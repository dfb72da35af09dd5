"""What a delivery that arrived brings about: the events it is known to cause."""

from collections.abc import Mapping
from typing import Any

from sop.events import Event, MemberJoined, MemberLeft, ReportMade
from sop.model import Outgoing


def events_after(sent: Outgoing, userid: str, now: int) -> tuple[Event, ...]:
    """Return what happened because a delivery arrived: somebody is in, or out of, a group.

    `userid` is the platform id of the action's member; the next roster only confirms it.
    """
    key = f"{sent.do}:{sent.community}:{sent.id}"
    if sent.do == "remove":
        return (
            MemberLeft(
                key=key, community=sent.community, group=sent.group, at=now, member=userid,
                removed=True, moved=bool(sent.body.get("after_add")),
            ),
        )  # fmt: skip
    if sent.do == "add":
        return (
            MemberJoined(
                key=key,
                community=sent.community,
                group=sent.group,
                at=now,
                member=userid,
                moved=True,
            ),
        )
    return ()


def report_made(sent: Outgoing, figures: Mapping[str, Any], now: int) -> ReportMade:
    """Return the event that brings the figures a delivery wanted; always the same key."""
    return ReportMade(
        key=made_key(sent), community=sent.community, group=sent.group, at=now,
        figures=figures, wish=sent.body.get("wish", {}),
    )  # fmt: skip


def made_key(sent: Outgoing) -> str:
    """Return the key of the event that brings a delivery's figures."""
    return f"report:{sent.community}:{sent.id}"
