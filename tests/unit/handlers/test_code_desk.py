"""QR codes in private pictures: staff hear where they lead, everybody else a friendly word."""

from collections.abc import Sequence
from typing import Any

import pytest

from sop.model import ShortLink
from tests.lives import Life, life, texts

PUBLIC = "https://q.example.com"
BOOK = "https://example.com/book"


def shown(
    club: Life, codes: Sequence[str] = (), sender: str = "owner", looked: str = "yes", **more: Any
) -> str:
    """What is answered to a picture that somebody sends to the bot alone."""
    club.now += 1_000
    fields = {"codes": tuple(codes), "looked": looked, "has_image": True, "group": "", **more}
    return "\n".join(texts(club.say(fields.pop("text", ""), sender, **fields), "reply", "dm"))


def test_staff_hear_where_a_code_leads_and_the_words_that_make_it_a_short_link():
    with life(public_url=PUBLIC) as club:
        club.join("owner")
        told = shown(club, [BOOK])
        assert f"二维码指向：{BOOK}" in told
        assert f"短链 {BOOK}" in told
        assert club.read(ShortLink) == []
        assert BOOK in "\n".join(texts(club.say(f"短链 {BOOK}", "owner", group=""), "dm"))
        assert [each.target for each in club.read(ShortLink)] == [BOOK]


def test_words_and_a_picture_together_make_the_link_at_once():
    with life(public_url=PUBLIC) as club:
        club.join("owner")
        assert "「书单」的短链做好了" in shown(club, [BOOK], text="短链 书单 7天")
        assert "内部网络" in shown(club, ["http://10.0.0.1/"], text="短链 书单")
        assert [each.target for each in club.read(ShortLink)] == [BOOK]


@pytest.mark.parametrize(
    ("codes", "looked", "said"),
    [
        pytest.param((), "yes", "没有找到二维码", id="no code"),
        pytest.param((), "lost", "没有取到", id="not to be had"),
        pytest.param((), "large", "太大", id="huge"),
        pytest.param((), "", "智能机器人", id="a channel that shows none"),
        pytest.param((BOOK, BOOK + "2"), "yes", "2 个二维码", id="two codes"),
        pytest.param((BOOK, BOOK + "2"), "yes", f"短链 {BOOK}2", id="both are offered"),
        pytest.param(("javascript:alert(1)",), "yes", "https:// 或 http://", id="a script"),
        pytest.param(("http://localhost/x",), "yes", "内部网络", id="a private address"),
        pytest.param(("wxp://f2f0<@all>",), "yes", "＜＠all＞", id="no markup of its own"),
    ],
)
def test_what_cannot_be_a_link_is_said_plainly(codes: tuple[str, ...], looked: str, said: str):
    with life(public_url=PUBLIC) as club:
        club.join("owner")
        told = shown(club, codes, looked=looked)
        assert said in told
        assert club.read(ShortLink) == []


def test_without_a_public_address_staff_hear_what_is_missing():
    with life() as club:
        club.join("owner")
        assert "PUBLIC_URL" in shown(club, [BOOK])


def test_a_member_learns_nothing_of_codes_and_gets_a_friendly_word():
    with life(public_url=PUBLIC) as club:
        club.join("li")
        told = shown(club, [BOOK], "li", looked="")
        assert "只看得懂文字" in told
        assert BOOK not in told


def test_a_picture_that_belongs_to_an_entry_is_not_answered_twice():
    with life("steps: [{id: s, when: 08:00 daily, do: [{post: 早}]}]\n") as club:
        club.join("owner")
        told = shown(club, [BOOK], text="积分")
        assert "二维码" not in told
