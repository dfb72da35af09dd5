"""`qunyun codes`: codes are brought from a file, sealed, and counted; none is ever shown."""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import (
    UNUSABLE,
    AsJson,
    deployment_or_exit,
    fail,
    read_file,
    unbroken_or_exit,
)
from bot.operations.benefit_desk import Desk, Meant, opened
from sop.activities import codes as lists
from sop.activities.codes import Listed, NoTable, Wrong

SHOWN = 200
"""Bad lines that are written out; `--json` has all."""

Community = Annotated[str, typer.Option(help="Where several have the benefit.")]


class Work(StrEnum):
    """What to do."""

    IMPORT = "import"
    LIST = "list"
    DROP = "drop"


def codes(
    work: Annotated[Work, typer.Argument(help="What to do.")],
    benefit: Annotated[str, typer.Argument(help="The benefit's id; list: default all.")] = "",
    file: Annotated[Path | None, typer.Argument(help="import: a CSV file, UTF-8 or GBK.")] = None,
    community: Community = "",
    *,
    yes: Annotated[bool, typer.Option("--yes", help="drop: really forget them.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take codes over from a file, all or none, count what is kept, or drop what is left of it.

    They are kept sealed. The bot may be running meanwhile.
    """
    with unbroken_or_exit(), opened(*deployment_or_exit()) as desk:
        if work is Work.IMPORT:
            _import(desk, benefit, file, community, as_json=as_json)
        elif work is Work.DROP:
            _drop(desk, benefit, community, sure=yes)
        else:
            _list(desk, benefit, community, as_json=as_json)


def _import(desk: Desk, benefit: str, file: Path | None, community: str, *, as_json: bool) -> None:
    if not benefit or file is None:
        raise fail("say the benefit and the file: qunyun codes import BENEFIT FILE.csv", UNUSABLE)
    listed, wrong = _listed(file)
    meant = desk.meant(benefit, community)
    wrong = wrong or desk.bring(meant, listed)
    if as_json:
        _print_json(desk, meant, 0 if wrong else len(listed), wrong)
    for each in () if as_json else wrong[:SHOWN]:
        typer.echo(f"{file}:{each.line}: {each.sentence}", err=True)
    if len(wrong) > SHOWN and not as_json:
        typer.echo(f"{file}: and {len(wrong) - SHOWN} more", err=True)
    if wrong:
        raise fail(f"{len(wrong)} problem(s): no code was taken over")
    if not as_json:
        free = desk.count(meant).free
        typer.echo(f"{len(listed)} codes taken over for {benefit}; {free} are free now")


def _listed(file: Path) -> tuple[tuple[Listed, ...], tuple[Wrong, ...]]:
    try:
        return lists.read_list(read_file(file))
    except NoTable as error:
        raise fail(f"{file}: {error}", UNUSABLE) from None


def _print_json(desk: Desk, meant: Meant, taken: int, wrong: tuple[Wrong, ...]) -> None:
    found = {
        "community": meant.community, "benefit": meant.benefit.id, "taken": taken,
        "free": desk.count(meant).free,
        "problems": [{"line": each.line, "message": each.sentence} for each in wrong],
    }  # fmt: skip
    typer.echo(json.dumps(found, ensure_ascii=False))


def _drop(desk: Desk, benefit: str, community: str, *, sure: bool) -> None:
    if not benefit:
        raise fail("say the benefit: qunyun codes drop BENEFIT --yes", UNUSABLE)
    meant = desk.meant(benefit, community)
    if not sure:
        free = desk.count(meant).free
        raise fail(f"{free} codes of {benefit} were not given yet: --yes forgets them", UNUSABLE)
    typer.echo(f"{desk.withdraw(meant)} codes of {benefit} forgotten; those given stay known")


def _list(desk: Desk, benefit: str, community: str, *, as_json: bool) -> None:
    meant = [desk.meant(benefit, community)] if benefit else _every(desk, community)
    rows = [(each, desk.count(each)) for each in meant]
    if as_json:
        found = [
            {
                "community": each.community, "benefit": each.benefit.id, "kept": count.kept,
                "free": count.free, "unreadable": count.locked,
            }
            for each, count in rows
        ]  # fmt: skip
        typer.echo(json.dumps(found, ensure_ascii=False))
        return
    for each, count in rows:
        where = f"{each.community}/{each.benefit.id}"
        locked = f", {count.locked} no key opens" if count.locked else ""
        typer.echo(f"{where}: {count.kept} kept, {count.given} given, {count.free} free{locked}")


def _every(desk: Desk, community: str) -> list[Meant]:
    """The benefits for which codes are kept."""
    every = [
        Meant(community=where, book=book, benefit=benefit)
        for where, book in desk.chosen(community).items()
        for benefit in book.pack.benefits
    ]
    return [each for each in every if desk.count(each).kept]
