"""Short links by command: one's own, those of staff, and in what the bot posts."""

import re
from typing import Any

import pytest

from handlers.invitations import link_desk
from handlers.links import short_links
from sop.model import ShortLink, Token
from tests.builders import GROUP
from tests.lives import DAY, Life, life, of, texts

PUBLIC = "https://q.example.com"
PACK = """\
links:
  book:
    {url: "https://example.com/book", title: 书单, platforms: wechat, until: 2027-03-01, clicks: 9}
  join: 'https://example.com/join'
score: {earn: {spread: {points: 3}, invite: {points: 8}}}
"""
ADDRESS = re.compile(r"https://q\.example\.com/s/([A-Z0-9]{16})")


def alone(club: Life, words: str, sender: str = "li", **fields: Any) -> str:
    club.now += 1_000
    lines = club.say(words, sender, group="", **fields)
    return "\n".join(texts(lines, "reply", "dm"))


def staffed(club: Life) -> None:
    club.join("li", "owner")


def test_a_member_gets_their_own_links_each_the_same_for_ever():
    with life(PACK, public_url=PUBLIC) as club:
        club.join("li", "amy")
        told = alone(club, "我的链接")
        assert "书单：https://q.example.com/s/" in told
        assert alone(club, "我的链接") == told
        mine, other = ADDRESS.findall(told), ADDRESS.findall(alone(club, "我的链接", "amy"))
        assert len({*mine, *other}) == 4
        lines = club.say("我的链接 书单", "li", group="", at=club.now + 1)
        picture = of(lines, "reply", "dm")[0].picture
        assert picture["url"] == f"{PUBLIC}/s/{mine[0]}"
        assert picture["label"] == "书单"
        assert "没有找到这个链接" in alone(club, "我的链接 别的")


def test_without_a_public_address_links_stay_plain_and_nothing_is_promised():
    steps = "steps: [{id: s, when: {says: [书单]}, do: [{post: \"看{{ link('book') }}\"}]}]\n"
    with life(PACK + steps) as club:
        club.join("li")
        assert texts(club.say("有书单吗"), "post") == ["看https://example.com/book"]
        assert "发「邀请」" in alone(club, "我的链接")
        assert "/s/" not in alone(club, "邀请")
        assert club.read(ShortLink) == []


def test_a_post_shows_one_short_link_for_each_group():
    steps = (
        "steps: [{id: s, when: {says: [书单]}, do: [{post: \"看{{ link('book') }}\"}, "
        "{post: 也在这里, link: book}]}]\n"
    )
    with life(PACK + steps, public_url=PUBLIC) as club:
        club.join("li")
        posts = texts(club.say("有书单吗"), "post")
        codes = [ADDRESS.search(words) for words in posts]
        assert codes[0] is not None
        assert codes[1] is not None
        assert codes[0][1] == codes[1][1]
        (link,) = club.read(ShortLink)
        assert (link.kind, link.name, link.group, link.person) == ("pack", "book", GROUP, 0)


def test_what_the_pack_says_of_a_link_holds_when_it_is_opened():
    with life(PACK, public_url=PUBLIC) as club:
        club.join("li")
        code = ADDRESS.findall(alone(club, "我的链接 书单"))[0]
        with club.acting() as context:
            link = context.store.get(ShortLink, code)
            assert short_links.opening(context, link, "wecom").verdict == "elsewhere"
            found = short_links.opening(context, link, "wechat")
            assert (found.verdict, found.target) == ("open", "https://example.com/book")
            assert found.link is not None
            assert (found.link.most, found.link.expires_at) == (9, 1_803_916_800_000)
        club.now = 1_803_916_800_000  # 2027-03-02 00:00 in Shanghai
        with club.acting() as context:
            assert short_links.opening(context, link, "wechat").verdict == "expired"


def test_the_secret_makes_codes_another_deployment_cannot_know():
    with life(PACK, public_url=PUBLIC) as club, life(PACK, public_url=PUBLIC) as other:
        for each, secret in ((club, "one"), (other, "two")):
            each.join("li")
            with each.acting() as context:
                short_links.keep_secret(context.store, secret)
                short_links.keep_secret(context.store, "later")
        assert club.read(Token)[0].value == "one"
        assert alone(club, "我的链接") != alone(other, "我的链接")


