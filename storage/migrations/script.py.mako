"""${message}."""

import sqlalchemy as sa
from alembic import op
${imports if imports else ""}
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}

% if "NUMBER" in upgrades + downgrades:
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
% endif
% if "TEXT" in upgrades + downgrades:
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
% endif


<% long = "  # noqa: PLR0915 - one statement a table" if upgrades.count("create_table") > 17 else "" %>
def upgrade() -> None:${long}
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:${long}
    ${downgrades if downgrades else "pass"}
