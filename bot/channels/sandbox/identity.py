"""Who everybody is in the sandbox: the ids, secrets and keys that both ends must agree on."""

import base64
import secrets
from dataclasses import dataclass, field

from bot.channels.wecom import crypto


def _aes_key() -> str:
    # 32 random bytes are 44 base64 characters; WeCom shows the first 43.
    return base64.b64encode(secrets.token_bytes(32)).decode().rstrip("=")


def _name(prefix: str) -> str:
    return prefix + secrets.token_hex(8)


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxIdentity:
    """Constants of one sandbox corp, each with a freshly generated default.

    A bot is connected by copying them into its settings: `corp_id`, `agent_id`, `app_*` are the
    self-built app's; `aibot_token` and `aibot_aes_key` belong to the AI bot's URL mode,
    `aibot_id` and `aibot_secret` to its long connection; `robot_*` to the group robots'
    callback. AES keys have WeCom's 43 characters.
    """

    corp_id: str = field(default_factory=lambda: _name("ww"))
    agent_id: int = 1000002
    app_secret: str = field(default_factory=secrets.token_urlsafe)
    app_token: str = field(default_factory=lambda: secrets.token_hex(12))
    app_aes_key: str = field(default_factory=_aes_key)
    aibot_id: str = field(default_factory=lambda: _name("aib"))
    aibot_secret: str = field(default_factory=secrets.token_urlsafe)
    aibot_token: str = field(default_factory=lambda: secrets.token_hex(12))
    aibot_aes_key: str = field(default_factory=_aes_key)
    robot_token: str = field(default_factory=lambda: secrets.token_hex(12))
    robot_aes_key: str = field(default_factory=_aes_key)
    bot_name: str = "Qunyun"

    def callback_crypto(self, surface: str) -> crypto.CallbackCrypto:
        """Give the crypto of `app`, `aibot` or `robot`; only the app's has a receiver id."""
        token, key, receiver = {
            "app": (self.app_token, self.app_aes_key, self.corp_id),
            "aibot": (self.aibot_token, self.aibot_aes_key, ""),
            "robot": (self.robot_token, self.robot_aes_key, ""),
        }[surface]
        return crypto.CallbackCrypto(token, key, receiver)
