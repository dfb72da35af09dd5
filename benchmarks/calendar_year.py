"""How long a year of a pack takes in the calendar, beside how long the pack takes to load.

    .venv/bin/python benchmarks/calendar_year.py [PACK]

The target is 1,000 ms. Without PACK: the example, and a pack of 100 steps.
"""

import statistics
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from bot.agenda import lines, table
from sop.agenda import agenda, agenda_marks
from sop.agenda.agenda import Known
from sop.book import Book
from sop.checks.loader import load_pack

ROOT = Path(__file__).parents[1]
FIRST = date(2026, 1, 1)
DAYS = 366
ROUNDS = 5
KNOWN = Known(joined=1_767_243_600_000)

HEAD = """\
pack: many
title: many
timezone: Asia/Shanghai
quiet: "22:30-07:30"
budget: {group: 6/day}
steps:
"""
WHENS = (
    '"08:00 workdays"', '"20:00 wed"', '"23:00 daily"', "'12:00 holidays'", '"10:00 last day"',
    '{cron: "30 9 * * 1-5"}', '"09:00 festival 中秋"', "{after: s0, delay: 30m}",
    "member.joined + 7d at 20:00", '"10:00 day 1,15"',
)  # fmt: skip


def many() -> bytes:
    steps = (
        f"  - {{id: s{number}, when: {WHENS[number % len(WHENS)]}, do: [{{post: 第{number}步}}]}}"
        for number in range(100)
    )
    return (HEAD + "\n".join(steps)).encode()


def median(work: Callable[[], object]) -> float:
    """The median of some rounds, in ms of processor time: others may use the machine."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append((time.process_time() - start) * 1_000)
    return statistics.median(times)


def measure(name: str, data: bytes) -> None:
    pack, problems = load_pack(data, name)
    assert pack is not None, problems
    book = Book(pack=pack, version="bench")

    def year() -> agenda.Agenda:
        found = agenda.agenda_of(book, KNOWN, FIRST, DAYS)
        return agenda_marks.marked(found, book, KNOWN)

    loading, planning, found = median(lambda: load_pack(data, name)), median(year), year()
    print(f"{name}: {len(found.entries)} occurrences a year, loading the pack {loading:.0f} ms")
    for what, told in (("lines of JSON", lines.lines), ("table", table.table)):
        whole = planning + median(lambda told=told: list(told(found, book, KNOWN)))
        print(f"  as {what}: {whole:.0f} ms, {whole / loading:.2f} of loading")


def main() -> None:
    packs = {path: Path(path).read_bytes() for path in sys.argv[1:]} or {
        "reading-club": (ROOT / "sop/packs/reading-club.yaml").read_bytes(),
        "100 steps": many(),
    }
    for name, data in packs.items():
        measure(name, data)


if __name__ == "__main__":
    main()
