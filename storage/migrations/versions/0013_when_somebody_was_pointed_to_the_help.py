"""When somebody was last pointed to the help."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

WHOLE = {"sqlite_with_rowid": False}
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("person", table_kwargs=WHOLE) as batch_op:
        batch_op.add_column(sa.Column("pointed_at", NUMBER, nullable=False, server_default="0"))
    with op.batch_alter_table("person", table_kwargs=WHOLE) as batch_op:
        batch_op.alter_column("pointed_at", existing_type=NUMBER, server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("person", table_kwargs=WHOLE) as batch_op:
        batch_op.drop_column("pointed_at")
