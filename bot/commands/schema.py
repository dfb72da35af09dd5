"""`qunyun schema`: the format of a pack, for editors and for people."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.commands.shared import UNUSABLE, fail
from sop.schema import format_tables
from sop.schema.format_words import LANGUAGES, Language
from sop.schema.schema import bindings_schema, pack_schema

Out = Annotated[Path | None, typer.Option("--out", help="Write to this file instead.")]
Words = Annotated[str, typer.Option("--language", metavar="zh|en", help="Of the descriptions.")]
Groups = Annotated[bool, typer.Option("--groups", help="The schema of groups.yaml instead.")]
Keys = Annotated[bool, typer.Option("--keys", help="Print tables of all keys in Markdown.")]


def schema(
    *, out: Out = None, language: Words = "zh", groups: Groups = False, keys: Keys = False
) -> None:
    """Print the JSON Schema of a pack, with which editors complete and check packs."""
    words = _language(language)
    made = bindings_schema if groups else pack_schema
    whole = json.dumps(made(words), ensure_ascii=False, indent=2)
    told = format_tables.tables(words) if keys else whole
    if out is None:
        typer.echo(told)
        return
    try:
        out.write_text(f"{told}\n", "utf-8")
    except OSError as error:
        raise fail(f"{out}: cannot be written ({error.strerror})") from None


def _language(written: str) -> Language:
    for known in LANGUAGES:
        if known == written:
            return known
    raise fail(f"--language: there is no {written}: use {' or '.join(LANGUAGES)}", UNUSABLE)
