"""From the records of tables to what becomes steps: when, where, who, and every problem."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sop.problems import Severity
from sop.sheets.sheet import Cell, Sheet, SheetProblem, Unreadable
from sop.sheets.sheet_days import Days, Setting, first_day_of, has_day, is_day_nought, read_days
from sop.sheets.sheet_says import Says, is_of_program, read_says
from sop.sheets.sheet_table import Record, Role, Table, find_table
from sop.sheets.sheet_times import read_times
from sop.sheets.sheet_when import When, Words, combine, words_of
from sop.sheets.sheet_words import counts_as_digits, key_text, packaged, pattern
from sop.triggers.triggers import OneTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A step to be: one row at one time. `until` is the end of a span the row names.

    `columns` are the numbers of the row's columns by role, `pictures` the files that lie on it.
    """

    sheet: str
    row: int
    columns: Mapping[Role, int]
    words: Words
    says: Says
    until: str = ""
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What sheets hold; with an error among the problems nothing of it is to be used."""

    drafts: tuple[Draft, ...] = ()
    problems: tuple[SheetProblem, ...] = ()
    title: str = ""


def read_sheets(sheets: Sequence[Sheet], today: date, counted_from: str = "start") -> Reading:
    """Read every table; `today` decides the year of dates without one.

    `counted_from` is the trigger that days such as D1 count from.
    """
    overview = packaged()["export"]["sheets"]["overview"]
    meant = [sheet for sheet in sheets if sheet.rows and sheet.title != overview]
    found = [(sheet, find_table(sheet)) for sheet in meant]
    readers = _readers([table for _, table in found if table], today, counted_from)
    drafts = [draft for reader in readers for draft in reader.drafts()]
    problems = [problem for reader in readers for problem in reader.problems]
    severity: Severity = "warning" if drafts or problems else "error"
    problems += [_no_header(sheet, severity) for sheet, table in found if table is None]
    problems += _several_groups(drafts)
    if not (drafts or problems):
        problems = [_at("", 1, 1, "there is no row with content", "error")]
    return Reading(
        drafts=tuple(drafts),
        problems=_in_order(problems, sheets),
        title=next((reader.title for reader in readers if reader.title), ""),
    )


def _readers(tables: Sequence[Table], today: date, counted_from: str) -> list["_Reader"]:
    """A reader for each table; all of them count days from one first day."""
    days = (
        record.cells.get(role)
        for table in tables
        for record in table.records
        for role in ("day", "nth", "time")
    )
    setting = Setting(counted_from=counted_from, first_day=first_day_of(days), near=today)
    readers = [_Reader(table, setting) for table in tables]
    if setting.first_day == 0:
        _say_what_day_nought_is(readers)
    return readers


def _in_order(
    problems: Sequence[SheetProblem], sheets: Sequence[Sheet]
) -> tuple[SheetProblem, ...]:
    places = {sheet.title: place for place, sheet in enumerate(sheets)}
    return tuple(sorted(problems, key=lambda each: (places.get(each.sheet, 0), each.row)))


def _no_header(sheet: Sheet, severity: Severity) -> SheetProblem:
    heads = " ".join(packaged()["written"]["heads"].values())
    message = f"no header row was found, the sheet is left out: name its columns like {heads}"
    return _at(sheet.title, sheet.rows[0].number, 1, message, severity)


def _several_groups(drafts: Sequence[Draft]) -> Iterator[SheetProblem]:
    """A pack runs alike in all groups of a layer, whatever names a table gives them."""
    head = packaged()["written"]["heads"]["group"]
    named = {value: each for each in drafts for name, value in each.says.comments if name == head}
    if len(named) > 1:
        last = next(reversed(named.values()))
        message = (
            f"the rows name several groups ({', '.join(named)}), and a pack runs alike in all "
            "regular ones: where they differ, make a table and a pack for each"
        )
        yield _at(last.sheet, last.row, last.columns.get("group", 1), message, "warning")


def _say_what_day_nought_is(readers: Sequence["_Reader"]) -> None:
    message = "the table has a D0: it is taken as the first day, and D1 as the day after it"
    for reader in readers:
        for record in reader.records:
            for role in ("day", "nth", "time"):
                if is_day_nought(record.cells.get(role)):
                    reader.told(record, message, role, severity="warning")
                    return


_NOT_NEEDED = ("number", "remark")


class _Reader:
    """Goes down one table, since a row may take its day from those above it."""

    def __init__(self, table: Table, setting: Setting) -> None:
        self._table = table
        self._setting = setting
        self._today = setting.near
        self._carried: Cell = None
        self.problems: list[SheetProblem] = []

    @property
    def title(self) -> str:
        """What stands above the table."""
        return self._table.title

    @property
    def records(self) -> Sequence[Record]:
        """The table's records."""
        return self._table.records

    def drafts(self) -> Iterator[Draft]:
        if not {"day", "nth"} & self._table.columns.keys():
            self._carried = self._day_of_title()
        own = [record for record in self._table.records if is_of_program(record)]
        if own:
            message = (
                f"{len(own)} row(s) are the program's own, only a pack can say them: left out"
            )
            self.told(own[0], message, "form", severity="warning")
        for record in self._table.records:
            if record.alone:
                self._stand_alone(record)
            elif record.is_blank:
                message = "a picture lies on a row without content, and is left out"
                self.told(record, message, "image", severity="warning")
            elif not is_of_program(record):
                yield from self._row(record)

    def _stand_alone(self, record: Record) -> None:
        """A day on a line of its own holds for the rows below; any other heading ends it."""
        cell = record.cells.get("day") or record.cells.get("nth")
        days = self._quietly(cell, record) if key_text(cell) else None
        if {"day", "nth"} & self._table.columns.keys():
            self._carried = cell if days else None

    def _quietly(self, cell: Cell, record: Record) -> Days | None:
        try:
            return read_days(cell, self._setting, counted=_counted(record))
        except ValueError:
            return None

    def _row(self, record: Record) -> Iterator[Draft]:
        when = self._when(record)
        says = self._says(record, when)
        if when is None or says is None:
            return
        self._warn(record, when)
        for trigger in when.triggers:
            words = words_of(trigger)
            if words is None:
                self.told(record, "a table's row cannot say when this is due", "day")
                continue
            yield Draft(
                sheet=self._table.sheet,
                row=record.row,
                columns=record.columns,
                words=words,
                says=says,
                until=when.until,
                pictures=record.pictures,
            )

    def _says(self, record: Record, when: When | None) -> Says | None:
        broken = [
            (role, cell.why)
            for role, cell in record.cells.items()
            if isinstance(cell, Unreadable) and role not in _NOT_NEEDED
        ]
        for role, why in broken:
            self.told(record, why, role)
        if {"text", "title"} & {role for role, _ in broken}:
            return None
        heard = read_says(record, when.triggers[0] if when and when.triggers else None)
        for message, role, severity in heard.problems:
            self.told(record, message, role, severity=severity)
        return heard.says

    def _warn(self, record: Record, when: When) -> None:
        warn = partial(self.told, record, severity="warning")
        if when.timeless:
            warn("this is sent at once, at no time of day", "time")
        last = max(
            (each.date for each in when.triggers if isinstance(each, OneTime)), default=None
        )
        if last is not None and last < self._today:
            warn(f"{last} is past: this is never sent", "day")

    def _when(self, record: Record) -> When | None:
        time = record.cells.get("time")
        together = self._day_and_time(record, time)
        days = together or self._days(record)
        has_time = bool(record.key("time")) and together is None
        try:
            if days is None:
                read_times(time) if has_time else None
                return None
            if days.last:
                self._setting = replace(self._setting, near=days.last)
            return combine(days, time, has_time=has_time)
        except ValueError as error:
            if not isinstance(time, Unreadable):
                self.told(record, str(error), "time", "day", "nth")
            return None

    def _day_and_time(self, record: Record, time: Cell) -> Days | None:
        """What the time's cell says of the day, where the row has no other: `12-01 8:00`."""
        if record.key("day") or record.key("nth") or not has_day(time):
            return None
        days = self._quietly(time, record)
        if days is not None:
            self._carried = time
        return days

    def _days(self, record: Record) -> Days | None:
        """The row's own days, those above it, or those its time's cell names as well."""
        own = record.cells.get("day") if record.key("day") else record.cells.get("nth")
        if isinstance(own, Unreadable):
            return None
        if key_text(own):
            self._carried = self._in_week(own)
        elif self._carried is None:
            self.told(
                record, "there is no day: write a date, a weekday, D1 or daily", "day", "nth"
            )
            return None
        try:
            return read_days(self._carried, self._setting, counted=_counted(record))
        except ValueError as error:
            self.told(record, str(error), "day", "nth", "time")
            return None

    def _in_week(self, cell: Cell) -> Cell:
        """A weekday in a sheet called week 2 is a day counted from the start."""
        week = pattern("week_title").fullmatch(counts_as_digits(key_text(self._table.sheet)))
        weekday = pattern("weekday_word").fullmatch(key_text(cell))
        if week is None or weekday is None:
            return cell
        number = next(filter(None, week.groups()))
        return str(packaged()["week_day"]).format(week=number, weekday=weekday[1])

    def _day_of_title(self) -> Cell:
        """The day a sheet is called by; without one its rows are daily, which is said."""
        try:
            read_days(self._table.sheet, self._setting)
        except ValueError:
            message = "the table has no column for days: its rows are taken as daily"
            self._at(self._table.header_row, 1, message, "warning")
            return str(packaged()["written"]["daily"])
        return self._table.sheet

    def told(
        self, record: Record, message: str, *roles: str, severity: Severity = "error"
    ) -> None:
        self._at(record.row, record.column(*roles), message, severity)

    def _at(self, row: int, column: int, message: str, severity: Severity) -> None:
        self.problems.append(_at(self._table.sheet, row, column, message, severity))


def _at(sheet: str, row: int, column: int, message: str, severity: Severity) -> SheetProblem:
    return SheetProblem(sheet=sheet, row=row, column=column, message=message, severity=severity)


def _counted(record: Record) -> bool:
    return not record.key("day")
