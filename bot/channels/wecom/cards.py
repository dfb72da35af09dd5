"""Cards with buttons: made of a delivery's words, and shown as answered once one is pressed.

Shapes and limits: WeCom pages 90236, 90241, 101031 and 101032. A button's key is the command it
stands for, so that a press needs no memory: it is what the presser might have typed.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from bot.channels.wecom.api import Json
from bot.channels.wecom.attempts import Delivery
from sop.actions import Button
from sop.channels import CAPABILITIES
from sop.texts import text

MOST_BUTTONS: Final = 6
TITLE: Final = 26
"""Characters of a card's title; more may be cut by a client."""

BODY: Final = 112
"""Characters of a card's text; more may be cut by a client."""

LABEL: Final = 10
_KEY_BYTES: Final = 1_024
_SENTENCE: Final = re.compile(r"[\n,;!?\uff0c\u3002\uff1a\uff1b\uff01\uff1f]\s*")
# A card shows links and mentions as they are written.
_MARKED: Final = re.compile(r"<a |<@|https?://")


def able(delivery: Delivery) -> bool:
    """Tell whether the delivery has buttons, and goes where cards are."""
    return bool(delivery.buttons) and "cards" in CAPABILITIES.get(delivery.channel, ())


def holds_all(delivery: Delivery) -> bool:
    """Tell whether the card alone says everything: to one's own eyes, and short enough.

    In a group the words are said as words: they can be quoted, and everybody's client shows them.
    """
    beside = delivery.image or delivery.file or delivery.picture or delivery.mentions
    fits = not beside and _MARKED.search(delivery.text) is None
    title, body = _parts(delivery.text)
    return fits and not delivery.chat_id and len(title) <= TITLE and len(body) <= BODY


def message(delivery: Delivery) -> Json:
    """Return the card as a message."""
    return {"msgtype": "template_card", "template_card": card(delivery)}


def card(delivery: Delivery) -> Json:
    """Return the card: all of the words, or their beginning where they are said beside it."""
    return made(delivery.text, delivery.buttons, delivery.card)


def made(words: str, buttons: Sequence[Button], card_id: str) -> dict[str, object]:
    """Return a card of these words and buttons; what has no room on it is left away."""
    title, body = _parts(words)
    listed = [
        {"text": each.label[:LABEL], "style": 1 if not place else 2, "key": each.says}
        for place, each in enumerate(_unlike(buttons))
    ]
    return {
        "card_type": "button_interaction",
        "main_title": {"title": _cut(title, TITLE)},
        **({"sub_title_text": _cut(body, BODY)} if body else {}),
        "button_list": listed[:MOST_BUTTONS],
        "task_id": card_id,
    }


def beside(words: str, buttons: Iterable[Sequence[str]], card_id: str) -> Json | None:
    """Return the card for words that are said beside it; None where nothing can be pressed."""
    found = [Button(*each) for each in buttons]
    return made(words, found, card_id) if found else None


def pressed(words: str, said: str, card_id: str) -> dict[str, object]:
    """Return the card as it stands once somebody has pressed a button on it.

    Its one button says what was pressed; it is the same command again, and answers like one.
    """
    return made(words or said, [Button(replaced(said), said)], card_id)


def replaced(said: str) -> str:
    """Return what stands in the place of the buttons."""
    return _cut(text("cards.pressed", said=said), LABEL)


def _unlike(buttons: Sequence[Button]) -> list[Button]:
    """Return the buttons that a card takes: no key twice, none longer than WeCom allows."""
    found = {each.says: each for each in reversed(buttons)}
    return [
        each
        for each in buttons
        if found[each.says] is each and 0 < len(each.says.encode()) <= _KEY_BYTES
    ]


def _parts(words: str) -> tuple[str, str]:
    """Divide words where their first clause ends, if it makes a title."""
    words = words.strip()
    if len(words) <= TITLE and "\n" not in words:
        return words, ""
    ends = [found.end() for found in _SENTENCE.finditer(words, 0, TITLE)]
    if not ends:
        return text("cards.title"), words
    return words[: ends[-1]].strip(), words[ends[-1] :].strip()


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1]}…"
