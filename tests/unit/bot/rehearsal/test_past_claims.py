"""Claims are played again as they stood, also those of people who are not in the group."""

from pathlib import Path

from bot.rehearsal.past_claims import claims_before
from bot.rehearsal.recorded import read_past
from sop.model import Claim
from storage.database import Database
from tests import builders
from tests.builders import COMMUNITY

SINCE = builders.EVENING


def claim(number: int, at: int, status: str = "given", closed_at: int = 0) -> Claim:
    return Claim(
        community=COMMUNITY, id=number, benefit="mug", person=90 + number, at=at, status=status,
        closed_at=closed_at,
    )  # fmt: skip


CLAIMS = (
    claim(1, SINCE - 5),
    claim(2, SINCE - 5, "refunded", SINCE - 1),
    claim(3, SINCE - 5, "refunded", SINCE),
    claim(4, SINCE - 5, "spoiled", SINCE + 9),
    claim(5, SINCE),
)


def test_what_was_given_back_later_was_not_yet() -> None:
    found = {each.id: (each.status, each.closed_at) for each in claims_before(CLAIMS, SINCE)}

    assert found == {
        1: ("given", 0), 2: ("refunded", SINCE - 1), 3: ("given", 0), 4: ("given", 0),
    }  # fmt: skip


def test_stock_that_others_took_is_gone_for_the_group_as_well(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'qunyun.db'}")
    database.migrate()
    batch = database.batch()
    with batch.event() as store:
        for each in CLAIMS:
            store.put(each)
        past = read_past(store, builders.group(), builders.book(""), SINCE, SINCE + 1)
    batch.rollback()
    database.close()

    assert [each.id for each in past.records if isinstance(each, Claim)] == [1, 2, 3, 4]
