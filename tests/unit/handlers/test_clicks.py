"""Clicks on short links: counted once, by hour; visitors told apart; a member's link pays."""

from typing import Any

from handlers.links import short_links
from sop.actions import Action
from sop.events import LinkOpened
from sop.links import short_links as policy
from sop.model import LinkHour, LinkPlace, LinkVisitor, ShortLink
from sop.told_events import IdentitiesMerged
from storage.retention import prune
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, Life, life, of

PACK = (
    "links: {book: 'https://example.com/book', join: 'https://example.com/join'}\n"
    "score: {earn: {spread: {points: 3, cap: 2/day}}}\nsteps: []\n"
)


def book_of(club: Life, member: str = "li") -> str:
    """The code of a member's own link to the book, or of the group's."""
    with club.acting(member) as context:
        if context.person:
            return short_links.of_member(context, context.person, "book").code
        link = short_links.newest(context, "book", group=GROUP, step="")
        return link.code if link else ""


def visit(club: Life, visitor: str, code: str = "", **fields: Any) -> list[Action]:
    club.now += 1_000
    values = {"key": f"click:{club.now}", "network": visitor, **fields}
    return club.handle(
        LinkOpened(
            community=COMMUNITY, group=GROUP, at=club.now, visitor=visitor,
            code=code or book_of(club), **values,
        )
    )  # fmt: skip


def paid(lines: list[Action]) -> int:
    return len(of(lines, "points"))


def test_each_visitor_of_a_members_link_pays_once_but_not_the_one_who_tries_it():
    with life(PACK) as club:
        club.join("li")
        assert [paid(visit(club, name)) for name in "abacd"] == [0, 1, 0, 1, 0]  # 2 a day
        assert club.person("li").balance == 6
        (link,) = club.read(ShortLink)
        assert (link.kind, link.clicks, link.visitors) == ("pack", 5, 4)


def test_a_visitor_whose_mark_was_forgotten_is_not_paid_for_again():
    with life(PACK) as club:
        club.join("li")
        assert [paid(visit(club, name)) for name in "ab"] == [0, 1]
        club.now += 91 * DAY
        with club.acting() as context:
            prune(context.store, club.now, retain_text_days=90, limit=1_000)
        assert club.read(LinkVisitor) == []
        assert len(club.read(LinkHour)) == 1
        assert paid(visit(club, "b")) == 0
        assert club.read(ShortLink)[0].visitors == 3


def test_a_group_link_pays_nobody_and_nobodys_link_is_none():
    with life(PACK) as club:
        club.join("li")
        code = book_of(club, "")
        assert paid(visit(club, "a", code) + visit(club, "b", code)) == 0
        visit(club, "e", "A" * 16)
        (link,) = club.read(ShortLink)
        assert (link.group, link.person, link.clicks) == (GROUP, 0, 2)


def test_clicks_are_counted_by_hour_and_platform_and_programs_apart():
    with life(PACK) as club:
        club.join("li")
        club.now = policy.hour_of(club.now)
        visit(club, "a", platform="wechat")
        visit(club, "a", platform="wechat")
        visit(club, "bot", human=False)
        club.now += HOUR
        visit(club, "b", platform="wecom")
        first, second = club.read(LinkHour, order="hour")
        assert (first.wechat, first.wecom, first.browser, first.filtered) == (2, 0, 0, 1)
        assert (second.wecom, policy.people_in(second), second.filtered) == (1, 1, 0)
        assert [each.visitor for each in club.read(LinkVisitor)] == ["a", "b"]


def test_a_click_that_comes_twice_counts_once():
    with life(PACK) as club:
        club.join("li")
        for _ in range(3):
            visit(club, "a", key="once")
        assert club.read(ShortLink)[0].clicks == 1


def test_many_visitors_from_one_place_are_taken_for_few():
    with life(PACK.replace("2/day", "100/day")) as club:
        club.join("li")
        lines = [paid(visit(club, str(number), network="home")) for number in range(20)]
        assert sum(lines) == policy.PER_NETWORK - 1
        assert club.read(ShortLink)[0].clicks == 20
        assert paid(visit(club, "other", network="office")) == 1


def test_one_place_takes_half_of_a_limit_and_then_one_an_hour():
    limited = PACK.replace(
        "{book: 'https://example.com/book',",
        "{book: {url: 'https://example.com/book', clicks: 100},",
    )
    with life(limited) as club:
        club.join("li")
        club.now = policy.hour_of(club.now)
        for number in range(200):
            visit(club, str(number), network="enemy")
        assert club.read(ShortLink)[0].clicks == 50
        visit(club, "friend", network="home")
        club.now += HOUR
        visit(club, "201", network="enemy")
        visit(club, "202", network="enemy")
        assert club.read(ShortLink)[0].clicks == 52
        assert [(each.clicks, each.beyond) for each in club.read(LinkPlace)] == [(51, 151), (1, 0)]


def test_a_small_limit_holds_for_one_place_too():
    limited = PACK.replace(
        "{book: 'https://example.com/book',",
        "{book: {url: 'https://example.com/book', clicks: 20},",
    )
    with life(limited) as club:
        club.join("li")
        for number in range(30):
            visit(club, str(number), network="office")
        assert club.read(ShortLink)[0].clicks == 20


def test_what_the_pack_no_longer_links_to_leads_nowhere():
    with life(PACK) as club:
        club.join("li")
        visit(club, "a")
        (link,) = club.read(ShortLink)
        club.edit("score: {earn: {spread: {points: 3}}}\nsteps: []\n")
        visit(club, "b", link.code)
        assert club.read(ShortLink)[0].clicks == 1


def test_a_members_links_go_with_them_when_two_are_one():
    with life(PACK) as club:
        club.join("li", "amy")
        visit(club, "a")
        club.happen(IdentitiesMerged, into="amy", gone="li")
        (link,) = club.read(ShortLink)
        assert link.person == club.person("amy").id
        assert paid(visit(club, "b", link.code)) == 1
        assert club.person("amy").balance == 3
