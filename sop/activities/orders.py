"""Orders as a shop exports them: a CSV table with a number, a buyer, and whatever else."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo

from sop.activities.tables import Fault, read_rows
from sop.text import normalise
from sop.yaml import yaml_source

LONGEST: Final = 100
"""Characters of an order's number, a buyer and a product."""

MOST_CENTS: Final = 10**12

_TIME: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[T\s]+(\d{1,2}):(\d{2})(?::(\d{2}))?.*)?",
    re.ASCII,
)
_AMOUNT: Final = re.compile(
    r"(?:¥|￥|CNY|RMB)?\s*(\d[\d,]*)(?:\.(\d{1,2})\d*)?\s*元?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One order: `buyer` is a platform id or a name, `at` in ms UTC, `cents` what was paid.

    A day without a time is meant to its end. `refunded`: it counts no longer.
    """

    line: int
    order: str
    buyer: str
    at: int
    cents: int = 0
    what: str = ""
    refunded: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """What was read. With any fault nothing of it may be used."""

    orders: tuple[Told, ...] = ()
    faults: tuple[Fault, ...] = ()


def read_orders(data: bytes, zone: ZoneInfo, now: int) -> Table:
    """Read a table in UTF-8 or GBK; every line that is wrong is named.

    Other columns are passed over. Where no time is told, an order is of `now`.
    """
    rows, faults = read_rows(data)
    if not rows:
        return Table(faults=tuple(faults) or (Fault(1, "the table is empty"),))
    columns, wrong = _columns(*rows[0])
    if wrong:
        return Table(faults=(*wrong, *faults))
    found = [_order(line, cells, columns, zone, now) for line, cells in rows[1:]]
    orders = [each for each in found if isinstance(each, Told)]
    faults = [*faults, *(each for each in found if isinstance(each, Fault)), *_twice(orders)]
    return Table(tuple(orders), tuple(sorted(faults, key=lambda fault: fault.line)))


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
        return cells[place].strip("\t'` ") if place < len(cells) else ""

    number, buyer = cell("order"), cell("buyer")
    if not number or not buyer:
        return Fault(line, "names no order" if not number else "names no buyer")
    if max(len(number), len(buyer)) > LONGEST:
        return Fault(line, f"an order's number or buyer is longer than {LONGEST} characters")
    at = _instant(cell("at"), zone) if cell("at") else now
    cents = _cents(cell("amount")) if cell("amount") else 0
    if at is None:
        return Fault(line, f'"{cell("at")[:20]}" is no time: write it as 2027-01-31 12:00')
    if cents is None:
        return Fault(line, f'"{cell("amount")[:20]}" is no amount: write it as 199.00')
    return Told(
        line=line, order=number, buyer=buyer, at=at, cents=cents, what=cell("what")[:LONGEST],
        refunded=any(word in normalise(cell("status")) for word in _words()["refunded"]),
    )  # fmt: skip


def _instant(written: str, zone: ZoneInfo) -> int | None:
    match = _TIME.fullmatch(written)
    if match is None:
        return None
    year, month, day, *clock = match.groups()
    try:
        hour, minute, second = (int(each or 0) for each in clock)
        moment = time(hour, minute, second) if clock[0] else time(23, 59, 59)
        at = datetime(int(year), int(month), int(day), tzinfo=zone)
        return round(datetime.combine(at, moment, zone).timestamp() * 1_000)
    except (ValueError, OverflowError):
        return None


def _cents(written: str) -> int | None:
    match = _AMOUNT.fullmatch(written)
    if match is None:
        return None
    cents = int(match[1].replace(",", "")[:14]) * 100 + int((match[2] or "0").ljust(2, "0"))
    return cents if cents <= MOST_CENTS else None


def _twice(orders: Sequence[Told]) -> list[Fault]:
    """Find orders that are told twice in one table otherwise; lines of one order are one."""
    first: dict[str, Told] = {}
    faults = []
    for each in orders:
        before = first.setdefault(each.order, each)
        if before.buyer != each.buyer:
            message = f"order {each.order} has another buyer in line {before.line}"
            faults.append(Fault(each.line, message))
    return faults


@cache
def _words() -> Mapping[str, Any]:
    data: Any = yaml_source.load_packaged("order_words.yaml")
    columns = {normalise(word): name for name, words in data["columns"].items() for word in words}
    return {"columns": columns, "refunded": tuple(map(normalise, data["refunded"]))}
