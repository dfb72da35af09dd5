"""texts learned from staff."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "learnedtext",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("label", TEXT, nullable=False),
        sa.Column("words", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_learnedtext")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("learnedtext", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_learnedtext_community_by_at"), ["community", "by", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_learnedtext_community_until"), ["community", "until"], unique=False
        )

    op.create_table(
        "learning",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("revision", NUMBER, nullable=False),
        sa.Column("digest", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_learning")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("learning")
    with op.batch_alter_table("learnedtext", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_learnedtext_community_until"))
        batch_op.drop_index(batch_op.f("ix_learnedtext_community_by_at"))

    op.drop_table("learnedtext")
