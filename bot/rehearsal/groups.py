"""The groups of a rehearsal: the channels they have, what these hear, and where texts begin."""

from collections.abc import Mapping, Sequence
from typing import Final
from zlib import crc32

from handlers.ports import Store
from sop import channels
from sop.book import Book
from sop.events import Event, MemberJoined, MemberLeft, MessageReceived
from sop.model import Counter, Group

BUNDLES: Final[Mapping[str, tuple[str, ...]]] = {
    "sandbox": ("sandbox",),
    "appchat": ("appchat", "app"),
    "aibot": ("link",),
    "robot": ("robot", "webhook"),
    "customer-group": ("customer",),
    "archive": ("archive",),
}
"""What `--channel` gives every group: the channels a group of that kind usually has.

An AI bot is rehearsed on its long connection, the mode in which it can also speak first.
"""

ROTATIONS: Final = 60
"""Turns a text may have taken before: every short list is begun anywhere with equal chances."""


def found(community: str, name: str, kinds: Sequence[str], lived_since: int, starts: str) -> Group:
    """Return a group that has those channels; it has been running if it lived since an instant."""
    return Group(
        community=community,
        id=name,
        kind="core" if name == "core" else "regular",
        channels=dict.fromkeys(kinds, name),
        starts=starts,
        adopted_at=lived_since,
        spoken_at=lived_since,
    )


def turn(store: Store, *, community: str, group: str, book: Book, seed: int) -> None:
    """Let the group's rotating texts begin where the seed says."""
    for step in book.pack.steps:
        name = f"turn:{group}:{step.id}"
        value = crc32(f"{seed}:{name}".encode()) % ROTATIONS
        store.put(Counter(community=community, name=name, value=value))


def hears(group: Group | None, event: Event) -> bool:
    """Tell whether the group's channels let the bot know of what happened there at all."""
    if group is None:
        return True
    if isinstance(event, MessageReceived):
        mentioned = event.mentions_bot and channels.can(group.channels, "hear_mentions")
        return mentioned or channels.hears_all(group.channels)
    if isinstance(event, MemberJoined | MemberLeft):
        return channels.knows_members(group.channels)
    return True
