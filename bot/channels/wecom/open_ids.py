"""Open ids to user ids: the AI bot may name people by an encrypted id, rights follow the real one.

A sender whose id cannot be resolved keeps the id as it came, and has no rights.
"""

import asyncio
import logging
from collections import OrderedDict
from typing import Final

from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.errors import WeComError

KEPT: Final = 20_000
"""Senders remembered, the least recently seen forgotten first."""

SHORTEST: Final = 24
"""Characters below which an id is plainly a user id: open ids are longer."""

PATIENCE_S: Final = 1.5
"""How long a message waits for its sender to be resolved: WeCom wants an answer in 5 s."""

_log = logging.getLogger(__name__)


class OpenIds:
    """Resolves ids through WeCom (batch/openuserid_to_userid), each once."""

    def __init__(self, api: WeComApi) -> None:
        self._api = api
        self._known: OrderedDict[str, str] = OrderedDict()

    async def resolve(self, sender: str) -> str:
        """Return the user id behind a sender's id; the id itself where there is none behind it."""
        if len(sender) < SHORTEST:
            return sender
        if sender in self._known:
            self._known.move_to_end(sender)
            return self._known[sender]
        try:
            async with asyncio.timeout(PATIENCE_S):
                found = await self._api.openuserids_to_userids([sender])
        except (WeComError, TimeoutError) as error:
            _log.warning("an open id was not resolved: %s", type(error).__name__)
            return sender
        self._known[sender] = found.get(sender, sender)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[sender]
