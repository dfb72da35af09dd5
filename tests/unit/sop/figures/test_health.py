"""How a group goes: only what chance does not explain is news."""

import pytest

from sop.figures import health
from sop.figures.report import Activity, Count

SAME = Count(value=0)


@pytest.mark.parametrize(
    ("active", "found"),
    [
        pytest.param(Count(value=20, before=90), "fading", id="20 of 200 after 90"),
        pytest.param(Count(value=0, before=90), "fading", id="nobody after 90"),
        pytest.param(Count(value=90, before=20), "growing", id="90 of 200 after 20"),
        pytest.param(Count(value=80, before=90), "steady", id="80 after 90 may be chance"),
        pytest.param(Count(value=0, before=0), "quiet", id="nobody, as before"),
        pytest.param(Count(value=0), "quiet", id="nobody, and nothing known of before"),
        pytest.param(Count(value=9), "early", id="nothing known of before"),
        pytest.param(Count(value=9, before=90, least=True), "unknown", id="half heard"),
        pytest.param(Count(value=None), "unknown", id="not heard"),
    ],
)
def test_a_group_goes_as_its_speakers_do(active: Count, found: str):
    activity = Activity(
        messages=SAME, active=active, members=Count(value=200), joined=SAME, left=SAME,
        posts=SAME, weeks=8, heat=None,
    )  # fmt: skip

    assert health.of(activity) == found
