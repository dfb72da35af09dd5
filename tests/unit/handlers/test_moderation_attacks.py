"""Bad will and bad luck: what members, staff and time can do to the rules, and cannot."""

from dataclasses import replace
from typing import Any

import pytest

from sop.model import Group, LearnedText, Outgoing, Report, Strike, Task
from sop.told_events import LearningReverted
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
rules:
  checks: [{id: ads, detect: ads}, {id: links, detect: links}]
  ladder: [remind, mute-points, remove]
  forget_after: 30d
  appeal: {within: 3d}
  raid: {joins: 3, within: 10m, for: 1h}
score:
  earn: {message: {points: 2}}
  lose: {strike: {points: 10}}
steps: []
"""
ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"
LINK = "看看 https://evil.example.com/a"


def club_groups() -> list[Group]:
    return [builders.group(owner="boss", staff=("helper",))]


def club_of() -> Life:
    return life(PACK, groups=club_groups())


def say(club: Life, text: str, sender: str = "li", pause: int = MINUTE, **fields: Any) -> Any:
    """Speak when all that was sent has arrived."""
    club.arrive()
    club.now += pause
    return club.say(text, sender, **fields)


def standing(club: Life) -> list[str]:
    return [each.measure for each in club.read(Strike, order="id") if not each.reversed_at]


@pytest.mark.parametrize(
    ("pause", "measure"),
    [
        pytest.param(30 * DAY - 1, "mute-points", id="just remembered"),
        pytest.param(30 * DAY, "remind", id="just forgotten"),
    ],
)
def test_a_strike_is_forgotten_at_the_very_instant(pause: int, measure: str):
    with club_of() as club:
        say(club, LINK)
        say(club, LINK, pause=pause)

        assert standing(club) == ["remind", measure]


def test_a_burst_of_reports_of_one_thing_is_one_task_and_of_one_member_no_more_than_allowed():
    with club_of() as club:
        say(club, "周六下午老地方见，名额不多")
        for number in range(30):
            say(club, "举报", f"u{number}", quote="周六下午老地方见，名额不多")
        assert len(club.read(Task)) == 1
        assert len(club.read(Report)) == 30

        for number in range(30):
            say(club, f"今天说的第{number}句话", "wang")
            say(club, "举报", "u1", quote=f"今天说的第{number}句话", pause=1)
        assert len(club.read(Report)) <= 30 + 5


def test_a_warned_member_who_is_merged_keeps_strikes_once_and_can_be_forgiven():
    with club_of() as club:
        say(club, LINK, "li")
        say(club, LINK, "lily")
        say(club, f"合并 @{club.person('lily').id} @{club.person('li').id}", "boss")
        [task] = club.read(Task, kind="merge", status="open")
        say(club, f"同意 {task.id}", "boss")
        assert {each.person for each in club.read(Strike)} == {club.person("lily").id}

        say(club, "申诉", "li", group="")
        [appeal] = club.read(Task, kind="appeal")
        say(club, f"同意 {appeal.id}", "helper")
        say(club, f"撤销 @{club.person('lily').id}", "helper")
        say(club, f"撤销 @{club.person('lily').id}", "helper")

        assert standing(club) == []
        assert club.person("li").balance == 4


def test_what_was_taken_back_meanwhile_is_struck_no_second_time():
    with club_of() as club:
        say(club, ADVERT)
        say(club, "误判", "helper", quote=ADVERT)
        say(club, "误判", "boss", quote=ADVERT)
        lines = say(club, "申诉", group="")

        assert standing(club) == []
        assert club.read(Task, kind="appeal") == []
        assert any("安心" in each for each in texts(lines, "reply", "dm"))


@pytest.mark.parametrize(
    ("pause", "watched"),
    [
        pytest.param(HOUR - 1, True, id="the last instant"),
        pytest.param(HOUR, False, id="it is over"),
    ],
)
def test_a_raid_ends_at_its_instant_even_before_the_clock_says_so(pause: int, *, watched: bool):
    with club_of() as club:
        club.join("a", "b", "c")
        began = club.now
        club.now = began + pause
        say(club, "发个图", "a", pause=0, has_image=True)

        assert len(club.read(Task, kind="confirm-breach")) == watched


def test_staff_are_asked_about_a_flood_of_newcomers_no_more_than_they_can_answer():
    with club_of() as club:
        crowd = [f"n{number}" for number in range(30)]
        club.join(*crowd)
        for each in crowd:
            say(club, "发个图", each, pause=1, has_image=True)
        asked = club.read(Task, kind="confirm-breach")
        assert len(asked) == 20

        say(club, f"拒绝 {asked[0].id}", "helper")
        say(club, "发个图", crowd[-1], pause=1, has_image=True)
        assert len(club.read(Task, kind="confirm-breach")) == 21


def test_a_link_of_a_newcomer_is_asked_about_until_staff_say_that_it_is_a_raid():
    with life(PACK.replace(", {id: links, detect: links}", ""), groups=club_groups()) as club:
        club.join("a", "b", "c", "d")
        [raid] = club.read(Task, kind="raid")
        say(club, LINK, "a")
        assert standing(club) == []
        say(club, f"同意 {raid.id}", "helper")
        say(club, LINK.replace("/a", "/b"), "b")

        assert [each.rule for each in club.read(Strike)] == ["raid"]


def test_a_raid_that_was_ended_by_hand_is_ended_once():
    with club_of() as club:
        club.join("a", "b", "c")
        say(club, "解除戒备", "helper")
        lines = club.wait(club.now + 3 * HOUR)
        [group] = club.read(Group)

        assert [each for each in lines if "戒备" in each.text] == []
        assert (group.raid_until, group.raid_strict) == (0, False)
        assert [each.status for each in club.read(Task, kind="raid")] == ["void"]


def test_staff_who_call_everything_an_advert_are_undone_by_one_word_each():
    said = [
        "今晚八点共读第三章，别忘了带书",
        "会议号照旧，晚到的从后门进来就好",
        "周末的聚会改到下周三晚上了",
    ]
    with club_of() as club:
        for number, text in enumerate(said):
            say(club, text, f"u{number}")
            say(club, "广告", "helper", quote=text)
        assert standing(club) == ["remind"] * 3
        for text in said:
            lines = say(club, "没事", "boss", quote=text)
            assert sum("抱歉" in each.text for each in of(lines, "dm")) == 1
        assert standing(club) == []
        for text in said:
            say(club, text, "zhao")

        assert standing(club) == []
        assert {each.label for each in club.read(LearnedText, until=0)} >= {"fine"}


@pytest.mark.parametrize("undone", ["by a word", "by an appeal", "from outside"])
def test_a_wrong_lesson_is_made_good_to_everybody_who_was_struck_for_it(undone: str):
    said = "会议号照旧，晚到的从后门进来就好"
    with club_of() as club:
        say(club, said, "u0")
        say(club, "广告", "helper", quote=said)
        for number in range(1, 4):
            say(club, f"{said}{'啊呀哦'[number - 1]}", f"u{number}")
        say(club, ADVERT, "u4")
        assert len(standing(club)) == 5
        if undone == "by a word":
            lines = say(club, "没事", "boss", quote=said)
        elif undone == "by an appeal":
            say(club, "申诉", "u0", group="")
            [appeal] = club.read(Task, kind="appeal")
            lines = say(club, f"同意 {appeal.id}", "boss")
        else:
            event = LearningReverted(key="undo", community=COMMUNITY, at=club.now, texts=(1,))
            lines = club.handle(event)

        sorry = [each.to for each in of(lines, "dm") if "抱歉" in each.text]
        assert len(sorry) == 4
        assert len(standing(club)) == 1


@pytest.mark.parametrize("how", ["by a word", "by an appeal"])
def test_words_that_staff_call_fine_are_made_good_to_everybody_who_said_them(how: str):
    with club_of() as club:
        for number in (1, 2, 2):
            say(club, ADVERT, f"u{number}")
        say(club, LINK, "u3")
        if how == "by a word":
            lines = say(club, "没事", "boss", quote=ADVERT)
        else:
            say(club, "申诉", "u1", group="")
            [appeal] = club.read(Task, kind="appeal")
            lines = say(club, f"同意 {appeal.id}", "boss")

        assert sorted(each.to for each in of(lines, "dm") if "抱歉" in each.text) == ["1", "2"]
        assert [each.rule for each in club.read(Strike, reversed_at=0)] == ["links"]


BURSTS = """
rules:
  checks:
    - {id: flood, detect: flood, messages: 5, within: 30s}
    - {id: repeats, detect: repeats, same: 3, within: 10m}
