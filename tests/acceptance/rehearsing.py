"""Playing a script against a pack, and holding the transcript against expected lines."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from bot.commands.shared import book_or_exit
from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from sop.book import Book
from sop.checks.loader import load_pack
from sop.pack.pack import Pack

FOLDER = Path(__file__).parent
PACKS = FOLDER.parents[1] / "sop" / "packs"


@lru_cache(64)
def pack_of(source: bytes) -> Pack:
    pack, problems = load_pack(source, "pack.yaml")
    assert pack is not None, "\n".join(map(str, problems))
    return pack


def book_of(source: bytes, files: dict[str, bytes] | None = None) -> Book:
    return Book(pack=pack_of(source), version="test", files=files or {})


@cache
def book_at(path: Path) -> Book:
    return book_or_exit(path)


def shipped() -> Book:
    return book_at(PACKS / "reading-club.yaml")


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


@dataclass(frozen=True)
class Tale:
    """A folder's script and what it is to bring about, on the folder's pack or the shipped one."""

    name: str
    start: str
    until: str
    shipped: bool = False

    @property
    def book(self) -> Book:
        return shipped() if self.shipped else book_at(FOLDER / self.name / "pack.yaml")

    @property
    def script(self) -> list[str]:
        return self.lines("script")

    def lines(self, name: str) -> list[str]:
        return (FOLDER / self.name / f"{name}.jsonl").read_text("utf-8").splitlines()

    def play(
        self, script: list[str] | None = None, *, until: str = "", channel: str = "sandbox"
    ) -> list[dict[str, Any]]:
        said = self.script if script is None else script
        return play(self.book, said, self.start, until or self.until, channel)

    def unmet(self, lines: list[dict[str, Any]], name: str = "expect") -> list[Any]:
        return unmet(map(json.loads, self.lines(name)), lines)

    def is_begun_alike(self, until: str, script: list[str] | None = None) -> None:
        """Assert that a run cut short is the beginning of a longer one."""
        whole, cut = self.play(script), self.play(script, until=until)
        assert whole[: len(cut)] == cut
        assert len(whole) > len(cut) > 0
