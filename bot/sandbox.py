"""The program on a WeCom of its own: a small corp, one group, and the playground to try it in.

Everything starts afresh each time; the packs in `DATA_DIR/playground/sop` are kept, so that an
edited pack can be tried.
"""

import asyncio
import logging
import shutil
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from bot.app import Bot
from bot.broken import Broken
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.identity import SandboxIdentity
from bot.channels.sandbox.server import Sandbox
from bot.channels.sandbox.server import running as sandbox_running
from bot.channels.wecom.api import WeComApi
from bot.clock.wall import WallClock
from bot.intake.writer import Job
from bot.library.bound_groups import abilities_of
from bot.library.library import BINDINGS_FILE
from bot.memory import settle_down
from bot.operations.deployments import FOLDER, playground
from bot.playground_state import read_state
from bot.serving import refuse_taken, serving, told_to_stop
from bot.settings import Settings
from bot.tokens import StoredTokens
from bot.web.playground import BotState, Playground
from handlers.ports import Store
from sop.events import GroupCreated
from sop.times import localtime
from sop.yaml import yaml_source

COMMUNITY: Final = "playground"
GROUP: Final = "playground"
CHAT: Final = "playgroundchat"

PACKS: Final = Path(__file__).parent.parent / "sop" / "packs"

ROSTER_S: Final = 1.0
"""Joins and leaves in the playground should be seen soon: rosters are asked for every second."""

OPENING_MINUTE: Final = 7 * 60 + 50
"""The playground opens at 07:50 on a workday: outside quiet hours, ten minutes before the day's
first step."""

_log = logging.getLogger(__name__)


class PlaygroundClock:
    """Moves the whole program forward in time; satisfies `bot.web.playground.Clock`."""

    def __init__(self, clock: WallClock, bot: Bot) -> None:
        self._clock = clock
        self._bot = bot

    def now(self) -> int:
        """The time in the playground, in ms UTC."""
        return self._clock.now()

    async def advance(self, ms: int) -> None:
        """Move from one due occurrence to the next, so that everything happens in its own time."""
        end = self._clock.now() + ms
        while True:
            due = await self._bot.next_due()
            now = self._clock.now()
            if due is None or due > end:
                break
            self._clock.skip(due - now)
            await self._bot.settle()
        self._clock.skip(end - self._clock.now())
        await self._bot.settle()
        self._bot.wakeup.look()


async def run_sandbox(settings: Settings) -> None:
    """Run the bot against the sandbox, and the playground beside it."""
    told = told_to_stop()
    refuse_taken(settings.host, settings.port)
    clock = WallClock()
    scene: dict[str, Any] = yaml_source.load_packaged("playground.yaml")
    folder = _prepared(settings.data_dir / FOLDER, scene)
    bot_name = settings.bot_name or scene["bot_name"]
    corp = Corp(clock.now, replace(SandboxIdentity(), bot_name=bot_name))
    async with sandbox_running(corp) as sandbox:
        at_home = joined(playground(settings), sandbox)
        # The archive is the sandbox's stand-in for a channel that hears everything.
        abilities = replace(abilities_of(at_home), archive=True)
        bot = Bot(at_home, clock, abilities=abilities, roster_s=ROSTER_S)
        if not bot.library.reload():
            raise Broken("\n".join(each.told() for each in bot.library.problems))
        _open_in_the_morning(clock, bot)
        page = Playground(
            corp,
            sandbox.people,
            PlaygroundClock(clock, bot),
            state=lambda: _state(bot),
            switch=lambda hears_all: _switch(bot, sandbox, folder, scene, hears_all=hears_all),
            log=_log,
        )
        try:
            await bot.start()
            await _found(bot, sandbox, scene)
            routes = [*bot.routes(), *page.routes()]
            async with serving(routes, settings.host, settings.port) as origin:
                sandbox.caller.bot_url = origin
                sys.stdout.write(f"Qunyun's playground: {origin}/play\n")
                sys.stdout.flush()
                settle_down()
                await told.wait()
                await page.close()
        finally:
            await bot.stop()


