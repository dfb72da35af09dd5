"""What alembic runs: revisions over the connection it is handed."""

from typing import Any, Final, Literal

from alembic import context
from sqlalchemy import BigInteger, Text

from storage.tables import metadata

SHORT: Final = {BigInteger: "NUMBER", Text: "TEXT"}
"""What a revision calls the types that stand for another one elsewhere: see its head."""


def short(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Return how a revision writes an item, or False for alembic's own way."""
    return SHORT.get(type(item), False) if kind == "type" else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    # SQLite changes a table by copying it.
    render_as_batch=True,
    render_item=short,
)
with context.begin_transaction():
    context.run_migrations()
