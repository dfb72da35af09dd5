from collections.abc import Sequence

import pytest

from sop.detectors.detectors import build
from tests.unit.sop.saying import said

FLOOD = build("flood", {"messages": 3, "within": 10_000})
REPEATS = build("repeats", {"same": 3, "within": 10_000})


def breaches(
    times: Sequence[int], texts: Sequence[str] | None = None, kind: str = "flood"
) -> list[int]:
    """Feed messages one by one, as a handler does; return the times of those that are breaches."""
    detector = FLOOD if kind == "flood" else REPEATS
    spoken = list(zip(times, texts or [f"第{at}句" for at in times], strict=True))
    found = []
    for place, (at, text) in enumerate(spoken):
        verdict = detector(said(text, at=at, recent=spoken[max(0, place - 20) : place]))
        if verdict and verdict.violated:
            found.append(at)
    return found


@pytest.mark.parametrize(
    ("times", "found"),
    [
        pytest.param([0, 5_000], [], id="one below the limit"),
        pytest.param([0, 5_000, 9_999], [9_999], id="the third just inside"),
        pytest.param([0, 5_000, 10_000], [10_000], id="the third at the window's end"),
        pytest.param([0, 5_000, 10_001], [], id="the third just outside"),
        pytest.param([0, 0, 0, 0, 0, 0], [0], id="one burst is one breach"),
        pytest.param([0, 1, 2, 9_000, 18_000, 18_001], [2], id="the same burst goes on"),
        pytest.param(
            [0, 1, 2, 10_003, 10_004, 10_005], [2, 10_005], id="a new one after a quiet window"
        ),
        pytest.param([0, 1, 2, 10_002, 10_003, 10_004], [2], id="not quiet by a millisecond"),
        pytest.param(list(range(0, 400_000, 5_000)), [10_000], id="a burst far beyond memory"),
        pytest.param(list(range(0, 400_000, 9_000)), [], id="a brisk talker never reaches it"),
    ],
)
def test_flood_tells_each_burst_once(times: list[int], found: list[int]) -> None:
    assert breaches(times) == found


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        pytest.param(["早", "早", "早"], [2], id="the third is the breach"),
        pytest.param(["早", "早", "早安"], [], id="two and another"),
        pytest.param(["早", "晚", "早", "晚", "早", "晚"], [4, 5], id="two texts in turn"),
        pytest.param(["读書", "讀书", "读\u200b书"], [2], id="equal after normalising"),
        pytest.param(["", "", "", ""], [], id="pictures without text are not compared"),
        pytest.param(["早"] * 30, [2], id="a burst longer than memory"),
        pytest.param(
            ["今天读第三章", "今天读第四章", "今天读第五章"], [], id="Chinese texts differ"
        ),
    ],
)
def test_repeats_compare_normal_texts(texts: list[str], found: list[int]) -> None:
    assert breaches(range(len(texts)), texts, "repeats") == found


@pytest.mark.parametrize(
    ("times", "found"),
    [
        pytest.param([0, 5_000, 10_000], [10_000], id="at the window's end"),
        pytest.param([0, 5_000, 10_001], [], id="just outside"),
    ],
)
def test_repeats_count_within_their_window(times: list[int], found: list[int]) -> None:
    assert breaches(times, ["早"] * 3, "repeats") == found


def test_the_largest_burst_that_memory_can_hold_is_still_told_once() -> None:
    detector = build("flood", {"messages": 20, "within": 10_000})
    spoken = [(at, "早") for at in range(40)]
    found = [
        at
        for at, _ in spoken
        if (verdict := detector(said(at=at, recent=spoken[max(0, at - 20) : at])))
        and verdict.violated
    ]

    assert found == [19]


def test_a_burst_that_goes_on_is_explained_though_it_is_no_new_breach() -> None:
    verdict = FLOOD(said(at=3, recent=[(0, "a"), (1, "b"), (2, "c")]))

    assert verdict is not None
    assert not verdict.violated
    assert [signal.name for signal in verdict.signals] == ["flood-burst-told-before"]


def test_messages_dated_later_than_this_one_do_not_count() -> None:
    verdict = FLOOD(said(at=0, recent=[(1, "a"), (2, "b")]))

    assert verdict is not None
    assert not verdict.violated


@pytest.mark.parametrize(
    ("mentions", "violated"),
    [
        pytest.param(["a", "b"], False, id="at the limit"),
        pytest.param(["a", "b", "c"], True, id="one above"),
        pytest.param(["a", "a", "b"], False, id="the same person twice is one"),
    ],
)
def test_mentions_count_different_people(mentions: list[str], *, violated: bool) -> None:
    verdict = build("mentions", {"max": 2})(said(mentions=mentions))

    assert verdict is not None
    assert verdict.violated is violated


@pytest.mark.parametrize(
    ("text", "violated"),
    [
        pytest.param("一二三四五", False, id="at the limit"),
        pytest.param("一二三四五六", True, id="one above"),
        pytest.param("一 二 三 四 五", False, id="blanks take no room"),
        pytest.param("一\n\n\n\n\n", True, id="line breaks do"),
        pytest.param("一\u200b二\u200b三\u200b四\u200b", False, id="zero-width does not"),
        pytest.param("👩‍👩‍👧👩‍👩‍👧", False, id="joined emoji are one each"),
    ],
)
def test_length_counts_what_is_seen(text: str, *, violated: bool) -> None:
    verdict = build("length", {"max": 5})(said(text))

    assert verdict is not None
    assert verdict.violated is violated
