"""What was heard as an event: its key, its fields, and what must not come a second time."""

from collections.abc import Callable, Iterable
from typing import TypeVar

from bot.channels.wecom.callbacks import Replay
from bot.channels.wecom.heard import Heard
from bot.intake.writer import Job, Key
from handlers.ports import Store
from sop.events import Event, MessageReceived
from sop.frozen import replace
from sop.model import Nonce, SeenEvent
from sop.times.durations import DAY_MS
from storage.unit_of_work import Batch

E = TypeVar("E", bound=Event)


class NonceReused(Exception):
    """A callback's nonce was seen with another message: somebody replays requests."""


def dated(key: str, at: int) -> str:
    """Return the key of an event that arrived at `at` (ms UTC): what arrives today lies together.

    A callback older than ten minutes is refused, and repeats come within minutes: who looks for
    one looks at today and the day before.
    """
    return f"{at // DAY_MS}:{key}"


def guard(store: Store, replay: Replay | None, key: str) -> None:
    """Refuse a nonce that came before with another message; a retry brings its own again."""
    if replay is None:
        return
    found = _nonce_key(replay)
    seen = store.get(Nonce, *found)
    if seen is not None and seen.event_key != key:
        raise NonceReused
    if seen is None:
        stamped_at, surface, nonce = found
        store.put(Nonce(stamped_at=stamped_at, surface=surface, nonce=nonce, event_key=key))


def admitted(store: Store, replay: Replay | None, key: str, event: E, before: str) -> E:
    """Return an event that may be handled, under the key `before` if it came by that one already.

    Raises `NonceReused`, see `guard`.
    """
    guard(store, replay, key)
    return replace(event, key=before) if store.get(SeenEvent, before) is not None else event


def _nonce_key(replay: Replay) -> tuple[int, str, str]:
    return replay.timestamp * 1_000, replay.surface, replay.nonce


def phases(
    handling: Job, replay: Replay | None, before: str, community: str
) -> tuple[Callable[[Batch], Iterable[Key]], ...]:
    """Return the bulk reads that prepare the work, those of its keys among them."""
    if not community:
        return ()
    keys: list[Key] = [(SeenEvent, (before,))]
    if replay is not None:
        keys.append((Nonce, _nonce_key(replay)))
    first, *rest = handling.phases
    return (lambda batch: [*keys, *first(batch)], *rest)


def received(
    heard: Heard, community: str, group: str, now: int, ahead: int = 0
) -> MessageReceived:
    """Return a message as an event; one that was pressed is none but the command it stands for.

    `ahead`: how far the clock that says `now` is ahead of WeCom's, by which it was said.
    """
    return MessageReceived(
        key=dated(heard.key, now),
        community=community,
        group=group,
        at=_instant(heard, now, ahead),
        sender=heard.sender,
        text=heard.text,
        message_id=heard.message_id or heard.key,
        channel="link" if heard.card and heard.route.req_id else heard.surface,
        mentions_bot=heard.mentions_bot or not group,
        quote=heard.quote,
        has_image=heard.has_image,
        codes=heard.codes,
        looked=heard.looked,
        name=heard.name,
        # A press's own request takes a card and no words.
        route=replace(heard.route, req_id="") if heard.card else heard.route,
    )


def _instant(heard: Heard, now: int, ahead: int) -> int:
    """When it was said; a press is told to the second, and comes after the card it was made on."""
    if heard.created_at is None:
        return now
    said = heard.created_at + ahead
    return min(now, said + 999) if heard.card else said
