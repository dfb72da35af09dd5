"""Why staff gave points or reminded somebody, in their words."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "reason",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "source", name=op.f("pk_reason")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("reason", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_reason_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("reason", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reason_at"))

    op.drop_table("reason")
