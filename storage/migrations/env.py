"""What alembic runs: revisions over the connection it is handed."""

from typing import Any, Final, Literal

from alembic import context
from sqlmodel import BigInteger, Text

from storage import search
from storage.tables import metadata

SHORT: Final = {BigInteger: "NUMBER", Text: "TEXT"}
"""What a revision calls the types that stand for another one elsewhere: see its head."""


def short(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Return how a revision writes an item, or False for alembic's own way."""
    return SHORT.get(type(item), False) if kind == "type" else False


def compared(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the search index: it is made of what the tables hold, see `storage.search`."""
    return kind != "table" or not search.is_part(name or "")


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by copying it.
    render_as_batch=True,
    render_item=short,
    include_name=compared,
)
with context.begin_transaction():
    context.run_migrations()
search.follow(context.config.attributes["connection"])
