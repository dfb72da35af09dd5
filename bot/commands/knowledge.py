"""`qunyun knowledge`: what the questions of the groups have brought, searched, timed, exported."""

import json
from collections.abc import Iterator
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from bot.broken import Broken
from bot.commands import collected
from bot.commands import wanted as which
from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, unbroken_or_exit
from bot.commands.wanted import Wanted
from bot.operations.operating import Operation, operating
from handlers.ports import Context
from handlers.questions import knowledge as known
from handlers.questions import response_times
from handlers.questions.knowledge import Entry
from handlers.questions.knowledge_pages import page
from handlers.questions.response_times import Times
from sop.times.durations import DAY_MS
from sop.times.localtime import wall_time


class Work(StrEnum):
    """What to do."""

    EXPORT = "export"
    SEARCH = "search"
    TIMES = "times"
    FIXERS = "fixers"


def knowledge(
    work: Annotated[Work, typer.Argument(help="What to do.")],
    words: Annotated[list[str] | None, typer.Argument(help="search: what for.")] = None,
    *,
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    group: Annotated[str, typer.Option(help="Only the group of this id.")] = "",
    collection: Annotated[
        str, typer.Option(help="export, fixers: of the collection of this id.")
    ] = "",
    out: Annotated[Path | None, typer.Option(help="export: the file to write.")] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="times: of how many days.")] = 7,
    limit: Annotated[int, typer.Option(min=1, max=200, help="search: results a group.")] = 10,
    as_json: AsJson = False,
) -> None:
    """Search or export the groups' questions and answers, or say how long people waited.

    With --collection its entries are exported, as a table where the file is a .csv; fixers says
    who has put how many snags right. Who is on no leaderboard is not named. The bot may be
    running meanwhile.
    """
    wanted = Wanted(community, group, " ".join(words or ()), days, limit, collection)
    if work is Work.EXPORT and out is None:
        raise fail("say the file: qunyun knowledge export --out FILE.md", UNUSABLE)
    if (work is Work.SEARCH) != bool(wanted.words.strip()):
        raise fail("words are what is searched for: qunyun knowledge search WORDS", UNUSABLE)
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        lines = list(_done(work, operation, wanted, out, as_json=as_json))
    for line in lines:
        typer.echo(line)


def _done(
    work: Work, operation: Operation, wanted: Wanted, out: Path | None, *, as_json: bool
) -> Iterator[str]:
    if out is not None and work is Work.EXPORT:
        export = collected.exported if wanted.collection else _exported
        return export(operation, wanted, out)
    if work is Work.FIXERS:
        return collected.who_fixed(operation, wanted, as_json=as_json)
    if work is Work.SEARCH:
        return _searched(operation, wanted, as_json=as_json)
    return _timed(operation, wanted, as_json=as_json)


def _exported(operation: Operation, wanted: Wanted, out: Path) -> Iterator[str]:
    pages, count = [], 0
    for community, name in which.groups(operation, wanted):

        def read(context: Context, name: str = name) -> tuple[str, int]:
            group = which.group(context, name)
            found = list(known.entries(context, group))
            day = wall_time(operation.now, context.book.zone).date().isoformat()
            return page(group.title or group.id, day, found), len(found)

        written, entries = operation.look(community, read)
        count += entries
        if entries or wanted.group:
            pages.append(written)
    try:
        out.write_text("\n".join(pages), "utf-8", newline="\n")
    except OSError as error:
        raise Broken(f"{out}: cannot be written ({error.strerror})") from None
    yield f"{out}: {count} questions with their answers"


def _searched(operation: Operation, wanted: Wanted, *, as_json: bool) -> Iterator[str]:
    found: list[tuple[str, str, Entry]] = []
    for community, name in which.groups(operation, wanted):

        def read(context: Context, name: str = name) -> list[Entry]:
            return known.search(context, which.group(context, name), wanted.words, wanted.limit)

        found += ((community, name, each) for each in operation.look(community, read))
    if as_json:
        lines = [{"community": where, "group": name, **asdict(e)} for where, name, e in found]
        return iter([json.dumps(lines, ensure_ascii=False)])
    return iter([_told(*each) for each in found] or ["nothing was found"])


def _told(community: str, group: str, found: Entry) -> str:
    mark = "accepted: " if found.accepted else ""
    answer = f"{mark}{_line(found.answer)} ({found.by})" if found.answer else "not answered"
    question = f"{_line(found.question)} ({found.asker}, {found.asked_on})"
    return f"{community}/{group} {found.number}: {question}\n  {answer}"


def _line(said: str) -> str:
    return "".join(c for c in " ".join(said.split()) if c.isprintable())


def _timed(operation: Operation, wanted: Wanted, *, as_json: bool) -> Iterator[str]:
    since = operation.now - wanted.days * DAY_MS
    rows: list[tuple[str, str, Times]] = []
    for community, name in which.groups(operation, wanted):

        def read(context: Context, name: str = name) -> Times:
            return response_times.times(context, which.group(context, name), since)

        rows.append((community, name, operation.look(community, read)))
    if as_json:
        found = [{"community": where, "group": name, **asdict(e)} for where, name, e in rows]
        return iter([json.dumps(found, ensure_ascii=False)])
    return (_in_words(*each) for each in rows)


def _in_words(community: str, group: str, found: Times) -> str:
    waited = ""
    if found.median_ms is not None and found.longest_ms is not None:
        waited = f", median {_minutes(found.median_ms)}, longest {_minutes(found.longest_ms)}"
    waiting = ", ".join(map(str, found.waiting[:20]))
    return (
        f"{community}/{group}: {found.asked} asked, {found.answered} answered"
        f"{waited}, no answer was heard to {len(found.waiting)}"
        f"{f' ({waiting})' if waiting else ''}"
        f"{'' if found.late is None else f', {found.late} later than promised'}"
    )


def _minutes(ms: int) -> str:
    return f"{round(ms / 60_000)} min"
