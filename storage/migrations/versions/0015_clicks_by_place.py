"""Clicks on links with a limit, by place."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "linkplace",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("network", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("clicks", NUMBER, nullable=False),
        sa.Column("beyond", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "code", "network", name=op.f("pk_linkplace")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("linkplace", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linkplace_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("linkplace", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_linkplace_at"))

    op.drop_table("linkplace")