def test_staff_make_see_and_stop_a_link():
    with life(PACK + "steps: []\n", public_url=PUBLIC) as club:
        staffed(club)
        told = alone(club, "短链 https://example.org/spring 春季书单 7天 100次 仅微信", "owner")
        assert "「春季书单」的短链做好了" in told
        assert "最多打开 100 次、只能在微信里打开" in told
        (link,) = club.read(ShortLink)
        assert (link.kind, link.most, link.platforms) == ("made", 100, ("wechat",))
        assert link.expires_at == club.now + 7 * DAY
        assert "1. 春季书单" in alone(club, "短链", "owner")
        assert "停用了" in alone(club, "停链 1", "owner")
        assert club.read(ShortLink)[0].stopped_at == club.now
        assert "没有在用的短链" in alone(club, "短链", "owner")
        assert "没有找到" in alone(club, "停链 99", "owner")


def test_staff_stop_a_members_link_by_its_address_but_not_one_of_the_pack():
    steps = "steps: [{id: s, when: {says: [书单]}, do: [{post: \"{{ link('book') }}\"}]}]\n"
    with life(PACK + steps, public_url=PUBLIC) as club:
        staffed(club)
        (post,) = texts(club.say("有书单吗"), "post")
        assert "没有找到" in alone(club, f"停链 {post}", "owner")
        address = ADDRESS.search(alone(club, "我的链接 书单"))
        assert address is not None
        assert "停用了" in alone(club, f"停链 {address[0]}", "owner")
        assert "没有找到这个链接" in alone(club, "我的链接 书单")


@pytest.mark.parametrize("number", ["0", "9", "9" * 20, "9" * 5_000])
def test_no_link_has_that_number_however_long_it_is(number: str):
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        alone(club, "短链 https://example.com/a", "owner")
        assert "没有找到" in alone(club, f"停链 {number}", "owner")
        assert club.read(ShortLink)[0].stopped_at == 0


def test_members_may_neither_make_nor_stop_links():
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        assert "短链做好了" not in alone(club, "短链 https://example.org/")
        assert "停用" not in alone(club, "停链 1")
        assert club.read(ShortLink) == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("javascript:alert(1)", "https:// 或 http://"),
        ("http://192.168.1.1/admin", "内部网络"),
        ("http://localhost:8080/", "内部网络"),
        ("https://li:secret@example.com/", "账号或密码"),
        ("https://exa\\mple.com/", "没看懂"),
        ("书单", "把网址写在后面"),
    ],
)
def test_a_link_to_a_script_or_a_private_address_is_refused_with_the_reason(url: str, said: str):
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        told = alone(club, f"短链 {url}", "owner")
        assert said in told
        assert club.read(ShortLink) == []


def test_links_made_by_staff_are_bounded(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(link_desk, "MOST_MADE", 2)
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        for number in range(3):
            told = alone(club, f"短链 https://example.org/{number}", "owner")
        assert "已有 2 个" in told
        assert len(club.read(ShortLink)) == 2


def test_an_invitation_has_a_page_that_says_where_to_come_and_what_to_say():
    with life(PACK, public_url=PUBLIC) as club:
        club.join("li")
        found = ADDRESS.search(alone(club, "邀请"))
        assert found is not None
        with club.acting() as context:
            link = context.store.get(ShortLink, found[1])
            assert link is not None
            assert short_links.opening(context, link, "browser").verdict == "open"
            invited = link_desk.invited(context, link)
        assert invited.url == "https://example.com/join"
        code = invited.words.partition("邀请码 ")[2][:5]
        club.join("amy")
        assert "记下啦" in alone(club, f"邀请码 {code}", "amy")


def test_a_limit_that_cannot_be_one_is_asked_about_and_makes_no_endless_link():
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        told = alone(club, "短链 https://example.com/list 0天", "owner")

        assert "没看懂「0天」" in told
        assert club.read(ShortLink) == []


def test_a_link_is_stopped_by_its_title_where_only_one_has_it():
    with life(PACK, public_url=PUBLIC) as club:
        staffed(club)
        for title in ("书单", "活动", "活动"):
            alone(club, f"短链 https://example.com/list {title}", "owner")

        assert "停用了" in alone(club, "停链 书单", "owner")
        assert "没有找到这个短链" in alone(club, "停链 活动", "owner")
        assert [bool(each.stopped_at) for each in club.read(ShortLink, order="at")] == [
            True, False, False,
        ]  # fmt: skip
