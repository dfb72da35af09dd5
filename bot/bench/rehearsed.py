"""A month of a whole community, rehearsed twice: how long it takes, and that it stays the same."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot.bench import traffic
from bot.library import library
from bot.rehearsal.invention import Invented
from bot.rehearsal.script import read_script
from bot.rehearsal.sources import Scripted, Source
from bot.rehearsal.stage import Stage
from sop.book import Book
from sop.checks.loader import load_pack

PACK: Final = Path(__file__).parent.parent.parent / "sop" / "packs" / "reading-club.yaml"
LONGEST_S: Final = 10.0

START: Final = datetime(2026, 12, 1, tzinfo=UTC)
"""Midnight in Greenwich is 08:00 in the pack's Shanghai: talk is spread over the 14 h after it."""

TALK_S: Final = 14 * 3_600
COMMANDS: Final = 20
"""One message in so many is a command."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How long the rehearsal is, and how much is said in it."""

    days: int = 30
    members: int = 200
    messages: int = 10_000


async def measure(_folder: Path, scale: Scale) -> dict[str, Any]:
    """Return the figure: of a script, and of as many invented people for as long."""
    book = _book()
    start, end = _ms(START) - 3_600_000, _ms(START + timedelta(days=scale.days))
    cues = read_script(script(scale))
    plays = [_play(book, Scripted(cues, start), start, end) for _ in range(2)]
    lived = [_play(book, _people(book, scale, start), start, end) for _ in range(2)]
    seconds = max(play.seconds for play in (*plays, *lived))
    same = plays[0].said == plays[1].said and lived[0].said == lived[1].said
    return {
        "figure": "rehearsal",
        "ratio": round(seconds / LONGEST_S, 3),
        "target": f"<= {LONGEST_S:.0f} s, the same twice",
        "met": seconds <= LONGEST_S and same,
        "seconds": round(seconds, 2),
        "byte_identical": same,
        "lines": plays[0].lines,
        "messages": scale.messages,
        "invented_seconds": round(max(play.seconds for play in lived), 2),
        "invented_lines": lived[0].lines,
        "invented_messages": lived[0].messages,
        "members": scale.members,
        "days": scale.days,
    }


def script(scale: Scale) -> Iterator[str]:
    """Yield the script's lines: members come in the first third, everybody talks all the time."""
    talk = traffic.Talk(seed=3)
    first = scale.members // 10 or 1
    yield _line(
        0, event="group.created", group="regular", owner=traffic.userid(0),
        members=[traffic.userid(number) for number in range(1, first)],
    )  # fmt: skip
    joining_s = scale.days * 86_400 // 3
    for number in range(first, scale.members):
        at = 60 + joining_s * (number - first) // scale.members
        member = traffic.userid(number)
        yield _line(at, event="member.joined", group="regular", member=member, name=member)
    for number in range(scale.messages):
        day, second = divmod(number * scale.days * TALK_S // scale.messages, TALK_S)
        sender = talk.sender() % scale.members
        words = talk.command() if talk.chance(COMMANDS) else talk.words()
        yield _line(
            120 + day * 86_400 + second,
            **{
                "group": "regular",
                "from": traffic.userid(sender),
                "id": f"m{number}",
                "text": words,
            },
        )


def _line(at_s: int, **fields: object) -> str:
    moment = START + timedelta(seconds=at_s)
    return json.dumps({"at": moment.isoformat(), **fields}, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class _Play:
    """One play: the fingerprint of all its lines, and how much it was."""

    seconds: float
    said: str
    lines: int
    messages: int


def _people(book: Book, scale: Scale, start: int) -> Source:
    return Invented(book, members=scale.members, seed=3, start=start, hears_all=True)


def _play(book: Book, source: Source, start: int, end: int) -> _Play:
    started = time.perf_counter()
    digest, count = hashlib.sha256(), 0
    stage = Stage(book)
    try:
        for line in stage.perform(source, start, end):
            digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            count += 1
    finally:
        stage.close()
    taken = time.perf_counter() - started
    return _Play(taken, digest.hexdigest(), count, stage.tally.said)


def _book() -> Book:
    pack, problems = load_pack(PACK.read_bytes(), str(PACK), library.listing(PACK.parent))
    assert pack is not None, problems
    return Book(pack=pack, version="bench", files=library.attachments(pack, PACK.parent))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
