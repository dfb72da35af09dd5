"""Evidence is shown as the member wrote it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.detectors.detectors import build
from sop.detectors.evidence import as_typed
from sop.detectors.unmasking import unmask
from tests.unit.sop.saying import said


@pytest.mark.parametrize(
    ("text", "evidence", "typed"),
    [
        pytest.param("早，加Ｖ❤：abc12345 了解", "微信:abc12345", "Ｖ❤：abc12345", id="a contact"),
        pytest.param("速➕V❤ abc12345", "加微", "➕V❤", id="half of what one sign stands for"),
        pytest.param("兼/职/日/结，速来", "兼职 日结", "兼/职/日/结", id="words that were split"),
        pytest.param("日結，在家，兼職", "兼职 日结", "兼職 日結", id="each word by itself"),
        pytest.param(
            "兼职日结300，加v abc888", "兼职日结00加微信", "兼职日结300，加v", id="a wording"
        ),
        pytest.param("①③⑧00138000 联系我", "13800138000", "①③⑧00138000", id="a number"),
        pytest.param("看 https://Evil.top/x", "evil.top", "Evil.top", id="a site"),
        pytest.param("早上好 3D 打印", "3d", "3d", id="what quotes nothing"),
        pytest.param("早上好", "5 in 30000 ms", "5 in 30000 ms", id="a count"),
        pytest.param("", "image", "image", id="no text"),
    ],
)
def test_evidence_points_at_what_was_typed(text: str, evidence: str, typed: str) -> None:
    assert as_typed(unmask(text), evidence) == typed


@given(st.text(st.sampled_from("加微信兼职日结vx薇❤➕①壹 ./abc12345\u200b\ud800，"), max_size=40))
def test_whatever_is_found_was_typed_or_stays_as_it_is(text: str) -> None:
    verdict = build("ads", {})(said(text))
    assert verdict is not None

    for one in verdict.signals:
        shown = as_typed(unmask(text), one.evidence)
        assert all(word in text or word in one.evidence for word in shown.split())
