"""Answers to many entries."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "bulkanswer",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("choice", TEXT, nullable=False),
        sa.Column("last", NUMBER, nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("steps", sa.JSON(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("done", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_bulkanswer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("bulkanswer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_bulkanswer_community_by_status"),
            ["community", "by", "status"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("bulkanswer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_bulkanswer_community_by_status"))

    op.drop_table("bulkanswer")
