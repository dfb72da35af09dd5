"""Sending one delivery by the right call: the table (channel, do) -> function, and its limits.

It neither paces nor repeats nor chooses a channel; it says what became of one attempt.
"""

import base64
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import PurePath
from typing import Literal, NoReturn

from bot.channels.wecom import errors
from bot.channels.wecom.api import Json, Roster, WeComApi
from bot.channels.wecom.link import AiBotLink
from handlers.posting.deliveries import NOT_BESIDE
from sop.events import ReplyRoute
from sop.times.durations import DAY_MS

# Bytes of text in one message: text 2048, the AI bot's markdown 20,480.
TEXT_LIMITS = dict.fromkeys(("appchat", "app", "webhook", "robot"), 2048)
TEXT_LIMITS |= dict.fromkeys(("aibot", "link"), 20_480)
# Their effect is the same however often they are made, so a lost answer is simply asked again.
_REPEATABLE = frozenset({"appchat/create", "appchat/update"})
_SINGLE, _GROUP = 1, 2
_ELLIPSIS = "\u2026"
_MAX_PICTURE = 2 << 20  # bytes, in a webhook message
_PICTURE = "picture.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt at one wish, in the platform's ids.

    chat_id: the group on that channel (webhook: the robot's key or whole URL).
    to_userids: whom a dm, add or remove concerns; a new group's members; on channel robot, who
        alone may see the message.
    mentions: userids or `@all`; the AI bot's channels document no mention and leave them out.
    image, file: names that `Ways.load` knows. picture: what `Ways.draw` makes a picture of.
    wish: what is to be reckoned here, and sent nowhere.
    name, owner: a new group's; with remove, `owner` is who follows the owner that goes.
    beside: a removal from the chat is made only while the member is in one of these, too.
    repeated: an earlier attempt may have had its effect.
    heard_at: when the message that this answers was heard (ms UTC; 0: not known, but lately).
    waited: how many full windows (45009) this delivery has waited for already.
    """

    do: str
    channel: str
    chat_id: str = ""
    to_userids: tuple[str, ...] = ()
    text: str = ""
    mentions: tuple[str, ...] = ()
    route: ReplyRoute = field(default_factory=ReplyRoute)
    duplicate_check: bool = False
    image: str = ""
    file: str = ""
    picture: Json = field(default_factory=dict)
    wish: Json = field(default_factory=dict)
    name: str = ""
    owner: str = ""
    beside: tuple[str, ...] = ()
    repeated: bool = False
    heard_at: int = 0
    waited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an attempt.

    sent: done; answer is a `Roster` (fetch_roster, create), a `Sent` (channel app), the ids left
        out (add, remove), else None.
    wait: nothing happened; try again after `wait_ms` (0: your own backoff and jitter).
    failed: refused for good; `alarm` where a person must change a setting.
    unknown: it may have been seen, whole or in part; `error` says what to look for.
    """

    status: Literal["sent", "failed", "unknown", "wait"]
    error: str = ""
    wait_ms: int = 0
    answer: object = None
    alarm: bool = False


async def _undrawn(picture: Json) -> bytes:
    raise OSError(f"nothing here draws {picture}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What deliveries travel by.

    `load` gives the bytes of an image or file, `draw` those of a picture; or OSError.
    """

    api: WeComApi
    agent_id: int
    load: Callable[[str], Awaitable[bytes]]
    now: Callable[[], int]
    link: AiBotLink | None = None
    draw: Callable[[Json], Awaitable[bytes]] = _undrawn


async def deliver(delivery: Delivery, ways: Ways) -> Result:
    """Make one attempt; every failure of WeCom or of the network is in the result."""
    act = TABLE.get((delivery.channel, delivery.do))
    if act is None:
        return Result(status="failed", error=f"{delivery.channel} cannot {delivery.do}")
    try:
        return Result(status="sent", answer=await act(delivery, ways))
    except errors.Retryable as error:
        full = error.fate is errors.Fate.WAIT_WINDOW
        pause = errors.window_ms(delivery.waited) if full else error.wait_ms
        return Result(status="wait", error=str(error), wait_ms=pause)
    except errors.Unknown as error:
        return Result(status="wait" if error.api in _REPEATABLE else "unknown", error=str(error))
    except errors.WeComError as error:
        alarm = error.fate is errors.Fate.ALARM_CONFIG
        return Result(status="failed", error=str(error), alarm=alarm)


def messages(delivery: Delivery) -> int:
    """Return how many messages the delivery goes out as, which is what windows count."""
    extra = (delivery.image, delivery.file, delivery.picture)
    return len(_pieces(delivery)) + sum(map(bool, extra))


def split_utf8(text: str, limit: int) -> tuple[str, ...]:
    """Cut `text` into pieces of at most `limit` (>= 4) UTF-8 bytes, between characters.

    A line end in the second half of a piece is the better place. Nothing is lost, except that
    lone surrogates become `?`; an empty text has no pieces.
    """
    raw, start, pieces = text.encode("utf-8", "replace"), 0, []
    while start < len(raw):
        end = _border(raw, start, start + limit)
        pieces.append(raw[start:end].decode())
        start = end
    return tuple(pieces)


def _border(raw: bytes, start: int, end: int) -> int:
    if end >= len(raw):
        return len(raw)
    while raw[end] & 0xC0 == 0x80:  # noqa: PLR2004 - UTF-8's mark of a continuing byte
        end -= 1
    line_end = raw.rfind(b"\n", (start + end) // 2, end)
    return end if line_end < 0 else line_end + 1


def _pieces(delivery: Delivery) -> list[str]:
    limit = TEXT_LIMITS[delivery.channel]
    pieces = [piece for piece in split_utf8(delivery.text, limit) if piece.strip()]
    if delivery.channel == "aibot" and len(pieces) > 1:  # its response_url works once
        return [split_utf8(delivery.text, limit - len(_ELLIPSIS.encode()))[0] + _ELLIPSIS]
    return pieces


def _refuse(delivery: Delivery, why: str) -> NoReturn:
    raise errors.Permanent(f"{delivery.channel}/{delivery.do}", why)


def _texts(delivery: Delivery) -> list[Json]:
    pieces = _pieces(delivery)
    if delivery.channel in ("aibot", "link"):
        return [{"msgtype": "markdown", "markdown": {"content": piece}} for piece in pieces]
    found: list[Json] = [{"msgtype": "text", "text": {"content": piece}} for piece in pieces]
    if found and delivery.mentions:
        mentioned = {"content": pieces[0], "mentioned_list": list(delivery.mentions)}
        found[0] = {"msgtype": "text", "text": mentioned}
    return found


async def _media(delivery: Delivery, ways: Ways) -> list[Json]:
    found: list[Json] = []
    wanted: list[tuple[str, str, Callable[[], Awaitable[bytes]]]] = [
        (kind, name, partial(ways.load, name))
        for kind, name in (("image", delivery.image), ("file", delivery.file))
        if name
    ]
    if delivery.picture:
        wanted.append(("image", _PICTURE, partial(ways.draw, delivery.picture)))
    for kind, name, load in wanted:
        try:
            carried = await _carried(delivery, ways, kind, name, load)
        except OSError as problem:
            _refuse(delivery, f"cannot read {name} ({type(problem).__name__})")
        found.append({"msgtype": kind, kind: carried})
    return found


async def _carried(
    delivery: Delivery, ways: Ways, kind: str, name: str, load: Callable[[], Awaitable[bytes]]
) -> Json:
    if delivery.channel in ("appchat", "app"):
        data = await load()
        return {"media_id": await ways.api.media_upload(kind, PurePath(name).name, data)}
    if delivery.channel not in ("webhook", "robot") or kind != "image":
        _refuse(delivery, f"this channel carries no {kind}")
    data = await load()
    if len(data) > _MAX_PICTURE:
        _refuse(delivery, f"{name} is larger than 2 MB")
    digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
    return {"base64": base64.b64encode(data).decode(), "md5": digest}


Send = Callable[[Json], Awaitable[object]]
Way = Callable[[Delivery, Ways], Send]


async def _post(way: Way, delivery: Delivery, ways: Ways) -> object:
    """Send every message, in order; uploads come first, so that a failing one leaves no half."""
    send = way(delivery, ways)
    ready = _texts(delivery) + await _media(delivery, ways)
    if not ready:
        _refuse(delivery, "nothing to send")
    answer = None
    for done, message in enumerate(ready):
        try:
            answer = await send(message)
        except errors.Retryable as error:
            if not done:
                raise
            # A repeat would show the first messages twice.
            text = f"only {done} of {len(ready)} messages went out: {error}"
            raise errors.Unknown(error.api, text, errcode=error.errcode) from error
    return answer


def _to_people(delivery: Delivery, ways: Ways) -> Send:
    send, check = ways.api.message_send, delivery.duplicate_check
    return partial(send, ways.agent_id, delivery.to_userids, duplicate_check=check)


def _to_robot(delivery: Delivery, ways: Ways) -> Send:
    address, users = delivery.route.webhook_url, delivery.to_userids
    if not address or not delivery.chat_id:
        _refuse(delivery, "without its chatid a robot would speak in every group it is in")
    where = {"chatid": delivery.chat_id} | ({"visible_to_user": "|".join(users)} if users else {})
    return lambda message: ways.api.webhook_send(address, {**message, **where})


def _to_conversation(delivery: Delivery, ways: Ways) -> Send:
    group = delivery.chat_id if delivery.do != "dm" else ""
    if not ways.link or not (group or len(delivery.to_userids) == 1):
        _refuse(delivery, "no link, or not one conversation")
    if group:
        return partial(ways.link.send, group, _GROUP)
    return partial(ways.link.send, delivery.to_userids[0], _SINGLE)


def _to_request(delivery: Delivery, ways: Ways) -> Send:
    """Answer by req_id while it lives; else, or if its stream is over, speak by ourselves."""
    link, req_id, heard = ways.link, delivery.route.req_id, delivery.heard_at
    if not link or not req_id or (heard and ways.now() - heard >= DAY_MS):
        return _to_conversation(delivery, ways)

    async def answer(message: Json) -> object:
        try:
            return await link.respond(req_id, message)
        except errors.Permanent as refused:
            if refused.fate is not errors.Fate.SEND_NEW:
                raise
        return await _to_conversation(delivery, ways)(message)

    return answer


def _to_appchat(delivery: Delivery, ways: Ways) -> Send:
    return partial(ways.api.appchat_send, delivery.chat_id)


async def _create(delivery: Delivery, ways: Ways) -> Roster:
    """Make the group and post at once: until its first message no client shows it."""
    chat_id, owner, members = delivery.chat_id, delivery.owner, delivery.to_userids
    made = Roster(owner=owner, members=members)
    try:
        await ways.api.appchat_create(chat_id, delivery.name, owner, members)
    except errors.Permanent as refused:
        if refused.fate is not errors.Fate.CHECK_CREATED:
            raise
        # Perhaps the answer to an earlier attempt was lost: the same owner's group is that one.
        made = await ways.api.appchat_get(chat_id)
        if made.owner.lower() != owner.lower():
            raise
    if messages(delivery):
        await _post(_to_appchat, delivery, ways)
    return made


async def _add(delivery: Delivery, ways: Ways) -> tuple[str, ...]:
    users = delivery.to_userids
    if delivery.repeated:
        inside = await _inside(delivery.chat_id, ways)
        users = tuple(each for each in users if each.casefold() not in inside)
        if not users:
            return ()
    unfit = await ways.api.appchat_update(delivery.chat_id, add=users)
    if set(unfit) == set(users) and not await _are(users, delivery.chat_id, ways, inside=True):
        _refuse(delivery, "nobody could be added")
    return unfit


async def _remove(delivery: Delivery, ways: Ways) -> tuple[str, ...]:
    """Take people out, but nobody who would then be in none of the groups they move between.

    WeCom's own list is asked each time: between two attempts people come and go by themselves.
    """
    users, owner = delivery.to_userids, delivery.owner
    if delivery.repeated:
        inside = await _inside(delivery.chat_id, ways)
        users = tuple(each for each in users if each.casefold() in inside)
        if not users:
            return ()
    if delivery.beside:
        others = [await _inside(chat, ways) for chat in delivery.beside]
        if not all(any(each.casefold() in inside for inside in others) for each in users):
            _refuse(delivery, NOT_BESIDE)
    unfit = await ways.api.appchat_update(delivery.chat_id, remove=users, owner=owner)
    if unfit and not await _are(unfit, delivery.chat_id, ways, inside=False):
        _refuse(delivery, "somebody could not be removed")
    return unfit


async def _are(users: tuple[str, ...], chat: str, ways: Ways, *, inside: bool) -> bool:
    """Tell whether unfit ids are where they were meant to be: WeCom gives no reason."""
    found = await _inside(chat, ways)
    return all((each.casefold() in found) == inside for each in users)


async def _inside(chat: str, ways: Ways) -> frozenset[str]:
    roster = await ways.api.appchat_get(chat)
    return frozenset(each.casefold() for each in roster.members)


async def _roster(delivery: Delivery, ways: Ways) -> Roster:
    return await ways.api.appchat_get(delivery.chat_id)


_POSTS: Mapping[tuple[str, str], Way] = {
    ("appchat", "post"): _to_appchat,
    ("appchat", "reply"): _to_appchat,
    ("app", "dm"): _to_people,
    ("app", "reply"): _to_people,
    ("webhook", "post"): lambda what, ways: partial(ways.api.webhook_send, what.chat_id),
    ("webhook", "reply"): lambda what, ways: partial(ways.api.webhook_send, what.chat_id),
    ("robot", "post"): _to_robot,
    ("robot", "reply"): _to_robot,
    ("aibot", "reply"): lambda what, ways: partial(ways.api.respond, what.route.response_url),
    ("link", "post"): _to_conversation,
    ("link", "dm"): _to_conversation,
    ("link", "reply"): _to_request,
}
TABLE: Mapping[tuple[str, str], Callable[[Delivery, Ways], Awaitable[object]]] = {
    ("appchat", "create"): _create,
    ("appchat", "add"): _add,
    ("appchat", "remove"): _remove,
    ("appchat", "fetch_roster"): _roster,
    **{key: partial(_post, way) for key, way in _POSTS.items()},
}
