"""Versions of rosters, and how guests came."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

WHOLE = {"sqlite_with_rowid": False}
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# Numbers that no platform ever gave: they are all 0.
NUMBERS = ("roster_version", "roster_hint")


def upgrade() -> None:
    op.create_table(
        "rosterversion",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("known", TEXT, nullable=False),
        sa.Column("told", TEXT, nullable=False),
        sa.Column("told_at", NUMBER, nullable=False),
        sa.Column("tries", NUMBER, nullable=False),
        sa.Column("passed", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "group", name=op.f("pk_rosterversion")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("group", table_kwargs=WHOLE) as batch_op:
        for name in NUMBERS:
            batch_op.drop_column(name)
    with op.batch_alter_table("invitation", table_kwargs=WHOLE) as batch_op:
        batch_op.add_column(sa.Column("scene", TEXT, nullable=False, server_default=""))
    with op.batch_alter_table("invitation", table_kwargs=WHOLE) as batch_op:
        batch_op.alter_column("scene", existing_type=TEXT, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("invitation", table_kwargs=WHOLE) as batch_op:
        batch_op.drop_column("scene")
    with op.batch_alter_table("group", table_kwargs=WHOLE) as batch_op:
        for name in NUMBERS:
            batch_op.add_column(sa.Column(name, NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("group", table_kwargs=WHOLE) as batch_op:
        for name in NUMBERS:
            batch_op.alter_column(name, existing_type=NUMBER, server_default=None)
    op.drop_table("rosterversion")
