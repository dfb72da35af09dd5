"""One thing the bot heard on a callback surface or the AI bot's link, in the program's words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from sop.events import ReplyRoute
from sop.frozen import quick

SurfaceName = Literal["app", "aibot", "robot"]


@quick
@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What a member said or did, before it is known which community and group it belongs to.

    kind: `ignored` is rightly signed but of a type nobody needs: count it, do nothing; its other
        fields may be empty.
    key: unique for ever; the same key again is a repeat (wecom-protocol.md 1.4). A `stream_poll`
        is asked again and again and must not be taken for a repeat.
    chat_id: the platform's id of the group, case kept; empty in private.
    sender: the platform's id, case kept; may be an encrypted open id on the AI bot; `sys` for
        what WeCom reports by itself.
    text: without the `@Bot` of a group; a voice message is its transcript; "" is possible.
    quote: the quoted text as shown, a `@Bot` in it included; WeCom tells no id of it.
    images: addresses of its pictures, each with its own key where WeCom tells one, else an empty
        one for that of the surface; None where they are not encrypted.
    codes: what QR codes in them say, once somebody has looked.
    looked: empty until then; `yes`, or why one could not be read: `large`, `lost`.
    created_at: instant in ms UTC, None where WeCom does not say.
    route: `waiting` only where this very callback may be answered with a text.
    card: the id of the card on which the sender pressed a button; `text` is then what the button
        stands for. It may be answered by a card in its place, not by a text.
    event: the event's name in lower case (`enter_chat`, `change_external_chat`, `stream_poll`,
        `attachment` for a pressed button); for `ignored` the unknown type.
    fields: what else the vendor tells, names in snake_case. Lists are tuples; chosen options
        are `selected.<question>`, pressed buttons `action.<name>`; the robot's one-use member
        list (5 minutes) is `chat_info_url`, also on messages.
    """

    surface: SurfaceName
    kind: Literal["message", "event", "ignored"]
    key: str = ""
    message_id: str = ""
    chat_id: str = ""
    sender: str = ""
    name: str = ""
    text: str = ""
    mentions_bot: bool = False
    quote: str = ""
    has_image: bool = False
    images: tuple[tuple[str, str | None], ...] = ()
    codes: tuple[str, ...] = ()
    looked: str = ""
    created_at: int | None = None
    route: ReplyRoute = field(default_factory=ReplyRoute)
    card: str = ""
    event: str = ""
    fields: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)


class Unusable(Exception):
    """A rightly signed payload lacks what every event needs: its id, its sender or its group."""

    def __init__(self, reason: str, payload: Mapping[str, object]) -> None:
        super().__init__(reason)
        self.reason = reason
        self.payload = payload
