"""Open ids to user ids: the AI bot may name people by an encrypted id, rights follow the real one.

A sender whose id cannot be resolved keeps the id as it came, and has no rights.
"""

import logging
from collections import OrderedDict
from typing import Final

from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.errors import WeComError

KEPT: Final = 20_000
"""Senders remembered, the least recently seen forgotten first."""

SHORTEST: Final = 24
"""Characters below which an id is plainly a user id: open ids are longer."""

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
            found = await self._api.openuserids_to_userids([sender])
        except WeComError as error:
            _log.warning("an open id was not resolved: %s", error)
            return sender
        self._known[sender] = found.get(sender, sender)
        if len(self._known) > KEPT:
            self._known.popitem(last=False)
        return self._known[sender]
