import pytest

from sop import likeness


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("晨读", "晨读", 1.0), ("晨读", "夜跑", 0.0), ("abcd", "abxy", 0.5)],
)
def test_texts_are_as_alike_as_what_they_have_in_common(one: str, other: str, alike: float):
    assert likeness.ratio(one, other) == alike


@pytest.mark.parametrize(
    ("measure", "least", "found"),
    [
        pytest.param("ratio", 0.75, "daily", id="what they have in common"),
        pytest.param("ratio", 0.95, None, id="nothing is near enough"),
        pytest.param("typing", 0.7, "daily", id="a swap is one slip"),
        pytest.param("letters", 0.7, "daily", id="a swap is one change of letters"),
    ],
)
def test_the_nearest_word_is_found_if_one_is_near_enough(
    measure: likeness.Measure, least: float, found: str | None
):
    assert likeness.nearest("dialy", ["weekly", "daily", "monthly"], least, measure) == found


def test_nothing_is_near_where_nothing_is_known():
    assert likeness.nearest("daily", [], 0.1) is None
