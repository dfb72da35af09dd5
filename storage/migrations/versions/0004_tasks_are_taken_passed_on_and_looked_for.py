"""Tasks are taken, passed on and looked for."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


ONE_OF_TWO = """
    UPDATE task SET status = 'void' WHERE status = 'open' AND EXISTS (
        SELECT 1 FROM task AS older
        WHERE older.community = task.community AND older.about = task.about
        AND older.status = 'open' AND older.id < task.id
    )
"""


ADDED: dict[str, tuple[Any, str]] = {
    "prepared": (TEXT, ""),
    "told": (sa.JSON(), "[]"),
    "taken_by": (NUMBER, "0"),
    "taken_at": (NUMBER, "0"),
    "declined": (sa.JSON(), "[]"),
    "claimed_at": (NUMBER, "0"),
}
"""Columns with what they hold in the rows that are there."""


def upgrade() -> None:
    op.execute(ONE_OF_TWO)
    with op.batch_alter_table("task", schema=None) as batch_op:
        for name, (kind, value) in ADDED.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table(
        "task", schema=None, table_kwargs={"sqlite_with_rowid": False}
    ) as batch_op:
        for name in ADDED:
            batch_op.alter_column(name, server_default=None)
        batch_op.create_index(
            "uq_task_community_about",
            ["community", "about"],
            unique=True,
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )


def downgrade() -> None:
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_task_community_about",
            sqlite_where=sa.text("status = 'open'"),
            postgresql_where=sa.text("status = 'open'"),
        )
        for name in ADDED:
            batch_op.drop_column(name)
