"""short links and their clicks."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "linkhour",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("hour", NUMBER, nullable=False),
        sa.Column("wecom", NUMBER, nullable=False),
        sa.Column("wechat", NUMBER, nullable=False),
        sa.Column("browser", NUMBER, nullable=False),
        sa.Column("filtered", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "code", "hour", name=op.f("pk_linkhour")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("linkhour", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linkhour_hour"), ["hour"], unique=False)

    op.create_table(
        "linkvisitor",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("visitor", TEXT, nullable=False),
        sa.Column("network", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "code", "visitor", name=op.f("pk_linkvisitor")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("linkvisitor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_linkvisitor_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_linkvisitor_community_code_network"),
            ["community", "code", "network"],
            unique=False,
        )

    op.create_table(
        "shortlink",
        sa.Column("code", TEXT, nullable=False),
        sa.Column("community", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("platforms", sa.JSON(), nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("most", NUMBER, nullable=False),
        sa.Column("made_by", NUMBER, nullable=False),
        sa.Column("stopped_at", NUMBER, nullable=False),
        sa.Column("clicks", NUMBER, nullable=False),
        sa.Column("visitors", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_shortlink")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("shortlink", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_shortlink_community_kind_name_person"),
            ["community", "kind", "name", "person"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_shortlink_community_person"), ["community", "person"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("shortlink", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_shortlink_community_person"))
        batch_op.drop_index(batch_op.f("ix_shortlink_community_kind_name_person"))

    op.drop_table("shortlink")
    with op.batch_alter_table("linkvisitor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_linkvisitor_community_code_network"))
        batch_op.drop_index(batch_op.f("ix_linkvisitor_at"))

    op.drop_table("linkvisitor")
    with op.batch_alter_table("linkhour", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_linkhour_hour"))

    op.drop_table("linkhour")
