"""`qunyun learned`: the texts staff have decided about: listed, taken along, taken back."""

import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from bot.broken import Broken
from bot.commands.shared import UNUSABLE, AsJson, deployment_or_exit, fail, unbroken_or_exit
from bot.library.whole_files import write_whole
from bot.operations.operating import Operation, operating
from handlers.moderation import learning
from handlers.ports import Context
from sop.model import LearnedText, Learning
from sop.told_events import LearningReverted, TextsTaught

_IS_ADVERT: Final = {learning.ADVERT: True, learning.FINE: False}


class Work(StrEnum):
    """What to do."""

    LIST = "list"
    EXPORT = "export"
    IMPORT = "import"
    UNDO = "undo"
    RESET = "reset"


def learned(
    work: Annotated[Work, typer.Argument(help="What to do.")],
    numbers: Annotated[list[int] | None, typer.Argument(help="undo: of which texts.")] = None,
    *,
    community: Annotated[str, typer.Option(help="Only this community.")] = "",
    file: Annotated[Path | None, typer.Option(help="export, import: the file.")] = None,
    to: Annotated[int, typer.Option(min=0, help="reset: the revision to go back to.")] = 0,
    yes: Annotated[bool, typer.Option("--yes", help="reset: do it.")] = False,
    as_json: AsJson = False,
) -> None:
    """Show what staff have said is an advert, or fine; carry it elsewhere; take it back.

    Every change makes a revision. undo takes single texts back; reset goes back to a revision,
    with 0 to the beginning. Both stay on record, so that a reset can be reset. The bot may be
    running meanwhile.
    """
    if (work in {Work.EXPORT, Work.IMPORT}) != (file is not None):
        raise fail("--file is for export and import: say it there, and only there", UNUSABLE)
    if (work is Work.UNDO) != bool(numbers):
        raise fail("the numbers of texts are for undo: qunyun learned undo 3 4", UNUSABLE)
    with unbroken_or_exit(), operating(*deployment_or_exit()) as operation:
        names = operation.communities(community)
        if work in {Work.UNDO, Work.RESET, Work.IMPORT} and len(names) > 1:
            raise fail("say for which one: --community NAME", UNUSABLE)
        lines = list(_done(work, operation, names, numbers or (), file, to, yes=yes))
    for line in lines:
        typer.echo(json.dumps(line, ensure_ascii=False) if as_json else _told(line))


def _done(
    work: Work,
    operation: Operation,
    names: Sequence[str],
    numbers: Sequence[int],
    file: Path | None,
    to: int,
    *,
    yes: bool,
) -> Iterator[dict[str, Any]]:
    if work is Work.UNDO:
        _revert(operation, names[0], texts=tuple(numbers))
    if work is Work.RESET:
        if not yes:
            raise Broken(f"this would bring back revision {to}: add --yes to do it")
        _revert(operation, names[0], revision=to)
    if work is Work.IMPORT and file is not None:
        _bring(operation, names[0], file)
    found = [operation.look(name, _state) for name in names]
    if work is Work.EXPORT and file is not None:
        write_whole({file: json.dumps(found, ensure_ascii=False, indent=1).encode()})
    for state in found:
        yield state if work in {Work.LIST, Work.EXPORT} else {**state, "texts": []}


def _revert(
    operation: Operation, name: str, *, texts: tuple[int, ...] = (), revision: int | None = None
) -> None:
    operation.handle(
        LearningReverted(
            key=f"learned:{name}:{operation.now}", community=name, at=operation.now,
            texts=texts, revision=revision,
        )
    )  # fmt: skip


def _bring(operation: Operation, name: str, file: Path) -> None:
    operation.handle(
        TextsTaught(
            key=f"learned:{name}:{operation.now}", community=name, at=operation.now,
            texts=tuple(_read(file)),
        )
    )  # fmt: skip


def _read(file: Path) -> Iterator[tuple[bool, str]]:
    """Yield the texts of an export, of whatever community they were."""
    try:
        states = json.loads(file.read_text("utf-8"))
        for text in (each for state in states for each in state["texts"]):
            yield _IS_ADVERT[text["label"]], str(text["words"])
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Broken(f"{file}: that is no export of what was learned ({error})") from None


def _state(context: Context) -> dict[str, Any]:
    state = context.store.get(Learning, context.community)
    return {
        "community": context.community,
        "revision": state.revision if state else 0,
        "texts": [_shown(each) for each in learning.in_force(context)],
    }


def _shown(text: LearnedText) -> dict[str, Any]:
    return {
        "id": text.id, "label": text.label, "words": text.words, "since": text.since,
        "source": text.source, "by": text.by,
    }  # fmt: skip


def _told(state: dict[str, Any]) -> str:
    head = f"{state['community']}: revision {state['revision']}"
    texts = (
        f"  {each['id']} {each['label']} since {each['since']} by {each['by'] or 'an operator'} "
        f"({each['source']}): {each['words']}"
        for each in state["texts"]
    )
    return "\n".join((head, *texts))
