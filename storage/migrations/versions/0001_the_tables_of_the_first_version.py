"""The tables of the first version."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:  # noqa: PLR0915 - one statement a table
    op.create_table(
        "aside",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("message", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("quote", TEXT, nullable=False),
        sa.Column("quote_id", TEXT, nullable=False),
        sa.Column("mentions", sa.JSON(), nullable=False),
        sa.Column("addressed", sa.Boolean(), nullable=False),
        sa.Column("has_image", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community", "message", name=op.f("pk_aside")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("aside", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_aside_at"), ["at"], unique=False)

    op.create_table(
        "attempt",
        sa.Column("window", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("amount", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("window", "id", name=op.f("pk_attempt")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_attempt_window_at"), ["window", "at"], unique=False)

    op.create_table(
        "badgeheld",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("badge", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", "badge", name=op.f("pk_badgeheld")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "ballot",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("choice", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "thread", "person", name=op.f("pk_ballot")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "claim",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("benefit", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("tail", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("price", NUMBER, nullable=False),
        sa.Column("cost", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("closed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_claim")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_claim_community_at"), ["community", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_claim_community_benefit_code"),
            ["community", "benefit", "code"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_claim_community_benefit_status_at"),
            ["community", "benefit", "status", "at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_claim_community_person_benefit"),
            ["community", "person", "benefit"],
            unique=False,
        )

    op.create_table(
        "code",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("benefit", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sealed", TEXT, nullable=False),
        sa.Column("lock", TEXT, nullable=False),
        sa.Column("tail", TEXT, nullable=False),
        sa.Column("added_at", NUMBER, nullable=False),
        sa.Column("claim", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "mark", name=op.f("pk_code")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_code_community_benefit_claim_number"),
            ["community", "benefit", "claim", "number"],
            unique=False,
        )

    op.create_table(
        "comment",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "number", "person", name=op.f("pk_comment")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "contact",
        sa.Column("userid", TEXT, nullable=False),
        sa.Column("community", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("userid", name=op.f("pk_contact")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "counter",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "name", name=op.f("pk_counter")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "deadevent",
        sa.Column("key_", TEXT, nullable=False),
        sa.Column("community", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("payload", TEXT, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.Column("replayed_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("key_", name=op.f("pk_deadevent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("deadevent", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_deadevent_replayed_at_at"), ["replayed_at", "at"], unique=False
        )

    op.create_table(
        "enrolment",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("joined", TEXT, nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("made_up", NUMBER, nullable=False),
        sa.Column("team", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "thread", "person", name=op.f("pk_enrolment")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enrolment_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "group",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("owner", TEXT, nullable=False),
        sa.Column("staff", sa.JSON(), nullable=False),
        sa.Column("channels", sa.JSON(), nullable=False),
        sa.Column("starts", TEXT, nullable=False),
        sa.Column("override", sa.JSON(), nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("adopted_at", NUMBER, nullable=False),
        sa.Column("spoken_at", NUMBER, nullable=False),
        sa.Column("roster_at", NUMBER, nullable=False),
        sa.Column("threads", sa.JSON(), nullable=False),
        sa.Column("paused", sa.Boolean(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_group")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "hiddenauthor",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "number", name=op.f("pk_hiddenauthor")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("hiddenauthor", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_hiddenauthor_community_due_at"), ["community", "due_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_hiddenauthor_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "identity",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("userid", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "userid", name=op.f("pk_identity")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identity_community_person"), ["community", "person"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_identity_userid"), ["userid"], unique=False)

    op.create_table(
        "identitymerge",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("into", NUMBER, nullable=False),
        sa.Column("gone", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("split_at", NUMBER, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_identitymerge")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("identitymerge", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_identitymerge_community_into"), ["community", "into"], unique=False
        )

    op.create_table(
        "invitation",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("guest", NUMBER, nullable=False),
        sa.Column("inviter", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("joined_at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("why", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "guest", name=op.f("pk_invitation")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_invitation_community_inviter_at"),
            ["community", "inviter", "at"],
            unique=False,
        )

    op.create_table(
        "item",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("parent", NUMBER, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("category", TEXT, nullable=False),
        sa.Column("team", TEXT, nullable=False),
        sa.Column("about", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "number", name=op.f("pk_item")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_item_community_message_id"), ["community", "message_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_item_community_thread_person"),
            ["community", "thread", "person"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_item_kind_status_at"), ["kind", "status", "at"], unique=False
        )

    op.create_table(
        "ledgerentry",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("deed", TEXT, nullable=False),
        sa.Column("generation", NUMBER, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("points", NUMBER, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("standing", NUMBER, nullable=False),
        sa.Column("reversal_of", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(
            "community", "person", "source", "deed", "generation", name=op.f("pk_ledgerentry")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_ledgerentry_community_at"), ["community", "at"], unique=False
        )

    op.create_table(
        "levelreached",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", "level", name=op.f("pk_levelreached")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "like",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("giver", NUMBER, nullable=False),
        sa.Column("author", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("bears", sa.Boolean(), nullable=False),
        sa.Column("weight", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "target", "giver", name=op.f("pk_like")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("like", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_like_community_at"), ["community", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_like_community_author_at"), ["community", "author", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_like_community_giver_at"), ["community", "giver", "at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_like_community_group_status_at"),
            ["community", "group", "status", "at"],
            unique=False,
        )

    op.create_table(
        "likenorm",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("since", TEXT, nullable=False),
        sa.Column("allowance", NUMBER, nullable=False),
        sa.Column("vouching", sa.Boolean(), nullable=False),
        sa.Column("cliques", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", name=op.f("pk_likenorm")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("joined_at", NUMBER, nullable=False),
        sa.Column("left_at", NUMBER, nullable=False),
        sa.Column("stint", NUMBER, nullable=False),
        sa.Column("introduced_at", NUMBER, nullable=False),
        sa.Column("last_at", NUMBER, nullable=False),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "person", name=op.f("pk_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_member_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "message",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("fingerprint", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_message")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_message_at"),
            ["at"],
            unique=False,
            sqlite_where=sa.text("text != ''"),
            postgresql_where=sa.text("text != ''"),
        )
        batch_op.create_index(
            batch_op.f("ix_message_community_group_at_fingerprint_message_id"),
            ["community", "group", "at", "fingerprint", "message_id"],
            unique=False,
        )

    op.create_table(
        "nickname",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("shown", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "group", "name", name=op.f("pk_nickname")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("nickname", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_nickname_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "nonce",
        sa.Column("stamped_at", NUMBER, nullable=False),
        sa.Column("surface", TEXT, nullable=False),
        sa.Column("nonce", TEXT, nullable=False),
        sa.Column("event_key", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("stamped_at", "surface", "nonce", name=op.f("pk_nonce")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "note",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("do", TEXT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_note")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_note_community_at"), ["community", "at"], unique=False
        )

    op.create_table(
        "occurrence",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("run_at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.Column("rank", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(
            "community",
            "group",
            "kind",
            "step",
            "subject",
            "cause",
            "due_at",
            name=op.f("pk_occurrence"),
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_occurrence_status_cause_run_at"),
            ["status", "cause", "run_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_occurrence_status_run_at"), ["status", "run_at"], unique=False
        )

    op.create_table(
        "outgoing",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("event_key", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("do", TEXT, nullable=False),
        sa.Column("channel", TEXT, nullable=False),
        sa.Column("chat", TEXT, nullable=False),
        sa.Column("klass", TEXT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("route", sa.JSON(), nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("not_before", NUMBER, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.Column("attempts", NUMBER, nullable=False),
        sa.Column("attempted_at", NUMBER, nullable=False),
        sa.Column("done_at", NUMBER, nullable=False),
        sa.Column("error", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_outgoing")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_outgoing_status_not_before"), ["status", "not_before"], unique=False
        )

    op.create_table(
        "person",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("userid", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("role", TEXT, nullable=False),
        sa.Column("balance", NUMBER, nullable=False),
        sa.Column("score", NUMBER, nullable=False),
        sa.Column("scored_at", NUMBER, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("layer", TEXT, nullable=False),
        sa.Column("layer_since", NUMBER, nullable=False),
        sa.Column("paid", sa.Boolean(), nullable=False),
        sa.Column("paid_until", NUMBER, nullable=False),
        sa.Column("birthday", TEXT, nullable=False),
        sa.Column("muted_until", NUMBER, nullable=False),
        sa.Column("contact_at", NUMBER, nullable=False),
        sa.Column("nudges_off", sa.Boolean(), nullable=False),
        sa.Column("unranked", sa.Boolean(), nullable=False),
        sa.Column("invited_by", NUMBER, nullable=False),
        sa.Column("invite_paid", sa.Boolean(), nullable=False),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.Column("lifetime", sa.JSON(), nullable=False),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.Column("active", sa.JSON(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("boards", sa.JSON(), nullable=False),
        sa.Column("also", sa.JSON(), nullable=False),
        sa.Column("merged_into", NUMBER, nullable=False),
        sa.Column("streak", NUMBER, nullable=False),
        sa.Column("streak_on", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_person")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "personalcode",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("code", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "code", name=op.f("pk_personalcode")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("personalcode", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_personalcode_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "pooluse",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("pool", TEXT, nullable=False),
        sa.Column("used", sa.JSON(), nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("taken", NUMBER, nullable=False),
        sa.Column("warned", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "scope", "pool", name=op.f("pk_pooluse")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "preparation",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(
            "community", "scope", "step", "due_at", name=op.f("pk_preparation")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_preparation_due_at"), ["due_at"], unique=False)

    op.create_table(
        "relay",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("by", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("mark", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("task", NUMBER, nullable=False),
        sa.Column("root", NUMBER, nullable=False),
        sa.Column("choices", sa.JSON(), nullable=False),
        sa.Column("counted", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_relay")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("relay", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relay_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_relay_community_by"), ["community", "by"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_relay_community_group_mark"),
            ["community", "group", "mark"],
            unique=False,
        )

    op.create_table(
        "seasonstanding",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("season", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("points", NUMBER, nullable=False),
        sa.Column("level", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "season", "person", name=op.f("pk_seasonstanding")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "seenevent",
        sa.Column("key_", TEXT, nullable=False),
        sa.Column("community", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("outgoing", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("key_", name=op.f("pk_seenevent")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("seenevent", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_seenevent_at"), ["at"], unique=False)

    op.create_table(
        "segmentday",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("day", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("members", NUMBER, nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "day", name=op.f("pk_segmentday")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "segmentspell",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("segment", TEXT, nullable=False),
        sa.Column("since", NUMBER, nullable=False),
        sa.Column("until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint(
            "community", "person", "segment", "since", name=op.f("pk_segmentspell")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("segmentspell", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_segmentspell_community_segment_until"),
            ["community", "segment", "until"],
            unique=False,
        )

    op.create_table(
        "signup",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("guest", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("noted", sa.Boolean(), nullable=False),
        sa.Column("came_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "thread", "person", "guest", name=op.f("pk_signup")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_signup_community_person"), ["community", "person"], unique=False
        )

    op.create_table(
        "spending",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("scope", TEXT, nullable=False),
        sa.Column("period", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("spent", NUMBER, nullable=False),
        sa.Column("instants", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("community", "scope", "period", name=op.f("pk_spending")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_spending_at"), ["at"], unique=False)

    op.create_table(
        "steprun",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_steprun")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("steprun", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_steprun_community_group_step_at"),
            ["community", "group", "step", "at"],
            unique=False,
        )

    op.create_table(
        "strike",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("measure", TEXT, nullable=False),
        sa.Column("event_key", TEXT, nullable=False),
        sa.Column("observed", sa.Boolean(), nullable=False),
        sa.Column("reversed_at", NUMBER, nullable=False),
        sa.Column("decided_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_strike")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("strike", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_strike_community_person_at"),
            ["community", "person", "at"],
            unique=False,
        )

    op.create_table(
        "task",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("to", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("about", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("rule", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("target", TEXT, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("created_at", NUMBER, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("reminded_at", NUMBER, nullable=False),
        sa.Column("closed_at", NUMBER, nullable=False),
        sa.Column("closed_by", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_task")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_task_community_group_status"),
            ["community", "group", "status"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_task_community_status_about"),
            ["community", "status", "about"],
            unique=False,
        )

    op.create_table(
        "thread",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("kind", TEXT, nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.Column("opened_at", NUMBER, nullable=False),
        sa.Column("closes_at", NUMBER, nullable=False),
        sa.Column("status", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "id", name=op.f("pk_thread")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_thread_community_group_status_closes_at"),
            ["community", "group", "status", "closes_at"],
            unique=False,
        )
        batch_op.create_index(
            batch_op.f("ix_thread_community_name_id"), ["community", "name", "id"], unique=False
        )

    op.create_table(
        "threadreply",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("thread", NUMBER, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("message_id", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("community", "thread", "person", name=op.f("pk_threadreply")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "token",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("value", TEXT, nullable=False),
        sa.Column("expires_at", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_token")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "trace",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("group", TEXT, nullable=False),
        sa.Column("step", TEXT, nullable=False),
        sa.Column("subject", TEXT, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("due_at", NUMBER, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("verdict", TEXT, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("held", sa.JSON(), nullable=False),
        sa.Column("version", TEXT, nullable=False),
        sa.PrimaryKeyConstraint(
            "community", "group", "step", "subject", "cause", "due_at", name=op.f("pk_trace")
        ),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("trace", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_trace_at"), ["at"], unique=False)

    op.create_table(
        "version",
        sa.Column("name", TEXT, nullable=False),
        sa.Column("number", NUMBER, nullable=False),
        sa.Column("sha", TEXT, nullable=False),
        sa.Column("at", NUMBER, nullable=False),
        sa.Column("author", TEXT, nullable=False),
        sa.Column("text", TEXT, nullable=False),
        sa.PrimaryKeyConstraint("name", "number", name=op.f("pk_version")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_version_sha"), ["sha"], unique=False)

    op.create_table(
        "voice",
        sa.Column("community", TEXT, nullable=False),
        sa.Column("person", NUMBER, nullable=False),
        sa.Column("vouched", sa.Boolean(), nullable=False),
        sa.Column("vouchers", sa.JSON(), nullable=False),
        sa.Column("given", NUMBER, nullable=False),
        sa.Column("given_paid", NUMBER, nullable=False),
        sa.Column("received", NUMBER, nullable=False),
        sa.Column("received_paid", NUMBER, nullable=False),
        sa.Column("recent", sa.JSON(), nullable=False),
        sa.Column("last_at", NUMBER, nullable=False),
        sa.Column("cleared_until", NUMBER, nullable=False),
        sa.PrimaryKeyConstraint("community", "person", name=op.f("pk_voice")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_voice_community_last_at"), ["community", "last_at"], unique=False
        )


def downgrade() -> None:  # noqa: PLR0915 - one statement a table
    with op.batch_alter_table("voice", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_voice_community_last_at"))

    op.drop_table("voice")
    with op.batch_alter_table("version", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_version_sha"))

    op.drop_table("version")
    with op.batch_alter_table("trace", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_trace_at"))

    op.drop_table("trace")
    op.drop_table("token")
    op.drop_table("threadreply")
    with op.batch_alter_table("thread", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_thread_community_name_id"))
        batch_op.drop_index(batch_op.f("ix_thread_community_group_status_closes_at"))

    op.drop_table("thread")
    with op.batch_alter_table("task", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_task_community_status_about"))
        batch_op.drop_index(batch_op.f("ix_task_community_group_status"))

    op.drop_table("task")
    with op.batch_alter_table("strike", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_strike_community_person_at"))

    op.drop_table("strike")
    with op.batch_alter_table("steprun", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_steprun_community_group_step_at"))

    op.drop_table("steprun")
    with op.batch_alter_table("spending", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_spending_at"))

    op.drop_table("spending")
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signup_community_person"))

    op.drop_table("signup")
    with op.batch_alter_table("segmentspell", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_segmentspell_community_segment_until"))

    op.drop_table("segmentspell")
    op.drop_table("segmentday")
    with op.batch_alter_table("seenevent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_seenevent_at"))

    op.drop_table("seenevent")
    op.drop_table("seasonstanding")
    with op.batch_alter_table("relay", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_relay_community_group_mark"))
        batch_op.drop_index(batch_op.f("ix_relay_community_by"))
        batch_op.drop_index(batch_op.f("ix_relay_at"))

    op.drop_table("relay")
    with op.batch_alter_table("preparation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_preparation_due_at"))

    op.drop_table("preparation")
    op.drop_table("pooluse")
    with op.batch_alter_table("personalcode", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_personalcode_community_person"))

    op.drop_table("personalcode")
    op.drop_table("person")
    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_status_not_before"))

    op.drop_table("outgoing")
    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occurrence_status_run_at"))
        batch_op.drop_index(batch_op.f("ix_occurrence_status_cause_run_at"))

    op.drop_table("occurrence")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_community_at"))
        batch_op.drop_index(batch_op.f("ix_note_at"))

    op.drop_table("note")
    op.drop_table("nonce")
    with op.batch_alter_table("nickname", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_nickname_community_person"))

    op.drop_table("nickname")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_community_group_at_fingerprint_message_id"))
        batch_op.drop_index(batch_op.f("ix_message_at"), sqlite_where=sa.text("text != ''"))

    op.drop_table("message")
    with op.batch_alter_table("member", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_member_community_person"))

    op.drop_table("member")
    op.drop_table("likenorm")
    with op.batch_alter_table("like", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_like_community_group_status_at"))
        batch_op.drop_index(batch_op.f("ix_like_community_giver_at"))
        batch_op.drop_index(batch_op.f("ix_like_community_author_at"))
        batch_op.drop_index(batch_op.f("ix_like_community_at"))

    op.drop_table("like")
    op.drop_table("levelreached")
    with op.batch_alter_table("ledgerentry", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_ledgerentry_community_at"))

    op.drop_table("ledgerentry")
    with op.batch_alter_table("item", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_item_kind_status_at"))
        batch_op.drop_index(batch_op.f("ix_item_community_thread_person"))
        batch_op.drop_index(batch_op.f("ix_item_community_message_id"))

    op.drop_table("item")
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_invitation_community_inviter_at"))

    op.drop_table("invitation")
    with op.batch_alter_table("identitymerge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identitymerge_community_into"))

    op.drop_table("identitymerge")
    with op.batch_alter_table("identity", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_identity_userid"))
        batch_op.drop_index(batch_op.f("ix_identity_community_person"))

    op.drop_table("identity")
    with op.batch_alter_table("hiddenauthor", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hiddenauthor_community_person"))
        batch_op.drop_index(batch_op.f("ix_hiddenauthor_community_due_at"))

    op.drop_table("hiddenauthor")
    op.drop_table("group")
    with op.batch_alter_table("enrolment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enrolment_community_person"))

    op.drop_table("enrolment")
    with op.batch_alter_table("deadevent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_deadevent_replayed_at_at"))

    op.drop_table("deadevent")
    op.drop_table("counter")
    op.drop_table("contact")
    op.drop_table("comment")
    with op.batch_alter_table("code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_code_community_benefit_claim_number"))

    op.drop_table("code")
    with op.batch_alter_table("claim", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_claim_community_person_benefit"))
        batch_op.drop_index(batch_op.f("ix_claim_community_benefit_status_at"))
        batch_op.drop_index(batch_op.f("ix_claim_community_benefit_code"))
        batch_op.drop_index(batch_op.f("ix_claim_community_at"))

    op.drop_table("claim")
    op.drop_table("ballot")
    op.drop_table("badgeheld")
    with op.batch_alter_table("attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_attempt_window_at"))
        batch_op.drop_index(batch_op.f("ix_attempt_at"))

    op.drop_table("attempt")
    with op.batch_alter_table("aside", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_aside_at"))

    op.drop_table("aside")
