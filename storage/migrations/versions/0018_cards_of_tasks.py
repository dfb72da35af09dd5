"""Cards of tasks."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "taskcard",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("sent", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "task", "sent", name=op.f("pk_taskcard")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("taskcard", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_taskcard_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("taskcard", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_taskcard_at"))

    op.drop_table("taskcard")
