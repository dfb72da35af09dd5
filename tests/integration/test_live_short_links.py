"""Short links on the running program: led on, refused kindly, counted once, drawn as a code."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from ipaddress import ip_network
from pathlib import Path

import pytest

from bot.pictures import qr
from bot.web import doors
from sop.model import DeadEvent, LinkHour, Person, ShortLink, Token
from tests.integration.live import ALPHA, DAY, Live, bindings, pack, play

PUBLIC = "https://q.example.com"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Mobile"
WECHAT = f"{PHONE} MicroMessenger/8.0.50"
MORE = (
    "    spread: {points: 3}\n    invite: {points: 8}\n"
    "links:\n  book: {url: 'https://例子.example.com/书单?a=1&b=2', title: 书单 <春>}\n"
    "  chat: {url: 'https://example.com/chat', platforms: [wechat, wecom]}\n"
    "  join: https://example.com/join\n"
)

Story = Callable[[Live], Awaitable[None]]


def told(folder: Path, story: Story) -> None:
    """Run the story where members can reach the program by a public address."""

    async def with_address(live: Live) -> None:
        await live.stop()
        live.settings = replace(
            live.settings, public_url=PUBLIC, trusted_proxies=(ip_network("127.0.0.1"),)
        )
        await live.again()
        await live.speak("li", "早上好")
        await live.settle()
        await story(live)

    play(folder, bindings(ALPHA), with_address, pack(more=MORE))


async def visit(
    live: Live, path: str, agent: str = WECHAT, method: str = "GET", **headers: str
) -> tuple[int, str, str]:
    """Open an address of ours; gives the status, where it leads, and the page."""
    url = f"{live.sandbox.caller.bot_url}{path}"
    sent = {"User-Agent": agent, **{k.replace("_", "-"): v for k, v in headers.items()}}
    async with live.client.request(method, url, headers=sent, allow_redirects=False) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        return answer.status, answer.headers.get("Location", ""), await answer.text()


async def own_links(live: Live) -> list[str]:
    """The paths of the links li is told."""
    await live.speak("li", "我的链接", None)
    await live.settle()
    return re.findall(rf"{PUBLIC}(/s/[A-Z0-9]{{16}})", "\n".join(live.shown()))


async def points(live: Live) -> int:
    (li,) = await live.rows(Person, userid="li")
    return int(li.balance)


def test_people_are_led_on_and_counted_and_the_owner_is_paid_for_others(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        before = await points(live)
        book = (await own_links(live))[0]
        assert await visit(live, book) == (
            302,
            "https://xn--fsqu00a.example.com/%E4%B9%A6%E5%8D%95?a=1&b=2",
            "",
        )
        assert await points(live) == before  # the first one may be li
        for _ in range(2):  # a page that is opened twice at once
            assert (await visit(live, book, PHONE))[0] == 302
        assert await points(live) == before + 3
        await visit(live, book, WECHAT, "HEAD")
        await visit(live, book, "Googlebot/2.1")
        await visit(live, book.lower(), WECHAT, Sec_Purpose="prefetch")
        (hour,) = await live.rows(LinkHour)
        assert (hour.wechat, hour.browser, hour.wecom) == (1, 1, 0)
        assert hour.filtered == 2  # HEAD and prefetch are one visitor within one minute
        (link,) = await live.rows(ShortLink, name="book")
        assert (link.clicks, link.visitors) == (2, 2)
        assert await live.rows(DeadEvent) == []

    told(tmp_path, story)


def test_who_cannot_open_it_here_is_told_how(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        chat = (await own_links(live))[1]
        status, led, page = await visit(live, chat, PHONE)
        assert (status, led) == (200, "")
        assert "请换个地方打开" in page
        assert "微信" in page
        assert "{" not in page.partition("<body>")[2]
        assert (await visit(live, chat, WECHAT))[1] == "https://example.com/chat"
        (link,) = await live.rows(ShortLink, name="chat")
        assert link.clicks == 1

    told(tmp_path, story)


def test_what_is_unknown_over_or_gone_has_a_page_of_its_own(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        status, led, page = await visit(live, f"/s/{'A' * 16}")
        assert (status, led) == (404, "")
        assert "没有这个链接" in page
        assert (await visit(live, "/s/x.png"))[0] == 404
        await live.speak("boss", "短链 https://example.com/once 一次 1天 1次", None)
        await live.settle()
        once = re.findall(rf"{PUBLIC}(/s/\w+)", "\n".join(live.shown()))[-1]
        assert (await visit(live, once))[1] == "https://example.com/once"
        status, _, page = await visit(live, once, PHONE)
        assert (status, "名额用完了" in page) == (410, True)
        await live.skip(DAY)
        assert "过期了" in (await visit(live, once))[2]
        await live.speak("boss", "停链 1", None)
        await live.settle()
        assert "已停用" in (await visit(live, once))[2]

    told(tmp_path, story)


def test_a_limit_holds_when_many_open_a_link_at_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "短链 https://example.com/rush 抢座 1天 100次", None)
        await live.settle()
        rush = re.findall(rf"{PUBLIC}(/s/\w+)", "\n".join(live.shown()))[-1]
        visits = (
            visit(live, rush, X_Forwarded_For=f"203.0.113.{number}") for number in range(200)
        )
        found = await asyncio.gather(*visits)
        assert Counter(status for status, _, _ in found) == {302: 100, 410: 100}
        assert {led for status, led, _ in found if status == 302} == {"https://example.com/rush"}
        (link,) = await live.rows(ShortLink, target="https://example.com/rush")
        assert link.clicks == 100
        assert sum(each.wechat for each in await live.rows(LinkHour)) == 100

    told(tmp_path, story)


def test_who_renames_a_phone_does_not_take_a_link_from_the_others(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "短链 https://example.com/rush 抢座 1天 100次", None)
        await live.settle()
        rush = re.findall(rf"{PUBLIC}(/s/\w+)", "\n".join(live.shown()))[-1]
        visits = (visit(live, rush, f"{WECHAT} phone {number}") for number in range(200))
        assert {status for status, _, _ in await asyncio.gather(*visits)} == {302}
        (link,) = await live.rows(ShortLink, target="https://example.com/rush")
        assert link.clicks == 50
        assert (await visit(live, rush, X_Forwarded_For="203.0.113.9"))[0] == 302

    told(tmp_path, story)


def test_who_guesses_codes_has_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doors, "UNKNOWN_PER_MINUTE", 3)

    async def story(live: Live) -> None:
        book = (await own_links(live))[0]
        found = [(await visit(live, f"/s/{number:X>16}"))[0] for number in range(5)]
        assert found == [404, 404, 404, 429, 429]
        assert (await visit(live, book))[0] == 429

    told(tmp_path, story)


def test_an_invitation_leads_to_the_group_and_is_credited_by_its_code(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "邀请", None)
        await live.settle()
        path = re.findall(rf"{PUBLIC}(/s/\w+)", "\n".join(live.shown()))[-1]
        status, _, page = await visit(live, path, PHONE)
        assert status == 200
        assert "请你来「书友会」" in page
        assert 'href="https://example.com/join"' in page
        code = re.findall(r"邀请码 (\w{5})", page)[0]
        await live.speak("li", f"邀请码 {code}", None)
        await live.settle()
        assert "自己的邀请码" in live.shown()[-1]

    told(tmp_path, story)


def test_a_link_has_a_code_that_leads_to_it(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        book = (await own_links(live))[0]
        url = f"{live.sandbox.caller.bot_url}{book}"
        async with live.client.get(f"{url}.png") as answer:
            assert answer.content_type == "image/png"
            assert qr.read(await answer.read()) == (f"{PUBLIC}{book}",)
        async with live.client.get(f"{url}.svg") as answer:
            assert answer.content_type == "image/svg+xml"
            assert "书单 &lt;春&gt;" in await answer.text()
        (link,) = await live.rows(ShortLink, name="book")
        assert link.clicks == 0

    told(tmp_path, story)


def test_the_secret_of_codes_is_made_once_and_kept(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        (kept,) = await live.rows(Token, name="short-links")
        assert len(kept.value) == 40
        await live.stop()
        await live.again()
        assert await live.rows(Token, name="short-links") == [kept]

    told(tmp_path, story)
