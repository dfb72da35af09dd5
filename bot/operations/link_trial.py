"""Whether the AI bot's long connection can be had, found out without taking it from a bot."""

from typing import Final

import aiohttp

from bot.channels.wecom.api import Answer
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.link import AiBotLink
from bot.serving import origin_of
from bot.settings import Settings

Found = tuple[bool, str]
"""Whether it is well, and what is said of it."""

_THROWN: Final = "WeCom keeps one connection a bot, so that trying would throw it off"
_REFUSED: Final = (
    "WeCom refuses the bot that is running: its log says why; if .env was mended since,"
    " start it again"
)
_TAKEN: Final = (
    "taken over from the bot that is running: stop the other one, or give it a bot of its own,"
    " and start this one again"
)

_IS: Final[dict[str, Found]] = {
    "up": (True, f"up in the bot that is running; its secret is not tried again: {_THROWN}"),
    "refused": (False, _REFUSED),
    "taken over": (False, _TAKEN),
}
"""What the running bot's state of the link means; `off` is a bot that has none."""

_ADVICE: Final = (
    "; on the AI bot's page with 使用长连接 compare the Bot ID with WECOM_AIBOT_ID, press"
    " 获取 Secret and copy it into WECOM_AIBOT_SECRET"
)

_LOOK_S: Final = 3.0


async def tried(settings: Settings, session: aiohttp.ClientSession) -> Found:
    """Subscribe once, unless a bot runs here: then it is asked."""
    held = await _held(settings, session)
    if held is not None:
        return held
    link = AiBotLink(
        session, settings.wecom_aibot_ws, settings.wecom_aibot_id, settings.wecom_aibot_secret,
        _unheard,
    )  # fmt: skip
    try:
        await link.try_once()
    except WeComError as error:
        return False, f"{error}{_ADVICE if error.errcode else ''}"
    except (aiohttp.ClientError, OSError) as error:
        return False, f"{settings.wecom_aibot_ws} cannot be reached ({type(error).__name__})"
    return True, "the AI bot's secret opens its long connection"


async def _held(settings: Settings, session: aiohttp.ClientSession) -> Found | None:
    """Return what the bot that runs here says; None where none does that has the link."""
    if not settings.port:
        return True, f"not tried: with PORT=0 nobody knows whether the bot runs, and {_THROWN}"
    origin = origin_of(settings.host, settings.port)
    try:
        async with session.get(
            f"{origin}/healthz", timeout=aiohttp.ClientTimeout(total=_LOOK_S)
        ) as answer:
            state = (await answer.json())["components"]["link"]["state"]
    except aiohttp.ClientConnectorError:
        return None
    except (aiohttp.ClientError, OSError, ValueError, LookupError, TypeError):
        says = (
            f"not tried: whether what listens at {origin} is the bot cannot be told, and {_THROWN}"
        )
        return True, says
    if state == "off":
        return None
    return _IS.get(state, (False, f"{state} in the bot that is running: its log says why"))


async def _unheard(_body: Answer, _req_id: str, _cmd: str) -> None:
    """Leave what comes to the bot: it answers what it hears, once it runs."""
