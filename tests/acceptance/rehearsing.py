"""Playing a script against a pack, and holding the transcript against expected lines."""

import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.library.library import attachments
from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from sop.book import Book
from sop.checks.loader import load_pack
from sop.pack.pack import Pack

PACKS = Path(__file__).parents[2] / "sop" / "packs"


@lru_cache(64)
def pack_of(source: bytes) -> Pack:
    pack, problems = load_pack(source, "pack.yaml")
    assert pack is not None, "\n".join(map(str, problems))
    return pack


def book_of(source: bytes, files: dict[str, bytes] | None = None) -> Book:
    return Book(pack=pack_of(source), version="test", files=files or {})


def shipped(name: str) -> Book:
    data = (PACKS / f"{name}.yaml").read_bytes()
    return book_of(data, attachments(book_of(data).pack, PACKS))


def play(
    book: Book,
    lines: Iterable[str | dict[str, Any]],
    start: str,
    until: str,
    channel: str = "sandbox",
    seed: int = 0,
) -> list[dict[str, Any]]:
    texts = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    stage = Stage(book, channel=channel, seed=seed)
    try:
        cues = script.read_script(texts)
        first, last = script.instant(start, "start"), script.instant(until, "until")
        return list(stage.play(cues, first, last))
    finally:
        stage.close()


def matches(wanted: dict[str, Any], line: dict[str, Any]) -> bool:
    for key, value in wanted.items():
        if key == "at":
            fits = line["at"].startswith(value)
        elif key == "text_has":
            fits = value in line.get("text", "")
        else:
            fits = line.get(key) == value
        if not fits:
            return False
    return True


def unmet(expected: Iterable[dict[str, Any]], lines: list[dict[str, Any]]) -> list[Any]:
    """The expectations that the transcript does not bear out."""
    missing = []
    for wanted in expected:
        never = wanted.get("never")
        found = any(matches(never or wanted, line) for line in lines)
        if found == bool(never):
            missing.append(wanted)
    return missing
