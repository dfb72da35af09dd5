"""Choosing what goes out now: pending deliveries in order, resolved, paced and marked `sending`.

All of it runs in the writer, in one transaction; the calls come after its commit.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from bot.card_ids import buttons_of, card_id
from bot.channels.wecom.attempts import Delivery
from bot.delivery import pacing
from bot.delivery.addressed import mentions, userids
from handlers.ports import Store
from handlers.posting.deliveries import UNDER_WAY, siblings_of
from handlers.posting.pictures import PICTURE
from handlers.tasks.task_cards import SETTLE
from sop.channels import CAPABILITIES
from sop.events import DeliveryFailed, ReplyRoute
from sop.model import Group, Member, Outgoing

SCANS: Final = (500, 2_000, 8_000)
"""Pending deliveries looked at in one go, oldest first; more where few of them can go out."""

DIRECT: Final[Mapping[str, str]] = {"task": "dm"}
"""What a delivery is for the channel, where that is not its own `do`."""

VOID: Final[Mapping[str, str]] = {
    "alone": "its add did not arrive",
    "wordless": "its words did not arrive",
    "retired": "its group is bound no longer",
}
"""Why a delivery is dropped without a word to anybody."""

EXPIRED: Final = "expired"
"""The error of a delivery that nobody would want any more."""

MOST_DRAWN: Final = 2
"""Pictures on their way at once: they take long, and must not keep words from going out."""

Lane = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Claim:
    """A delivery that may be attempted now."""

    outgoing: Outgoing
    delivery: Delivery


@dataclass(frozen=True, slots=True)
class Claimed:
    """What one look found: attempts to make, deliveries given up, and when to look again."""

    claims: tuple[Claim, ...] = ()
    failures: tuple[DeliveryFailed, ...] = ()
    next_at: int | None = None
    pending: int = 0


def lane_of(outgoing: Outgoing) -> Lane:
    """Order holds per community, group (or person), channel and class."""
    to = outgoing.group or str(outgoing.body.get("to", ""))
    return (outgoing.community, to, outgoing.channel, outgoing.klass)


def claim(store: Store, now: int, *, busy: Collection[Lane], room: int) -> Claimed:
    """Mark up to `room` deliveries as sending; lanes in `busy` wait for their attempt to end."""
    blocked = set(busy)
    drawn = sum(klass == PICTURE for *_, klass in busy)
    claims: list[Claim] = []
    failures: list[DeliveryFailed] = []
    times: list[int] = []
    waiting = _in_reach(store, now, busy, room)
    for each in waiting:
        outgoing = pacing.put_back(store, each, now)
        lane = lane_of(outgoing)
        if outgoing.expires_at and now > outgoing.expires_at:
            failures.append(give_up(store, outgoing, EXPIRED, now, status="dropped"))
            continue
        if lane in blocked or len(claims) >= room:
            continue
        if outgoing.klass == PICTURE and drawn >= MOST_DRAWN:
            continue
        if outgoing.not_before > now:
            blocked.add(lane)
            continue
        state = _gate(store, outgoing)
        if state in VOID:
            store.put(replace(outgoing, status="dropped", done_at=now, error=VOID[state]))
            continue
        blocked.add(lane)
        if state == "open":
            found, free = _ready(store, outgoing, now)
            times += [free] if free > now else []
            claims += [found] if found is not None else []
            drawn += outgoing.klass == PICTURE
    times += [each.not_before for each in waiting if each.not_before > now]
    times += _lapsing(store, now)
    return Claimed(tuple(claims), tuple(failures), min(times, default=None), len(waiting))


def _in_reach(store: Store, now: int, busy: Collection[Lane], room: int) -> list[Outgoing]:
    """What waits, in order: enough of it that one lane's long queue hides no other lane."""
    waiting: list[Outgoing] = []
    ready: list[Outgoing] = []
    for scan in SCANS:
        waiting = _waiting(store, now, scan)
        ready = _ready_heads(waiting, now, busy)
        if len(waiting) < scan:
            return waiting
        if len(ready) >= room:
            break
    return _in_order([*waiting, *_held_back(store, now, ready)])


