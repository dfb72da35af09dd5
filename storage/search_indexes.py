"""The search index as each database keeps it: its table, and the statements over it.

A row holds an item's terms, and a word that says in which scope of which group it is: a search
there reads nothing of the others. SQLite has a full-text table, PostgreSQL an array of terms.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

TABLE: Final = "search"

Values = tuple[Any, ...]
Place = tuple[str, str, int]
"""Where an item is: community, group, number."""


@dataclass(frozen=True, slots=True)
class Index:
    """One database's index. The functions return what its statements bind.

    `row` is of (place, scope, terms), `wanted` of (community, group, scope, terms, limit).
    """

    make: tuple[str, ...]
    put: str
    drop: str
    fetch: str
    key: Callable[[Place], Values]
    row: Callable[[Place, str, Sequence[str]], Values]
    wanted: Callable[[str, str, str, Sequence[str], int], Values]


def scope_word(community: str, group: str, scope: str) -> str:
    """Return the word of a scope, which nobody can write into another group's."""
    return f"x{_digest(community, group, scope).hex()}"


def _digest(*parts: str) -> bytes:
    return blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=8).digest()


def _row_id(place: Place) -> int:
    """Return the row of an item: a full-text table finds a row by nothing else."""
    return int.from_bytes(_digest(*map(str, place)), "big") >> 1


def _words_row(place: Place, scope: str, terms: Sequence[str]) -> Values:
    community, group, _ = place
    words = " ".join((scope_word(community, group, scope), *terms))
    return _row_id(place), words, *place


def _expression(
    community: str, group: str, scope: str, terms: Sequence[str], limit: int
) -> Values:
    anything = " OR ".join(f'"{term}"' for term in terms if '"' not in term)
    word = scope_word(community, group, scope)
    return f"{word} AND ({anything})", community, group, limit


FULL_TEXT: Final = Index(
    make=(
        (
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(terms, community UNINDEXED, "
            "place UNINDEXED, number UNINDEXED, tokenize='unicode61 remove_diacritics 0')"
        ),
    ),
    put=f"INSERT INTO {TABLE} (rowid, terms, community, place, number) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - constants
    drop=f"DELETE FROM {TABLE} WHERE rowid = ?",  # noqa: S608 - a constant
    fetch=(
        f"SELECT number FROM {TABLE} WHERE {TABLE} MATCH ? AND community = ? AND place = ? "  # noqa: S608 - constants
        "ORDER BY rank LIMIT ?"
    ),
    key=lambda place: (_row_id(place),),
    row=_words_row,
    wanted=_expression,
)

LONGEST_GRAM: Final = 100
"""Characters of a term that are kept: PostgreSQL's index takes no long ones."""


def _grams(terms: Sequence[str]) -> list[str]:
    return [term[:LONGEST_GRAM] for term in terms]


def _grams_row(place: Place, scope: str, terms: Sequence[str]) -> Values:
    community, group, _ = place
    return *place, [scope_word(community, group, scope), *_grams(terms)]


def _wanted_grams(
    community: str, group: str, scope: str, terms: Sequence[str], limit: int
) -> Values:
    grams = _grams(terms)
    word = scope_word(community, group, scope)
    return [word], grams, community, group, grams, limit


GRAMS: Final = Index(
    make=(
        (
            f'CREATE TABLE {TABLE} (community text COLLATE "C", place text COLLATE "C", '
            'number bigint, grams text[] COLLATE "C" NOT NULL, '
            "PRIMARY KEY (community, place, number))"
        ),
        f"CREATE INDEX ix_{TABLE}_grams ON {TABLE} USING gin (grams)",
    ),
    put=f"INSERT INTO {TABLE} (community, place, number, grams) VALUES (%s, %s, %s, %s)",  # noqa: S608 - constants
    drop=f"DELETE FROM {TABLE} WHERE community = %s AND place = %s AND number = %s",  # noqa: S608 - a constant
    # The likest first: those that hold most of the terms, of equals the shortest.
    fetch=(
        f"SELECT number FROM {TABLE} "  # noqa: S608 - a constant
        "WHERE grams @> %s::text[] AND grams && %s::text[] AND community = %s AND place = %s "
        "ORDER BY (SELECT count(*) FROM unnest(grams) AS gram WHERE gram = ANY (%s::text[]))"
        " DESC, cardinality(grams), number DESC LIMIT %s"
    ),
    key=lambda place: place,
    row=_grams_row,
    wanted=_wanted_grams,
)

BY_DIALECT: Final[Mapping[str, Index]] = {"sqlite": FULL_TEXT, "postgresql": GRAMS}
