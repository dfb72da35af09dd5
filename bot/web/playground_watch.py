"""What the playground sees happen: the conversation, and what changes in the bot's state."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import chain
from typing import Any, Final

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Change
from bot.web.playground_stream import Stream

KEPT_CHANGES: Final = 400
# What the clock or delivery does in the bot's database is seen no other way than by looking.
LOOK_AGAIN_S: Final = 2.0
# One message changes several things, one after the other: look when they are done.
SETTLE_S: Final = 0.12

Picture = dict[str, Any]


def drawn_corp(corp: Corp) -> Picture:
    """Draw the corp's people and the groups that clients show."""
    groups = [
        {
            "id": chat.chatid,
            "title": chat.name,
            "owner": chat.owner,
            "members": list(chat.userlist),
            "hears_all": chat.hears_all,
        }
        for chat in corp.chats.values()
        if chat.visible
    ]
    people = [{"userid": one.userid, "name": one.name} for one in corp.people.values()]
    return {"bot_name": corp.identity.bot_name, "groups": groups, "people": people}


class Watch:
    """Keeps the newest changes and publishes each; compares pictures and publishes the rest.

    Events: `change` (a change of the corp, with `heard`: whether the bot was told what was said),
    `points` {userid, before, now}, `task` (a task that is new or answered), `state` (a picture).
    """

    def __init__(
        self,
        corp: Corp,
        picture: Callable[[], Awaitable[Picture]],
        stream: Stream,
        log: logging.Logger,
    ) -> None:
        self._corp = corp
        self._picture = picture
        self._stream = stream
        self._log = log
        self._last: Picture = {}
        self._looking = asyncio.Lock()
        self._stale = asyncio.Event()
        self._running: asyncio.Task[None] | None = None
        self.conversation: deque[Change] = deque(maxlen=KEPT_CHANGES)
        self.conversation.extend(map(self._shown, corp.transcript))
        self._stop = corp.subscribe(self._changed)

    def start(self) -> None:
        """Look for differences from now on, as long as anybody listens."""
        if self._running is None:
            self._running = asyncio.create_task(self._run())

    def touch(self) -> None:
        """Look soon: something may have changed."""
        self._stale.set()

    async def look(self) -> Picture:
        """Draw everything, and publish what differs from the last time."""
        async with self._looking:
            picture = await self._picture()
            before, self._last = self._last, picture
        for kind, data in differences(before, picture):
            self._stream.publish(kind, data)
        return picture

    async def close(self) -> None:
        """Look no more; may be called twice."""
        self._stop()
        self._stop = _nothing
        if self._running is not None:
            self._running.cancel()
            with suppress(asyncio.CancelledError):
                await self._running

    async def _run(self) -> None:
        while True:
            await self._wait()
            self._stale.clear()
            if not self._stream.listeners:
                continue
            try:
                await self.look()
            except Exception:  # noqa: BLE001 - the page lives on and is told at the next look
                self._log.exception("the playground could not read the bot's state")

    async def _wait(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_AGAIN_S):
                await self._stale.wait()
        await asyncio.sleep(SETTLE_S)

    def _changed(self, change: Change) -> None:
        shown = self._shown(change)
        self.conversation.append(shown)
        self._stream.publish("change", shown)
        self.touch()

    def _shown(self, change: Change) -> Change:
        if change["kind"] != "said":
            return change
        chat = self._corp.chats.get(change["chat"])
        robot = self._corp.robot_in(change["chat"]) if chat else None
        names = {self._corp.identity.bot_name, robot.name if robot else ""} - {""}
        called = change["text"].startswith(tuple(f"@{name} " for name in names))
        return {**change, "heard": chat is None or called or chat.hears_all}


def differences(before: Picture, after: Picture) -> Iterator[tuple[str, Any]]:
    """Give the events that tell how the pictures differ; none after the very first picture."""
    if not before or _timeless(before) == _timeless(after):
        return
    yield from chain(_points(before["bot"], after["bot"]), _tasks(before["bot"], after["bot"]))
    yield "state", after


def _timeless(picture: Picture) -> Picture:
    return {name: part for name, part in picture.items() if name != "now"}


def _points(before: Picture, after: Picture) -> Iterator[tuple[str, Any]]:
    had = {member["userid"]: member["balance"] for member in before["members"]}
    for member in after["members"]:
        userid, now = member["userid"], member["balance"]
        if now != had.get(userid, 0):
            yield "points", {"userid": userid, "before": had.get(userid, 0), "now": now}


def _tasks(before: Picture, after: Picture) -> Iterator[tuple[str, Any]]:
    known = {task["number"]: task["status"] for task in before["tasks"]}
    for task in after["tasks"]:
        if known.get(task["number"]) != task["status"]:
            yield "task", task


def _nothing() -> None:
    pass
