"""A group's questions and answers as a page of Markdown; nothing in it is taken for markup."""

import re
from collections.abc import Iterator
from typing import Final

from handlers.questions.knowledge import Entry
from sop.texts import text

HEADING: Final = 80
"""Characters of a question in its heading; a longer one follows in full."""

_MARKUP: Final = re.compile(r"(?=[\\`*_{}\[\]<>#|!~&])|^(?=[-+=])")
_LIST: Final = re.compile(r"^(\d+)([.)])(?=\s|$)")
"""Where Markdown would read a sign as its own."""


def page(title: str, day: str, found: list[Entry]) -> str:
    """Return the page of a group, as of a local date; ends with a newline."""
    head = [f"# {plain(text('knowledge.title', group=title))}", ""]
    head.append(text("knowledge.summary", day=day, count=len(found)))
    return "\n".join([*head, *(line for each in found for line in _lines(each))]) + "\n"


def plain(said: str) -> str:
    """Return one line of somebody's text as Markdown shows it: as it was written."""
    return _LIST.sub(r"\1\\\2", _MARKUP.sub(r"\\", said.strip()))


def _lines(found: Entry) -> Iterator[str]:
    said = " ".join(found.question.split())
    short = said if len(said) <= HEADING else f"{said[: HEADING - 1]}…"
    yield ""
    yield f"## {found.number}. {plain(short)}"
    yield ""
    yield plain(text("knowledge.asked", name=found.asker, day=found.asked_on))
    if said != short:
        yield ""
        yield from quoted_lines(found.question)
    yield ""
    key = "knowledge.accepted" if found.accepted else "knowledge.answered"
    yield plain(text(key, name=found.by, day=found.answered_on))
    yield ""
    yield from quoted_lines(found.answer)


def quoted_lines(said: str) -> Iterator[str]:
    """Yield each line of a text as a paragraph of one quotation."""
    lines = [" ".join(line.split()) for line in said.splitlines() if line.strip()]
    for number, line in enumerate(lines):
        yield from (">",) if number else ()
        yield f"> {plain(line)}"
