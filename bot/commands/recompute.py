"""`qunyun recompute`: what today's weights would make of past deeds, and booking it if wanted."""

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Final

import typer

from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, unbroken_or_exit
from bot.operations.operating import Operation, operating
from handlers.ledger import recounting
from handlers.ledger.recounting import CountedBefore, Difference
from handlers.people import people
from sop.book import Book
from sop.fields.pack_types import parse_date
from sop.standing import standing
from sop.told_events import PointsRecounted

SLICE: Final = 50
"""Corrections booked in one event, so that messages need not wait for all of them."""


def recompute(
    since: Annotated[str, typer.Option("--from", help="The first day, such as 2026-11-01.")],
    community: Annotated[str, typer.Option(help="Only this one.")] = "",
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Book the differences as entries.")] = False,
    as_json: AsJson = False,
) -> None:
    """Say per member what today's weights would make of the deeds since a day.

    Counted are the deeds of the ledger, and messages that earned nothing but are still kept;
    not what was given by hand, won or redeemed, nor likes. Who pays today counts as having paid
    then. With --yes the differences are booked, as entries of today; nothing booked changes.
    """
    doing = yes and not dry_run
    try:
        day = parse_date(since)
    except ValueError as error:
        raise fail(f"--from: {error}", UNUSABLE) from None
    try:
        with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
            for name in operation.communities(community):
                _community(operation, name, day, doing=doing, as_json=as_json)
    except CountedBefore as error:
        raise fail(
            f"a recount from {error} on was booked already: say --from {error}, or an earlier day",
            UNUSABLE,
        ) from None
    if not doing and not as_json:
        typer.echo("nothing was booked: add --yes to do it")


def _community(
    operation: Operation, name: str, since: date, *, doing: bool, as_json: bool
) -> None:
    found = operation.look(name, lambda context: list(recounting.differences(context, since)))
    book = operation.library.shelf.books[name]
    for line in _as_json(name, found, book) if as_json else _told(name, found, book):
        typer.echo(line)
    if doing:
        booked = _booked(operation, name, since, found)
        if not as_json:
            typer.echo(f"{name}: {booked} entries were booked")


def _booked(operation: Operation, name: str, since: date, found: Sequence[Difference]) -> int:
    corrections = [each for difference in found for each in difference.corrections]
    for start in range(0, len(corrections), SLICE):
        operation.handle(
            PointsRecounted(
                key=f"recompute:{name}:{operation.now}:{start}", community=name,
                at=operation.now, since=since.isoformat(), run=str(operation.now),
                corrections=tuple(corrections[start : start + SLICE]),
            )
        )  # fmt: skip
    return len(corrections)


def _told(name: str, found: Sequence[Difference], book: Book) -> Iterator[str]:
    for each in found:
        before, after = _levels(each, book)
        level = f", level {before} -> {after}" if before != after else ""
        deeds = "; ".join(
            f"{deed} {old.awards} for {old.points} -> {new.awards} for {new.points}"
            for deed, (old, new) in each.deeds.items()
        )
        balance = each.person.balance + each.points
        short = f", balance {balance}: below zero" if balance < 0 else ""
        yield (
            f"{name}: {people.shown(each.person)} ({each.person.userid}): balance "
            f"{each.points:+d}, score {each.standing:+d}{level}{short}  [{deeds}]"
        )
    points = sum(each.points for each in found)
    yield f"{name}: {len(found)} member(s) would change, balances by {points:+d} in all"


def _levels(each: Difference, book: Book) -> tuple[str, str]:
    levels = book.pack.levels
    before = standing.level_for(levels, each.score)
    after = standing.level_for(levels, each.score + each.standing)
    return (before.id if before else "none"), (after.id if after else "none")


def _as_json(name: str, found: Sequence[Difference], book: Book) -> Iterator[str]:
    for each in found:
        before, after = _levels(each, book)
        told: dict[str, Any] = {
            "community": name,
            "member": each.person.userid,
            "balance": each.points,
            "score": each.standing,
            "level": [before, after],
            "deeds": {
                deed: {"before": [old.awards, old.points], "after": [new.awards, new.points]}
                for deed, (old, new) in each.deeds.items()
            },
        }
        yield json.dumps(told, ensure_ascii=False)
