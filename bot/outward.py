"""What this configuration reaches WeCom by."""

from collections.abc import Callable

import aiohttp

from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.images import Images
from bot.channels.wecom.link import AiBotLink, OnFrame
from bot.intake.local import LocalIntake
from bot.settings import Settings
from bot.tokens import StoredTokens


def api_of(
    settings: Settings, session: aiohttp.ClientSession, intake: LocalIntake, now: Callable[[], int]
) -> WeComApi:
    """Return the server API, whose tokens are kept in the database."""
    return WeComApi(
        session,
        settings.wecom_api_base,
        settings.wecom_corp_id,
        settings.wecom_app_secret,
        StoredTokens(intake),
        now,
    )


def link_of(
    settings: Settings, session: aiohttp.ClientSession, on_frame: OnFrame
) -> AiBotLink | None:
    """Return the AI bot's long connection, where the settings name a bot."""
    if not settings.wecom_aibot_id:
        return None
    return AiBotLink(
        session,
        settings.wecom_aibot_ws,
        settings.wecom_aibot_id,
        settings.wecom_aibot_secret,
        on_frame,
    )


def images_of(settings: Settings, session: aiohttp.ClientSession) -> Images:
    """Return what fetches pictures that members send, and reads their codes."""
    base, key = settings.wecom_api_base, settings.wecom_aibot_aes_key
    return Images(session, base, key, _codes_in)


def _codes_in(picture: bytes) -> tuple[str, ...]:
    """Read a picture's codes; what can do so is loaded with the first picture."""
    from bot.pictures import qr  # noqa: PLC0415

    return qr.read(picture)
