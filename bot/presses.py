"""What becomes of a card on which somebody has pressed a button."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass
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
from sop.actions import Button
from sop.activities import tasks
from sop.events import MessageReceived
from sop.model import Outgoing, Task
from sop.texts import text

PRIVATE: Final = ("dm", "task")
"""What is delivered to people alone, whatever group it is about."""

_log = logging.getLogger(__name__)

Update = Callable[[str, Sequence[str], Json], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Face:
    """What is known of a pressed card: `settled` are the others who see it, and need not press."""

    words: str = ""
    buttons: tuple[Button, ...] = ()
    settled: tuple[str, ...] = ()


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
        look = partial(face_of, card=heard.card, event=event)
        face: Face = await self._intake.submit(Job(run=look), bounded=False)
        words, private = self._opened(face.words), not heard.chat_id
        card, name = cards.pressed(words, face.buttons, heard.text, heard.card, whole=private)
        code = str(heard.fields.get("response_code", ""))
        if heard.surface != "app" or not code or self.update is None:
            return Replaced(name=name, card=card)
        if cards.is_open(card):
            self._replace(self.update(code, (heard.sender,), {"template_card": card}))
            return None
        if face.settled:
            done = {"replace_name": text("cards.settled")}
            self._replace(self.update(code, face.settled, {"button": done}))
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


def face_of(store: Store, card: str, event: MessageReceived) -> Face:
    """Return what is known of a card, as far as it was for who pressed it."""
    sent = sent_as(store, card, event.community)
    if sent is None:
        return Face()
    if sent.group and sent.do not in PRIVATE:
        return _face(sent) if sent.group == event.group else Face()
    shown = userids(store, sent.community, str(sent.body.get("to", "")))
    others = tuple(each for each in shown if each.casefold() != event.sender.casefold())
    if len(others) == len(shown):
        return Face()
    return _face(sent, others if _is_settled(store, sent) else ())


def _face(sent: Outgoing, settled: tuple[str, ...] = ()) -> Face:
    return Face(str(sent.body.get("text", "")), buttons_of(sent), settled)


def _is_settled(store: Store, sent: Outgoing) -> bool:
    """Tell whether the card is about a task that nobody need answer any more."""
    numbers = {tasks.number_of(each) for each in buttons_of(sent)}
    task = store.get(Task, sent.community, min(numbers)) if len(numbers) == 1 else None
    return task is not None and task.status != "open"
