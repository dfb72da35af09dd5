"""Orders as a shop exports them: a CSV table with a number, a buyer, and whatever else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sop.activities.tables import Fault, read_rows
from sop.text import normalise
from sop.times.durations import DAY_MS, HOUR_MS
from sop.yaml import yaml_source

LONGEST: Final = 100
"""Characters of an order's number, a buyer and a product."""

MOST_CENTS: Final = 10**12

AHEAD_MS: Final = HOUR_MS
"""How far a shop's clock may run ahead of this one."""

_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_AMOUNT: Final = re.compile(
    r"(?:¥|￥|CNY|RMB)?\s*(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2})\d*)?\s*元?",
    re.IGNORECASE | re.ASCII,
)
_FORMULA: Final = re.compile(r'="(.*)"')
"""How a spreadsheet is told that a number is a text."""

_CUT: Final = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE | re.ASCII)
"""What a spreadsheet makes of a long number; many orders then have the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One order: `buyer` is a platform id or a name, `at` in ms UTC, `cents` what was paid.

    A day without a time is meant to its end, as far as that has come; `at` is 0 where nothing
    is told. `refunded`: it does not count, or no longer.
    """

    line: int
    order: str
    buyer: str
    at: int = 0
    cents: int = 0
    what: str = ""
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. With any fault nothing of it may be used."""

    orders: tuple[Told, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_orders(data: bytes, zone: ZoneInfo, now: int) -> Table:
    """Read a table in UTF-8 or GBK as of `now`; every line that is wrong is named.

    Other columns are passed over, several lines of one order are one.
    """
    rows, faults = read_rows(data)
    if not rows:
        return Table(faults=tuple(faults) or (Fault(1, "the table is empty"),))
    columns, wrong = _columns(*rows[0])
    if wrong:
        return Table(faults=(*wrong, *faults))
    found = [_order(line, cells, columns, zone, now) for line, cells in rows[1:]]
    orders, twice = _merged([each for each in found if isinstance(each, Told)])
    faults = [*faults, *(each for each in found if isinstance(each, Fault)), *twice]
    return Table(orders, tuple(sorted(faults, key=lambda fault: fault.line)))


def _columns(line: int, cells: Sequence[str]) -> tuple[Mapping[str, int], list[Fault]]:
    names, places = _words()["columns"], dict[str, int]()
    for place, cell in enumerate(cells):
        # The first of several wins: an export has the buyer's id before the name on the parcel.
        places.setdefault(names.get(normalise(cell), ""), place)
    places.pop("", None)
    missing = [name for name in ("order", "buyer") if name not in places]
    if not missing:
        return places, []
    message = f"the first row must name the columns; there is none for: {', '.join(missing)}"
    return places, [Fault(line, message)]


def _order(
    line: int, cells: Sequence[str], columns: Mapping[str, int], zone: ZoneInfo, now: int
) -> Told | Fault:
    def cell(name: str) -> str:
        place = columns.get(name, len(cells))
        return _plain(cells[place]) if place < len(cells) else ""

    number, buyer = cell("order"), cell("buyer")
    if not number or not buyer:
        return Fault(line, "names no order" if not number else "names no buyer")
    if max(len(number), len(buyer)) > LONGEST:
        return Fault(line, f"an order's number or buyer is longer than {LONGEST} characters")
    if _CUT.fullmatch(number):
        return Fault(line, f"{number} was cut short by a spreadsheet: let that column be text")
    at = _instant(cell("at"), zone, now) if cell("at") else 0
    cents = _cents(cell("amount")) if cell("amount") else 0
    if at is None:
        return Fault(line, f'"{cell("at")[:20]}" is no time: write it as 2027-01-31 12:00')
    if at > now + AHEAD_MS:
        return Fault(line, f'"{cell("at")[:20]}" has not come yet')
    if cents is None:
        return Fault(line, f'"{cell("amount")[:20]}" is no amount: write it as 199.00')
    return Told(
        line=line, order=number, buyer=buyer, at=at, cents=cents, what=cell("what")[:LONGEST],
        refunded=any(word in normalise(cell("status")) for word in _words()["refunded"]),
    )  # fmt: skip


def _plain(cell: str) -> str:
    """Return a cell without what spreadsheets put around it, and nothing that cannot be seen."""
    bare = cell.strip("\t'` ")
    formula = _FORMULA.fullmatch(bare)
    seen = (sign if sign.isprintable() else " " for sign in (formula[1] if formula else bare))
    return " ".join("".join(seen).split())


def _instant(written: str, zone: ZoneInfo, now: int) -> int | None:
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    year, month, day, *clock, offset = match.groups()
    try:
        hour, minute, second = (int(each or 0) for each in clock)
        moment = time(hour, minute, second) if clock[0] else time(23, 59, 59)
        where = datetime.strptime(offset, "%z").tzinfo if offset else zone
        at = datetime.combine(date(int(year), int(month), int(day)), moment, where)
        found = round(at.timestamp() * 1_000)
    except (ValueError, OverflowError):
        return None
    if not clock[0] and now < found < now + DAY_MS:
        return now
    return found if found > 0 else None


def _cents(written: str) -> int | None:
    match = _AMOUNT.fullmatch(written)
    if match is None:
        return None
    cents = int(match[1].replace(",", "")) * 100 + int((match[2] or "0").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None


def _merged(told: Sequence[Told]) -> tuple[tuple[Told, ...], list[Fault]]:
    """Return each order once, as of its first line, and lines that tell it otherwise.

    It does not count where none of its lines does.
    """
    found: dict[str, Told] = {}
    faults = []
    for each in told:
        before = found.setdefault(each.order, each)
        found[each.order] = replace(before, refunded=before.refunded and each.refunded)
        where = f"in line {before.line}"
        if normalise(before.buyer) != normalise(each.buyer):
            faults.append(Fault(each.line, f"order {each.order} has another buyer {where}"))
        elif before.cents != each.cents:
            message = f"order {each.order} has another amount {where}: give each order one line"
            faults.append(Fault(each.line, message))
    return tuple(found.values()), faults


@cache
def _words() -> Mapping[str, Any]:
    data: Any = yaml_source.load_packaged("order_words.yaml")
    columns = {normalise(word): name for name, words in data["columns"].items() for word in words}
    return {"columns": columns, "refunded": tuple(map(normalise, data["refunded"]))}
