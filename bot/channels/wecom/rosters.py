"""Rosters as WeCom's answers have them: the ids alone of an appchat, much more of customer groups.

Shapes: wecom-protocol.md 3 (appchat/get) and 4.1 (externalcontact/groupchat/get).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from bot.channels.wecom import errors
from bot.channels.wecom.reading import at, id_at, instant_at, items, text_at
from sop.events import Arrival

_SCENES: Final = {"1": "direct", "2": "link", "3": "qr"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who is in a group now, by userid; `members` holds the owner too.

    The rest is told of customer groups alone: `staff` are the administrators, `names` how
    members are called there, `arrivals` how they came, `version` is the mark of this very list.
    """

    owner: str
    members: tuple[str, ...]
    staff: tuple[str, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)
    arrivals: Mapping[str, Arrival] = field(default_factory=dict)
    version: str = ""


def of_appchat(answer: Mapping[str, Any]) -> Roster:
    """Read what `appchat/get` answers; Retryable where it holds no members."""
    info = answer.get("chat_info")
    if not isinstance(info, dict) or not isinstance(info.get("userlist"), list):
        raise errors.Retryable("appchat/get", "the answer holds no members")
    return Roster(owner=str(info.get("owner")), members=tuple(map(str, info["userlist"])))


def of_customer_group(answer: Mapping[str, Any]) -> Roster:
    """Read what `externalcontact/groupchat/get` answers; Retryable where it holds no members."""
    group = answer.get("group_chat")
    listed = at(group, ("member_list",))
    if not isinstance(listed, list) or not listed:
        raise errors.Retryable("externalcontact/groupchat/get", "the answer holds no members")
    found = {userid: each for each in listed if (userid := id_at(each, ("userid",)))}
    admins = (id_at(each, ("userid",)) for each in items(at(group, ("admin_list",))))
    return Roster(
        owner=id_at(group, ("owner",)),
        members=tuple(found),
        staff=tuple(filter(None, admins)),
        names={userid: _name(each) for userid, each in found.items()},
        arrivals={userid: _arrival(each) for userid, each in found.items()},
        version=id_at(group, ("member_version",)),
    )


def _name(member: object) -> str:
    """How they call themselves in the group, or everywhere."""
    return text_at(member, ("group_nickname",)).strip() or text_at(member, ("name",)).strip()


def _arrival(member: object) -> Arrival:
    """How they came; WeCom names only inviters who belong to the corp."""
    return Arrival(
        at=instant_at(member, ("join_time",)) or 0,
        by=id_at(member, ("invitor", "userid")),
        scene=_SCENES.get(text_at(member, ("join_scene",)), ""),
    )
