"""What becomes of a card on which somebody has pressed a button."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial

from bot.card_ids import known
from bot.channels.wecom import cards
from bot.channels.wecom.callbacks import Replaced
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.heard import Heard
from bot.channels.wecom.raw_json import Json
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from sop.actions import Button
from sop.events import MessageReceived
from sop.texts import text

_log = logging.getLogger(__name__)


class Presses:
    """Cards as they stand once they are pressed. `opened` opens what stands sealed in words.

    `update` replaces a card of the app for one person by its response_code.
    """

    def __init__(self, intake: LocalIntake, opened: Callable[[str], str]) -> None:
        self._intake = intake
        self._opened = opened
        self._late: set[asyncio.Task[object]] = set()
        self.update: Callable[[str, str, Json], Awaitable[object]] | None = None

    async def taken(self, heard: Heard, event: MessageReceived) -> Replaced | None:
        """Say on the card what was pressed; its words stay as long as they are known.

        `event` is the press as it was handled.

        None where the card changes by a call of its own: the app's answer can only take all of
        its buttons away.
        """
        look = partial(known, card=heard.card, event=event)
        words, buttons = await self._intake.submit(Job(run=look), bounded=False)
        private = not heard.chat_id
        card, name = cards.pressed(
            self._opened(words), buttons, heard.text, heard.card, whole=private
        )
        code = str(heard.fields.get("response_code", ""))
        if heard.surface == "app" and cards.is_open(card) and code and self.update is not None:
            self.later(self._updated(self.update(code, heard.sender, card)))
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

    async def _updated(self, call: Awaitable[object]) -> None:
        try:
            await call
        except WeComError as error:
            _log.warning("a pressed card was not replaced: %s", error)
