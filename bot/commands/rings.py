"""`qunyun rings`: what people who like each other for points would gain under a pack."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from bot.commands.shared import UNUSABLE, AsJson, fail, pack_or_exit
from bot.farming.clubs import Terms
from bot.farming.rings import FAIR, PATIENCE, RINGS, WEEKLY, Play, Row, rows
from sop.times.durations import Cap

CLUBS: Final = 3
"""Clubs that differ by chance alone, played for each figure."""

_OWN: Final = "the pack's"


@dataclass(frozen=True, slots=True)
class _Line:
    """What a ring of a size gains under a cap; None is what the pack says itself."""

    cap: Cap | None
    ring: int
    row: Row


def rings(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    members: Annotated[int, typer.Option(min=10, max=500, help="Honest members.")] = 50,
    likes: Annotated[
        float, typer.Option(min=0.01, max=5, help="Likes each of them gives a day, on average.")
    ] = 0.3,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what a ring that likes itself would gain under a pack, and what a cap would change.

    Months of invented clubs are played, which takes a minute or two. Likes that only go to and fro
    wait for staff in the program; here nobody looks at them.
    """
    terms = Terms.of(pack_or_exit(pack))
    if not terms.earns:
        raise fail(f"{pack}: likes earn no points: a ring has nothing to gain", UNUSABLE)
    lines = _played(terms, members, likes)
    for line in [_as_json(lines)] if as_json else _told(terms, lines, members, likes):
        typer.echo(line)


def _played(terms: Terms, members: int, likes: float) -> Iterator[_Line]:
    """Play rings under the pack, then under each cap; yields what is known so far."""
    for cap in (None, *WEEKLY):
        under = terms.capped(cap) if cap else terms
        plays = [Play(terms=under, ring=ring, rate=likes, honest=members) for ring in RINGS]
        for play, row in zip(plays, rows(plays, CLUBS), strict=True):
            yield _Line(cap, play.ring, row)


def _shown(cap: Cap | None, none: str = _OWN) -> str:
    return f"{cap.n}/{cap.period}" if cap else none


def _as_json(lines: Iterable[_Line]) -> str:
    told = [
        {
            "cap": _shown(line.cap, ""),
            "ring": line.ring,
            "honest_points": round(line.row.honest, 1),
            "alone": round(line.row.alone.average, 3),
            "posting": round(line.row.posting.average, 3),
            "patient": round(line.row.patient.average, 3),
        }
        for line in lines
    ]
    return json.dumps(told)


def _told(terms: Terms, lines: Iterable[_Line], members: int, likes: float) -> Iterator[str]:
    earns = ", ".join(
        f"{deed} {each.points} ({_shown(each.cap, 'no cap')})" for deed, each in terms.earns
    )
    yield f"{earns}; {members} members who give {likes:g} likes a day each"
    yield ""
    yield "Points of likes in four weeks, of an honest member; what one of a ring has beside it"
    heads = ("ring of", "honest", "alone", "posting well", "patient")
    yield f"{'cap':<12}" + "".join(f"{head:>14}" for head in heads)
    known = []
    for line in lines:
        known.append(line)
        row = line.row
        gains = (row.alone, row.posting, row.patient)
        cells = (line.ring, f"{row.honest:.1f}", *(f"{each.average:+.0%}" for each in gains))
        yield f"{_shown(line.cap):<12}" + "".join(f"{cell:>14}" for cell in cells)
    yield ""
    yield "alone: what the ring posts pleases nobody else; posting well: as much as anybody's;"
    yield f"patient: they post well and were honest for {PATIENCE // 7} weeks before."
    yield "A cap is on what likes given and received earn, each."
    yield _advice(known)


def _advice(lines: Sequence[_Line]) -> str:
    most = {
        line.cap: max(each.row.most for each in lines if each.cap == line.cap) for line in lines
    }
    if most[None] <= FAIR:
        return f"Under this pack no ring gains more than {FAIR:.0%}."
    fair = next((cap for cap, gain in most.items() if gain <= FAIR), None)
    if fair is None:
        least = _shown(min(most, key=lambda cap: most[cap]))
        return f"With each of these some ring gains more than {FAIR:.0%}, the least with {least}."
    return (
        f"cap: {_shown(fair)} is the loosest here under which no ring gains more than {FAIR:.0%}."
    )