def _ready_heads(waiting: Iterable[Outgoing], now: int, busy: Collection[Lane]) -> list[Outgoing]:
    first: dict[Lane, Outgoing] = {}
    for outgoing in waiting:
        first.setdefault(lane_of(outgoing), outgoing)
    return [each for lane, each in first.items() if lane not in busy and each.not_before <= now]


def _waiting(store: Store, now: int, scan: int) -> list[Outgoing]:
    pending = store.find(Outgoing, status="pending", order="not_before", limit=scan)
    lapsed = store.find(
        Outgoing, status="leased", not_before__le=now, order="not_before", limit=scan
    )
    return _in_order([*lapsed, *pending])


def _held_back(store: Store, now: int, heads: Iterable[Outgoing]) -> Sequence[Outgoing]:
    """What waits for its next attempt, out of reach, and must not be overtaken in its lane."""
    groups = tuple({each.group for each in heads})
    return store.find(
        Outgoing, status="pending", not_before__gt=now, group__in=groups, limit=SCANS[-1]
    )


def _in_order(found: Iterable[Outgoing]) -> list[Outgoing]:
    return sorted({each.key: each for each in found}.values(), key=lambda each: each.key)


def _lapsing(store: Store, now: int) -> list[int]:
    """When the next lease ends, if one is out."""
    leased = store.find(Outgoing, status="leased", not_before__gt=now, order="not_before", limit=1)
    return [each.not_before for each in leased]


def _gate(store: Store, outgoing: Outgoing) -> str:
    """A removal that belongs to a move waits until its add has arrived: open, shut or void.

    So does a picture until its words have. What was meant for a group that is bound no longer
    is void.
    """
    group = store.get(Group, outgoing.community, outgoing.group)
    if group is not None and group.retired:
        return "retired"
    if "words" in outgoing.body:
        words = store.get(Outgoing, outgoing.community, outgoing.body["words"])
        status = words.status if words is not None else ""
        return {"sent": "open", **dict.fromkeys(UNDER_WAY, "shut")}.get(status, "wordless")
    if not outgoing.body.get("after_add"):
        return "open"
    siblings = siblings_of(store, outgoing, "add")
    mine = [each for each in siblings if each.body.get("member") == outgoing.body.get("member")]
    if all(each.status == "sent" for each in mine):
        return "open"
    # Whether a lost one arrived is a person's to find out; nobody is removed on a guess.
    lost = any(each.status in ("failed", "dropped", "unknown") for each in mine)
    return "alone" if lost else "shut"


def _ready(store: Store, outgoing: Outgoing, now: int) -> tuple[Claim | None, int]:
    delivery = resolve(store, outgoing)
    wanted = pacing.charges(delivery, _size(store, outgoing))
    free = pacing.free_at(store, wanted, now)
    if free > now:
        store.put(replace(outgoing, not_before=free, status="pending"))
        return None, free
    pacing.spend(store, wanted, now)
    sending = replace(outgoing, status="sending", attempts=outgoing.attempts + 1, attempted_at=now)
    store.put(sending)
    return Claim(sending, delivery), now


def _size(store: Store, outgoing: Outgoing) -> int:
    if outgoing.channel != "appchat":
        return 1
    where = {"community": outgoing.community, "group": outgoing.group, "left_at": 0}
    return max(1, store.count(Member, **where))


