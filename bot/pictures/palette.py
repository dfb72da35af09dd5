"""The colours of pictures: soft fills with dark letters that can be read on them."""

from collections.abc import Mapping
from typing import Final

from bot.pictures.lettering import Colour, Style

PAGE: Final[Colour] = (244, 245, 247)
CARD: Final[Colour] = (255, 255, 255)
LINE: Final[Colour] = (232, 234, 238)
INK: Final[Colour] = (31, 35, 41)
SOFT: Final[Colour] = (100, 106, 115)
FAINT: Final[Colour] = (160, 166, 176)
REST: Final[Colour] = (214, 69, 65)
WORK: Final[Colour] = (78, 131, 253)
WARN: Final[Colour] = (217, 119, 6)
RESTING: Final[Colour] = (255, 246, 245)

KINDS: Final[Mapping[str, tuple[Colour, Colour]]] = {
    "questions": ((221, 235, 255), (29, 84, 176)),
    "share": ((255, 232, 209), (165, 82, 0)),
    "game": ((236, 225, 255), (101, 55, 184)),
    "campaign": ((255, 224, 237), (176, 45, 98)),
    "honour": ((255, 241, 200), (130, 92, 0)),
    "offer": ((255, 223, 218), (176, 52, 38)),
    "report": ((212, 243, 238), (13, 108, 100)),
    "topic": ((220, 243, 221), (36, 110, 44)),
    "content": ((226, 237, 246), (46, 88, 120)),
    "private": ((236, 233, 246), (82, 74, 136)),
    "task": ((232, 235, 239), (67, 75, 87)),
    "points": ((238, 246, 208), (84, 106, 16)),
}
"""The fill and the ink of each kind of step."""

AVATARS: Final[tuple[Colour, ...]] = (
    (86, 143, 232), (236, 135, 87), (92, 178, 131), (170, 120, 214), (226, 105, 133),
    (72, 172, 186), (206, 152, 62), (124, 134, 222), (146, 166, 74), (196, 116, 92),
)  # fmt: skip
"""Fills of coloured initials, white letters on them."""

TITLE: Final = Style(52, INK, bold=True)
SUBTITLE: Final = Style(32, SOFT)
HEADING: Final = Style(44, INK, bold=True)
NOTE: Final = Style(28, SOFT)
SMALL: Final = Style(24, FAINT)
