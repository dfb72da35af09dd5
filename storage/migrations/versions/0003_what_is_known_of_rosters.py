"""What is known of rosters, and the moves between layers."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

ADDED = (
    ("owner_learned", sa.Boolean(), sa.false()),
    ("staff_learned", sa.Boolean(), sa.false()),
    ("chat_owner", TEXT, ""),
    ("roster_asked_at", NUMBER, "0"),
    ("roster_version", NUMBER, "0"),
    ("roster_hint", NUMBER, "0"),
)


def upgrade() -> None:
    op.create_table(
        "layermove",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("layer", TEXT, nullable=False),
        sa.Column("into", sa.JSON(), nullable=False),
        sa.Column("out_of", sa.JSON(), nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("closed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_layermove")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("layermove", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_layermove_community_person_status"),
            ["community", "person", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_layermove_community_status"), ["community", "status"], unique=False
        )
    with op.batch_alter_table("group") as batch_op:
        for name, kind, default in ADDED:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    # The default was for the rows there are; without it the table is as a fresh one.
    with op.batch_alter_table("group", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        for name, kind, _default in ADDED:
            batch_op.alter_column(name, existing_type=kind, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("group", table_kwargs={"sqlite_with_rowid": False}) as batch_op:
        for name, _kind, _default in ADDED:
            batch_op.drop_column(name)
    op.drop_table("layermove")
