"""Cards with buttons as WeCom keeps them: who sees which, what was pressed, how they are replaced.

Shapes and limits: WeCom pages 90236, 90241, 94888, 101031 and 101032.
"""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.sandbox import limits
from bot.channels.sandbox.model import Refused

# How long a response_code may be used, once.
CODE_MS = 72 * limits.HOUR
NOTICES = frozenset({"text_notice", "news_notice"})
_TASK_ID = re.compile(r"[0-9A-Za-z_@-]{1,128}")
_MOST = {"button_list": 6, "option_list": 20}
_KEY_BYTES, _OPTION_BYTES = 1024, 128

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What can be pressed on a card: (text, key) of its buttons and of its options."""

    task_id: str = ""
    kind: str = ""
    buttons: tuple[tuple[str, str], ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    several: bool = False
    text: str = ""

    @property
    def shown(self) -> Mapping[str, Any]:
        """What a client draws under the words."""
        listed = [{"text": text, "key": key} for text, key in self.buttons]
        chosen = [{"text": text, "id": key} for text, key in self.options]
        return {
            "task_id": self.task_id, "buttons": listed, "options": chosen, "several": self.several,
        }  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Card:
    """A card that was sent: by whom, where, to whom, and how it looks to those it changed for."""

    sender: str
    chatid: str
    to: tuple[str, ...]
    face: Face
    changed: dict[str, Face] = field(default_factory=dict)

    def face_of(self, userid: str) -> Face:
        """The card as this person sees it."""
        return self.changed.get(userid, self.face)


class Cards:
    """Every card by its task_id, and the codes by which they may be replaced."""

    def __init__(self) -> None:
        self._cards: dict[str, Card] = {}
        self._codes: dict[str, tuple[str, int]] = {}

    def check(self, face: Face | None) -> None:
        """40058 where a card of that task_id was sent before: WeCom's own code is not known."""
        if face is not None and face.task_id in self._cards:
            raise Refused(40058, "task_id")

    def keep(self, face: Face | None, *, sender: str, chatid: str, to: Sequence[str]) -> None:
        """Keep a card that is shown from now on."""
        if face is not None and face.task_id:
            card = Card(sender=sender, chatid=chatid, to=tuple(to), face=face)
            self._cards[face.task_id] = card

    def find(self, task_id: str) -> Card | None:
        """Return the card of that id."""
        return self._cards.get(task_id)

    def code(self, task_id: str, now: int) -> str:
        """Make a response_code for a card."""
        made = secrets.token_urlsafe(24)
        self._codes[made] = (task_id, now + CODE_MS)
        return made

    def spend(self, code: str, now: int) -> Card:
        """Return the card whose code this is, good once; 40058 stands for WeCom's own refusal."""
        task_id, until = self._codes.pop(code, ("", 0))
        card = self._cards.get(task_id)
        if card is None or until <= now:
            raise Refused(40058, "response_code")
        return card


def read(part: Body) -> Face:
    """Return what may be pressed on a card; Refused where it is none that WeCom takes."""
    kind = str(part.get("card_type"))
    title = part.get("main_title")
    body = str(part.get("sub_title_text") or "")
    heads = [title.get(each) for each in ("title", "desc")] if isinstance(title, dict) else []
    text = "\n".join(str(each) for each in (*heads, body) if each)
    if not text or (kind not in NOTICES and not heads):
        raise Refused(40063, "template_card")
    if kind in NOTICES:
        return Face(kind=kind, text=text)
    if kind not in _PRESSED:
        raise Refused(40058, "card_type")
    task_id = part.get("task_id")
    if not isinstance(task_id, str) or not _TASK_ID.fullmatch(task_id):
        raise Refused(40058, "task_id")
    return _PRESSED[kind](part, Face(task_id=task_id, kind=kind, text=text))


def _button_card(part: Body, face: Face) -> Face:
    buttons = _pairs(part.get("button_list"), "button_list", "key", _KEY_BYTES)
    return Face(task_id=face.task_id, kind=face.kind, text=face.text, buttons=buttons)


def _vote_card(part: Body, face: Face) -> Face:
    box = part.get("checkbox")
    if not isinstance(box, dict) or not box.get("question_key"):
        raise Refused(40063, "checkbox")
    options = _pairs(box.get("option_list"), "option_list", "id", _OPTION_BYTES)
    submit = _pairs([part.get("submit_button")], "button_list", "key", _KEY_BYTES)
    return Face(
        task_id=face.task_id, kind=face.kind, text=face.text, buttons=submit, options=options,
        several=box.get("mode") == 1,
    )  # fmt: skip


_PRESSED = {"button_interaction": _button_card, "vote_interaction": _vote_card}


def _pairs(value: object, name: str, key: str, most_bytes: int) -> tuple[tuple[str, str], ...]:
    """Return (text, key) of what can be pressed: 1 to so many, no key twice, none too long."""
    rows = value if isinstance(value, list) else []
    found = tuple(
        (str(row["text"]), str(row[key]))
        for row in rows
        if isinstance(row, dict) and row.get("text") and row.get(key)
    )
    keys = {pair[1] for pair in found}
    fits = all(len(each.encode()) <= most_bytes for each in keys)
    if not 1 <= len(rows) <= _MOST[name] or len(keys) != len(rows) or not fits:
        raise Refused(40058, name)
    return found
