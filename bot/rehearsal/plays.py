"""A rehearsal from beginning to end: what is played, from when to when, and what comes of it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bot.rehearsal.difference import UNTOLD, Ended
from bot.rehearsal.groups import BUNDLES
from bot.rehearsal.invention import Invented
from bot.rehearsal.past import Past
from bot.rehearsal.script import Cue
from bot.rehearsal.sources import Scripted, Source, Witnessed
from bot.rehearsal.stage import Stage
from bot.rehearsal.wording import Names
from sop import channels
from sop.book import Book

COMMUNITY_WIDE: Final = frozenset({"add", "remove", "layer", "level", "leader"})
"""Lines of another group that are shown where one group is played: they are about people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Play:
    """What is played, whatever the pack: lines from `source` on a `stage` (ms UTC).

    `answering` says that the source's people answer what one pack's bot does: another pack is
    given the same lines once more, not the same people. `group` is the only one to be shown.
    """

    start: int
    until: int
    stage: Callable[[Book], Stage]
    source: Callable[[Book], Source]
    answering: bool = False
    group: str = ""
    names: Names = field(default_factory=Names)


@dataclass(frozen=True, slots=True)
class Kind:
    """How a play is set: the groups' channel, the seed, whether silence is told, a camp's day."""

    channel: str = "sandbox"
    seed: int = 0
    trace: bool = False
    starts: str = ""

    def stage(self, book: Book) -> Stage:
        """Return an empty stage for a pack."""
        return Stage(
            book, channel=self.channel, seed=self.seed, trace=self.trace, starts=self.starts
        )


def of_script(cues: Sequence[Cue], start: int, until: int, kind: Kind) -> Play:
    """Play a script."""
    return Play(
        start=start, until=until, stage=kind.stage, source=lambda _book: Scripted(cues, start)
    )


def of_people(members: int, start: int, until: int, kind: Kind) -> Play:
    """Play an invented group."""
    hears_all = channels.hears_all(dict.fromkeys(BUNDLES[kind.channel], ""))

    def invent(book: Book) -> Source:
        return Invented(book, members=members, seed=kind.seed, start=start, hears_all=hears_all)

    return Play(start=start, until=until, stage=kind.stage, source=invent, answering=True)


def of_past(past: Past, *, trace: bool = False) -> Play:
    """Play what a group really lived through."""
    names = Names({person.userid: person.name for person in past.people if person.name})
    return Play(
        start=past.since,
        until=past.until,
        stage=lambda book: Stage(book, trace=trace, past=past),
        source=lambda _book: Scripted(past.cues, past.since),
        group=past.groups[0].id,
        names=names,
    )


@contextmanager
def running(
    play: Play, book: Book, see: Callable[[Cue], object], again: Sequence[Cue] | None = None
) -> Iterator[tuple[Stage, Iterator[dict[str, Any]]]]:
    """Give the stage and its lines as they come; `see` sees every cue, `again` replays some."""
    stage = play.stage(book)
    source = play.source(book) if again is None else Scripted(again, play.start)
    try:
        lines = stage.perform(Witnessed(source, see), play.start, play.until)
        yield stage, (line for line in lines if _shown(play, line))
    finally:
        stage.close()


def _shown(play: Play, line: dict[str, Any]) -> bool:
    elsewhere = play.group and line.get("group", play.group) != play.group
    return not elsewhere or line["do"] in COMMUNITY_WIDE


def both(play: Play, old: Book, new: Book, see: Callable[[Cue], object]) -> tuple[Ended, Ended]:
    """Play the same input under two packs; return how each ended, the old one first.

    Lines that are told as one figure a person are not kept.
    """
    cues: list[Cue] = []

    def keep(cue: Cue) -> None:
        see(cue)
        if play.answering:
            cues.append(cue)

    after = _ended(play, new, keep)
    before = _ended(play, old, _nobody, cues if play.answering else None)
    return before, after


def _ended(
    play: Play, book: Book, see: Callable[[Cue], object], again: Sequence[Cue] | None = None
) -> Ended:
    with running(play, book, see, again) as (stage, lines):
        kept = [line for line in lines if line["do"] not in UNTOLD]
        return Ended(kept, stage.standings())


def _nobody(_cue: Cue) -> None:
    return None
