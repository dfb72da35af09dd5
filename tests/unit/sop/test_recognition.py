"""How much of an echo is a signal."""

import pytest

from sop.pack.pack_people import StrongSignal
from sop.standing import recognition


@pytest.mark.parametrize(
    ("likes", "hearable", "strong"),
    [(30, 0, 30), (30, 10, 5), (30, 30, 5), (30, 51, 6), (30, 500, 30), (3, 30, 3)],
)
def test_a_share_is_a_signal_from_five_likes_on_unless_the_number_is_lower(
    likes: int, hearable: int, strong: int
):
    wanted = StrongSignal.model_validate({"likes": likes, "or": "10% of hearable"})

    assert recognition.strong_at(wanted, hearable) == strong
