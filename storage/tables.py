"""The tables: made from the records of `sop.model`, one column a field, so that they cannot drift.

Integers are 64 bit, texts compare by code point on every database, tuples and mappings are JSON.
"""

from dataclasses import fields
from functools import partial
from typing import Any, Final, get_origin, get_type_hints

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    event,
    literal_column,
)

from sop import model

NAMING: Final = {"ix": "ix_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}

metadata: Final = MetaData(naming_convention=NAMING)

RECORDS: Final[tuple[type[model.Record], ...]] = (
    model.Counter,
    model.SeenEvent,
    model.Nonce,
    model.DeadEvent,
    model.Group,
    model.Identity,
    model.Contact,
    model.Person,
    model.Newcomer,
    model.RosterVersion,
    model.HeardSince,
    model.CleanUp,
    model.CleanUpNotice,
    model.IdentityMerge,
    model.BadgeHeld,
    model.LevelReached,
    model.SegmentSpell,
    model.SegmentDay,
    model.SeasonStanding,
    model.Member,
    model.LayerMove,
    model.Message,
    model.Aside,
    model.LedgerEntry,
    model.Strike,
    model.Reason,
    model.Report,
    model.Outgoing,
    model.Attempt,
    model.Task,
    model.TaskCard,
    model.BulkAnswer,
    model.AdviceGiven,
    model.Occurrence,
    model.StepRun,
    model.Trace,
    model.Spending,
    model.Thread,
    model.ThreadReply,
    model.Enrolment,
    model.Leader,
    model.LeaderChange,
    model.Volunteer,
    model.CircleMember,
    model.PersonalCode,
    model.Offer,
    model.Order,
    model.ShortLink,
    model.LinkHour,
    model.LinkPlace,
    model.LinkVisitor,
    model.Invitation,
    model.Ballot,
    model.Signup,
    model.Item,
    model.HiddenAuthor,
    model.Relay,
    model.Nickname,
    model.Like,
    model.Voice,
    model.LikeNorm,
    model.Comment,
    model.PoolUse,
    model.Preparation,
    model.Claim,
    model.Code,
    model.Note,
    model.Token,
    model.LearnedText,
    model.Learning,
    model.Version,
)

INDEXES: Final[dict[type[model.Record], tuple[tuple[str, ...], ...]]] = {
    model.SeenEvent: (("at",),),
    model.DeadEvent: (("replayed_at", "at"),),
    model.Identity: (("community", "person"), ("userid",)),
    model.IdentityMerge: (("community", "into"),),
    model.SegmentSpell: (("community", "segment", "until"),),
    model.CleanUp: (("community", "group", "status"), ("community", "by", "status")),
    model.CleanUpNotice: (("community", "person", "status"),),
    model.Member: (("community", "person"),),
    model.LayerMove: (("community", "person", "status"), ("community", "status")),
    # In the order of time, as all that grows for ever: what is added shares a few pages. A quote
    # is looked for in a week of them, by text or id, without reading the messages.
    # Who spoke when is read of a million of them for a report, from the index alone.
    model.Message: (("community", "group", "at", "fingerprint", "message_id", "person"),),
    model.Aside: (("at",),),
    model.LedgerEntry: (("community", "at", "group", "points"),),
    model.Strike: (("community", "person", "at"),),
    model.Reason: (("at",),),
    model.Report: (("community", "reporter", "at"), ("community", "task"), ("at",)),
    model.Outgoing: (("status", "not_before"),),
    model.Attempt: (("window", "at"), ("at",)),
    model.Task: (("community", "status", "about"), ("community", "group", "status")),
    model.TaskCard: (("at",),),
    model.BulkAnswer: (("community", "by", "status"),),
    model.AdviceGiven: (("community", "group", "status"),),
    model.Occurrence: (("status", "run_at"), ("status", "cause", "run_at")),
    model.StepRun: (("community", "group", "step", "at"),),
    model.Trace: (("at",),),
    model.Spending: (("at",),),
    model.Thread: (("community", "group", "status", "closes_at"), ("community", "name", "id")),
    model.Enrolment: (("community", "person"),),
    model.Leader: (("community", "status"),),
    model.LeaderChange: (("community", "person", "at"),),
    model.Volunteer: (("community", "status"),),
    model.CircleMember: (("community", "person"),),
    model.PersonalCode: (("community", "person"),),
    model.Offer: (
        ("community", "person", "at"),
        ("community", "group", "at"),
        ("community", "step", "at"),
    ),
    model.Order: (("community", "person", "at"),),
    model.ShortLink: (("community", "kind", "name", "person"), ("community", "person")),
    model.LinkHour: (("hour",),),
    model.LinkPlace: (("at",),),
    model.LinkVisitor: (("community", "code", "network"), ("at",)),
    model.Invitation: (("community", "inviter", "at"),),
    model.Signup: (("community", "person"),),
    model.Item: (
        ("community", "message_id"),
        ("kind", "status", "at"),
        ("community", "thread", "person"),
        ("community", "person", "at"),
    ),
    model.HiddenAuthor: (("community", "person"), ("community", "due_at")),
    model.Relay: (("community", "by"), ("community", "group", "mark"), ("at",)),
    model.Nickname: (("community", "person"),),
    model.Like: (
        ("community", "giver", "at"),
        ("community", "author", "at"),
        ("community", "group", "status", "at"),
        ("community", "at"),
    ),
    model.Voice: (("community", "last_at"),),
    model.Preparation: (("due_at",),),
    model.Claim: (
        ("community", "person", "benefit"),
        ("community", "benefit", "status", "at"),
        ("community", "benefit", "code"),
        ("community", "at"),
    ),
    model.Code: (("community", "benefit", "claim", "number"),),
    model.Note: (("community", "at"), ("at",)),
    model.LearnedText: (("community", "until"), ("community", "by", "at")),
    model.Version: (("sha",),),
}

NOT_EMPTY: Final[dict[type[model.Record], tuple[tuple[str, str], ...]]] = {
    # The messages whose text is still there, by age: those to be emptied next come first.
    model.Message: (("at", "text"),)
}
"""Indexes on the first column over the rows whose second column is not empty."""

ONE_EACH: Final[dict[type[model.Record], tuple[tuple[str, ...], str, str]]] = {
    # Two workers may open a task for the same thing at once: one of them is refused.
    model.Task: (("community", "about"), "status", "open")
}
"""Columns whose values no two rows share that have that value in another column."""

NEVER_CHANGED: Final = frozenset(
    {model.SeenEvent, model.LedgerEntry, model.Message, model.Aside, model.StepRun, model.Note}
)
"""Records that are only ever added: putting one a second time is an error, not an update."""


def _column(hint: Any) -> Any:
    if hint is int:
        return BigInteger().with_variant(Integer, "sqlite")
    if hint is bool:
        return Boolean(create_constraint=False)
    if hint is str:
        return Text().with_variant(Text(collation="C"), "postgresql")
    return JSON()


def is_json(hint: Any) -> bool:
    """Tell whether a field of that type is JSON in its row."""
    return get_origin(hint) is not None


def _hints(record: type[model.Record]) -> dict[str, Any]:
    known = get_type_hints(record)
    return {field.name: known[field.name] for field in fields(record)}


FIELDS: Final[dict[type[model.Record], dict[str, Any]]] = {
    record: _hints(record) for record in RECORDS
}
"""The fields of each kind with their types, in the order of the columns."""


def _table(record: type[model.Record]) -> Table:
    """Make a record's table; no class of rows, which would weigh ten times as much as it."""
    columns = [
        Column(name, _column(hint), primary_key=name in record.KEY, nullable=False)
        for name, hint in FIELDS[record].items()
    ]
    table = Table(record.__name__.lower(), metadata, *columns, sqlite_with_rowid=False)
    for names in INDEXES.get(record, ()):
        Index(None, *(table.c[name] for name in names))
    for name, column in NOT_EMPTY.get(record, ()):
        filled = table.c[column] != literal_column("''")
        _partial(Index(None, table.c[name], sqlite_where=filled), filled)
    if record in ONE_EACH:
        names, column, value = ONE_EACH[record]
        alike = table.c[column] == literal_column(f"'{value}'")
        name = f"uq_{table.name}_{'_'.join(names)}"
        columns = [table.c[name] for name in names]
        _partial(Index(name, *columns, unique=True, sqlite_where=alike), alike)
    return table


def _partial(index: Index, where: Any) -> None:
    event.listen(index.table, "before_create", partial(_narrow, index, where))


def _narrow(index: Index, where: Any, _table: Table, connection: Any, **_options: Any) -> None:
    """Say for which rows the index is, in the words of the dialect it is made in.

    To name a dialect is to load it: the other one's is three megabytes.
    """
    index.dialect_options[connection.dialect.name]["where"] = where


TABLES: Final[dict[type[model.Record], Table]] = {record: _table(record) for record in RECORDS}
