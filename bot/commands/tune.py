"""`qunyun tune`: what the thresholds of the adverts' check mean for a deployment's own lines."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.commands.shared import (
    UNUSABLE,
    AsJson,
    deployment_or_exit,
    fail,
    pack_or_exit,
    read_file,
    unbroken_or_exit,
)
from bot.operations.operating import Operation, operating
from handlers.moderation import judged
from handlers.overrides import book_of
from handlers.ports import Context
from sop.detectors import tuning
from sop.model import Group
from sop.pack.pack import Pack

_Lines = list[tuple[str, str]]


def tune(
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    group: Annotated[str, typer.Option(help="Only this group, with values of its own.")] = "",
    labelled: Annotated[
        Path | None, typer.Option(help='Lines of {"text": …, "label": "ad" or "ok"}.')
    ] = None,
    pack: Annotated[
        Path | None, typer.Option(help="Judge only --labelled, by this pack; no history.")
    ] = None,
    days: Annotated[int, typer.Option(min=1, max=366, help="Days of history to look at.")] = 90,
    *,
    as_json: AsJson = False,
) -> None:
    """Show what each threshold for adverts would act on, and which sensitivity fits.

    Looks at what members said, with what staff said of it, and at labelled lines. Changes
    nothing. The bot may be running meanwhile.
    """
    given = _labelled(labelled) if labelled else []
    if pack is not None:
        found = {"labelled lines": _rows(pack_or_exit(pack), given)}
    else:
        found = _history(community, group, days, given)
    for line in [_as_json(found)] if as_json else _told(found):
        typer.echo(line)


def _history(community: str, group: str, days: int, given: _Lines) -> dict[str, list[tuning.Row]]:
    def look(context: Context) -> list[tuning.Row]:
        found = context.store.get(Group, context.community, group) if group else None
        book = book_of(context, found) if found else context.book
        return _rows(book.pack, [*judged.lines(context, days, group), *given])

    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        names = filter(partial(_has, operation, group), operation.communities(community))
        found = {f"{name} {group}".strip(): operation.look(name, look) for name in names}
    if group and not found:
        raise fail(f"there is no group {group}", UNUSABLE)
    return found


def _has(operation: Operation, group: str, community: str) -> bool:
    """Tell whether a group is one of a community's; with none, any community will do."""
    return not group or operation.look(
        community, lambda context: context.store.get(Group, community, group) is not None
    )


def _rows(pack: Pack, lines: _Lines) -> list[tuning.Row]:
    """Return the table by the pack's own adverts' check; without one, by the packaged one."""
    check = next((each for each in pack.rules.checks if each.detect == "ads"), None)
    params = {**check.params} if check else {}
    scores = tuning.scores((text for text, _ in lines), params)
    labels = (label for _, label in lines)
    return tuning.table(list(zip(scores, labels, strict=True)))


def _labelled(path: Path) -> _Lines:
    """Read labelled lines, or exit 2 with the number of the first that is none."""
    found = []
    for number, line in enumerate(read_file(path).decode("utf-8", "replace").splitlines(), 1):
        if not line.strip():
            continue
        try:
            read: Any = json.loads(line)
            text, label = read["text"], read["label"]
        except (ValueError, TypeError, KeyError, RecursionError):
            text, label = None, None
        if not isinstance(text, str) or label not in ("ad", "ok"):
            wanted = '{"text": …, "label": "ad" or "ok"}'
            raise fail(f"{path}:{number}: not a labelled line: write {wanted}", UNUSABLE)
        found.append((text, label))
    return found


def _as_json(found: Mapping[str, Sequence[tuning.Row]]) -> str:
    lines = [
        {
            "community": name,
            "rows": [asdict(row) for row in rows],
            "advised": getattr(tuning.advised(rows), "name", ""),
        }
        for name, rows in found.items()
    ]
    return json.dumps(lines, ensure_ascii=False)


def _told(found: Mapping[str, Sequence[tuning.Row]]) -> Iterator[str]:
    for name, rows in found.items():
        lines = rows[0].lines
        yield f"{name}: {lines['ad']} adverts, {lines['ok']} fine, {lines['']} nobody has judged"
        if not any(lines.values()):
            continue
        yield f"  {'threshold':<18}{'adverts':>14}{'fine':>14}{'not judged':>14}"
        for row in rows:
            shown = "".join(f"{_cell(row, label):>14}" for label in tuning.LABELS)
            yield f"  {row.threshold:<6.2f}{row.name:<12}{shown}"
        yield f"  {_advice(rows)}"


def _cell(row: tuning.Row, label: str) -> str:
    share = row.share(label)
    return "-" if share is None else f"{row.acted[label]} ({share:.1%})"


def _advice(rows: Sequence[tuning.Row]) -> str:
    row = tuning.advised(rows)
    most = f"{tuning.FAIR:.1%}"
    if row is None:
        return f"every sensitivity acts on more than {most} of what is fine: observe, and look"
    return f"sensitivity: {row.name} is the highest that acts on at most {most} of what is fine"
