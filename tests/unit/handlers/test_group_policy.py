"""What a group decides for itself, told by the messages of a day."""

from typing import Any

import pytest

from sop.actions import Action
from sop.model import Member, Strike, Task
from tests import builders
from tests.builders import EVENING
from tests.lives import HOUR, MINUTE, Life, life, of

PACK = """
rules:
  checks:
    - {id: copies, detect: copies, groups: 2, within: 1h}
    - {id: stocks, detect: topic, words: [炒股], per_day: 2, mode: enforce}
    - {id: night, detect: hours, between: "07:00-23:00"}
    - {id: jobs, detect: recruiting, posts: forbid}
  ladder: [remind]
score: {earn: {message: {points: 2}}, lose: {strike: {points: 10}}}
steps: []
"""
JOB = "我们店招聘两名店员，月薪5k，包吃住，有意私聊我"
ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"
LONG = "今晚八点直播间抽奖，大家都来看看吧"


def club(**override: Any) -> Any:
    second = builders.group(id="g2", title="晨读二群", owner="boss", override=override)
    return life(PACK, groups=[builders.group(owner="boss"), second])


def say(club: Life, text: str, pause: int = MINUTE, **fields: Any) -> list[Action]:
    club.arrive()
    club.now += pause
    return club.say(text, **fields)


def struck(club: Life) -> list[tuple[str, str]]:
    return [(each.group, each.rule) for each in club.read(Strike)]


def test_straying_is_free_so_often_a_day_and_the_next_day_again():
    with club() as day:
        for number in range(3):
            say(day, f"说说炒股 {number}")
        assert struck(day) == [("g1", "stocks")]

        day.now = EVENING + 13 * HOUR
        for number in range(2):
            say(day, f"又是炒股 {number}")
        assert len(struck(day)) == 1


def test_a_night_of_talk_is_one_reminder():
    with club() as day:
        day.now = EVENING + 3 * HOUR
        say(day, "还没睡的举手", pause=0)
        say(day, "我也没睡")
        say(day, "晚安")

        assert struck(day) == [("g1", "night")]


def test_a_copy_in_the_second_group_is_a_breach_and_the_first_is_none():
    with club() as day:
        say(day, LONG)
        lines = say(day, LONG, group="g2")

        assert struck(day) == [("g2", "copies")]
        assert "同一段话" in "".join(each.text for each in of(lines, "dm"))
        assert [each.deed for each in of(lines, "points")] == ["strike"]


@pytest.mark.parametrize(
    ("sender", "text", "pause"),
    [
        pytest.param("other", LONG, MINUTE, id="somebody else's"),
        pytest.param("li", "早上好", MINUTE, id="what everybody says"),
        pytest.param("boss", LONG, MINUTE, id="the owner's"),
        pytest.param("li", LONG, 2 * HOUR, id="two hours later"),
    ],
)
def test_this_is_no_copy(sender: str, text: str, pause: int):
    with club() as day:
        say(day, text)
        say(day, text, group="g2", sender=sender, pause=pause)

        assert struck(day) == []


def test_a_group_allows_what_another_forbids():
    with club(rules={"checks": {"jobs": {"posts": "allow"}, "night": {"mode": "off"}}}) as day:
        say(day, JOB)
        say(day, JOB.replace("店员", "厨师"), group="g2")
        say(day, "还没睡呀", group="g2", pause=4 * HOUR)

        assert struck(day) == [("g1", "jobs")]
        assert day.read(Task) == []


def test_what_a_member_says_of_substance_is_counted_and_no_more_than_needed():
    with club() as day:
        for text in ("早", "哈哈哈哈", "这本书的第三章我很喜欢", "这本书的第三章我很喜欢", LONG):
            say(day, text)

        assert [each.substance for each in day.read(Member)] == [2]


@pytest.mark.parametrize(
    "kind", ["product", "interest", "brand", "knowledge", "industry", "commerce"]
)
def test_a_preset_only_observes_honest_cross_posting_and_still_strikes_an_advert(kind: str):
    groups = [builders.group(owner="boss"), builders.group(id="g2", title="二群", owner="boss")]
    with life(f"kind: {kind}\nsteps: []\n", groups=groups) as day:
        say(day, LONG)
        lines = say(day, LONG, group="g2")

        assert [(each.rule, each.observed) for each in day.read(Strike)] == [("copies", True)]
        assert {each.to for each in lines if each.do in ("dm", "post", "task")} <= {"staff"}
        say(day, ADVERT)
        say(day, ADVERT, group="g2")
        assert ("g2", "ads") in [
            (each.group, each.rule) for each in day.read(Strike) if not each.observed
        ]


COPIED = """
rules:
  checks: [{id: rumours, detect: rumours}, {id: copies, detect: copies, mode: observe}]
  ladder: [remind]
steps: []
"""
RUMOUR = "不转不是中国人，看完马上转发"


def test_a_copy_that_people_must_look_at_is_asked_about_and_not_only_told():
    groups = [builders.group(owner="boss"), builders.group(id="g2", title="二群", owner="boss")]
    with life(COPIED, groups=groups) as day:
        say(day, RUMOUR)
        lines = say(day, RUMOUR, group="g2")

        assert [(each.rule, each.observed) for each in day.read(Strike)] == [("copies", True)]
        assert [each.rule for each in day.read(Task)] == ["rumours", "rumours"]
        assert of(lines, "dm") == []
