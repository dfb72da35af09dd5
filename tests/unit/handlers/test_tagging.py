"""Tags and circles are each member's own word: chosen, asked for, never assumed."""

from collections.abc import Iterator

import pytest

from sop.model import CircleMember, Task
from tests import builders
from tests.clubs import MENTIONS_ONLY
from tests.lives import Life, life, of
from tests.unit.handlers.test_leaders import aloud, answer, begun, private, role

PACK = """
tags: [读书, 跑步]
circles: [{tag: 摄影, leader: zhao}, {tag: 跑步}]
leaders: {tiers: [{id: one, title: 新星}]}
"""


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK) as living:
        begun(living)
        yield living


def test_tags_are_chosen_and_put_off(club: Life):
    private(club, "标签 读书、摄影")
    assert club.person("li").tags == ("读书", "摄影")

    private(club, "标签 取消 读书")
    assert club.person("li").tags == ("摄影",)
    assert "你的标签：摄影" in private(club, "标签")[0].text


def test_nobody_invents_a_tag(club: Life):
    assert "没有找到" in private(club, "标签 付费")[0].text
    assert club.person("li").tags == ()


def test_a_tag_of_an_introduction_is_kept_only_after_a_yes(club: Life):
    lines = aloud(club, "大家好，我是李四，喜欢摄影和读书")
    (asked,) = of(lines, "dm")
    assert (asked.to, "读书、摄影" in asked.text) == (str(club.person("li").id), True)
    assert club.person("li").tags == ()

    number = club.read(Task)[0].id
    assert "小圈子" in private(club, f"同意 {number}")[0].text
    assert club.person("li").tags == ("读书", "摄影")


def test_a_tag_of_a_share_is_asked_about_once_for_ever(club: Life):
    first = aloud(club, "分享 摄影入门的三本书，从光线讲起")
    assert ["摄影" in line.text for line in of(first, "dm")] == [True]
    answer(club, "reject", by="li", task=str(club.read(Task)[0].id))

    again = aloud(club, "分享 摄影和跑步其实很像，都要等")
    assert ["跑步" in line.text and "摄影" not in line.text for line in of(again, "dm")] == [True]
    assert of(aloud(club, "分享 再说一次摄影，也再说一次跑步"), "dm") == []


def test_talk_alone_is_no_reason_to_ask(club: Life):
    assert of(aloud(club, "周末有人一起去摄影吗"), "dm") == []


def test_a_no_is_for_good(club: Life):
    aloud(club, "大家好，我是李四，喜欢摄影和读书")
    answer(club, "reject", by="li", task=str(club.read(Task)[0].id))
    assert club.person("li").tags == ()
    assert of(aloud(club, "分享 摄影入门，也谈读书"), "dm") == []


def test_nobody_says_yes_for_somebody_else_and_staff_are_not_shown_it(club: Life):
    aloud(club, "大家好，我是李四，喜欢摄影和读书")
    assert "没有" in private(club, "任务", "boss")[0].text
    answer(club, "approve", by="boss", task=str(club.read(Task)[0].id))

    assert club.person("li").tags == ()


def test_where_nobody_can_be_written_to_it_waits_among_ones_tasks():
    with life(PACK) as club:
        begun(club, channels=MENTIONS_ONLY)
        lines = aloud(club, "@bot 大家好，我是李四，喜欢读书")
        assert of(lines, "dm", "task") == []
        assert "读书" in private(club, "任务")[0].text


def test_a_tag_alone_puts_nobody_into_a_circle(club: Life):
    told = private(club, "标签 摄影")[0].text

    assert "「摄影」有个小圈子，Zhao 带着" in told
    assert club.read(CircleMember) == []


def test_a_circle_is_joined_left_and_joined_again_by_ones_own_word(club: Life):
    private(club, "圈子 摄影")
    assert "1 人：Li" in private(club, "圈子", "zhao")[0].text
    private(club, "圈子 退出 摄影")
    assert "0 人：还没有人" in private(club, "圈子", "zhao")[0].text
    private(club, "圈子 摄影")
    assert [(each.left_at, each.tag) for each in club.read(CircleMember)] == [(0, "摄影")]


def test_a_circle_nobody_leads_waits_until_a_leader_takes_its_tag(club: Life):
    assert "还在找" in private(club, "圈子 跑步")[0].text
    role(club, "chen")
    private(club, "标签 跑步", "chen")

    assert "欢迎 Li 加入「跑步」" in private(club, "圈子 跑步")[0].text


def test_a_circles_own_group_is_joined_by_the_channel_else_by_people():
    pack = PACK.replace("leader: zhao}", "leader: zhao, group: g2}")
    for channels, do in (({"sandbox": "g2"}, "add"), ({"aibot": "g2"}, "task")):
        with life(pack) as club:
            own = builders.group(owner="boss", staff=("helper",))
            club.enforce(own, builders.group(id="g2", owner="boss", channels=channels))
            club.join("boss", "li", "zhao")
            assert [line.group for line in of(private(club, "圈子 摄影"), do)] == ["g2"]


def test_a_yes_is_one_answer_to_one_task(club: Life):
    aloud(club, "大家好，我是李四，喜欢摄影和读书")
    number = club.read(Task)[0].id
    private(club, f"同意 {number}")

    assert [each.status for each in club.read(Task)] == ["approved"]
    private(club, "标签 取消 读书")
    assert "已经" in private(club, f"同意 {number}")[0].text
    assert club.person("li").tags == ("摄影",)


def test_who_joins_a_circle_is_shown_the_way_into_its_group_alone():
    pack = PACK.replace("摄影, leader: zhao", "摄影, leader: zhao, group: photo")
    with life(pack + "links: {join-photo: 'https://example.com/gm/photo'}\n") as club:
        begun(club)
        photo = builders.group(id="photo", title="摄影群", channels={"customer": "photo"})
        club.enforce(builders.group(owner="boss", staff=("helper",)), photo)
        told = private(club, "圈子 摄影")

        assert "https://example.com/gm/photo" in told[0].text
        assert of(told, "task", "add") == []
