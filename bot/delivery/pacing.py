"""Pacing: sliding windows over attempts, in the database so that a restart forgets nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.wecom.attempts import Delivery
from bot.channels.wecom.limits import CHANNEL_LIMITS, Window
from bot.channels.wecom.messages import messages
from handlers.ports import Store
from sop.model import Attempt, Outgoing


@dataclass(frozen=True, slots=True)
class Charge:
    """What one delivery counts for in one window."""

    window: str
    limit: int
    per_ms: int
    amount: int


def charges(delivery: Delivery, members: int) -> list[Charge]:
    """Return what the delivery will count for. `members` is the group's size, at least 1."""
    found: list[Charge] = []
    for window in CHANNEL_LIMITS.get((delivery.channel, delivery.do), ()):
        amount = _amount(window, delivery, members)
        found += [
            Charge(f"{delivery.channel}:{window.scope}:{key}:{window.per_ms}", window.limit,
                   window.per_ms, amount)
            for key in _keys(window, delivery)
        ]  # fmt: skip
    return found


def _keys(window: Window, delivery: Delivery) -> Sequence[str]:
    if window.scope == "corp":
        return ("",)
    if window.scope == "member" and delivery.to_userids:
        return delivery.to_userids
    return (delivery.chat_id or ",".join(delivery.to_userids),)


def _amount(window: Window, delivery: Delivery, members: int) -> int:
    amounts = {
        "message": messages(delivery),
        "person": messages(delivery) * members,
        "change": max(1, len(delivery.to_userids)),
        "group": 1,
    }
    return amounts[window.unit]


def put_back(store: Store, outgoing: Outgoing, now: int) -> Outgoing:
    """Return what waits; what a clock that ran ahead decided waits no longer than it was to then.

    Else it would wait, and all behind it in its lane, until the time has come round again.
    """
    ahead = max(outgoing.created_at, outgoing.attempted_at) - now
    if ahead <= 0:
        return outgoing
    back = replace(
        outgoing,
        created_at=min(outgoing.created_at, now),
        attempted_at=min(outgoing.attempted_at, now),
        not_before=outgoing.not_before - ahead,
        expires_at=outgoing.expires_at and outgoing.expires_at - ahead,
    )
    store.put(back)
    return back


def free_at(store: Store, wanted: Sequence[Charge], now: int) -> int:
    """Return when every window has room (`now` if they have): the latest of their openings."""
    return max((_opens_at(store, charge, now) for charge in wanted), default=now)


def _opens_at(store: Store, charge: Charge, now: int) -> int:
    # A charge above the limit itself could never go out: it may, alone in its window.
    room = max(charge.limit - charge.amount, 0)
    # What lies further ahead was counted before the clock was set back, and long ago it may be.
    counted = {"at__gt": now - charge.per_ms, "at__le": now + charge.per_ms}
    used = store.total(Attempt, "amount", window=charge.window, **counted)
    if used <= room:
        return now
    for attempt in store.find(Attempt, window=charge.window, **counted, order="at"):
        used -= attempt.amount
        if used <= room:
            return attempt.at + charge.per_ms + 1
    return now + charge.per_ms


def spend(store: Store, wanted: Sequence[Charge], now: int) -> None:
    """Count an attempt in every window, before it is made."""
    for charge in wanted:
        number = store.number("", f"attempt:{charge.window}")
        store.put(Attempt(window=charge.window, id=number, at=now, amount=charge.amount))
