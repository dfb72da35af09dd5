"""reports, raids and trust."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
WHOLE = {"sqlite_with_rowid": False}
"""What SQLite does not tell of a table that is made anew."""


def upgrade() -> None:
    op.create_table(
        "report",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("reporter", NUMBER, nullable=False),
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_report")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_report_community_reporter_at"),
            ["community", "reporter", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_report_community_task"), ["community", "task"], unique=False
        )

    _add(
        "group", raid_since=(NUMBER, "0"), raid_until=(NUMBER, "0"),
        raid_strict=(sa.Boolean(), sa.false()),
    )  # fmt: skip
    _add(
        "member",
        came_at=(NUMBER, "0"),
        substance=(NUMBER, "0"),
        strayed=(NUMBER, "0"),
        strayed_on=(TEXT, ""),
    )


def _add(table: str, **columns: Any) -> None:
    """Add columns that may not be empty to a table that may have rows."""
    with op.batch_alter_table(table) as batch_op:
        for name, (kind, value) in columns.items():
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=value))
    with op.batch_alter_table(table, table_kwargs=WHOLE) as batch_op:
        for name in columns:
            batch_op.alter_column(name, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("member", table_kwargs=WHOLE) as batch_op:
        batch_op.drop_column("strayed_on")
        batch_op.drop_column("strayed")
        batch_op.drop_column("substance")
        batch_op.drop_column("came_at")

    with op.batch_alter_table("group", table_kwargs=WHOLE) as batch_op:
        batch_op.drop_column("raid_strict")
        batch_op.drop_column("raid_until")
        batch_op.drop_column("raid_since")

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_community_task"))
        batch_op.drop_index(batch_op.f("ix_report_community_reporter_at"))
        batch_op.drop_index(batch_op.f("ix_report_at"))

    op.drop_table("report")
