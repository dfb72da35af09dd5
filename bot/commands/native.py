"""`qunyun native`: what to paste into WeCom's own consoles."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import AsJson, book_or_exit, group_or_exit
from sop import channels
from sop.bindings import native as consoles
from sop.bindings.native import Block, Section
from sop.book import Book
from sop.model import Group
from sop.texts import text

_RULE = "─" * 40


def native(
    pack: Annotated[Path, typer.Argument(help="The pack.")],
    group: Annotated[
        str, typer.Option(help="A group of groups.yaml (beside the pack, or in SOP_DIR).")
    ] = "",
    *,
    as_json: AsJson = False,
) -> None:
    """Print what of a pack goes into WeCom's own consoles, and what these cannot express."""
    book = book_or_exit(pack)
    bound = group_or_exit(group, book, pack) if group else None
    sections = _sections(book.of(bound.override) if bound else book, bound)
    notes = _notes(bound)
    if as_json:
        found = {
            "pack": book.pack.pack,
            "group": bound.id if bound else None,
            "notes": notes,
            "sections": [asdict(section) for section in sections],
        }
        typer.echo(json.dumps(found, ensure_ascii=False))
    else:
        typer.echo("\n".join([*notes, *(line for each in sections for line in _lines(each))]))


def _sections(book: Book, group: Group | None) -> tuple[Section, ...]:
    if group is None:
        return consoles.native(book.pack)

    def say(words: str) -> str:
        if channels.hears_all(group.channels):
            return text("say.heard", words=words)
        if channels.can(group.channels, "hear_mentions"):
            return text("say.mentioned", words=words, bot=book.bot_name or text("people.me"))
        return text("say.private", words=words)

    return consoles.native(book.pack, group.title, say)


def _notes(group: Group | None) -> Sequence[str]:
    if group is None or not set(group.channels) & channels.INTERNAL:
        return []
    return [consoles.note("internal", group=group.title or group.id)]


def _lines(section: Section) -> Iterator[str]:
    yield f"\n# {section.title}"
    yield section.where
    for block in section.blocks:
        yield from _copyable(block)
    yield from (f"* {told}" for told in section.notes)


def _copyable(block: Block) -> Iterator[str]:
    """The text stands alone between two rules: what is between them is copied."""
    yield f"\n{block.title}"
    if block.too_long:
        yield f"! {block.too_long}"
    yield _RULE
    yield block.text
    yield _RULE
