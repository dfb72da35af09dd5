"""A month of a whole community, rehearsed twice: how long it takes, and that it stays the same."""

import hashlib
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from bot import library
from bot.bench import traffic
from bot.rehearsal.script import Cue, read_script
from bot.rehearsal.stage import Stage
from sop.book import Book
from sop.loader import load_pack

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
    """Return the figure."""
    book = _book()
    cues = read_script(script(scale))
    end = _ms(START + timedelta(days=scale.days))
    plays = [_play(book, cues, _ms(START) - 3_600_000, end) for _ in range(2)]
    seconds = max(taken for taken, _, _ in plays)
    same = plays[0][1:] == plays[1][1:]
    return {
        "figure": "rehearsal",
        "ratio": round(seconds / LONGEST_S, 3),
        "target": f"<= {LONGEST_S:.0f} s, the same twice",
        "met": seconds <= LONGEST_S and same,
        "seconds": round(seconds, 2),
        "byte_identical": same,
        "lines": plays[0][2],
        "messages": scale.messages,
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


def _play(book: Book, cues: Sequence[Cue], start: int, end: int) -> tuple[float, str, int]:
    """Return the seconds, the fingerprint of all lines and their number."""
    started = time.perf_counter()
    digest, count = hashlib.sha256(), 0
    stage = Stage(book)
    try:
        for line in stage.play(cues, start, end):
            digest.update(json.dumps(line, ensure_ascii=False).encode() + b"\n")
            count += 1
    finally:
        stage.close()
    return time.perf_counter() - started, digest.hexdigest(), count


def _book() -> Book:
    pack, problems = load_pack(PACK.read_bytes(), str(PACK), library.listing(PACK.parent))
    assert pack is not None, problems
    return Book(pack=pack, version="bench", files=library.attachments(pack, PACK.parent))


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1_000)
