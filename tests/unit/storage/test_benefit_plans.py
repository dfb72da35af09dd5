"""What the database reads for benefits: the few rows of one person or one benefit."""

from collections.abc import Iterator

import pytest

from sop.activities.benefit_terms import GONE, OPEN
from sop.model import Claim, Code, Record
from storage.database import Database
from storage.statements import Search
from tests.databases import in_memory
from tests.unit.storage.plans import plan

OWN = {"community": "c", "benefit": "b"}


@pytest.fixture
def database() -> Iterator[Database]:
    with in_memory() as database:
        yield database


@pytest.mark.parametrize(
    ("kind", "wanted", "search", "reads"),
    [
        (
            Claim, "*",
            Search({"community": "c", "person": 7, "benefit": "b", "status__in": OPEN}, "-id", 1),
            "community=? AND person=? AND benefit=?",
        ),
        (
            Claim, "*", Search({"community": "c", "person": 7, "status__in": OPEN}, "-id", 1),
            "community=? AND person=?",
        ),
        (
            Claim, "count", Search({**OWN, "status__in": GONE}),
            "community=? AND benefit=? AND status=?",
        ),
        (
            Claim, "count", Search({**OWN, "status__in": GONE, "at__gt": 5}),
            "community=? AND benefit=? AND status=? AND at>?",
        ),
        (
            Claim, "*", Search({**OWN, "code__in": ("A", "B")}),
            "community=? AND benefit=? AND code=?",
        ),
        (
            Claim, "cost", Search({"community": "c", "at__ge": 5, "status__in": GONE}),
            "community=? AND at>?",
        ),
        (
            Code, "*", Search({**OWN, "claim": 0}, "number", 1),
            "community=? AND benefit=? AND claim=?",
        ),
        (
            Code, "count", Search({**OWN, "claim__gt": 0}),
            "community=? AND benefit=? AND claim>?",
        ),
        (
            Code, "*", Search({"community": "c", "mark__in": ("A", "B")}),
            "community=? AND mark=?",
        ),
    ],
)  # fmt: skip
def test_a_search_reads_what_its_index_finds(
    database: Database, kind: type[Record], wanted: str, search: Search, reads: str
):
    assert reads in plan(database, kind, search, wanted)
