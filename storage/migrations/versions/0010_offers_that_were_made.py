"""offers that were made."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("benefit", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("held", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_offer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_offer_community_group_at"), ["community", "group", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_offer_community_person_at"), ["community", "person", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_offer_community_step_at"), ["community", "step", "at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("offer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_offer_community_step_at"))
        batch_op.drop_index(batch_op.f("ix_offer_community_person_at"))
        batch_op.drop_index(batch_op.f("ix_offer_community_group_at"))

    op.drop_table("offer")
