"""What likes are measured by when days are played again."""

from zoneinfo import ZoneInfo

import pytest

from bot.rehearsal.past_likes import norms_before
from handlers.likes.like_norms import norm
from sop.model import LikeNorm
from tests import builders
from tests.builders import COMMUNITY
from tests.databases import rolled_back

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("first", "vouching"),
    [
        pytest.param("2026-01-01", False, id="likes since long ago, and nobody is vouched for"),
        pytest.param("2026-12-01", True, id="likes since lately"),
        pytest.param("2099-01-01", True, id="likes that came later"),
    ],
)
def test_how_long_there_have_been_likes_is_known_then(first: str, *, vouching: bool) -> None:
    kept = LikeNorm(community=COMMUNITY, day="2099-01-02", since=first, allowance=9, vouching=True)
    with rolled_back() as store:
        for each in norms_before([kept], since=builders.EVENING, zone=ZONE):
            store.put(each)
        context = builders.context(store, builders.book(""), now=builders.EVENING)
        found = norm(context, "2026-12-02")

    assert found.vouching is vouching
