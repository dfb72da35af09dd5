"""The parts of a chat as a phone shows it: bubbles with avatars, private bands, notes, times."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from bot.pictures import chat_figures
from bot.pictures.canvas import WIDTH, Canvas
from bot.pictures.lettering import Colour, Lettering, Style
from bot.pictures.moments import Cast, Noted, Said
from bot.pictures.palette import CARD, FAINT, INK, SOFT, WORK
from sop.texts import text

CHAT: Final[Colour] = (237, 239, 243)
BAND: Final[Colour] = (228, 224, 242)

_OURS: Final[Colour] = (203, 232, 212)
_BOTS: Final[Colour] = (219, 234, 255)
_LINK: Final[Colour] = (50, 100, 190)
_QUOTE: Final[Colour] = (243, 244, 246)
_GOOD: Final = ((215, 240, 218), (32, 108, 48))
_BAD: Final = ((253, 224, 220), (178, 50, 38))
_TAGS: Final[dict[str, Colour]] = {
    "bot": WORK,
    "owner": (236, 150, 50),
    "staff": (60, 165, 120),
    "leader": (150, 100, 210),
}

_EDGE: Final = 30
_BESIDE: Final = _EDGE + chat_figures.AVATAR + 22
_ROOM: Final = 700
_PAD_X: Final = 28
_PAD_Y: Final = 22
_TEXT: Final = Style(40, INK)
_LEADING: Final = 58
_MOST_LINES: Final = 40
_SMALL: Final = Style(28, SOFT)
_QUOTED: Final = Style(30, SOFT)
_CHIP: Final = 26
_MOST_CHIPS: Final = 4
_GAP: Final = 30


@dataclass(frozen=True)
class Bubble:
    """A message with its avatar; the owner's stand on the right, as on the owner's phone."""

    said: Said
    cast: Cast
    lettering: Lettering

    @property
    def height(self) -> int:
        """As high as name, bubble, attachments and points."""
        attached = sum(chat_figures.HEIGHTS[kind] + 12 for kind, _ in self._attachments)
        bubble = self._box[1] + 6 if self._box[1] else 0
        return 42 + bubble + attached + (_CHIP + 36 if self.said.points else 0) + _GAP

    @property
    def _ours(self) -> bool:
        return self.cast.roles.get(self.said.who) == "owner" and bool(self.said.who)

    @property
    def _attachments(self) -> list[tuple[str, str]]:
        there = (("image", self.said.image), ("file", self.said.file))
        return [(kind, name) for kind, name in there if name]

    @cached_property
    def _lines(self) -> list[str]:
        if not self.said.words:
            return []
        return self.lettering.wrap(self.said.words, _TEXT, _ROOM, most=_MOST_LINES)

    @cached_property
    def _mention(self) -> list[str]:
        names = (
            text("pictures.everybody") if each == "all" else self.cast.name(each)
            for each in self.said.mention
        )
        words = " ".join(f"@{name}" for name in names)
        fresh = words and not self.said.words.startswith("@") and not self._names_all()
        return self.lettering.wrap(words, _TEXT, _ROOM, most=3) if fresh else []

    def _names_all(self) -> bool:
        """Whether the text itself says @ to all who are mentioned."""
        return bool(self.said.mention) and all(
            f"@{self.cast.name(each)}" in self.said.words for each in self.said.mention
        )

    @cached_property
    def _quote(self) -> list[str]:
        if not self.said.quote:
            return []
        return self.lettering.wrap(self.said.quote, _QUOTED, _ROOM - 24, most=2)

    @cached_property
    def _box(self) -> tuple[int, int]:
        """The bubble's width and height; nothing where nothing is written."""
        lines = [*self._mention, *self._lines]
        if not lines and not self._quote:
            return 0, 0
        widths = [self.lettering.width(line, _TEXT) for line in lines]
        widths += [self.lettering.width(line, _QUOTED) + 24 for line in self._quote]
        quote = 16 + 42 * len(self._quote) if self._quote else 0
        return max(widths) + 2 * _PAD_X, quote + _LEADING * len(lines) + 2 * _PAD_Y - 8

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw avatar, name, bubble, what is attached, and the points below."""
        name = self.cast.name(self.said.who) if self.said.who else text("pictures.bot")
        x = WIDTH - _EDGE - chat_figures.AVATAR if self._ours else _EDGE
        chat_figures.avatar(canvas, x, top, self.said.who, name)
        self._name(canvas, top, name)
        y = top + 42
        if self._box[1]:
            self._bubble(canvas, y)
            y += self._box[1] + 6
        for kind, file in self._attachments:
            y += 6
            chat_figures.DRAWN[kind](canvas, self._left(chat_figures.WIDTHS[kind]), y, file)
            y += chat_figures.HEIGHTS[kind] + 6
        if self.said.points:
            self._points(canvas, y + 6)

    def _left(self, width: int) -> int:
        return WIDTH - _BESIDE - width if self._ours else _BESIDE

    def _name(self, canvas: Canvas, top: int, name: str) -> None:
        role = self.cast.roles.get(self.said.who, "") if self.said.who else "bot"
        tag = ""
        if role in _TAGS:
            tag = text("pictures.bot-tag") if role == "bot" else text(f"pictures.to-{role}")
        style = Style(20, CARD, bold=True)
        width = canvas.lettering.width(tag, style) + 16 if tag else 0
        wide = canvas.lettering.width(name, _SMALL) + (width + 10 if tag else 0)
        end = canvas.text(self._left(wide), top - 6, name, _SMALL)
        if tag:
            canvas.rounded((end + 10, top, end + 10 + width, top + 30), 8, _TAGS[role])
            canvas.text(end + 18, top + 3, tag, style)

    def _bubble(self, canvas: Canvas, top: int) -> None:
        width, height = self._box
        left = self._left(width)
        fill = _OURS if self._ours else _BOTS if not self.said.who else CARD
        canvas.rounded((left, top, left + width, top + height), 18, fill)
        tip, base = (left + width + 14, left + width - 2) if self._ours else (left - 14, left + 2)
        canvas.polygon([(base, top + 16), (tip, top + 28), (base, top + 42)], fill)
        y = top + _PAD_Y - 6
        if self._quote:
            self._quoting(canvas, left + _PAD_X, y + 4, width - 2 * _PAD_X)
            y += 16 + 42 * len(self._quote)
        linked = Style(_TEXT.size, _LINK)
        for line in self._mention:
            canvas.text(left + _PAD_X, y, line, linked)
            y += _LEADING
        for line in self._lines:
            canvas.text(left + _PAD_X, y, line, _TEXT)
            y += _LEADING

    def _quoting(self, canvas: Canvas, x: int, y: int, width: int) -> None:
        height = 42 * len(self._quote) + 8
        canvas.rounded((x - 8, y, x + width + 8, y + height), 8, _QUOTE)
        canvas.rounded((x - 8, y, x - 2, y + height), 3, FAINT)
        for number, line in enumerate(self._quote):
            canvas.text(x + 10, y + 4 + 42 * number, line, _QUOTED)

    def _points(self, canvas: Canvas, top: int) -> None:
        chips = [
            (text("pictures.chip", points=f"{points:+d}", why=why), _GOOD if points > 0 else _BAD)
            for points, why in self.said.points[:_MOST_CHIPS]
        ]
        widths = [canvas.lettering.width(words, Style(_CHIP, INK)) + 32 for words, _ in chips]
        x = self._left(sum(widths) + 10 * (len(widths) - 1))
        for (words, (fill, ink)), width in zip(chips, widths, strict=True):
            canvas.rounded((x, top, x + width, top + _CHIP + 18), 22, fill)
            canvas.text(x + 16, top + 3, words, Style(_CHIP, ink, bold=True))
            x += width + 10


@dataclass(frozen=True)
class Band:
    """Messages of one private chat, set apart from what the group sees."""

    name: str
    bubbles: Sequence[Bubble]

    @property
    def height(self) -> int:
        """As high as its heading and bubbles."""
        return 92 + sum(bubble.height for bubble in self.bubbles) + 16

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw a coloured band with a heading, the bubbles on it."""
        bottom = top + self.height - 28
        canvas.rounded((12, top, WIDTH - 12, bottom), 28, BAND)
        label = Style(28, chat_figures.VIOLET, bold=True)
        words = text("pictures.private", name=self.name)
        width = canvas.lettering.width(words, label) + 84
        left = (WIDTH - width) // 2
        canvas.rounded((left, top + 16, left + width, top + 64), 24, CARD)
        chat_figures.lock(canvas, left + 26, top + 28)
        canvas.text(left + 58, top + 20, words, label)
        y = top + 92
        for bubble in self.bubbles:
            bubble.draw(canvas, y)
            y += bubble.height


