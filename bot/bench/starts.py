"""How soon the program is ready, and what it holds on to when nothing happens."""

import asyncio
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bot.bench import children, traffic
from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.identity import SandboxIdentity
from bot.channels.sandbox.server import Sandbox, running
from bot.library.library import BINDINGS_FILE

PACKS: Final = Path(__file__).parent.parent.parent / "sop" / "packs"
LONGEST_S: Final = 2.0
MOST_MB: Final = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How often each configuration is started, and how long it idles before it is weighed."""

    starts: int = 3
    idle_s: float = 5.0


async def measure(folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure: the slowest start and the largest weight of each configuration."""
    corp = Corp(lambda: time.time_ns() // 1_000_000, SandboxIdentity(bot_name=traffic.BOT_NAME))
    async with running(corp) as sandbox:
        play = await _weigh(folder / "playground", {"PORT": "0"}, scale)
        real = await _weigh(folder / "real", _real(sandbox), scale)
    seconds, heaviest = max(play[0], real[0]), max(play[1], real[1])
    return {
        "figure": "start",
        "ratio": round(seconds / LONGEST_S, 3),
        "target": f"<= {LONGEST_S:.0f} s to /readyz, <= {MOST_MB:.0f} MB idle",
        "met": seconds <= LONGEST_S and heaviest <= MOST_MB,
        "playground_s": round(play[0], 2),
        "real_s": round(real[0], 2),
        "playground_mb": round(play[1]),
        "real_mb": round(real[1]),
    }


async def _weigh(folder: Path, environ: dict[str, str], scale: Scale) -> tuple[float, float]:
    slowest = heaviest = 0.0
    for number in range(scale.starts):
        home = folder / str(number)
        _bind(home / "sop")
        bot = children.start_bot(home, {**environ, "DATA_DIR": str(home)})
        try:
            slowest = max(slowest, await bot.ready())
            if number == scale.starts - 1:
                await asyncio.sleep(scale.idle_s)
                heaviest = bot.memory_mb
        finally:
            bot.end()
    return slowest, heaviest


def _bind(sop: Path) -> None:
    sop.mkdir(parents=True)
    for source in PACKS.iterdir():
        if source.is_file():
            shutil.copy(source, sop)
    (sop / BINDINGS_FILE).write_text(
        "communities:\n"
        "  reading:\n"
        "    pack: reading-club\n"
        "    owner: zhang.san\n"
        "    regular: [{id: alpha, channels: {appchat: alpha1, aibot: wrkalpha1}}]\n",
        encoding="utf-8",
    )


def _real(sandbox: Sandbox) -> dict[str, str]:
    who = sandbox.corp.identity
    return {
        "PORT": "0",
        "BOT_NAME": who.bot_name,
        "ADMIN_PASSWORD": "bench-only",
        "SESSION_SECRET": "bench-only",
        "WECOM_API_BASE": sandbox.api_base,
        "WECOM_CORP_ID": who.corp_id,
        "WECOM_APP_AGENT_ID": str(who.agent_id),
        "WECOM_APP_SECRET": who.app_secret,
        "WECOM_AIBOT_TOKEN": who.aibot_token,
        "WECOM_AIBOT_AES_KEY": who.aibot_aes_key,
    }
