"""What is known of rosters: whose group it is, and how new a roster is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

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
