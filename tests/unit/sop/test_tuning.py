"""The table of thresholds, and which sensitivity it advises."""

from hypothesis import given
from hypothesis import strategies as st

from sop.detectors import tuning
from sop.detectors.detectors import build
from tests.unit.sop.saying import said

ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"


def names(row: tuning.Row | None) -> str:
    return row.name if row else ""


def test_the_highest_sensitivity_that_spares_the_fine_is_advised():
    adverts, fine = [(9.0, "ad")] * 10, [(0.0, "ok")] * 1_000

    assert names(tuning.advised(tuning.table([*adverts, *fine]))) == "high"
    assert names(tuning.advised(tuning.table([*adverts, *fine, *[(3.0, "ok")] * 10]))) == "normal"
    assert names(tuning.advised(tuning.table([*adverts, *fine, *[(4.0, "")] * 10]))) == "low"
    assert tuning.advised(tuning.table([*adverts, *fine, *[(9.0, "ok")] * 10])) is None


def test_a_share_of_nothing_is_unknown():
    row = tuning.table([(9.0, "ad")])[0]

    assert row.share("ad") == 1.0
    assert row.share("ok") is None


def test_scores_are_what_the_detector_acts_on():
    texts = [ADVERT, "早上好", "", "\ud800" * 100, "👍" * 10_000]
    normal = next(row for row in tuning.table([]) if row.name == "normal").threshold

    for text, score in zip(texts, tuning.scores(texts, {}), strict=True):
        verdict = build("ads", {})(said(text))
        assert verdict is not None
        assert verdict.violated == (score >= normal)


@given(st.lists(st.tuples(st.floats(-5, 12), st.sampled_from(tuning.LABELS)), max_size=60))
def test_a_higher_threshold_never_acts_on_more(found: list[tuple[float, str]]):
    rows = tuning.table(found)

    assert [row.threshold for row in rows] == sorted(row.threshold for row in rows)
    for label in tuning.LABELS:
        acted = [row.acted[label] for row in rows]
        assert acted == sorted(acted, reverse=True)
