"""advice and indexes for reports."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "advicegiven",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("change", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("closed_at", NUMBER, nullable=False),
        sa.Column("closed_by", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_advicegiven")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("advicegiven", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_advicegiven_community_group_status"),
            ["community", "group", "status"],
            unique=False,
        )

    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledgerentry_community_at"))
        batch_op.create_index(
            batch_op.f("ix_ledgerentry_community_at_group_points"),
            ["community", "at", "group", "points"],
            unique=False,
        )

    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_community_group_at_fingerprint_message_id"))
        batch_op.create_index(
            batch_op.f("ix_message_community_group_at_fingerprint_message_id_person"),
            ["community", "group", "at", "fingerprint", "message_id", "person"],
            unique=False,
        )


def downgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(
            batch_op.f("ix_message_community_group_at_fingerprint_message_id_person")
        )
        batch_op.create_index(
            batch_op.f("ix_message_community_group_at_fingerprint_message_id"),
            ["community", "group", "at", "fingerprint", "message_id"],
            unique=False,
        )

    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledgerentry_community_at_group_points"))
        batch_op.create_index(
            batch_op.f("ix_ledgerentry_community_at"), ["community", "at"], unique=False
        )

    with op.batch_alter_table("advicegiven", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_advicegiven_community_group_status"))

    op.drop_table("advicegiven")
