"""What nobody means to say, before the checks of a group's own policy: bounded, with a reason."""

import time
from dataclasses import replace

import pytest

from sop.detectors.detectors import build
from sop.detectors.verdicts import Utterance
from sop.text import hash_normal, normalise
from sop.times.durations import parse_span

ODD = [
    pytest.param("加微信" * 3_334, id="10,000 characters"),
    pytest.param("啊" * 10_000, id="one repeated sign"),
    pytest.param("😀❤️🐧" * 50, id="only emoji"),
    pytest.param("https://evil.example/a", id="only a link"),
    pytest.param("\ud800今晚\udfff", id="lone surrogates"),
    pytest.param("\u202e今晚八点\u202c都来看看吧\u200f", id="right-to-left marks"),
    pytest.param("1" * 10_000, id="one repeated digit"),
    pytest.param("a.b-" * 2_500, id="half an address"),
    pytest.param("", id="nothing"),
]
CHECKS = {
    "qr": {},
    "hours": {"between": parse_span("07:00-23:00")},
    "copies": {"groups": 2, "within": 3_600_000},
    "language": {"allow": ["zh"]},
    "ads": {},
    "contact": {},
    "links": {},
    "topic": {"words": ["炒股"]},
    "recruiting": {},
    "second-hand": {},
    "abuse": {},
    "rumours": {},
}


@pytest.mark.parametrize("text", ODD)
@pytest.mark.parametrize("detect", CHECKS)
def test_an_odd_text_is_judged_soon_and_a_breach_says_why(detect: str, text: str):
    normal = normalise(text)
    said = Utterance(
        text=text, normal=normal, at=60_000, has_image=True, codes=(text,), clock=3 * 60,
        fingerprint=hash_normal(normal), elsewhere=(1_000,),
    )  # fmt: skip
    began = time.process_time()
    verdict = build(detect, CHECKS[detect])(said)

    assert time.process_time() - began < 0.5
    if detect == "hours":
        assert verdict is not None
        assert verdict.violated
    if verdict is not None and (verdict.violated or verdict.doubtful):
        assert verdict.signals


@pytest.mark.parametrize("codes", [(), ("",), ("\x00",), ("不是链接",), ("https://[",)])
def test_a_code_that_leads_nowhere_is_never_a_breach_by_itself(codes: tuple[str, ...]):
    verdict = build("qr", {})(Utterance(text="", normal="", at=0, has_image=True, codes=codes))

    assert verdict is None or not verdict.violated


@pytest.mark.parametrize("at", [0, 1])
def test_a_time_that_is_unknown_or_a_copy_from_the_future_is_no_breach(at: int):
    said = Utterance(text="今晚八点都来看看", normal="今晚八点都来看看", at=at, clock=-1)
    night = build("hours", CHECKS["hours"])(said)
    copied = build("copies", CHECKS["copies"])(replace(said, elsewhere=()))

    assert night is None or not night.violated
    assert copied is None or not copied.violated
