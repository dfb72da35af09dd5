"""What a pack says besides its steps, as a table for people: rules, points, levels, benefits."""

from collections.abc import Iterator
from typing import Any

from sop.pack.pack import Pack
from sop.sheets.sheet_export import OutTable
from sop.sheets.sheet_words import packaged
from sop.texts import has, text
from sop.times.durations import Cap, format_time_of_day

Line = tuple[str, str]


def overview_table(pack: Pack) -> OutTable:
    """Return the overview: each row an area, a name and what holds there."""
    said = _said()
    areas = (
        ("about", _about(pack)),
        ("charter", _charter(pack)),
        ("checks", _checks(pack)),
        ("ladder", _ladder(pack)),
        ("earn", _deeds(pack.score.earn)),
        ("lose", _deeds(pack.score.lose, sign="-")),
        ("levels", _levels(pack)),
        ("benefits", _benefits(pack)),
        ("answers", _answers(pack)),
    )
    rows = tuple((said[area], name, value) for area, lines in areas for name, value in lines)
    title = packaged()["export"]["sheets"]["overview"]
    return OutTable(title=title, heads=tuple(said["heads"]), rows=rows)


def _said() -> Any:
    return packaged()["export"]["overview"]


def _about(pack: Pack) -> Iterator[Line]:
    said = _said()
    yield said["title"], pack.title
    yield said["timezone"], pack.timezone
    if pack.quiet:
        ends = (pack.quiet.start_minute, pack.quiet.end_minute)
        yield said["quiet"], "-".join(map(format_time_of_day, ends))
    for name, cap in (("group", pack.budget.group), ("member", pack.budget.member)):
        if cap:
            yield said[f"budget-{name}"], _cap(cap)


def _cap(cap: Cap) -> str:
    said = _said()
    period = said["periods"][cap.period]
    return str(said["cap"]).format(period=period, count=cap.n)


def _charter(pack: Pack) -> Iterator[Line]:
    if pack.rules.charter:
        yield _said()["charter-text"], pack.rules.charter.strip()


def _checks(pack: Pack) -> Iterator[Line]:
    for check in pack.rules.checks:
        name = f"rules.{check.detect}"
        yield check.id, check.reason or (text(name) if has(name) else check.detect)


def _ladder(pack: Pack) -> Iterator[Line]:
    said = _said()
    for number, rung in enumerate(pack.rules.ladder, 1):
        yield said["rung"].format(number=number), said["rungs"][rung]


def _deeds(deeds: Any, sign: str = "+") -> Iterator[Line]:
    said = _said()
    for deed, worth in deeds.items():
        name = f"deeds.{deed}"
        parts = [said["points"].format(points=f"{sign}{worth.points}")]
        parts += [_cap(worth.cap)] if worth.cap else []
        parts += [said["once"]] if getattr(worth, "once", False) else []
        yield text(name) if has(name) else deed, packaged()["export"]["joiner"].join(parts)


def _levels(pack: Pack) -> Iterator[Line]:
    for level in pack.levels:
        yield level.title, _said()["at"].format(points=level.at)


def _benefits(pack: Pack) -> Iterator[Line]:
    said = _said()
    for benefit in pack.benefits:
        price = said["price"].format(points=benefit.price) if benefit.price else said["gift"]
        yield benefit.title, price


def _answers(pack: Pack) -> Iterator[Line]:
    for answer in pack.answers:
        yield " / ".join(answer.asks), answer.reply
