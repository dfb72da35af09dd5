"""What becomes of a card on which somebody has pressed a button."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from bot.card_ids import buttons_of, sent_as
from bot.channels.wecom import cards
from bot.channels.wecom.callbacks import Replaced
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.heard import Heard
from bot.channels.wecom.raw_json import Json
from bot.delivery.addressed import userids
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from handlers.ports import Store
from handlers.tasks import task_cards
from sop.actions import Button
from sop.activities import tasks
from sop.events import MessageReceived
from sop.model import Outgoing, Task
from sop.texts import text

PRIVATE: Final = ("dm", "task")
"""What is delivered to people alone, whatever group it is about."""

SECOND_MS: Final = 1_000
"""How exactly a press tells when it was made."""

_log = logging.getLogger(__name__)

Update = Callable[[str, Sequence[str], Json], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Face:
    """What is known of a pressed card; `late`: its task was settled before it was pressed."""

    words: str = ""
    buttons: tuple[Button, ...] = ()
    late: bool = False


class Presses:
    """Cards as they stand once they are pressed. `opened` opens what stands sealed in words.

    `update` replaces a card of the app for some of those who see it, by a press's response_code.
    """

    def __init__(self, intake: LocalIntake, opened: Callable[[str], str]) -> None:
        self._intake = intake
        self._opened = opened
        self._late: set[asyncio.Task[object]] = set()
        self.update: Update | None = None

    async def taken(self, heard: Heard, event: MessageReceived) -> Replaced | None:
        """Say on the card what was pressed; its words stay as long as they are known.

        `event` is the press as it was handled. None where the card changes by a call of its own:
        the app's answer can only take all of its buttons away.
        """
        look = partial(_pressed, card=heard.card, event=event)
        face: Face = await self._intake.submit(Job(run=look), bounded=False)
        words, private = self._opened(face.words), not heard.chat_id
        card, name = cards.pressed(
            words, face.buttons, heard.text, heard.card, whole=private, late=face.late
        )
        code = str(heard.fields.get("response_code", ""))
        if heard.surface != "app" or not code or self.update is None:
            return Replaced(name=name, card=card)
        if cards.is_open(card):
            self._replace(self.update(code, (heard.sender,), {"template_card": card}))
            return None
        return Replaced(name=name, card=card)

    def unplaced(self, heard: Heard) -> Replaced:
        """Say on the card that who pressed it belongs to no group of ours."""
        card, name = cards.pressed(
            "", [Button(text("cards.unplaced"), heard.text)], heard.text, heard.card, whole=False
        )
        return Replaced(name=name, card=card)

    def later(self, work: Coroutine[object, object, object]) -> None:
        """Let something happen beside the answer to a press."""
        task = asyncio.get_running_loop().create_task(work)
        self._late.add(task)
        task.add_done_callback(self._late.discard)

    async def drain(self, timeout_s: float) -> None:
        """Wait until all that has happened, but not longer than that."""
        if self._late:
            await asyncio.wait(self._late, timeout=timeout_s)

    def _replace(self, call: Awaitable[object]) -> None:
        self.later(_tried(call))


async def _tried(call: Awaitable[object]) -> None:
    try:
        await call
    except WeComError as error:
        _log.warning("a pressed card was not replaced: %s", error)


def _pressed(store: Store, card: str, event: MessageReceived) -> Face:
    """Return what is known of a card, which who pressed it sees closed by that alone."""
    sent = sent_as(store, card, event.community)
    closing = store.find(
        Outgoing, community=event.community, status="pending", do=task_cards.SETTLE
    )
    for each in closing:
        if sent is not None and each.body["words"] == sent.id:
            _spare(store, each, event.sender)
    return face_of(store, card, event)


def _spare(store: Store, closing: Outgoing, userid: str) -> None:
    """Let a card be closed for the others alone."""
    named = str(closing.body["to"]).split(",")
    known = {each: userids(store, closing.community, each) for each in named}
    others = [each for each in named if userid.casefold() not in map(str.casefold, known[each])]
    status = closing.status if others else "dropped"
    store.put(replace(closing, body={**closing.body, "to": ",".join(others)}, status=status))


def face_of(store: Store, card: str, event: MessageReceived) -> Face:
    """Return what is known of a card, as far as it was for who pressed it."""
    sent = sent_as(store, card, event.community)
    if sent is None:
        return Face()
    if sent.group and sent.do not in PRIVATE:
        return _face(sent) if sent.group == event.group else Face()
    shown = userids(store, sent.community, str(sent.body.get("to", "")))
    if event.sender.casefold() not in map(str.casefold, shown):
        return Face()
    return _face(sent, late=_was_settled(store, sent, event.at))


def _face(sent: Outgoing, *, late: bool = False) -> Face:
    return Face(str(sent.body.get("text", "")), buttons_of(sent), late)


def _was_settled(store: Store, sent: Outgoing, at: int) -> bool:
    """Tell whether the card's task was closed before that press, of which the second is known."""
    task = store.get(Task, sent.community, tasks.answered_by(buttons_of(sent)))
    return task is not None and task.status != "open" and task.closed_at < at - SECOND_MS