def _prepared(folder: Path, scene: dict[str, Any]) -> Path:
    """A fresh database beside packs that are kept from the last time."""
    sop = folder / "sop"
    sop.mkdir(parents=True, exist_ok=True)
    for source in PACKS.iterdir():
        if source.is_file() and not (sop / source.name).exists():
            shutil.copy(source, sop)
    for old in folder.glob("qunyun.db*"):
        old.unlink()
    _bind(sop, scene, hears_all=True)
    return folder


def _bind(sop: Path, scene: dict[str, Any], *, hears_all: bool) -> None:
    """Write the bindings: the archive is what hears everything; without it, only mentions."""
    archive = f", archive: {scene['bot_chat']}" if hears_all else ""
    text = (
        "communities:\n"
        f"  {COMMUNITY}:\n"
        f"    title: {scene['title']}\n"
        "    pack: reading-club\n"
        f"    owner: {scene['owner']}\n"
        f"    staff: [{', '.join(scene['staff'])}]\n"
        "    regular:\n"
        f"      - id: {GROUP}\n"
        f"        title: {scene['title']}\n"
        f"        channels: {{appchat: {CHAT}, aibot: {scene['bot_chat']}{archive}}}\n"
    )
    new = sop / f"{BINDINGS_FILE}.new"
    new.write_text(text, encoding="utf-8")
    new.replace(sop / BINDINGS_FILE)


def joined(settings: Settings, sandbox: Sandbox) -> Settings:
    """Return the settings with the sandbox in WeCom's place, heard by its callbacks."""
    who = sandbox.corp.identity
    return replace(
        settings,
        bot_name=who.bot_name,
        wecom_corp_id=who.corp_id,
        wecom_api_base=sandbox.api_base,
        wecom_app_agent_id=who.agent_id,
        wecom_app_secret=who.app_secret,
        wecom_app_token=who.app_token,
        wecom_app_aes_key=who.app_aes_key,
        wecom_aibot_token=who.aibot_token,
        wecom_aibot_aes_key=who.aibot_aes_key,
        wecom_robot_token=who.robot_token,
        wecom_robot_aes_key=who.robot_aes_key,
    )


def _open_in_the_morning(clock: WallClock, bot: Bot) -> None:
    book = bot.library.shelf.books[COMMUNITY]
    day = localtime.local_date(clock.now(), book.zone)
    while True:
        opening = localtime.instant(day, OPENING_MINUTE, book.zone)
        if opening > clock.now() and book.calendar.is_workday(day):
            clock.skip(opening - clock.now())
            return
        day += timedelta(days=1)


async def _found(bot: Bot, sandbox: Sandbox, scene: dict[str, Any]) -> None:
    """Found the group the way an app does: by WeCom's API, then the bot is let in by hand."""
    names = {str(userid): str(name) for userid, name in scene["people"].items()}
    for userid, name in names.items():
        sandbox.corp.add_person(userid, name)
    assert bot.session is not None
    api = WeComApi(
        bot.session,
        bot.settings.wecom_api_base,
        bot.settings.wecom_corp_id,
        bot.settings.wecom_app_secret,
        StoredTokens(bot.intake),
        bot.clock.now,
    )
    members = list(names)
    await api.appchat_create(CHAT, scene["title"], scene["owner"], members)
    sandbox.corp.change_chat(CHAT, aibot=True, bot_chatid=scene["bot_chat"], hears_all=True)
    await bot.submit(
        GroupCreated(
            key=f"created:{CHAT}",
            community=COMMUNITY,
            group=GROUP,
            at=bot.clock.now(),
            owner=scene["owner"],
            members=tuple(members),
            staff=tuple(scene["staff"]),
            names=names,
        )
    )


async def _switch(
    bot: Bot, sandbox: Sandbox, folder: Path, scene: dict[str, Any], *, hears_all: bool
) -> None:
    """Rebind the group, as an operator who edits groups.yaml does; returns once in force."""
    sandbox.corp.change_chat(CHAT, hears_all=hears_all)
    await asyncio.to_thread(_bind, folder / "sop", scene, hears_all=hears_all)
    await bot.reloading.reload()


async def _state(bot: Bot) -> BotState:
    book = bot.library.shelf.books[COMMUNITY]

    def read(store: Store) -> BotState:
        return read_state(store, book, COMMUNITY, GROUP)

    state: BotState = await bot.intake.submit(Job(run=read), bounded=False)
    return state
