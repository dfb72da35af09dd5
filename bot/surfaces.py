"""Which of WeCom's callback addresses the settings open, and with which keys."""

from typing import Any

from bot.channels.wecom.callbacks import Surface
from bot.channels.wecom.crypto import CallbackCrypto
from bot.settings import Settings


def surfaces_of(settings: Settings) -> dict[Any, Surface]:
    """The callback addresses that are configured."""
    families = {
        "app": (settings.wecom_app_token, settings.wecom_app_aes_key, settings.wecom_corp_id),
        "aibot": (settings.wecom_aibot_token, settings.wecom_aibot_aes_key, ""),
        "robot": (settings.wecom_robot_token, settings.wecom_robot_aes_key, ""),
    }
    return {
        name: Surface(crypto=CallbackCrypto(token, key, receiver), bot_name=settings.bot_name)
        for name, (token, key, receiver) in families.items()
        if token
    }