@dataclass(frozen=True)
class Time:
    """The time of day between messages, where some minutes went by."""

    words: str
    height: int = 74

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw it small, in the middle."""
        canvas.centred(WIDTH // 2, top + 10, self.words, Style(28, FAINT))


@dataclass(frozen=True)
class Note:
    """A line of the system: somebody came, a level was reached."""

    noted: Noted
    lettering: Lettering

    @property
    def height(self) -> int:
        """As high as its lines."""
        return 46 * len(self._lines) + 36

    @cached_property
    def _lines(self) -> list[str]:
        return self.lettering.wrap(self.noted.words, _SMALL, 840, most=4)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw the lines on a pill in the middle."""
        fill, ink = {"good": _GOOD, "bad": _BAD}.get(self.noted.tone, ((224, 227, 232), SOFT))
        style = Style(_SMALL.size, ink)
        width = max(self.lettering.width(line, style) for line in self._lines) + 56
        left = (WIDTH - width) // 2
        canvas.rounded((left, top, left + width, top + 46 * len(self._lines) + 10), 24, fill)
        for number, line in enumerate(self._lines):
            canvas.centred(WIDTH // 2, top + 7 + 46 * number, line, style)


@dataclass(frozen=True)
class Task:
    """Something left to people, with its prepared text."""

    noted: Noted
    lettering: Lettering

    @property
    def height(self) -> int:
        """As high as heading and text."""
        return 92 + 48 * len(self._lines) + 22 + _GAP

    @cached_property
    def _lines(self) -> list[str]:
        return self.lettering.wrap(self.noted.words, Style(32, INK), WIDTH - 240, most=12)

    def draw(self, canvas: Canvas, top: int) -> None:
        """Draw a card with a mark at its left."""
        bottom = top + self.height - _GAP
        canvas.rounded((80, top, WIDTH - 80, bottom), 18, (255, 249, 230))
        canvas.rounded((80, top + 22, 90, bottom - 22), 4, (236, 170, 50))
        canvas.text(120, top + 20, self.noted.heading, Style(30, (150, 100, 10), bold=True))
        for number, line in enumerate(self._lines):
            canvas.text(120, top + 78 + 48 * number, line, Style(32, INK))
