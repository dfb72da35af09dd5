"""What was good is shown: each once, nothing that was taken back, nobody who minds by name."""

from typing import Any

from sop.actions import Action
from sop.model import Item, PoolUse, Thread
from tests.builders import EVENING
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

STORIES = (
    "那年冬天我买到一本没有封面的边城",
    "孩子三岁开始听我念小王子",
    "我终于读完了放了五年的红楼梦",
)
PEOPLE = ("li", "chen", "zhao")


def pack(show: str = "pick: 1", when: str = "21:00 daily") -> str:
    return f"""
quiet: "22:30-07:30"
steps:
  - {{id: tell, when: "20:00 wed", do: [{{collect: {{id: stories, title: 书的故事, for: 5d}}}}]}}
  - {{id: show, when: "{when}", do: [{{showcase: {{of: stories, {show}}}}}]}}
  - {{id: print, when: "21:30 last day", do: [{{book: stories}}]}}
"""


def begun(club: Life) -> None:
    """Let three stories be told, the second liked twice, the third once."""
    club.now = EVENING - HOUR
    club.enforce()
    club.join(*PEOPLE)
    club.wait(EVENING)
    for sender, story in zip(PEOPLE, STORIES, strict=True):
        said(club, f"投稿 {story}", sender)
    for words, sender in (("赞 2", "li"), ("赞 2", "zhao"), ("赞 3", "li")):
        said(club, words, sender)


def said(club: Life, words: str, sender: str = "li", **fields: Any) -> list[Action]:
    club.now += 20_000
    return club.say(words, sender, key=f"m:{club.now}:{sender}", **fields)


def shown(club: Life, until: int) -> list[str]:
    """The showcases until then."""
    return [each for each in texts(club.wait(until), "post") if "精选" in each]


def test_the_most_liked_come_first_each_once_until_none_is_left():
    with life(pack()) as club:
        begun(club)
        days = [shown(club, EVENING + HOUR + number * DAY) for number in range(4)]

        assert days[0][0].splitlines() == [
            "「书的故事」精选，值得再看一遍：",
            "🌟 2（Chen）：孩子三岁开始听我念小王子",
            "有共鸣就发「赞 2」。",
        ]
        assert ["红楼梦" in "".join(day) for day in days] == [False, True, False, False]
        assert ["边城" in "".join(day) for day in days] == [False, False, True, False]
        assert days[3] == []


def test_what_was_taken_back_is_not_shown_and_who_is_not_listed_has_no_name():
    with life(pack("pick: 3")) as club:
        begun(club)
        said(club, "撤回 3", "zhao", group="")
        said(club, "不上榜", "chen", group="")
        (post,) = shown(club, EVENING + HOUR)

        assert "红楼梦" not in post
        assert "（一位伙伴）：孩子三岁" in post


def test_staff_choose_with_a_mark_and_are_asked_where_there_is_none():
    with life(pack("by: staff")) as club:
        begun(club)
        lines = club.wait(EVENING + HOUR)
        (task,) = of(lines, "task")
        assert "精华" in task.text
        assert not any("精选" in each for each in texts(lines, "post"))

        said(club, "精华 @Li", "owner", quote=f"投稿 {STORIES[0]}", mentions_bot=True)
        (post,) = shown(club, EVENING + HOUR + DAY)
        assert "边城" in post


def test_the_group_chooses_and_the_winner_is_quoted_with_the_result():
    with life(pack("by: votes", "21:00 wed")) as club:
        begun(club)
        (opening,) = [each for each in texts(club.wait(EVENING + HOUR), "post") if "投票" in each]
        assert "1. Chen：孩子三岁" in opening
        club.now += MINUTE
        for sender in PEOPLE:
            said(club, "投票 3", sender)
        said(club, "撤回 2", "chen", group="")
        (result,) = [
            each for each in texts(club.wait(EVENING + HOUR + DAY), "post") if "结果" in each
        ]

        assert "🌟 1（Li）：那年冬天" in result
        assert "孩子三岁" not in result
        assert len(club.read(PoolUse)[0].used) == 1


def test_a_story_that_wins_and_was_taken_back_is_not_quoted():
    with life(pack("by: votes", "21:00 wed")) as club:
        begun(club)
        club.wait(EVENING + HOUR)
        club.now += MINUTE
        for sender in PEOPLE:
            said(club, "投票 1", sender)
        said(club, "撤回 2", "chen", group="")
        (result,) = [
            each for each in texts(club.wait(EVENING + HOUR + DAY), "post") if "结果" in each
        ]

        assert "孩子三岁" not in result
        assert "作者收回了" in result


def test_what_was_taken_back_is_not_brought_back_by_a_mark():
    with life(pack("by: staff")) as club:
        begun(club)
        said(club, "撤回 1", "li", group="")
        (line,) = said(club, "精华 @Li", "owner", quote=f"投稿 {STORIES[0]}", mentions_bot=True)

        assert (line.do, "作者收回了" in line.text) == ("dm", True)
        assert [each.kind for each in club.read(Item, order="number")] == ["story"] * 3


def test_without_a_collection_or_entries_nothing_is_shown():
    with life(pack(when="19:30 wed")) as club:
        club.now = EVENING - HOUR
        club.enforce()

        assert of(club.wait(EVENING - MINUTE), "post", "task") == []


def test_at_the_end_of_the_month_staff_are_told_how_to_print_its_book():
    with life(pack(when="21:00 sun")) as club:
        begun(club)
        (task,) = [
            line for line in of(club.wait(EVENING + 30 * DAY), "task") if "做成一本" in line.text
        ]

        assert "qunyun book stories --group g1 --month 2026-12 --out stories-2026-12.pdf" in (
            task.text
        )
        assert "2026 年 12 月收到 3 篇" in task.text


def test_a_restart_shows_nothing_twice():
    with life(pack()) as club:
        begun(club)
        club.now = EVENING + HOUR
        (event,) = [each for each in club.due() if getattr(each, "step", "") == "show"]
        club.handle(event, crash=True)
        club.handle(event)
        club.handle(event)

        assert len(club.read(PoolUse)[0].used) == 1
        assert len(club.read(Thread)) == 1
