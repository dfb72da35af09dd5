"""A collection as a page of Markdown; nothing in it is taken for markup."""

from collections.abc import Iterator

from handlers.collections.collected import Collected, Row
from handlers.questions.knowledge_pages import plain, quoted_lines
from sop.texts import text


def page(found: Collected) -> str:
    """Return the page of one time a collection was open; ends with a newline."""
    heading = text("collected.title", title=found.title, group=found.group)
    when = text(
        "collected.when", first=found.opened_on, last=found.closed_on, count=len(found.rows)
    )
    lines = [f"# {plain(heading)}", "", when]
    return "\n".join([*lines, *(line for row in found.rows for line in _lines(row))]) + "\n"


def _lines(row: Row) -> Iterator[str]:
    what = (row.name, row.team, row.category, row.about, row.day)
    told = [*(each for each in what if each), text("collected.likes", count=row.likes)]
    yield ""
    yield f"## {row.number}. {plain(text('people.joiner').join(told))}"
    yield ""
    yield from quoted_lines(row.text)
