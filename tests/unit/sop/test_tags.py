"""Tags in what people write."""

import pytest

from sop.standing import tags
from tests import builders

OFFERED = ("摄影", "读书", "Rust 语言")


@pytest.mark.parametrize(
    ("said", "found", "rest"),
    [
        ("摄影", ("摄影",), ()),
        ("攝影", ("摄影",), ()),
        ("摄影、读书", ("摄影", "读书"), ()),
        ("摄影/摄影", ("摄影",), ()),
        ("rust 语言", ("Rust 语言",), ()),
        ("编织 读书", ("读书",), ("编织",)),
        ("", (), ()),
    ],
)
def test_what_is_chosen(said: str, found: tuple[str, ...], rest: tuple[str, ...]):
    assert tags.chosen(said, OFFERED, " 、，") == (found, rest)


def test_what_is_mentioned_is_only_what_is_offered():
    assert tags.mentioned("大家好，我喜歡攝影和编织", OFFERED) == ("摄影",)
    assert tags.mentioned("大家好", OFFERED) == ()


def test_circles_offer_their_tags_too():
    pack = builders.pack("tags: [读书]\ncircles: [{tag: 摄影}, {tag: 读书}]\n")

    assert tags.offered(pack) == ("读书", "摄影")
