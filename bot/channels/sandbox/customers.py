"""Customer groups: what the server tells of them, and what people do in them in their clients.

Shapes and rules: wecom-protocol.md 2.2 (change_external_chat) and 4.1 (groupchat/get).
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from bot.channels.sandbox import payloads
from bot.channels.sandbox.callbacks import Caller
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import CustomerGroup, CustomerMember, Refused
from bot.channels.sandbox.people import Impossible

DIRECT, LINK, QR = 1, 2, 3
"""How somebody came, as the roster says it."""

_JOIN_SCENES: Final = {DIRECT: "0", LINK: "0", QR: "3"}
"""How somebody came, as the event says it."""

Body = Mapping[str, Any]


def get(corp: Corp, body: Body) -> dict[str, Any]:
    """`externalcontact/groupchat/get`: a group as it was `settles_ms` ago."""
    if not corp.customer_contact:
        raise Refused(48002)
    chat_id = body.get("chat_id")
    if not isinstance(chat_id, str) or not chat_id:
        raise Refused(40063, "chat_id")
    history = corp.customer_groups.get(chat_id)
    if not history:
        raise Refused(40050)
    settled = [each for each in history if each.since <= corp.now() - corp.settles_ms]
    group = settled[-1] if settled else history[0]
    if group.dismissed:
        raise Refused(40050)
    named = body.get("need_name") == 1
    return {"group_chat": {
        "chat_id": chat_id,
        "name": group.name,
        "owner": group.owner,
        "create_time": history[0].since // 1000,
        "member_list": [_shown(corp, each, named=named) for each in group.members],
        "admin_list": [{"userid": each} for each in group.admins],
        "member_version": group.version,
    }}  # fmt: skip


def _shown(corp: Corp, member: CustomerMember, *, named: bool) -> dict[str, Any]:
    internal = corp.person(member.invitor)
    return {
        "userid": member.userid,
        "type": 2 if member.external else 1,
        "join_time": member.joined_at // 1000,
        "join_scene": member.scene,
        "group_nickname": member.nickname,
        **({"invitor": {"userid": internal.userid}} if internal else {}),
        **({"name": member.name} if named else {}),
    }


class Customers:
    """The people of a sandbox corp's customer groups. Every method returns when the bot was told.

    held: while this is a list, what the bot should be told is kept there instead: to be lost,
        or delivered late by `deliver`.
    """

    def __init__(self, corp: Corp, caller: Caller) -> None:
        self._corp = corp
        self._caller = caller
        self.held: list[str] | None = None

    async def open(self, chat_id: str, owner: str, *userids: str, name: str = "") -> None:
        """Make a group: its owner is of the corp, the others are put in at once."""
        if chat_id in self._corp.customer_groups or self._corp.person(owner) is None:
            raise Impossible(f"{owner} cannot open {chat_id}")
        made = CustomerGroup(
            chat_id=chat_id, name=name, owner=owner, since=self._corp.now(), version=_version(),
            members=tuple(self._member(each) for each in (owner, *userids)),
        )  # fmt: skip
        self._corp.customer_groups[chat_id] = [made]
        await self._tell(made, "create")

    async def join(
        self, chat_id: str, *userids: str, scene: int = QR, by: str = "", nickname: str = ""
    ) -> None:
        """Come in together, brought `by` somebody or by themselves."""
        group = self._group(chat_id)
        if {*userids} & {each.userid for each in group.members}:
            raise Impossible(f"somebody of {userids} is already in {chat_id}")
        came = [
            replace(self._member(each), scene=scene, invitor=by, nickname=nickname)
            for each in userids
        ]
        await self._change(
            group, "add_member", userids, members=(*group.members, *came),
            JoinScene=_JOIN_SCENES[scene],
        )  # fmt: skip

    async def leave(self, chat_id: str, *userids: str, removed: bool = False) -> None:
        """Go, or be taken out, together; an owner hands over first."""
        group = self._group(chat_id)
        inside = {each.userid for each in group.members}
        if group.owner in userids or not {*userids} <= inside:
            raise Impossible(f"{userids} cannot leave {chat_id}")
        stay = tuple(each for each in group.members if each.userid not in userids)
        scene = "1" if removed else "0"
        await self._change(group, "del_member", userids, members=stay, QuitScene=scene)

    async def hand_over(self, chat_id: str, owner: str) -> None:
        """Make another member the owner; the list of members, and its version, stay."""
        await self._change(self._group(chat_id), "change_owner", owner=owner)

    async def rename(self, chat_id: str, name: str) -> None:
        """Give the group another name."""
        await self._change(self._group(chat_id), "change_name", name=name)

    async def dismiss(self, chat_id: str) -> None:
        """End the group: the server knows it no longer."""
        gone = replace(self._group(chat_id), dismissed=True, since=self._corp.now())
        self._corp.customer_groups[chat_id].append(gone)
        await self._tell(gone, "dismiss")

    async def deliver(self, plain: str) -> None:
        """Tell the bot one of the things that were `held`."""
        await self._caller.call("app", plain)

    def _group(self, chat_id: str) -> CustomerGroup:
        history = self._corp.customer_groups.get(chat_id)
        if not history or history[-1].dismissed:
            raise Impossible(f"there is no customer group {chat_id}")
        return history[-1]

    def _member(self, userid: str) -> CustomerMember:
        person, customer = self._corp.person(userid), self._corp.customers.get(userid)
        if person is None and customer is None:
            raise Impossible(f"nobody is called {userid}")
        return CustomerMember(
            userid=userid,
            name=person.name if person else customer or "",
            external=person is None,
            joined_at=self._corp.now(),
        )

    async def _change(
        self,
        group: CustomerGroup,
        detail: str,
        userids: Sequence[str] = (),
        *,
        members: tuple[CustomerMember, ...] | None = None,
        owner: str = "",
        name: str = "",
        **scene: str,
    ) -> None:
        changed = replace(
            group,
            members=group.members if members is None else members,
            version=group.version if members is None else _version(),
            owner=owner or group.owner,
            name=name or group.name,
            since=self._corp.now(),
        )
        self._corp.customer_groups[group.chat_id].append(changed)
        told = {"UpdateDetail": detail, **scene}
        if members is not None:
            told |= {
                "MemChangeCnt": str(len(userids)), "MemChangeList": ",".join(userids),
                "LastMemVer": group.version, "CurMemVer": changed.version,
            }  # fmt: skip
        await self._tell(changed, "update", **told)

    async def _tell(self, group: CustomerGroup, kind: str, **fields: str) -> None:
        text = fields.get("UpdateDetail", kind)
        self._corp.tell("customer_group", group.chat_id, text=text, channel="customer")
        plain = payloads.customer_change(self._corp, group.chat_id, kind, **fields)
        if self.held is not None:
            self.held.append(plain)
            return
        await self.deliver(plain)


def _version() -> str:
    """Give a mark that tells nothing, least of all an order."""
    return secrets.token_hex(16)
