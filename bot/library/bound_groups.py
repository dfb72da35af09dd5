"""From bindings to groups: the channels this deployment has for them, and whose each chat is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from bot.settings import Settings
from sop.bindings.bindings import Binding, Bindings, Community
from sop.model import Group
from sop.problems import Problem

HEARD_ON: Final[Mapping[str, tuple[str, ...]]] = {
    "aibot": ("aibot", "sandbox"),
    "robot": ("robot",),
    "app": ("customer",),
}
"""Which bound channel kinds a surface's chat ids belong to."""

_UNREAD: Final[Mapping[str, str]] = {
    "customer": "customer groups are known by the self-built app: without it nothing is told",
    "archive": "this version hears nothing by archive: what happens there is unknown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Abilities:
    """What this deployment is configured for: it decides what a bound channel can really do."""

    app: bool = False
    link: bool = False
    archive: bool = False
    bot_name: str = ""
    public_url: str = ""
    robot_keys: Mapping[str, str] = field(default_factory=dict, repr=False)


def abilities_of(settings: Settings) -> Abilities:
    """What the settings make possible, for the bindings."""
    return Abilities(
        app=bool(settings.wecom_app_secret),
        link=bool(settings.wecom_aibot_id),
        bot_name=settings.bot_name,
        public_url=settings.public_url,
        robot_keys=settings.robot_keys,
    )


def group_of(community: Community, binding: Binding, abilities: Abilities) -> Group:
    """The group of a binding as it is known before it has lived."""
    return Group(
        community=community.id,
        id=binding.id,
        kind=binding.kind,
        title=binding.title or binding.id,
        owner=community.owner,
        staff=community.staff,
        channels=deployed(binding.channels, abilities),
        starts=binding.starts.isoformat() if binding.starts else "",
        override=binding.inherited,
    )


def deployed(channels: Mapping[str, str], abilities: Abilities) -> dict[str, str]:
    """A group's channels as this deployment has them.

    The AI bot on its long connection can speak first; a configured app reaches the members of
    an internal group in private; an appchat or a customer group is nothing without its app.
    """
    found = {kind: chat for kind, chat in channels.items() if not is_unread(kind, abilities)}
    if abilities.link and "aibot" in found:
        found["link"] = found.pop("aibot")
    if not abilities.app:
        found.pop("appchat", None)
    elif "customer" not in channels:
        found["app"] = ""
    return found


def is_unread(kind: str, abilities: Abilities) -> bool:
    """Tell whether this deployment hears nothing by that kind of channel, whatever is bound."""
    needed = {"customer": abilities.app, "archive": abilities.archive}
    return not needed.get(kind, True)


def places_of(bindings: Bindings) -> dict[tuple[str, str], tuple[str, str]]:
    """Map (surface, chat id) to community and group."""
    return {
        (surface, group.channels[kind]): (community.id, group.id)
        for community in bindings.communities
        for group in community.groups
        for surface, kinds in HEARD_ON.items()
        for kind in kinds
        if kind in group.channels
    }


def unread_channels(file: Path, bindings: Bindings, abilities: Abilities) -> Iterator[Problem]:
    """Say which bound channels bring nothing here, so that nobody takes silence for silence."""
    for community in bindings.communities:
        for group in community.groups:
            for kind in filter(lambda each: is_unread(each, abilities), group.channels):
                yield Problem(
                    file=str(file), line=1, column=1, severity="warning",
                    path=f"communities.{community.id}.{group.id}.channels.{kind}",
                    message=_UNREAD[kind],
                )  # fmt: skip