steps: []
"""


def test_one_burst_is_one_strike_whichever_rule_notices_it_first():
    with life(BURSTS) as club:
        for _ in range(8):
            say(club, "快来看看", pause=4_000)
        assert [each.rule for each in club.read(Strike)] == ["repeats"]

        for number in range(5):
            say(club, f"第{number}句话", pause=1 if number else MINUTE)
        assert [each.rule for each in club.read(Strike)] == ["repeats", "flood"]


STRICT = PACK.replace("ladder: [remind, mute-points, remove]", "ladder: [remove]")


@pytest.mark.parametrize(
    ("status", "left", "again"),
    [
        pytest.param("pending", "dropped", False, id="not yet begun"),
        pytest.param("sending", "sending", True, id="under way"),
    ],
)
def test_a_removal_that_is_taken_back_in_time_is_not_made(status: str, left: str, *, again: bool):
    groups = [builders.group(owner="boss", staff=("helper",))]
    with life(STRICT, groups=groups) as club:
        club.say(ADVERT)
        [removal] = club.read(Outgoing, do="remove")
        with club.acting() as context:
            context.store.put(replace(removal, status=status))
        club.now += MINUTE
        lines = club.say("误判", "helper", quote=ADVERT)

        assert [each.status for each in club.read(Outgoing, do="remove")] == [left]
        assert bool(of(lines, "add")) is again


def test_nobody_is_told_by_hand_of_a_pause_that_was_taken_back():
    pack = PACK.replace("ladder: [remind, mute-points, remove]", "ladder: [mute-points]")
    groups = [
        builders.group(owner="boss", staff=("helper",), channels={"archive": "a", "webhook": "w"})
    ]
    with life(pack, groups=groups) as club:
        club.say(ADVERT)
        assert [each.kind for each in club.read(Task, status="open")] == ["tell-mute"]
        club.now += MINUTE
        club.say("误判", "helper", quote=ADVERT)

        assert club.person("li").muted_until == 0
        assert "tell-mute" not in [each.kind for each in club.read(Task, status="open")]


def test_a_pause_that_was_taken_back_leaves_the_one_that_stands():
    pack = PACK.replace("ladder: [remind, mute-points, remove]", "ladder: [mute-points]")
    with life(pack, groups=[builders.group(owner="boss", staff=("helper",))]) as club:
        say(club, ADVERT)
        say(club, LINK, pause=HOUR)
        until = club.person("li").muted_until
        say(club, "误判", "helper", quote=ADVERT)
        assert club.person("li").muted_until == until

        say(club, "误判", "helper", quote=LINK)
        assert club.person("li").muted_until == 0
