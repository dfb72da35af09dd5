"""What a member can have on their own page: the right benefit, for the right group."""

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from sop.model import Claim, Task
from tests.integration.live import ALPHA, BETA, Live, bindings, pack, play
from tests.integration.test_own_pages import PUBLIC, address, form, forms, look

MORE = (
    "benefits:\n"
    "  - {id: tea, title: 茶券, price: 1, kind: link, value: 'https://example.com/茶?a=1&b=2'}\n"
    "  - {id: a-b, title: 甲, kind: code}\n"
    "  - {id: ab, title: 乙, kind: code}\n"
    "  - {id: talk, title: 一对一聊书, price: 1, kind: service, approve: staff}\n"
    f"  - {{id: {'x' * 61}, title: 长名字, kind: code}}\n"
)

Story = Callable[[Live], Awaitable[None]]


def told(folder: Path, story: Story, *groups: str) -> None:
    """Run the story with somebody who has two points, and is in all groups."""

    async def with_address(live: Live) -> None:
        await live.stop()
        live.settings = replace(live.settings, public_url=PUBLIC)
        await live.again()
        await live.speak("li", "早上好，今天读到第三章")
        await live.speak("li", "大家好，我是李四", "beta" if len(groups) > 1 else "alpha")
        await live.settle()
        await story(live)

    play(folder, bindings(*(groups or (ALPHA,)), title="晨读社"), with_address, pack(more=MORE))


def answers(page: str) -> list[str]:
    return re.findall(r'class="told" role="status">(.*?)</p>', page, re.DOTALL)


async def pressed(live: Live, path: str, do: str, argument: str) -> str:
    page = (await look(live, path))[1]
    (answer,) = answers((await look(live, path, form(page, do, argument)))[1])
    return answer


def test_a_web_address_in_an_answer_can_be_opened(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        answer = await pressed(live, await address(live), "redeem", "tea")
        (target, attributes, shown) = re.findall(r'<a href="(.*?)"(.*?)>(.*?)</a>', answer)[0]
        assert html.unescape(target) == html.unescape(shown) == "https://example.com/茶?a=1&b=2"
        assert "noreferrer" in attributes

    told(tmp_path, story)


def test_the_page_is_called_by_the_community_it_is_of(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        page = (await look(live, await address(live)))[1]
        assert re.findall(r"<title>(.*?)</title>", page) == ["成员 01 · 晨读社"]

    told(tmp_path, story)


def test_every_button_means_its_own_benefit(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        for argument, title in (("a-b", "甲"), ("ab", "乙"), ("x" * 61, "长名字")):
            assert f"「{title}」" in await pressed(live, path, "claim", argument)

    told(tmp_path, story)


def test_nobody_pays_another_price_than_they_agreed_to(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        agreed = form((await look(live, path))[1], "redeem", "tea")
        dearer = pack(more=MORE.replace("title: 茶券, price: 1", "title: 茶券, price: 2"))
        (live.folder / "club.yaml").write_text(dearer, encoding="utf-8")
        assert await live.bot.reloading.reload()
        page = (await look(live, path, agreed))[1]
        assert "现在是 2 积分" in answers(page)[0]
        assert await live.rows(Claim) == []
        page = (await look(live, path, form(page, "redeem", "tea")))[1]
        assert "用了 2 分" in answers(page)[0]

    told(tmp_path, story)


def test_where_people_have_to_agree_there_is_a_button_for_each_group(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        path = await address(live)
        page = (await look(live, path))[1]
        found = [each for each in forms(page) if each["argument"] == "talk"]
        assert [each["group"] for each in found] == ["alpha", "beta"]
        assert "1 积分 · 二群" in page
        assert {each["group"] for each in forms(page) if each["argument"] == "tea"} == {""}
        (answer,) = answers((await look(live, path, found[1]))[1])
        assert "已经替你留好了" in answer
        (claim,) = await live.rows(Claim)
        (task,) = await live.rows(Task)
        assert claim.group == task.group == "beta"

    told(tmp_path, story, ALPHA, BETA)


def test_where_there_is_one_group_nothing_need_be_chosen(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        page = (await look(live, await address(live)))[1]
        assert form(page, "redeem", "talk")["group"] == ""

    told(tmp_path, story)
