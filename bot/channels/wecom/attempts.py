"""One attempt at a delivery: what is to be done, what it may use, and what became of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal, NoReturn

from bot.channels.wecom import errors
from bot.channels.wecom.api import WeComApi
from bot.channels.wecom.link import AiBotLink
from bot.channels.wecom.raw_json import Json
from sop.actions import Button
from sop.events import ReplyRoute


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One attempt at one wish, in the platform's ids.

    chat_id: the group on that channel (webhook: the robot's key or whole URL).
    to_userids: whom a dm, add or remove concerns; a new group's members; on channel robot, who
        alone may see the message.
    mentions: userids or `@all`; the AI bot's channels document no mention and leave them out.
    image, file: names that `Ways.load` knows. picture: what `Ways.draw` makes a picture of.
    buttons: what may be pressed under the text, on a card of the id `card`, unique for ever.
    code: what lets the card change that is to be closed.
    apart: the text is said by another delivery: here it is only the card's.
    wish: what is to be reckoned here, and sent nowhere.
    name, owner: a new group's; with remove, `owner` is who follows the owner that goes.
    beside: a removal from the chat is made only while the member is in one of these, too.
    repeated: an earlier attempt may have had its effect.
    heard_at: when it was decided, which is when the message that it answers was heard (ms UTC;
        0: not known, but lately).
    waited: how many full windows (45009) this delivery has waited for already.
    """

    do: str
    channel: str
    chat_id: str = ""
    to_userids: tuple[str, ...] = ()
    text: str = ""
    mentions: tuple[str, ...] = ()
    route: ReplyRoute = field(default_factory=ReplyRoute)
    duplicate_check: bool = False
    image: str = ""
    file: str = ""
    picture: Json = field(default_factory=dict)
    buttons: tuple[Button, ...] = ()
    card: str = ""
    code: str = ""
    apart: bool = False
    wish: Json = field(default_factory=dict)
    name: str = ""
    owner: str = ""
    beside: tuple[str, ...] = ()
    repeated: bool = False
    heard_at: int = 0
    waited: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of an attempt.

    sent: done; answer is a `Roster` (fetch_roster, create), a `Sent` (channel app), the ids left
        out (add, remove), else None.
    wait: nothing happened; try again after `wait_ms` (0: your own backoff and jitter); `most`
        attempts in all (0: as many as you like).
    failed: refused for good; `alarm` where a person must change a setting.
    unknown: it may have been seen, whole or in part; `error` says what to look for.
    """

    status: Literal["sent", "failed", "unknown", "wait"]
    error: str = ""
    wait_ms: int = 0
    most: int = 0
    answer: object = None
    alarm: bool = False


async def _undrawn(picture: Json) -> bytes:
    raise OSError(f"nothing here draws {picture}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What deliveries travel by.

    `load` gives the bytes of an image or file, `draw` those of a picture; or OSError.
    `app_hears`: the app has a callback address, without which WeCom takes no buttons (43012).
    """

    api: WeComApi
    agent_id: int
    load: Callable[[str], Awaitable[bytes]]
    now: Callable[[], int]
    link: AiBotLink | None = None
    draw: Callable[[Json], Awaitable[bytes]] = _undrawn
    app_hears: bool = True


def refuse(delivery: Delivery, why: str) -> NoReturn:
    """Raise the error of an attempt that cannot be made at all."""
    raise errors.Permanent(f"{delivery.channel}/{delivery.do}", why)
