"""Cards with buttons: made of a delivery's words, and shown as answered once one is pressed.

Shapes and limits: WeCom pages 90236, 90241, 101031 and 101032. A button's key is the command it
stands for, so that a press needs no memory: it is what the presser might have typed.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import Final

from bot.channels.wecom.attempts import Delivery
from bot.channels.wecom.raw_json import Json
from sop.actions import Button
from sop.channels import CAPABILITIES
from sop.frozen import replace
from sop.texts import text

MOST_BUTTONS: Final = 6
TITLE: Final = 26
"""Characters of a card's title; more may be cut by a client."""

BODY: Final = 112
"""Characters of a card's text; more may be cut by a client."""

MOST_OPTIONS: Final = 20
LABEL: Final = 10
_KEY_BYTES: Final = 1_024
_CLAUSE: Final = re.compile(r"[,;!?\uff0c\u3002\uff1a\uff1b\uff01\uff1f]\s*")
_PAIRS: Final = ("\u300c\u300d", "\u300a\u300b", "\uff08\uff09", "()")
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
    """Return the card as a message: all of the words, or their beginning where they are beside."""
    whole = holds_all(delivery)
    card = made(delivery.text, delivery.buttons, delivery.card, whole=whole)
    return {"msgtype": "template_card", "template_card": card}


def made(words: str, buttons: Sequence[Button], card_id: str, *, whole: bool) -> dict[str, object]:
    """Return a card of these words and buttons; not `whole`, it says only how they begin."""
    title, body = _parts(words)
    found = _unlike(buttons)
    fits = whole and len(body) <= BODY
    return {
        "main_title": {"title": _cut(title, TITLE)},
        **({"sub_title_text": body} if body and fits else {}),
        **(_choice(found) or _listed(found)),
        "task_id": card_id,
    }


def _listed(buttons: Sequence[Button]) -> dict[str, object]:
    listed = [
        {"text": _cut(each.label, LABEL), "style": 2 if place else 1, "key": each.says}
        for place, each in enumerate(buttons[:MOST_BUTTONS])
    ]
    return {"card_type": "button_interaction", "button_list": listed}


def _choice(buttons: Sequence[Button]) -> dict[str, object]:
    """Let one of many be chosen, where they are more than buttons and differ in one last word."""
    parts = [each.says.rpartition(" ") for each in buttons]
    heads = {head for head, _, _ in parts}
    if not MOST_BUTTONS < len(buttons) <= MOST_OPTIONS or len(heads) != 1 or not min(heads):
        return {}
    options = [
        {"id": last, "text": _cut(each.label, LABEL)}
        for each, (_, _, last) in zip(buttons, parts, strict=True)
    ]
    return {
        "card_type": "vote_interaction",
        "checkbox": {"question_key": "one", "mode": 0, "option_list": options},
        "submit_button": {"text": text("cards.submit"), "key": min(heads)},
    }


def pressed(
    words: str,
    buttons: Sequence[Button],
    said: str,
    card_id: str,
    *,
    whole: bool,
    late: bool = False,
) -> tuple[dict[str, object], str]:
    """Return the card as it stands once `said` was pressed on it, and what says so.

    `late`: what it is about was settled before. What says so is a button, too: the same command
    again, which answers like one. What was of another thing can still be pressed.
    """
    found = next((each for each in buttons if each.says == said), Button(said, said))
    says = text("cards.settled") if late else text("cards.pressed", said=found.label)
    mark = replace(found, label=_cut(says, LABEL))
    rest = [each for each in buttons if each.of != found.of]
    few = rest if len(rest) < MOST_BUTTONS else []
    return made(words or said, [mark, *few], card_id, whole=whole), mark.label


def is_open(card: Json) -> bool:
    """Tell whether more can be pressed on a card than what says that it was pressed."""
    listed = card.get("button_list")
    return isinstance(listed, list) and len(listed) > 1


def _unlike(buttons: Sequence[Button]) -> list[Button]:
    """Return the buttons that a card takes: no key twice, none longer than WeCom allows."""
    found = {each.says: each for each in reversed(buttons)}
    return [
        each
        for each in buttons
        if found[each.says] is each and 0 < len(each.says.encode()) <= _KEY_BYTES
    ]


def _parts(words: str) -> tuple[str, str]:
    """Divide words after their first line, or after a clause of it, if that makes a title."""
    words = words.strip()
    line = words.partition("\n")[0]
    ends = (found.end() for found in _CLAUSE.finditer(words, 0, TITLE))
    end = (
        len(line) if len(line) <= TITLE else max(filter(partial(_closed, words), ends), default=0)
    )
    return words[:end].strip() or text("cards.title"), words[end:].strip()


def _closed(words: str, end: int) -> bool:
    """Tell whether nothing is parted there that brackets or quotes hold together."""
    begun = words[:end]
    return all(begun.count(left) == begun.count(right) for left, right in _PAIRS)


def _cut(words: str, length: int) -> str:
    return words if len(words) <= length else f"{words[: length - 1]}…"
