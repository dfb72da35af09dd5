"""What is said under load: a community of 20 groups, its pack, and its members' messages.

Everything follows from a seed; the messages are ordinary Chinese talk, no two the same.
"""

import base64
import hashlib
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from bot.channels.wecom.crypto import CallbackCrypto
from bot.library.library import BINDINGS_FILE

COMMUNITY: Final = "load"
BOT_NAME: Final = "Qunyun"
MEMBERS: Final = 200
GROUPS: Final = 20
WORDS: Final = 10_000
TOKEN: Final = "bench-token"  # noqa: S105 - opens nothing but this machine's own benchmark

_IDEOGRAPHS: Final = 0x4E00
_RARE: Final = 0x9F00
"""Forbidden words begin with characters that ordinary talk does not use."""


def _key() -> str:
    return base64.b64encode(hashlib.sha256(TOKEN.encode()).digest()).decode().rstrip("=")


AES_KEY: Final = _key()
CRYPTO: Final = CallbackCrypto(TOKEN, AES_KEY, "")


@dataclass(frozen=True, slots=True)
class Request:
    """A callback ready to be written to a socket; `message_id` is what it should leave behind."""

    message_id: str
    wire: bytes


@dataclass
class Talk:
    """Messages of the community's members, one after the other; equal seeds say the same.

    `prefix` begins every message id; `said` counts the messages so far.
    """

    seed: int
    prefix: str = "m"
    _random: random.Random = field(init=False)
    said: int = 0
    _turn: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - it must repeat itself

    def message_id(self) -> str:
        """Give the next message's id, spread like WeCom's: ids do not come in order."""
        self.said += 1
        return spread_id(f"{self.prefix}{self.seed}", self.said)

    def sender(self) -> int:
        """Choose who speaks, 0 up to MEMBERS: everybody in turn, in an order of chance."""
        if not self._turn:
            self._turn = self._random.sample(range(MEMBERS), MEMBERS)
        return self._turn.pop()

    def words(self) -> str:
        """Say something that was not said before."""
        chosen = [self._random.choice(_PHRASES[part]) for part in _PARTS]
        number = f"{self.said}:{self._random.randrange(1 << 30)}"
        said = _PHRASES["joiner"][0].join((chosen[0] + chosen[1], *chosen[2:]))
        return f"{said} {number}"

    def command(self) -> str:
        """Choose a command that every member may give."""
        return self._random.choice(_PHRASES["commands"])

    def chance(self, of: int) -> bool:
        """Tell whether one case in `of` has come."""
        return not self._random.randrange(of)


def spread_id(prefix: str, number: int) -> str:
    """Return an id that is like no other, in no order: 24 characters behind the prefix."""
    return prefix + hashlib.blake2b(f"{prefix}:{number}".encode(), digest_size=12).hexdigest()


def _read(name: str) -> str:
    return resources.files("bot.bench").joinpath(name).read_text(encoding="utf-8")


_PHRASES: Final[dict[str, list[str]]] = json.loads(_read("phrases.json"))
_PARTS: Final = ("openings", "parts", "thoughts", "endings")


def userid(number: int) -> str:
    """Return a member's platform id."""
    return f"member{number:06}"


def chat(number: int) -> str:
    """Return the chat id of the group a member speaks in."""
    return f"wrkbench{number % GROUPS:04}"


def group(number: int) -> str:
    """Return the id of the group a member speaks in."""
    return f"g{number % GROUPS:02}"


def requests(talk: Talk, count: int, at_s: int) -> list[Request]:
    """Encrypt and sign `count` callbacks as WeCom would at `at_s` (seconds since 1970)."""
    return [_request(talk, at_s) for _ in range(count)]


def _request(talk: Talk, at_s: int) -> Request:
    number, message_id = talk.sender(), talk.message_id()
    payload = {
        "msgid": message_id,
        "aibotid": "aibbench",
        "chatid": chat(number),
        "chattype": "group",
        "from": {"userid": userid(number)},
        "msgtype": "text",
        "text": {"content": f"@{BOT_NAME} {talk.words()}"},
    }
    encrypt = CRYPTO.encrypt(json.dumps(payload, ensure_ascii=False))
    nonce, stamp = message_id[-16:], str(at_s)
    signature = CRYPTO.signature(stamp, nonce, encrypt)
    query = urlencode({"msg_signature": signature, "timestamp": stamp, "nonce": nonce})
    body = json.dumps({"encrypt": encrypt}).encode()
    head = (
        f"POST /callback/aibot?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return Request(message_id, head.encode() + body)


def settle(folder: Path, *, words: int = WORDS) -> dict[str, str]:
    """Write the pack and the bindings into `folder`; return the environment to run with."""
    sop = folder / "sop"
    sop.mkdir(parents=True, exist_ok=True)
    (sop / "under-load.yaml").write_text(pack_text(words), encoding="utf-8")
    (sop / BINDINGS_FILE).write_text(_bindings(), encoding="utf-8")
    return {
        "HOST": "127.0.0.1",
        "PORT": "0",
        "DATA_DIR": str(folder),
        "BOT_NAME": BOT_NAME,
        "ADMIN_PASSWORD": "bench-only",
        "SESSION_SECRET": "bench-only",
        "WECOM_AIBOT_TOKEN": TOKEN,
        "WECOM_AIBOT_AES_KEY": AES_KEY,
        # Nobody listens there: whatever would go out must not leave this machine.
        "WECOM_API_BASE": "http://127.0.0.1:9",
    }


def pack_text(words: int = WORDS) -> str:
    """Return the pack under load, with so many forbidden words."""
    return f"{_read('pack.yaml')}      any: [{', '.join(_forbidden(words))}]\n"


def _forbidden(count: int) -> Iterator[str]:
    for number in range(count):
        places = (_RARE + number // 1_000, _IDEOGRAPHS + number % 1_000, _IDEOGRAPHS + number // 7)
        yield "".join(map(chr, places))


def _bindings() -> str:
    groups: list[dict[str, Any]] = [
        {"id": group(number), "channels": {"aibot": chat(number)}} for number in range(GROUPS)
    ]
    community = {"pack": "under-load", "owner": "owner", "regular": groups}
    # JSON is YAML.
    return json.dumps({"communities": {COMMUNITY: community}})
