"""The tables of the README: what rings gain under the reading club's pack, in clubs of many kinds.

`python -m benchmarks.likes_ring` plays them with `bot.farming`, as `qunyun rings` does with a
pack's own terms. Each club is changed by one thing, then by caps.
"""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.farming.clubs import Terms
from bot.farming.rings import RINGS, WEEKLY, Play, rows
from sop.checks.loader import load_pack

PACK: Final = Path(__file__).parent.parent / "sop" / "packs" / "reading-club.yaml"


def _terms() -> Terms:
    pack, problems = load_pack(PACK.read_bytes(), str(PACK))
    assert pack is not None, problems
    return Terms.of(pack)


TERMS: Final = _terms()


@dataclass(frozen=True, slots=True)
class Told:
    """A line of a table: what is said of the club and its cap, and what is played."""

    club: str
    cap: str
    play: Play


def _club(ring: int, rate: float = 0.3, honest: int = 50, *, close: bool = False) -> Play:
    return Play(terms=TERMS, ring=ring, rate=rate, honest=honest, close=close)


CLUBS: Final = (
    Told("50 members, 0.3 likes a day", "", _club(10)),
    Told("50, 0.3", "", _club(5)),
    Told("50, 0.3", "", _club(20)),
    Told("50, 0.3, circles of friends", "", _club(10, close=True)),
    Told("50, 0.1", "", _club(10, rate=0.1)),
    Told("50, 1", "", _club(10, rate=1)),
    Told("20, 0.3", "", _club(10, honest=20)),
    Told("200, 0.3", "", _club(10, honest=200)),
)
"""What is changed of the first is said in each of the others."""

SIZES: Final = (20, 50, 200)
RATES: Final = (0.1, 0.3, 1)
"""Of all these and the rings together, asked for by `--all`."""

HEAD: Final = (
    "| club | ring of | cap | an honest member gets | it costs | alone | posting well | patient "
    "| the same, no ring |"
)


def table(told: Sequence[Told], seeds: int) -> Iterator[str]:
    """Yield the lines of a table: for each play what an honest member gets, and what rings do."""
    yield HEAD
    yield "|---" * HEAD.count("| ") + "|"
    for line, row in zip(told, rows([line.play for line in told], seeds), strict=True):
        cells = (
            line.club, line.play.ring, line.cap, f"{row.honest:.1f}", f"{row.cost:.0%}",
            row.alone, row.posting, row.patient, f"{row.alike.average:+.0%}",
        )  # fmt: skip
        yield f"| {' | '.join(map(str, cells))} |"


def tables(*, every: bool) -> Iterator[list[Told]]:
    """Yield what the tables are of: each change by itself and caps, or all changes together."""
    if every:
        yield [
            Told(f"{honest}, {rate:g}", "", _club(ring, rate, honest))
            for honest in SIZES
            for rate in RATES
            for ring in RINGS
        ]
        return
    yield [*CLUBS]
    yield [
        Told(line.club, f"{cap.n}/{cap.period}", replace(line.play, terms=TERMS.capped(cap)))
        for line in (CLUBS[0], CLUBS[3])
        for cap in WEEKLY
    ]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="what a ring of farmers gains by likes")
    parser.add_argument("--seeds", type=int, default=3, help="clubs played for each figure")
    parser.add_argument("--all", action="store_true", help="all sizes, rates and rings together")
    options = parser.parse_args()
    for told in tables(every=options.all):
        print("\n".join(table(told, options.seeds)), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
