"""`qunyun rehearse`: what a pack would do, on a virtual clock, before anybody sees it."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.broken import Broken
from bot.commands.pictured import DayPicture, day_picture_or_exit
from bot.commands.shared import (
    UNUSABLE,
    AsJson,
    book_or_exit,
    day_or_exit,
    deployment_or_exit,
    fail,
    read_file,
)
from bot.rehearsal import difference_told, plays, script, wording
from bot.rehearsal.difference import differences
from bot.rehearsal.groups import BUNDLES
from bot.rehearsal.invention import MEMBERS
from bot.rehearsal.script import Cue
from bot.rehearsal.summary import Summary
from bot.rehearsal.told import Piece, Timeline, harmless
from bot.rehearsal.wording import Names
from sop.book import Book
from sop.times.durations import DAY_MS, HOUR_MS, parse_duration
from sop.triggers.triggers import AroundStart

DAYS: Final = range(1, 731)
"""How many days can be invented, or looked back on."""

SEEDS: Final = range(1 << 63)

MONDAY: Final = (2026, 3, 2)
"""Where an invented group begins unless told otherwise: an ordinary Monday, so that what is
printed stays the same from one day to the next."""


def rehearse(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    *,
    script_file: Annotated[
        Path | None, typer.Option("--script", help="Play timed events, JSON lines.")
    ] = None,
    members: Annotated[
        int,
        typer.Option(help="Invent a group of so many people instead.", min=0, show_default=False),
    ] = 0,
    days: Annotated[
        int, typer.Option(help="For so many days (7).", min=0, show_default=False)
    ] = 0,
    recorded: Annotated[
        str, typer.Option(help="Play what this group of the deployment lived through.")
    ] = "",
    last: Annotated[str, typer.Option(help="How far back that goes.")] = "7d",
    against: Annotated[
        Path | None, typer.Option(help="Show only what differs from this pack.")
    ] = None,
    start: Annotated[str, typer.Option(help="2026-12-01T07:00:00+08:00")] = "",
    until: Annotated[str, typer.Option(help="Exclusive end.")] = "",
    starts: Annotated[str, typer.Option(help="The day the camp starts.")] = "",
    channel: Annotated[str, typer.Option(help=" | ".join(BUNDLES))] = "sandbox",
    seed: Annotated[
        int, typer.Option(help="Who is invented, and where rotating texts begin.")
    ] = 0,
    public_url: Annotated[
        str, typer.Option(help="The PUBLIC_URL it shall have: short links, members' pages.")
    ] = "",
    write_script: Annotated[
        Path | None, typer.Option(help="Keep what was played as a script.")
    ] = None,
    talk: Annotated[bool, typer.Option("--talk", help="Show what members say, too.")] = False,
    picture: Annotated[
        Path | None, typer.Option(help="Draw a day as a phone would show the chat (PNG).")
    ] = None,
    day: Annotated[str, typer.Option(help="The picture's day; by default the first.")] = "",
    group: Annotated[str, typer.Option(help="The picture's group; the liveliest.")] = "",
    trace: Annotated[bool, typer.Option("--trace", help="Show what did not fire, too.")] = False,
    as_json: AsJson = False,
) -> None:
    """Play a script, an invented group or a real one against a pack, and print what would happen.

    The same pack, input and seed print the same, byte for byte; a shorter run is the beginning
    of a longer one. --recorded shows what would have been otherwise than under the pack in
    force (or the one given by --against), and never writes to the database.

    With --json every line is an action; where two packs are compared, a difference:
    {"change": "appears" | "disappears" | "changes", ...} with the keys of the line, and under
    "old" and "new" what changes; at the end {"change": "person", "member", "old", "new"} with
    balance, score, level, layer and warned, as far as they differ.
    """
    _one_input(script_file, members, days, recorded)
    if recorded and (start or starts or seed or channel != "sandbox"):
        raise fail("--recorded: the group has its own channels, start and past", UNUSABLE)
    book = book_or_exit(pack, public_url)
    old = book_or_exit(against, public_url) if against else None
    shot = _shot(picture, day, group, book, compared=bool(old or recorded))
    kind = plays.Kind() if recorded else _kind(book, channel, seed, starts, trace=trace)
    known = ""
    if recorded:
        play, old, known = _recorded(recorded, last, until, old, trace=trace)
    elif script_file is not None:
        play = _scripted(script_file, start, until, kind)
    else:
        play = _invented(book, members, days or 7, start, until, kind)
    names = Names(dict(play.names.people), {each.id: each.title for each in book.pack.levels})
    with ExitStack() as opened:
        see = _watch(names, write_script, book, opened)
        if known:
            typer.echo(known, err=True)
        if old is None:
            _print(play, book, names, see, talk=talk, as_json=as_json, shot=shot)
        else:
            named = str(against) if against else old.pack.title
            _compare(play, old, book, names, see, named=named, as_json=as_json)


def _one_input(script_file: Path | None, members: int, days: int, recorded: str) -> None:
    """Exactly one of the three, within its bounds."""
    given = sum(map(bool, (script_file, members, recorded)))
    if given != 1:
        raise fail("what shall be played? one of --script, --members, --recorded", UNUSABLE)
    if members and members not in MEMBERS:
        raise fail(f"--members {members}: 1 to {MEMBERS[-1]}", UNUSABLE)
    if days and (days not in DAYS or not members):
        raise fail(f"--days {days}: 1 to {DAYS[-1]}, together with --members", UNUSABLE)


def _kind(book: Book, channel: str, seed: int, starts: str, *, trace: bool) -> plays.Kind:
    if channel not in BUNDLES:
        raise fail(f"--channel {channel}: known are {', '.join(BUNDLES)}", UNUSABLE)
    if seed not in SEEDS:
        raise fail(f"--seed {seed}: a whole number from 0 on", UNUSABLE)
    camp = day_or_exit(starts, "--starts").isoformat() if starts else ""
    if not camp and any(isinstance(step.when, AroundStart) for step in book.pack.steps):
        typer.echo("steps around the start of a camp do not run here: say --starts", err=True)
    return plays.Kind(channel, seed, trace, camp)


def _scripted(path: Path, start: str, until: str, kind: plays.Kind) -> plays.Play:
    try:
        # Not splitlines: people write line ends of other kinds into a text.
        cues = script.read_script(read_file(path).decode("utf-8-sig").split("\n"))
        return plays.of_script(cues, *_span(cues, start, until), kind)
    except (script.ScriptError, UnicodeDecodeError) as error:
        raise fail(f"{path}: {error}", UNUSABLE) from None


def _span(cues: Sequence[Cue], start: str, until: str) -> tuple[int, int]:
    """From `--start` to `--until`; by default the script's own days."""
    first = script.instant(start, "--start") if start else (cues[0].at - HOUR_MS if cues else 0)
    last = script.instant(until, "--until") if until else (cues[-1].at + DAY_MS if cues else 0)
    return first, last


