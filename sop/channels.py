"""What each kind of channel can do, and which channel of a group carries a wish.

Sources: wecom-protocol notes on the self-built app, group robot, AI bot and customer groups:
nobody can mute, recall in a group, or see reactions; only the archive hears every message.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

CAPABILITIES: Final[Mapping[str, frozenset[str]]] = {
    "sandbox": frozenset(
        {
            "hear_all", "hear_mentions", "post", "mention", "dm", "roster", "roster_events",
            "add_member", "remove_member", "create_group", "cards", "images", "files",
        }
    ),
    "appchat": frozenset(
        {
            "post", "mention", "roster", "roster_events", "add_member", "remove_member",
            "create_group", "images", "files",
        }
    ),
    "app": frozenset({"dm", "cards", "images", "files"}),
    "aibot": frozenset({"hear_mentions", "cards"}),
    "link": frozenset({"hear_mentions", "post", "cards"}),
    "webhook": frozenset({"post", "mention", "images"}),
    "robot": frozenset({"hear_mentions"}),
    "customer": frozenset({"roster", "roster_events"}),
    "archive": frozenset({"hear_all"}),
}  # fmt: skip
"""Capabilities by channel kind. `link` is the AI bot on its long connection: the one mode in
which it speaks first. An appchat's roster is polled, so its joins are known a little late."""

_NOBODY: Final = frozenset[str]()
_ABLE: Final = {
    capability: frozenset(kind for kind, able in CAPABILITIES.items() if capability in able)
    for capability in frozenset().union(*CAPABILITIES.values())
}
"""The kinds of channel that have a capability."""

NEEDS: Final[Mapping[str, str]] = {
    "post": "post",
    "dm": "dm",
    "remove": "remove_member",
    "add": "add_member",
    "create": "create_group",
    "fetch_roster": "roster",
}
"""The capability a delivered action needs."""

PREFERRED: Final = ("sandbox", "appchat", "webhook", "link", "app", "customer")
"""Order of choice where several channels of a group could carry the same wish."""

INTERNAL: Final = frozenset({"appchat", "app", "aibot", "link", "webhook", "robot", "sandbox"})
EXTERNAL: Final = frozenset({"customer"})


@dataclass(frozen=True, slots=True)
class Way:
    """A channel kind and the chat's id there."""

    channel: str
    chat: str


def can(channels: Mapping[str, str], capability: str) -> bool:
    """Tell whether any of a group's channels has the capability."""
    return not _ABLE.get(capability, _NOBODY).isdisjoint(channels)


def hears_all(channels: Mapping[str, str]) -> bool:
    """Tell whether every message of the group reaches us; where not, silence is unknown."""
    return can(channels, "hear_all")


def hears(channels: Mapping[str, str]) -> bool:
    """Tell whether anything that is said in the group can reach us."""
    return hears_all(channels) or can(channels, "hear_mentions")


def knows_members(channels: Mapping[str, str]) -> bool:
    """Tell whether joins and leaves of the group reach us."""
    return can(channels, "roster_events")


def way_for(do: str, channels: Mapping[str, str], *, wishes: Collection[str] = ()) -> Way | None:
    """Return the channel that carries the action, or None: then a person must do it.

    `wishes` are capabilities (mention, images, files) that decide between able channels: the
    one that grants most of them is taken.
    """
    able = [
        Way(kind, channels[kind])
        for kind in PREFERRED
        if kind in channels and NEEDS[do] in CAPABILITIES[kind]
    ]
    able.sort(key=lambda way: -len(CAPABILITIES[way.channel].intersection(wishes)))
    return able[0] if able else None


def way_to_staff(channels: Mapping[str, str]) -> Way | None:
    """Return the channel by which owner and staff are told in private, or None.

    They are of the corp also where the members are customers: whoever knows a customer group is
    the app, which reaches them.
    """
    return way_for("dm", channels) or (Way("app", "") if "customer" in channels else None)
