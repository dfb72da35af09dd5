"""`qunyun import`: the table an operator already has becomes a pack."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.commands.shared import UNUSABLE, AsJson, fail
from bot.library import library
from bot.library.whole_files import write_whole
from bot.sheets import sheets
from bot.sheets.sheet_limits import UnusableSheetError
from sop.checks.loader import load_pack
from sop.sheets.sheet import SheetProblem
from sop.sheets.sheet_pack import Written, write_pack
from sop.sheets.sheet_rows import Reading, read_sheets
from sop.times import localtime

COUNTED_FROM: Final[Mapping[str, str]] = {
    "start": "start",
    "created": "group.created",
    "joined": "member.joined",
}

_NOT_OF_AN_ID: Final = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What became of a table; nothing may be written where there is an error."""

    source: str
    written: Written
    drafts: int = 0
    tasks: int = 0
    pictures: Mapping[str, bytes] = field(default_factory=dict)
    problems: tuple[SheetProblem, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is any error."""
        return any(problem.severity == "error" for problem in self.problems)


def import_sheet(
    table: Annotated[Path, typer.Argument(help="An .xlsx workbook, or a .csv file.")],
    out: Annotated[Path | None, typer.Option(help="The pack; default: printed.")] = None,
    title: Annotated[str, typer.Option(help="The pack's title; default: the table's.")] = "",
    pack: Annotated[str, typer.Option("--id", help="The pack's id; default: the file's.")] = "",
    timezone: Annotated[str, typer.Option(help="Of the table's times.")] = "Asia/Shanghai",
    count_from: Annotated[
        str, typer.Option(help=f"What D1 counts from: {' | '.join(COUNTED_FROM)}.")
    ] = "start",
    *,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files.")] = False,
    as_json: AsJson = False,
) -> None:
    """Make a pack of a table with columns such as date, time, group, text, picture, person."""
    _check_options(out, count_from, timezone, force=force)
    if pack and _id_of(pack) != pack:
        raise fail(f"--id {pack}: is not an id, did you mean {_id_of(pack)}?", UNUSABLE)
    pack = pack or _id_of((out or table).stem)
    found = _imported(table, out, title, pack, timezone, count_from)
    for problem in found.problems:
        typer.echo(problem.told(found.source), err=True)
    if found.failed:
        if as_json:
            typer.echo(_as_json(found, None))
        raise fail(f"{table}: nothing was written", 1)
    if out is not None:
        _write(out, found, force=force)
    typer.echo(_as_json(found, out) if as_json else _told(found, out))


def _check_options(out: Path | None, count_from: str, timezone: str, *, force: bool) -> None:
    if count_from not in COUNTED_FROM:
        raise fail(f"--count-from {count_from}: known are {', '.join(COUNTED_FROM)}", UNUSABLE)
    try:
        localtime.parse_zone(timezone)
    except ValueError as error:
        raise fail(f"--timezone: {error}", UNUSABLE) from None
    if out is not None and out.exists() and not force:
        raise fail(f"{out}: is there already; write elsewhere, or say --force", UNUSABLE)


def _id_of(name: str) -> str:
    """Make an id of a name."""
    return _NOT_OF_AN_ID.sub("-", name.lower()).strip("-") or "sop"


def _imported(
    table: Path, out: Path | None, title: str, pack: str, timezone: str, count_from: str
) -> Imported:
    try:
        read = sheets.read_file(table, pack)
    except UnusableSheetError as error:
        raise fail(f"{table}: {error}", UNUSABLE) from None
    except OSError as error:
        raise fail(f"{table}: cannot be read ({error.strerror})", UNUSABLE) from None
    today = datetime.now(localtime.parse_zone(timezone)).date()
    reading = read_sheets(read.sheets, today, COUNTED_FROM[count_from])
    title = title or reading.title or table.stem
    written = write_pack(
        reading.drafts, pack=pack, title=title, timezone=timezone, source=table.name
    )
    used = _used(reading, read.pictures)
    found = _checked(written, used, (out or table).parent)
    return Imported(
        source=str(table),
        written=written,
        drafts=len(reading.drafts),
        tasks=sum(draft.says.kind == "task" for draft in reading.drafts),
        pictures=used,
        problems=(*read.notes, *reading.problems, *found),
    )


def _used(reading: Reading, pictures: Mapping[str, bytes]) -> dict[str, bytes]:
    names = dict.fromkeys(name for draft in reading.drafts for name in draft.pictures)
    return {name: pictures[name] for name in names if name in pictures}


def _checked(written: Written, pictures: Iterable[str], folder: Path) -> list[SheetProblem]:
    """What the check finds in the pack, told at the rows it comes from."""
    beside = library.listing(folder) if folder.is_dir() else frozenset()
    found = load_pack(written.text.encode(), "pack", beside | set(pictures))[1]
    return [written.traced(problem) for problem in found]


def _write(out: Path, found: Imported, *, force: bool) -> None:
    new = {out.parent / name: data for name, data in found.pictures.items()}
    taken = [str(path) for path in new if path.exists()]
    if taken and not force:
        raise fail(f"{', '.join(taken)}: there already; say --force to overwrite", UNUSABLE)
    try:
        write_whole({**new, out: found.written.text.encode()})
    except OSError as error:
        raise fail(f"{out}: cannot be written ({error.strerror})", UNUSABLE) from None


def _told(found: Imported, out: Path | None) -> str:
    if out is None:
        return found.written.text.rstrip("\n")
    pictures = f", {len(found.pictures)} picture(s) beside it" if found.pictures else ""
    return f"{out}: {found.drafts} step(s), {found.tasks} of them for people{pictures}"


def _as_json(found: Imported, out: Path | None) -> str:
    fields: dict[str, Any] = {
        "table": found.source,
        "out": str(out) if out else None,
        "steps": found.drafts,
        "tasks": found.tasks,
        "pictures": list(found.pictures),
        "problems": [problem.as_dict(found.source) for problem in found.problems],
    }
    if out is None and not found.failed:
        fields["pack"] = found.written.text
    return json.dumps(fields, ensure_ascii=False)
