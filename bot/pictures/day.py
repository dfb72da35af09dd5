"""A day of a rehearsal as one long picture of a phone's chat, for those who decide by looking."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from bot.pictures.canvas import TALLEST, WIDTH, Block, Canvas, Space, draw_pages, paged
from bot.pictures.chat_parts import CHAT, Band, Bubble, Note, Task, Time
from bot.pictures.fonts import Faces
from bot.pictures.lettering import Lettering, Style
from bot.pictures.moments import Moment, Noted, Said
from bot.pictures.palette import CARD, FAINT, INK, LINE, SOFT
from bot.pictures.story import Story, story_of
from bot.rehearsal.script import Cue
from sop.agenda import agenda_words
from sop.book import Book
from sop.texts import text
from sop.times.durations import MINUTE_MS

PAUSE: Final = 5 * MINUTE_MS
"""After so long the time is shown anew."""

_TALLEST_BAND: Final = 4_000
"""Pixels of one private chat that stay together."""

_TITLE: Final = Style(42, INK, bold=True)


def draw(
    lines: Iterable[Mapping[str, Any]],
    cues: Sequence[Cue],
    book: Book,
    faces: Faces,
    day: date | None = None,
    group: str = "",
) -> list[bytes]:
    """Return the day as a PNG or, where one would be too tall, several.

    `lines` are the transcript's, `cues` what was fed to it. Without `day` and `group` it is the
    first day and its liveliest group. Raises `story.NothingToShow`.
    """
    story = story_of(lines, cues, book, day, group)
    lettering = Lettering(faces)
    room = TALLEST - _Head.height - _Foot.height
    pages = paged(list(_blocks(story, book, lettering)), room)
    whole: list[list[Block]] = [
        [_Head(story, book, number, len(pages)), *blocks, _Foot()]
        for number, blocks in enumerate(pages, 1)
    ]
    return draw_pages(whole, CHAT, lettering)


def _blocks(story: Story, book: Book, lettering: Lettering) -> Iterator[Block]:
    shown: int | None = None
    for moments in _talks(story.moments):
        first = moments[0]
        if shown is None or first.at - shown >= PAUSE or _begins(first, shown):
            yield Time(agenda_words.clock(first.at, book))
        shown = moments[-1].at
        yield from _block(moments, story, lettering)
    yield Space(10)


def _begins(moment: Moment, shown: int) -> bool:
    """Whether a step begins in a new minute: when it does is what the picture is about."""
    by_step = isinstance(moment, Said) and not moment.who and bool(moment.step)
    return by_step and moment.at // MINUTE_MS > shown // MINUTE_MS


def _block(moments: Sequence[Moment], story: Story, lettering: Lettering) -> Iterator[Block]:
    first = moments[0]
    if isinstance(first, Noted):
        yield Task(first, lettering) if first.tone == "task" else Note(first, lettering)
        return
    bubbles = [Bubble(each, story.cast, lettering) for each in moments if isinstance(each, Said)]
    if first.private:
        name = story.cast.name(first.private)
        yield from (Band(name, each) for each in paged(bubbles, _TALLEST_BAND))
    else:
        yield from bubbles


def _talks(moments: Sequence[Moment]) -> Iterator[list[Moment]]:
    """Yield moments alone, but those of one private chat that follow each other together."""
    talk: list[Moment] = []
    for moment in moments:
        if talk and not _same_talk(talk[-1], moment):
            yield talk
            talk = []
        talk.append(moment)
    if talk:
        yield talk


def _same_talk(one: Moment, other: Moment) -> bool:
    if not isinstance(one, Said) or not isinstance(other, Said) or not one.private:
        return False
    return one.private == other.private and other.at - one.at < PAUSE


@dataclass(frozen=True)
class _Head:
    """The bar of a chat: where one is, and which day."""

    story: Story
    book: Book
    number: int
    of: int
    height: int = 190

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.rectangle((0, top, WIDTH, top + 156), CARD)
        canvas.rectangle((0, top + 156, WIDTH, top + 158), LINE)
        _back(canvas, 46, top + 78)
        for dot in range(3):
            x = WIDTH - 96 + 22 * dot
            canvas.rounded((x, top + 73, x + 10, top + 83), 5, SOFT)
        title = " · ".join(filter(None, (self.book.pack.title, self.story.group)))
        title = canvas.lettering.cut(title, _TITLE, WIDTH - 280)
        canvas.centred(WIDTH // 2, top + 26, title, _TITLE)
        day = self.story.day
        words = text("pictures.day", day=day, weekday=agenda_words.weekday(day))
        if self.of > 1:
            page = text("pictures.page", number=self.number, count=self.of)
            words = f"{words}  {page}"
        canvas.centred(WIDTH // 2, top + 92, words, Style(30, SOFT))


def _back(canvas: Canvas, x: int, y: int) -> None:
    """An arrow to the left."""
    for way in (-1, 1):
        canvas.polygon([(x, y), (x + 20, y + 22 * way), (x + 25, y + 17 * way), (x + 9, y)], SOFT)


@dataclass(frozen=True)
class _Foot:
    """That it is a rehearsal, said on every page."""

    height: int = 76

    def draw(self, canvas: Canvas, top: int) -> None:
        canvas.centred(WIDTH // 2, top + 14, text("pictures.day-foot"), Style(24, FAINT))