def resolve(store: Store, outgoing: Outgoing) -> Delivery:
    """Fill in platform ids: people are looked up when it goes out, not when it was decided."""
    body, buttons = outgoing.body, buttons_of(outgoing)
    channel, do, chat = _way(outgoing)
    group = store.get(Group, outgoing.community, outgoing.group)
    member = userids(store, outgoing.community, str(body.get("member", "")))
    to = userids(store, outgoing.community, str(body.get("to", "")))
    return Delivery(
        do=do, channel=channel, chat_id=chat, to_userids=_concerned(do, channel, member, to),
        text=str(body.get("text", "")), mentions=mentions(store, outgoing),
        route=ReplyRoute(**outgoing.route) if outgoing.route else ReplyRoute(),
        duplicate_check=bool(body.get("duplicate_check")), image=str(body.get("image", "")),
        file=str(body.get("file", "")), picture=body.get("picture", {}), buttons=buttons,
        card=card_id(outgoing) if buttons else "", code=_code(store, outgoing),
        apart=bool(body.get("apart")), wish=body.get("wish", {}),
        name=group.title if group else "", owner=_owner(do, group, member),
        beside=_beside(store, outgoing, channel), repeated=outgoing.attempts > 0,
        heard_at=outgoing.created_at, waited=int(body.get("waited", 0)),
    )  # fmt: skip


def _code(store: Store, outgoing: Outgoing) -> str:
    """Return what lets a card change, which its own delivery was given."""
    settles = outgoing.do == SETTLE
    sent = store.get(Outgoing, outgoing.community, outgoing.body["words"]) if settles else None
    return str(sent.body.get("code", "")) if sent is not None else ""


def _owner(do: str, group: Group | None, member: tuple[str, ...]) -> str:
    """The owner of a group to make, or who follows an owner that goes; nobody else takes over."""
    if group is None or do not in ("create", "remove"):
        return ""
    if do == "create":
        return group.owner
    gone = {each.casefold() for each in member}
    if group.owner.casefold() not in gone:
        return ""
    return next((each for each in group.staff if each.casefold() not in gone), "")


def _beside(store: Store, outgoing: Outgoing, channel: str) -> tuple[str, ...]:
    """The chats in which a removed member must be found, as far as they can be asked."""
    named = (
        store.get(Group, outgoing.community, each) for each in outgoing.body.get("beside", ())
    )
    chats = (each.channels.get(channel, "") for each in named if each is not None)
    return tuple(filter(None, chats)) if channel == "appchat" else ()


def _concerned(
    do: str, channel: str, member: tuple[str, ...], to: tuple[str, ...]
) -> tuple[str, ...]:
    if do in ("add", "remove"):
        return member
    # On the robot's channel the list would hide the answer from the rest of the group.
    return to if channel in ("app", "link") or do == "create" else ()


def _way(outgoing: Outgoing) -> tuple[str, str, str]:
    """The channel for this attempt: an answer's own route first, then the group's channel."""
    route: Mapping[str, Any] = outgoing.route
    do = DIRECT.get(outgoing.do, outgoing.do)
    chat = outgoing.chat
    if outgoing.klass == "reply" and not (outgoing.body.get("rerouted") or _calls(outgoing)):
        for field, channel in (("req_id", "link"), ("response_url", "aibot")):
            if route.get(field):
                return channel, "reply", chat
        if route.get("webhook_url") and outgoing.channel == "robot":
            return "robot", "reply", chat
    if do == "reply":
        do = "post" if outgoing.group else "dm"
    return outgoing.channel, do, chat


def _calls(outgoing: Outgoing) -> bool:
    """Whether people are to be called, which no answer's own route can, by a channel that can."""
    able = "mention" in CAPABILITIES.get(outgoing.channel, ())
    return able and bool(outgoing.body.get("mention"))


def give_up(
    store: Store, outgoing: Outgoing, error: str, now: int, *, status: str
) -> DeliveryFailed:
    """Record that a delivery will not be tried again, and return the event that says so."""
    ended = replace(outgoing, status=status, done_at=now, error=error[:500])
    store.put(ended)
    return failure(ended)


def failure(ended: Outgoing) -> DeliveryFailed:
    """Return the event that says that a delivery was given up; always the same one."""
    return DeliveryFailed(
        key=f"failed:{ended.community}:{ended.id}",
        community=ended.community,
        group=ended.group,
        at=ended.done_at,
        action=ended.id,
        error=ended.error,
        unknown=ended.status == "unknown",
    )
