"""clean up of the silent."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "cleanup",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("days", NUMBER, nullable=False),
        sa.Column("members", sa.JSON(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("told_at", NUMBER, nullable=False),
        sa.Column("ends_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_cleanup")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cleanup", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cleanup_community_by_status"),
            ["community", "by", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_cleanup_community_group_status"),
            ["community", "group", "status"],
            unique=False,
        )

    op.create_table(
        "cleanupnotice",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("clean_up", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "clean_up", "person", name=op.f("pk_cleanupnotice")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("cleanupnotice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cleanupnotice_community_person_status"),
            ["community", "person", "status"],
            unique=False,
        )

    op.create_table(
        "heardsince",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", name=op.f("pk_heardsince")),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("heardsince")
    with op.batch_alter_table("cleanupnotice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cleanupnotice_community_person_status"))

    op.drop_table("cleanupnotice")
    with op.batch_alter_table("cleanup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cleanup_community_group_status"))
        batch_op.drop_index(batch_op.f("ix_cleanup_community_by_status"))

    op.drop_table("cleanup")
