"""Posts that go out as one: where, when, and what fits."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.actions import Action
from sop.budgets import bundles
from sop.pack.pack_steps import Step
from sop.times.durations import DAY_MS, HOUR_MS, MINUTE_MS
from tests.builders import EVENING

SHANGHAI = ZoneInfo("Asia/Shanghai")


def step(do: object) -> Step:
    return Step.model_validate({"id": "it", "when": "08:00 daily", "do": [do]})


@pytest.mark.parametrize(
    ("channels", "do", "wanted"),
    [
        pytest.param({"customer": "c", "archive": "c"}, {"post": "早"}, True, id="a person's tap"),
        pytest.param({"robot": "r"}, {"post": "早"}, True, id="no channel at all"),
        pytest.param({"sandbox": "s"}, {"post": "早"}, False, id="sends freely"),
        pytest.param({"customer": "c"}, {"questions": {"title": "答疑"}}, False, id="an hour"),
        pytest.param({"customer": "c"}, {"dm": "你好"}, False, id="no post"),
        pytest.param({"customer": "c"}, {"task": {"text": "看"}}, False, id="a task"),
    ],
)
def test_posts_wait_for_the_bundle_where_each_send_costs(
    channels: dict[str, str], do: object, *, wanted: bool
):
    assert bundles.is_wanted(step(do), channels) is wanted


def test_a_bundle_goes_out_at_its_minute_today_or_tomorrow():
    # EVENING is 20:00.
    minute = 20 * 60 + 30
    today = EVENING + 30 * MINUTE_MS

    assert bundles.next_at(minute, EVENING, SHANGHAI) == today
    assert bundles.next_at(minute, today, SHANGHAI) == today
    assert bundles.next_at(minute, today + 1, SHANGHAI) == today + DAY_MS
    assert bundles.next_at(8 * 60, EVENING, SHANGHAI) == EVENING + 12 * HOUR_MS


def post(text: str, **fields: object) -> Action:
    return Action(do="post", group="g", text=text, **fields)  # type: ignore[arg-type] # any field


def test_what_goes_out_together_keeps_its_order_its_picture_and_whom_it_addresses():
    whole, left = bundles.packed(
        [post("一", mention=("3",)), post("二", image="a.png"), post("三", mention=("3", "4"))]
    )

    assert left == ()
    assert whole is not None
    assert whole.text == "一\n\n二\n\n三"
    assert (whole.image, whole.mention) == ("a.png", ("3", "4"))
    everybody, _ = bundles.packed([post("一", mention=("3",)), post("二", mention=("all",))])
    assert everybody is not None
    assert everybody.mention == ("all",)


def test_a_second_picture_and_what_is_too_long_stay_out():
    posts = [post("一", image="a.png"), post("二", file="b.pdf"), post("长" * 2_000), post("三")]

    whole, left = bundles.packed(posts)

    assert whole is not None
    assert whole.text == "一\n\n三"
    assert left == (posts[1], posts[2])


@given(st.lists(st.builds(post, st.text(max_size=3_000), image=st.sampled_from(["", "a.png"]))))
def test_nothing_of_a_bundle_is_lost_and_it_is_never_too_long(posts: list[Action]):
    whole, left = bundles.packed(posts)

    assert (whole is None) == (posts == [])
    inside = [each for each in posts if each not in left]
    if whole is not None and len(inside) > 1:
        assert len(whole.text.encode()) <= bundles.LONGEST
        assert all(each.text in whole.text for each in inside)
    assert len(left) < len(posts) or not posts
