"""How much is known of what a figure counts: never more than the channels let anybody know."""

import pytest

from sop.figures.coverage import Coverage, Reach

ALL = Coverage(
    all_heard=2, addressed=0, deaf=0, members=50, members_heard=50, known=50, rosters=2
)  # fmt: skip
HALF = Coverage(
    all_heard=1, addressed=1, deaf=0, members=50, members_heard=40, known=50, rosters=2
)  # fmt: skip
ADDRESSED = Coverage(
    all_heard=0, addressed=1, deaf=0, members=3, members_heard=0, known=0, rosters=0
)  # fmt: skip
DEAF = Coverage(all_heard=0, addressed=0, deaf=1, members=0, members_heard=0, known=0, rosters=0)
BLURRED = Coverage(
    all_heard=1, addressed=1, deaf=0, members=43, members_heard=40, known=40, rosters=1
)  # fmt: skip


@pytest.mark.parametrize(
    ("coverage", "figure", "known", "share"),
    [
        pytest.param(ALL, "messages", "all", 1.0, id="everything is heard"),
        pytest.param(HALF, "contents", "part", 0.8, id="40 of 50 members"),
        pytest.param(ADDRESSED, "replies", "part", 0.0, id="nobody is heard whole"),
        pytest.param(DEAF, "active", "nothing", 0.0, id="nobody is heard"),
        pytest.param(BLURRED, "active", "part", None, id="nobody knows of how many"),
        pytest.param(HALF, "leaves", "all", 1.0, id="every leave is told"),
        pytest.param(BLURRED, "joined", "part", None, id="joins of one group are told"),
        pytest.param(DEAF, "members", "nothing", 0.0, id="no channel tells who is there"),
        pytest.param(DEAF, "points", "all", 1.0, id="booked by the program itself"),
    ],
)
def test_a_figure_is_known_as_far_as_what_it_counts_reaches_us(
    coverage: Coverage, figure: str, known: str, share: float | None
):
    found = coverage.of(figure)

    assert isinstance(found, Reach)
    assert (found.known, found.share) == (known, share)
