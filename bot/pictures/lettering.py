"""Letters in pictures: measuring, breaking into lines, and drawing what the fonts can draw.

A sign that no font has is left out; an empty box would tell nobody anything.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from bot.pictures.fonts import Face, Faces

Colour = tuple[int, int, int]

_PROBE: Final = 24
_EMOJI_SIZE: Final = 109
"""The one size that colour bitmaps of emoji come in."""

# Written to stand below 0.9 of a line with Chinese characters beside it.
_EMOJI_SCALE: Final = 1.12

_NOTHING: Final = "\U0010fffd"
"""A private sign that fonts draw as what they have not."""

_WIDE_BLANK: Final = "\u3000"
_INVISIBLE: Final = frozenset("\ufe0e\ufe0f\u200d\u200b\u200c\u2060\ufeff\u20e3")
_SKINS: Final = range(0x1F3FB, 0x1F400)
_FLAGS: Final = range(0x1F1E6, 0x1F200)
_PIECES: Final = re.compile(r"[A-Za-z0-9@#&_./:?=%+~'\u2019-]+|\s|.", re.DOTALL)
_TRAILING: Final = frozenset(
    ",.!?:;)]}%\u3001\u3002\uff0c\uff01\uff1f\uff1a\uff1b\uff09\u300b\u300d\u300f\u3011\u2026"
    "\u201d\u2019\uff5e\uff05"
)
"""Signs that do not begin a line: they hang over its end, at most `_HANGING` of them."""

_HANGING: Final = 2
_MOST_CUT: Final = 200
"""Signs of one line, more than any has room for."""

_LEADING: Final = frozenset("([{\u300a\u300c\u300e\u3010\uff08\u201c\u2018")
"""Signs that do not end a line."""


@dataclass(frozen=True, slots=True)
class Style:
    """How letters look: size in pixels, colour, weight."""

    size: int
    colour: Colour
    bold: bool = False


@dataclass(frozen=True)
class Lettering:
    """Draws text with some faces."""

    faces: Faces

    def width(self, words: str, style: Style) -> int:
        """How many pixels a line of text takes."""
        return round(sum(self._run_width(face, run, style) for face, run in self._runs(words)))

    def wrap(self, words: str, style: Style, width: int, most: int = 10_000) -> list[str]:
        """Break text into lines of so many pixels, at most `most`; the last tells that more was.

        Words and addresses stay whole where they fit; closing signs do not begin a line.
        """
        lines: list[str] = []
        for paragraph in words.splitlines() or [""]:
            lines.extend(islice(self._paragraph(paragraph, style, width), most + 1 - len(lines)))
            if len(lines) > most:
                break
        if len(lines) <= most:
            return lines
        return [*lines[: most - 1], self.cut(lines[most - 1] + "…", style, width)]

    def cut(self, words: str, style: Style, width: int) -> str:
        """Return the words, or as many as fit with a sign that more follows."""
        if len(words) <= _MOST_CUT and self.width(words, style) <= width:
            return words
        kept = words[:_MOST_CUT]
        while kept and self.width(kept + "…", style) > width:
            kept = kept[:-1]
        return kept.rstrip("…") + "…"

    def draw(self, image: Image.Image, place: tuple[int, int], words: str, style: Style) -> int:
        """Draw one line with its upper left corner there; return where it ends."""
        x, y = float(place[0]), place[1]
        pen = ImageDraw.Draw(image)
        for face, run in self._runs(words):
            if face is not None and face == self.faces.emoji:
                self._emoji(image, (round(x), y), run, style)
            else:
                font = self._face(face, style).at(style.size)
                base = y + round(style.size * 1.06)
                pen.text((x, base), run, font=font, fill=style.colour, anchor="ls")
            x += self._run_width(face, run, style)
        return round(x)

    def _paragraph(self, words: str, style: Style, width: int) -> Iterator[str]:
        line = ""
        for piece in _PIECES.findall(words):
            hanging = _HANGING * style.size if piece in _TRAILING else 0
            if self.width(line + piece, style) <= width + hanging:
                line += piece
                continue
            kept = line.rstrip("".join(_LEADING))
            if kept.strip():
                yield kept.rstrip()
            line, carried = "", line[len(kept) :]
            for part in self._broken(carried + piece.lstrip(), style, width):
                if line:
                    yield line
                line = part
        yield line.rstrip()

    def _broken(self, piece: str, style: Style, width: int) -> Iterator[str]:
        part = ""
        for sign in piece:
            if part and self.width(part + sign, style) > width:
                yield part
                part = ""
            part += sign
        yield part

    def _run_width(self, face: Face | None, run: str, style: Style) -> float:
        if face is not None and face == self.faces.emoji:
            return len(run) * style.size * _EMOJI_SCALE
        return _advance(self._face(face, style), style.size, run)

    def _face(self, face: Face | None, style: Style) -> Face:
        if face is not None:
            return face
        return self.faces.bold if style.bold else self.faces.regular

    def _runs(self, words: str) -> list[tuple[Face | None, str]]:
        """Stretches of one face each; None is the regular or bold one."""
        return _runs(self.faces, words)

    def _emoji(self, image: Image.Image, place: tuple[int, int], run: str, style: Style) -> None:
        assert self.faces.emoji is not None
        side = round(style.size * _EMOJI_SCALE)
        for number, sign in enumerate(run):
            drawn = _emoji(self.faces.emoji, sign, side)
            spot = (place[0] + number * side, place[1] + round(style.size * 0.14))
            image.paste(drawn, spot, drawn)


@lru_cache(maxsize=8_192)
def _advance(face: Face, size: int, run: str) -> float:
    return face.at(size).getlength(run)


@lru_cache(maxsize=8_192)
def _runs(faces: Faces, words: str) -> list[tuple[Face | None, str]]:
    runs: list[tuple[Face | None, str]] = []
    for sign in unicodedata.normalize("NFC", words):
        known, face = (False, None) if _is_part(sign) else _drawer(faces, sign)
        if not known:
            continue
        drawn = " " if sign.isspace() and sign != _WIDE_BLANK else sign
        if runs and runs[-1][0] == face:
            runs[-1] = (face, runs[-1][1] + drawn)
        else:
            runs.append((face, drawn))
    return runs


def _is_part(sign: str) -> bool:
    """Whether a sign only changes or joins others, which nothing here does."""
    joined = ord(sign) in _SKINS or ord(sign) in _FLAGS
    return joined or sign in _INVISIBLE or unicodedata.category(sign) == "Cc"


@lru_cache(maxsize=8_192)
def _drawer(faces: Faces, sign: str) -> tuple[bool, Face | None]:
    """Whether any face has the sign, and which one, None for the faces of text."""
    if sign.isspace() or _has(faces.regular, sign):
        return True, None
    if faces.emoji and _has_emoji(faces.emoji, sign):
        return True, faces.emoji
    other = next((face for face in faces.signs if _has(face, sign)), None)
    return other is not None, other


def _has(face: Face, sign: str) -> bool:
    drawn, size = _mask(face, sign)
    return size != (0, 0) and (drawn, size) != _mask(face, _NOTHING)


@lru_cache(maxsize=8_192)
def _mask(face: Face, sign: str) -> tuple[bytes, tuple[int, int]]:
    mask = face.at(_PROBE).getmask(sign)
    return bytes(mask), mask.size


@lru_cache(maxsize=1_024)
def _has_emoji(face: Face, sign: str) -> bool:
    drawn = _drawn_emoji(face, sign)
    return drawn.getbbox() is not None and drawn != _drawn_emoji(face, _NOTHING)


@lru_cache(maxsize=1_024)
def _emoji(face: Face, sign: str, side: int) -> Image.Image:
    drawn = _drawn_emoji(face, sign)
    return drawn.crop(drawn.getbbox()).resize((side, side), Image.Resampling.LANCZOS)


def _drawn_emoji(face: Face, sign: str) -> Image.Image:
    image = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    try:
        font: ImageFont.FreeTypeFont = face.at(_EMOJI_SIZE)
    except OSError:
        # A font of another kind, with no bitmap of that size.
        return image
    ImageDraw.Draw(image).text((0, 8), sign, font=font, embedded_color=True)
    return image
