"""leaders, volunteers and circles."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "circlemember",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("tag", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("left_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "tag", "person", name=op.f("pk_circlemember")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("circlemember", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_circlemember_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "leader",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("tier", TEXT, nullable=False),
        sa.Column("failed", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name=op.f("pk_leader")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("leader", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_leader_community_status"), ["community", "status"], unique=False
        )

    op.create_table(
        "leaderchange",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_leaderchange")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("leaderchange", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_leaderchange_community_person_at"),
            ["community", "person", "at"],
            unique=False,
        )

    op.create_table(
        "volunteer",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("duty", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", "duty", name=op.f("pk_volunteer")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_volunteer_community_status"), ["community", "status"], unique=False
        )

    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_community_person_at"), ["community", "person", "at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_community_person_at"))

    with op.batch_alter_table("volunteer", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_volunteer_community_status"))

    op.drop_table("volunteer")
    with op.batch_alter_table("leaderchange", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leaderchange_community_person_at"))

    op.drop_table("leaderchange")
    with op.batch_alter_table("leader", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_leader_community_status"))

    op.drop_table("leader")
    with op.batch_alter_table("circlemember", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_circlemember_community_person"))

    op.drop_table("circlemember")
