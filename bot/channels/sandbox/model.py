"""What the sandbox corp is made of: people, chats, robots, and the refusals of its server."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# One visible happening, as JSON-able data; Corp.tell says which fields it has.
Change = Mapping[str, Any]

ERRORS: Mapping[int, str] = {
    -1: "system busy",
    40001: "invalid credential",
    40003: "invalid userid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid corpid",
    40014: "invalid access_token",
    40033: "invalid charset",
    40050: "chatid not exist",
    40056: "invalid agentid",
    40058: "invalid parameter",
    40063: "some parameters are empty",
    41001: "access_token missing",
    42001: "access_token expired",
    44001: "empty media data",
    44004: "empty content",
    45001: "media size out of limit",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45033: "api concurrent out of limit",
    48002: "api forbidden",
    60011: "no privilege to access/modify contact/party/agent",
    60111: "userid not found",
    81013: "user & party & tag all invalid",
    82001: "all user & party & tag are empty",
    82002: "too many users",
    86001: "invalid chatid",
    86003: "chatid not exist",
    86004: "invalid chat name",
    86005: "invalid chat owner",
    86006: "chat member count out of limit",
    86008: "not a chat of this agent",
    86202: "chat name missing",
    86204: "chat members missing",
    86205: "chatid too long",
    86207: "owner not in member list",
    86215: "chatid already used",
    86216: "invalid chat member",
    93000: "invalid webhook url",
    93004: "robot disabled",
    93006: "invalid chatid",
    93008: "robot not in group",
    93019: "invalid bot_id",
    846605: "invalid req_id",
    846608: "stream expired",
    846609: "websocket not subscribed",
}


class Refused(Exception):
    """The server answers `errcode` and nothing has happened."""

    def __init__(self, errcode: int, detail: str = "") -> None:
        self.errcode = errcode
        super().__init__(": ".join(filter(None, (ERRORS.get(errcode, "refused"), detail))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the corp; `in_scope` says whether the self-built app may see and reach them."""

    userid: str
    name: str
    in_scope: bool = True
    open_userid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A group. `userlist` holds canonical user ids, the owner among them.

    bot_chatid: the id under which AI bot and robot know the group; appchat knows it by `chatid`.
    made_by_app: only then may appchat calls touch it.
    visible: people see a group made by the app only after its first message.
    aibot: the AI bot is in the group.
    hears_all: the AI bot is told every message (no WeCom has this; it stands for the archive).
    """

    chatid: str
    bot_chatid: str
    name: str
    owner: str
    userlist: tuple[str, ...]
    made_by_app: bool = False
    visible: bool = True
    aibot: bool = True
    hears_all: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerMember:
    """Somebody in a customer group: of the corp, or (`external`) a customer.

    scene: 1 put in by hand, 2 by link, 3 by QR. invitor is told only where it is of the corp.
    """

    userid: str
    name: str
    external: bool
    joined_at: int
    scene: int = 1
    invitor: str = ""
    nickname: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerGroup:
    """A customer group as it is since an instant (ms); each of its rosters has a `version`."""

    chat_id: str
    name: str
    owner: str
    since: int
    version: str
    members: tuple[CustomerMember, ...] = ()
    admins: tuple[str, ...] = ()
    dismissed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Robot:
    """A group robot, known by its webhook key. `listens`: its callback is switched on."""

    key: str
    chatid: str
    name: str
    listens: bool = False
    disabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """An uploaded file, usable for three days. `picture` is its name in `Corp.pictures`."""

    media_id: str
    kind: str
    filename: str
    size: int
    expires_at: int
    picture: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplyUrl:
    """What a single-use URL leads to; `chatid` is empty for a private conversation."""

    code: str
    chatid: str
    userid: str
    expires_at: int
