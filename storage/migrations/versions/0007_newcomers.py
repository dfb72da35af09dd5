"""newcomers."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "newcomer",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("asked", NUMBER, nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("passed", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name=op.f("pk_newcomer")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("newcomer")
