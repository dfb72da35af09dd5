"""A store with a group, and deliveries in it, for tests of what goes out when."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from bot.delivery import claims
from bot.delivery.claims import Claimed, Lane
from handlers.ports import Store
from sop.model import Outgoing
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.databases import rolled_back

NOW = EVENING
MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


@contextmanager
def opened() -> Iterator[Store]:
    """A real database in memory, forgotten at the end."""
    with rolled_back() as store:
        store.put(builders.group(channels={"webhook": "KEY"}))
        yield store


def outgoing(number: int, **fields: Any) -> Outgoing:
    """A pending post through the group's webhook robot."""
    values = {
        "community": COMMUNITY, "id": number, "event_key": f"e{number}", "group": GROUP,
        "do": "post", "channel": "webhook", "chat": "KEY", "klass": "step",
        "body": {"text": f"第 {number} 条"}, "created_at": NOW, "not_before": NOW, **fields,
    }  # fmt: skip
    return Outgoing(**values)


def put(store: Store, *found: Any) -> None:
    for each in found:
        store.put(each)


def claim(
    store: Store, now: int = NOW, *, busy: tuple[Lane, ...] = (), room: int = 1_000
) -> Claimed:
    return claims.claim(store, now, busy=busy, room=room)


def taken(found: Claimed) -> list[int]:
    return [each.outgoing.id for each in found.claims]


def status(store: Store, number: int) -> str:
    found = store.get(Outgoing, COMMUNITY, number)
    assert found is not None
    return found.status


def settle(store: Store, found: Claimed, status: str = "sent", **fields: Any) -> None:
    """Say what became of every attempt."""
    for each in found.claims:
        store.put(replace(each.outgoing, status=status, **fields))


def drained(store: Store, now: int = NOW) -> list[int]:
    """Send everything that may go now; the order in which it went."""
    order: list[int] = []
    while (found := claim(store, now)).claims:
        order += taken(found)
        settle(store, found)
    return order
