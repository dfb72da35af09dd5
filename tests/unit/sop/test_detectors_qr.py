"""Where QR codes in pictures lead; unknown where nobody could read them."""

import pytest

from sop.detectors.detectors import build
from sop.detectors.verdicts import Verdict
from sop.frozen import replace
from tests import builders
from tests.unit.sop.saying import said


def judged(*codes: str, **params: object) -> Verdict | None:
    return build("qr", params)(replace(said("", has_image=True), codes=codes))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        pytest.param("https://weixin.qq.com/g/AwYAAAbcd", "qr-group", id="a WeChat group"),
        pytest.param("https://work.weixin.qq.com/gm/abcd", "qr-group", id="a WeCom group"),
        pytest.param("https://u.wechat.com/MAbcd", "qr-contact", id="a person"),
        pytest.param("wxp://f2f0abcd", "qr-payment", id="a payment"),
        pytest.param("https://evil.example/a?x=1", "qr-link", id="an unknown site"),
        pytest.param("加微信 abc12345", "qr-contact", id="words that name a contact"),
    ],
)
def test_a_code_is_named_by_what_it_leads_to(code: str, name: str) -> None:
    asked, acted = judged(code), judged(code, posts="forbid")

    assert asked is not None
    assert acted is not None
    assert (asked.doubtful, asked.violated) == (True, False)
    assert (acted.doubtful, acted.violated) == (False, True)
    assert asked.signals[0].name == name


@pytest.mark.parametrize(
    ("code", "params"),
    [
        pytest.param("https://sub.good.example/a", {"allow_domains": ["good.example"]}, id="own"),
        pytest.param("https://mp.weixin.qq.com/s/abc", {}, id="an article"),
        pytest.param("第三组第五号", {}, id="words"),
        pytest.param("https://evil.example/a", {"posts": "allow"}, id="a group that allows it"),
        pytest.param("\ud800" * 10_000, {}, id="half characters"),
    ],
)
def test_this_code_is_nobodys_business(code: str, params: dict[str, object]) -> None:
    verdict = judged(code, **params)

    assert verdict is not None
    assert (verdict.doubtful, verdict.violated) == (False, False)


def test_a_picture_nobody_could_read_is_nothing_to_go_by():
    assert judged() is None


@pytest.mark.parametrize(
    "kind", ["product", "interest", "brand", "knowledge", "industry", "commerce"]
)
def test_every_kind_of_group_has_staff_look_at_codes(kind: str) -> None:
    pack = builders.pack(f"kind: {kind}\nsteps: []\n")
    [check] = [each for each in pack.rules.checks if each.detect == "qr"]

    assert (check.params, check.mode) == ({"posts": "ask"}, "enforce")
