"""`qunyun book`: what a month's collection brought, printed; what was taken back is not in it."""

from pathlib import Path

import pytest

from sop.events import MemberJoined
from tests.builders import EVENING, message
from tests.integration.commands.deployments import ONE_GROUP, deployed
from tests.integration.commands.running import qunyun

PACK = """\
steps: [{id: tell, when: "20:00 wed", do: [{collect: {id: stories, title: 书的故事, for: 5d}}]}]
"""
SAID = (
    ("chen", "投稿 <b>第一篇</b> & 其余"), ("zhao", "投稿 第二篇是我的秘密"), ("zhao", "不上榜"),
    ("li", "投稿 第三篇后来收回"), ("li", "撤回 3"),
)  # fmt: skip


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder of a bot to which three stories were told, one of them taken back."""
    with deployed(folder, PACK, ONE_GROUP) as bot:
        bot.enforce(EVENING - 1_000)
        bot.handle(
            EVENING - 1_000,
            *(
                MemberJoined(
                    key=f"join:{each}", community="club", group="alpha", at=EVENING - 1_000,
                    member=each, name=each.title(),
                )
                for each in ("li", "chen", "zhao")
            ),
        )  # fmt: skip
        bot.wake(EVENING)
        for number, (sender, words) in enumerate(SAID, 1):
            at = EVENING + 60_000 * number
            said = message(
                words, sender=sender, at=at, community="club", group="alpha", key=f"m{number}"
            )
            bot.handle(at, said)


def test_a_page_holds_what_may_be_shown_and_no_name_that_may_not(folder: Path):
    done = qunyun("book", "stories", "--month", "2026-12", "--out", "book.html")

    assert done.code == 0, done.err
    page = (folder / "book.html").read_text("utf-8")
    assert "&lt;b&gt;第一篇&lt;/b&gt; &amp; 其余" in page
    assert "第二篇是我的秘密" in page
    assert "一位伙伴" in page
    assert "Chen" in page
    assert "Zhao" not in page
    assert "收回" not in page


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("nothing", "--out", "b.html"), 2, "no collection nothing"),
        (("stories", "--out", "b.txt"), 2, ".html or .pdf"),
        (("stories", "--month", "12/2026", "--out", "b.html"), 2, "2026-12"),
        (("stories", "--month", "2026-11", "--out", "b.html"), 1, "nothing was given"),
        (("stories", "--out", "nowhere/b.html"), 2, "cannot be written"),
        (("stories", "--community", "other", "--out", "b.html"), 2, "there is no community"),
    ],
)
def test_what_cannot_be_printed_is_told_and_nothing_is_written(
    folder: Path, words: tuple[str, ...], code: int, told: str
):
    done = qunyun("book", *words)

    assert (done.code, told in done.err) == (code, True)
    assert not (folder / "b.html").exists()