def _invented(
    book: Book, members: int, days: int, start: str, until: str, kind: plays.Kind
) -> plays.Play:
    try:
        monday = round(datetime(*MONDAY, tzinfo=book.zone).timestamp()) * 1_000
        first = script.instant(start, "--start") if start else monday
        last = script.instant(until, "--until") if until else first + days * DAY_MS
    except script.ScriptError as error:
        raise fail(str(error), UNUSABLE) from None
    if last - first > DAYS[-1] * DAY_MS:
        raise fail(f"--until {until}: no more than {DAYS[-1]} days", UNUSABLE)
    return plays.of_people(members, first, last, kind)


def _recorded(
    named: str, last: str, until: str, old: Book | None, *, trace: bool
) -> tuple[plays.Play, Book, str]:
    """The play, the pack to compare with, and how much of what happened is known."""
    from bot.rehearsal.deployment import books_in_force, past_of  # noqa: PLC0415 - a database

    settings, able = deployment_or_exit()
    try:
        last_ms = _length(last)
        end = script.instant(until, "--until") if until else None
        books = books_in_force(settings, able)
        past, in_force = past_of(settings, books, named, last_ms=last_ms, until=end)
    except (Broken, ValueError, script.ScriptError) as error:
        raise fail(str(error), UNUSABLE) from None
    return plays.of_past(past, trace=trace), old or in_force, wording.coverage(past.coverage)


def _length(last: str) -> int:
    length = parse_duration(last)
    if not 0 < length <= DAYS[-1] * DAY_MS:
        raise ValueError(f"--last {last}: up to {DAYS[-1]} days, such as 7d")
    return length


def _watch(
    names: Names, path: Path | None, book: Book, opened: ExitStack
) -> Callable[[Cue], object]:
    """Learn people's names from the lines as they are played, and keep the lines if asked to."""
    if path is None:
        return names.learn
    try:
        file = opened.enter_context(path.open("w", encoding="utf-8", newline="\n"))
    except OSError as error:
        raise fail(f"{path}: cannot be written ({error.strerror})", UNUSABLE) from None

    def keep(cue: Cue) -> None:
        names.learn(cue)
        file.write(json.dumps(script.fields_of(cue, book.zone), ensure_ascii=False) + "\n")

    return keep


def _shot(
    picture: Path | None, day: str, group: str, book: Book, *, compared: bool
) -> DayPicture | None:
    """The picture that is wanted, of one play under one pack."""
    if picture is None and (day or group):
        raise fail("--day and --group say what --picture shows: name a file", UNUSABLE)
    if picture is not None and compared:
        raise fail("--picture shows one pack's day: leave out --against, --recorded", UNUSABLE)
    return day_picture_or_exit(picture, day, group, book) if picture else None


def _print(
    play: plays.Play,
    book: Book,
    names: Names,
    see: Callable[[Cue], object],
    *,
    talk: bool,
    as_json: bool,
    shot: DayPicture | None,
) -> None:
    timeline, summary = Timeline(names), Summary(book.pack, names)

    def hear(cue: Cue) -> None:
        see(cue)
        if talk and not as_json:
            _show(timeline.hear(cue, book.zone))

    with plays.running(play, book, shot.watching(hear) if shot else hear) as (stage, lines):
        for line in shot.passing(lines) if shot else lines:
            if as_json:
                _json(line)
            else:
                summary.count(line)
                _show(timeline.tell(line))
        if not as_json and (stage.tally.said or timeline.begun):
            closing = summary.lines(stage.tally, stage.standings(), stage.open_count())
            _show(map(Piece, closing))
    if shot is not None:
        shot.develop()


def _compare(
    play: plays.Play,
    old: Book,
    new: Book,
    names: Names,
    see: Callable[[Cue], object],
    *,
    named: str,
    as_json: bool,
) -> None:
    before, after = plays.both(play, old, new, see)
    found = differences(before, after)
    if as_json:
        for each in found:
            _json(each)
    else:
        _show(difference_told.tell(found, named, names))


def _json(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def _show(pieces: Iterable[Piece]) -> None:
    """Print lines, coloured where a person reads them on a terminal."""
    coloured = sys.stdout.isatty()
    for piece, colour in pieces:
        text = harmless(piece)
        shown = typer.style(text, fg=colour) if coloured and colour else text
        sys.stdout.write(shown + "\n")
