"""The sandbox corp: its people, groups and robots, and all that visibly happened. No HTTP here."""

import hashlib
import secrets
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Literal

from bot.channels.sandbox.cards import Cards
from bot.channels.sandbox.failures import Failure, Failures
from bot.channels.sandbox.identity import SandboxIdentity
from bot.channels.sandbox.limits import Windows
from bot.channels.sandbox.model import Change, Chat, CustomerGroup, Media, Person, ReplyUrl, Robot
from bot.channels.sandbox.tokens import Tokens

# A playground may stay open for days; older changes and pictures are of no use on its page.
KEPT_CHANGES = 20_000
KEPT_PICTURES = 32 << 20  # bytes


def bot_chatid_of(chatid: str) -> str:
    """Give the id AI bot and robots have for a group: never the appchat id."""
    return "wrk" + hashlib.sha256(chatid.encode()).hexdigest()[:14]


class Corp:
    """One corp's state: change it with the methods, watch it with `subscribe`.

    `now` gives milliseconds UTC and rules every limit and life time here; `identity` holds the
    constants a bot needs. Groups are changed by the server's calls, by `people.People`, or (as
    an administrator would) by `change_chat`.

    api_base: origin of the HTTP server, known once it runs; response URLs and webhooks use it.
    aibot_mode: `url` or `link`; the two exclude each other. The first good subscribe of the
        long connection switches to `link`, as an administrator would in the console.
    scope_is_root: whether the app's visible scope is the root department (else appchat: 60011).
    encrypt_userids: callbacks of the AI bot then carry open ids instead of user ids.
    customer_contact: whether the app may be used for customer groups (else 48002).
    settles_ms: how much later than a change of a customer group its roster shows it.
    """

    def __init__(self, now: Callable[[], int], identity: SandboxIdentity | None = None) -> None:
        self.now = now
        self.identity = identity or SandboxIdentity()
        self.api_base = ""
        self.aibot_mode: Literal["url", "link"] = "url"
        self.scope_is_root = True
        self.encrypt_userids = False
        self.customer_contact = True
        self.settles_ms = 0

        self.people: dict[str, Person] = {}
        self.chats: dict[str, Chat] = {}
        # Names of people outside of the corp; all that each customer group has been, oldest first.
        self.customers: dict[str, str] = {}
        self.customer_groups: dict[str, list[CustomerGroup]] = {}
        self.robots: dict[str, Robot] = {}
        self.media: dict[str, Media] = {}
        self.pictures: dict[str, bytes] = {}
        self.reply_urls: dict[str, ReplyUrl] = {}
        self.chat_info_codes: dict[str, ReplyUrl] = {}
        # Private messages by msgid (when, to whom), and when a content last went to a member.
        self.sent: dict[str, tuple[int, tuple[str, ...]]] = {}
        self.last_sent: dict[tuple[str, str], int] = {}
        # Conversations in which somebody has spoken to the AI bot: the id the bot may send to
        # (a bot_chatid, a userid, an open id) and the userid behind it (empty for a group).
        self.spoken: dict[str, str] = {}

        self.cards = Cards()
        self.tokens = Tokens(now)
        self.windows = Windows(now)
        self.failures = Failures()
        self.transcript: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self._watchers: list[Callable[[Change], None]] = []
        self._told = 0

    def add_person(self, userid: str, name: str = "", *, in_scope: bool = True) -> Person:
        """Add a member of the corp; WeCom's user ids ignore case, so must differ in more."""
        if self.person(userid):
            raise ValueError(f"{userid} is already in the corp")
        open_id = "wo" + hashlib.sha256(userid.encode()).hexdigest()[:30]
        person = Person(userid=userid, name=name or userid, in_scope=in_scope, open_userid=open_id)
        self.people[userid.lower()] = person
        return person

    def person(self, userid: str) -> Person | None:
        """Who has this user id, in whatever case."""
        return self.people.get(userid.lower())

    def person_behind(self, told: str) -> str:
        """Give the userid behind an id the AI bot is told, plain or encrypted; or nothing."""
        ids = ((p.userid, p.open_userid) for p in self.people.values())
        return next((plain for plain, coded in ids if told in (plain, coded)), "")

    def add_chat(self, chat: Chat) -> Chat:
        """Add a group. An empty `bot_chatid` is filled in; members must be in the corp."""
        if chat.chatid in self.chats:
            raise ValueError(f"{chat.chatid} is already a group")
        if chat.owner not in chat.userlist or not all(map(self.person, chat.userlist)):
            raise ValueError(f"{chat.chatid}: the owner and all members must be in the corp")
        made = replace(chat, bot_chatid=chat.bot_chatid or bot_chatid_of(chat.chatid))
        self.chats[made.chatid] = made
        return made

    def change_chat(self, chatid: str, **changes: Any) -> Chat:
        """Set fields of a group (`hears_all`, `aibot`, ...) without anybody being told."""
        self.chats[chatid] = replace(self.chats[chatid], **changes)
        return self.chats[chatid]

    def chat_of_bot(self, bot_chatid: str) -> Chat | None:
        """Give the group AI bot or robot know under this id, which is case-sensitive."""
        return next((c for c in self.chats.values() if c.bot_chatid == bot_chatid), None)

    def add_robot(self, chatid: str, name: str, *, key: str = "", listens: bool = False) -> Robot:
        """Add a group robot to `chatid`; its webhook URL is `webhook_url(key)`."""
        made = Robot(key=key or secrets.token_hex(16), chatid=chatid, name=name, listens=listens)
        self.robots[made.key] = made
        return made

    def robot_in(self, chatid: str) -> Robot | None:
        """Give the robot of this group that hears, if there is one."""
        return next((r for r in self.robots.values() if r.chatid == chatid and r.listens), None)

    def keep_picture(self, data: bytes) -> str:
        """Keep a picture's bytes among the newest; gives its name in `pictures`."""
        name = secrets.token_hex(16)
        self.pictures[name] = data
        while sum(map(len, self.pictures.values())) > KEPT_PICTURES:
            del self.pictures[next(iter(self.pictures))]
        return name

    def disable_robot(self, key: str) -> None:
        """Its webhook answers 93004 from now on."""
        self.robots[key] = replace(self.robots[key], disabled=True)

    def remove_robot(self, key: str) -> None:
        """Its webhook answers 93000 from now on."""
        del self.robots[key]

    def webhook_url(self, key: str) -> str:
        """Where to post as the robot with this key."""
        return f"{self.api_base}/cgi-bin/webhook/send?key={key}"

    def expire_token(self, errcode: int = 42001) -> None:
        """End the access token before its time; the old one is answered `errcode`."""
        self.tokens.expire(errcode)

    def fail_next(
        self,
        api: str,
        *,
        errcode: int = 0,
        status: int = 0,
        hang: float = 0.0,
        drop: bool = False,
        times: int = 1,
    ) -> None:
        """Let the next `times` calls of `api` fail: see `failures.Failure`; `hang` in seconds."""
        failure = Failure(errcode=errcode, status=status, hang_s=hang, drop=drop)
        self.failures.order(api, failure, times)

    def subscribe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Have `callback` told every change as it happens; the result ends that."""
        self._watchers.append(callback)
        return lambda: self._watchers.remove(callback)

    def tell(self, kind: str, chat: str = "", **fields: Any) -> None:
        """Record a visible change and tell it to all subscribers.

        Every change has: seq, kind, at (ms), chat (chatid, empty in private), from (a userid,
        or `bot`), to (list of userids that see it), text, mentions (list), channel
        (appchat|app|webhook|aibot|robot|customer). `sender` becomes `from`. post, dm, swallowed
        and dropped dms also have msgtype, and picture (a name in `pictures`) where they show one;
        said has quote (text). post, dm and passive have card (task_id, buttons, options) where
        there is something to press. Kinds:

        said: a person spoke. post: the bot spoke in a group. dm: the bot spoke to one person.
        passive: the bot spoke in the answer to a callback. created, join, leave, removed,
        renamed, owner: what happened to a group (`to` = whom). pressed: a person pressed `text` on
        a card. card: `card` looks like this to `to` from now on. dropped: WeCom silently withheld
        a message from `to`. swallowed: held for a duplicate. recalled: a dm was taken back.
        unheard: a callback was given up (`status` = the last answer, 0 for none).
        bad_reply: a passive reply WeCom would not show (`text` = why). link: the long
        connection changed (`text` = up|down|taken over). customer_group: one of them changed
        (`text` = how, in WeCom's words).
        """
        self._told += 1
        change = {"seq": self._told, "kind": kind, "at": self.now(), "chat": chat}
        blank = {"from": "", "to": [], "text": "", "mentions": [], "channel": ""}
        sender = fields.pop("sender", "")
        change |= blank | {k: _plain(v) for k, v in fields.items()} | {"from": sender}
        self.transcript.append(change)
        for watcher in tuple(self._watchers):
            watcher(change)


def _plain(value: Any) -> Any:
    listed = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    return list(value) if listed else value
