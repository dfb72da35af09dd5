"""orders that were told."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "order",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("order", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("cents", NUMBER, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("told_at", NUMBER, nullable=False),
        sa.Column("refunded", sa.Boolean(), nullable=False),
        sa.Column("buyer", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "order", name=op.f("pk_order")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("order", schema=None) as batch_op:
        name = batch_op.f("ix_order_community_person_at")
        batch_op.create_index(name, ["community", "person", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("order", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_community_person_at"))

    op.drop_table("order")
