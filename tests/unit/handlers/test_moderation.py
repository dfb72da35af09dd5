"""Rules kept fairly: one breach, one strike, one measure, and never twice before it is heard."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.actions import Action
from sop.events import MemberLeft, TaskAnswered
from sop.model import Outgoing, Person, Strike, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

RULES = """
rules:
  exempt: [owner, staff, leader, core]
  checks:
    - {id: promo, detect: words, any: [加微信]}
    - {id: flood, detect: flood, messages: 3, within: 30s}
  ladder: %s
  forget_after: 30d
  mute: 30m
  %s
score:
  earn: {message: {points: 2}, checkin: {points: 1}}
  lose: {strike: {points: 10}}
steps: []
"""
LADDER = "[remind, mute-points, remove]"
BAD = "有需要的加微信"


def club_of(ladder: str = LADDER, extra: str = "", **fields: Any) -> Any:
    values = {"owner": "boss", "staff": ("helper",), **fields}
    return life(RULES % (ladder, extra), groups=[builders.group(**values)])


def breach(club: Life, sender: str = "li", pause: int = MINUTE, **fields: Any) -> list[Action]:
    """Break a rule after a while, everything sent before having arrived."""
    club.arrive()
    club.now += pause
    return club.say(BAD, sender, **fields)


def done(lines: list[Action]) -> list[str]:
    return [line.do for line in lines]


def test_the_ladder_is_climbed_rung_by_rung_and_its_last_rung_repeats():
    with club_of() as club:
        lines = [breach(club) for _ in range(4)]

        assert [done(each) for each in lines] == [
            ["strike", "dm", "points"], ["strike", "dm", "points"],
            ["strike", "dm", "remove", "points"], ["strike", "dm", "remove", "points"],
        ]  # fmt: skip
        assert {line.rule for each in lines for line in of(each, "strike", "dm", "remove")} == {
            "promo"
        }
        assert [strike.measure for strike in club.read(Strike)] == [
            "remind", "mute-points", "remove", "remove",
        ]  # fmt: skip
        assert "30 分钟" in lines[1][1].text
        assert club.person().balance == -40


def test_a_struck_message_earns_nothing_and_a_clean_one_does():
    with club_of() as club:
        assert [line.points for line in of(breach(club), "points")] == [-10]
        club.now += MINUTE
        assert [line.points for line in of(club.say("今天读完了第三章"), "points")] == [2]


def test_points_are_muted_for_so_long_and_then_paid_again():
    with club_of("[mute-points]") as club:
        breach(club)
        club.now += 30 * MINUTE - 1
        assert of(club.say("这一段写得真好"), "points") == []
        club.now += 1
        assert [line.points for line in of(club.say("下一段也很好"), "points")] == [2]


def test_a_strike_needs_a_message_sent_after_the_last_measure_was_heard():
    with club_of() as club:
        club.say(BAD)
        # The reminder is still under way.
        club.now += MINUTE
        assert club.say(BAD) == []
        sent = club.now
        club.now += MINUTE
        club.arrive()
        heard = club.now
        club.now += MINUTE
        assert club.say(BAD, at=sent) == []
        assert club.say(BAD, at=heard) == []
        assert done(club.say(BAD, at=heard + 1))[0] == "strike"
        assert len(club.read(Strike)) == 2


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=1, max_size=8))
@settings(max_examples=15, deadline=None)
def test_nobody_is_struck_twice_before_hearing_of_it(told: list[tuple[int, bool]]):
    with club_of() as club:
        heard_at: list[int] = []
        for pause, arrives in told:
            club.now += pause * MINUTE
            before = len(club.read(Strike))
            waiting = club.read(Outgoing, status="pending", do__in=["dm", "remove"])
            club.say(BAD, message_id=f"m{club.now}:{len(club.handled)}",
                     key=f"m{club.now}:{len(club.handled)}")  # fmt: skip
            struck = len(club.read(Strike)) > before
            assert struck == (not waiting and all(at < club.now for at in heard_at))
            if arrives:
                if club.read(Outgoing, status="pending"):
                    heard_at.append(club.now)
                club.arrive()


def test_a_strike_is_forgotten_in_time_and_stays_on_record():
    with club_of() as club:
        breach(club)
        assert breach(club, pause=30 * DAY - 1)[1].text.count("暂不计分") == 1
        breach(club, pause=30 * DAY)

        assert [strike.measure for strike in club.read(Strike)] == [
            "remind", "mute-points", "remind",
        ]  # fmt: skip


@pytest.mark.parametrize("sender", ["boss", "BOSS", "helper"])
def test_owner_and_staff_are_never_touched(sender: str):
    with club_of() as club:
        assert [line.do for line in breach(club, sender)] == ["points"]
        assert club.read(Strike) == []


def test_owner_and_staff_are_never_touched_even_where_a_pack_forgets_them():
    pack = RULES.replace("exempt: [owner, staff, leader, core]", "exempt: []")
    with life(pack % (LADDER, ""), groups=[builders.group(staff=("helper",))]) as club:
        for sender in ("owner", "helper"):
            breach(club, sender)
        assert club.read(Strike) == []


@pytest.mark.parametrize("held", [{"layer": "core"}, {"role": "leader"}])
def test_the_core_and_leaders_may_talk_fast_and_must_not_advertise(held: dict[str, str]):
    with club_of() as club:
        with club.acting("li") as context:
            person = context.person
            assert person is not None
            context.store.put(replace(person, **held))
        for number in range(5):
            club.now += 1
            club.say(f"第{number}句话")
        assert club.read(Strike) == []
        assert done(breach(club))[0] == "strike"


def test_a_burst_is_one_strike_and_commands_are_none():
    with club_of() as club:
        for number in range(8):
            club.now += 1
            club.say(f"刷刷刷{number}")
        assert [strike.rule for strike in club.read(Strike)] == ["flood"]

    with club_of() as club:
        for _ in range(8):
            club.now += 1
            club.say("签到")
        assert club.read(Strike) == []


def test_observing_only_tells_staff():
    with club_of(extra="mode: observe") as club:
        lines = breach(club)

        assert [(line.do, line.reason) for line in lines] == [
            ("strike", "observe"), ("dm", "observe"), ("points", ""),
        ]  # fmt: skip
        assert lines[1].to == "staff"
        assert BAD in lines[1].text
        assert club.person().balance == 2
        assert [strike.observed for strike in club.read(Strike)] == [True]
        # What was observed is no rung of the ladder.
        club.book = builders.book(builders.HEAD + RULES % (LADDER, ""))
        assert "先提醒一下" in breach(club)[1].text


def test_where_nobody_can_be_told_in_private_what_was_observed_is_one_task():
    with club_of(extra="mode: observe", channels={"archive": "x"}) as club:
        lines = [*breach(club), *breach(club)]

        assert [line.reason for line in of(lines, "strike")] == ["observe"] * 2
        assert len(of(lines, "task")) == len(club.read(Task)) == 1


def test_what_is_observed_does_not_shield_what_is_enforced():
    watch = "checks:\n    - {id: watch, detect: words, any: [有需要], mode: observe}"
    pack = RULES.replace("checks:", watch) % (LADDER, "")
    with life(pack, groups=[builders.group()]) as club:
        lines = breach(club)

        assert [(line.rule, line.reason) for line in of(lines, "strike")] == [("promo", "")]


def test_a_late_message_brings_no_measure_and_earns_nothing():
    with club_of() as club:
        said = club.now
        club.now += 30 * MINUTE + 1
        assert club.say(BAD, at=said) == []
        assert club.read(Strike) == []


@pytest.mark.parametrize(
    "ladder", ["[remind]", "[remind-privately]", "[mute-points]", "[remove]", "[task]"]
)
@pytest.mark.parametrize(
    "bundle",
    [{"sandbox": "s"}, {"archive": "x", "webhook": "w"}, {"appchat": "a"}, {"aibot": "b"}],
    ids="+".join,
)  # fmt: skip
def test_no_group_post_states_a_strike_whatever_the_channel(ladder: str, bundle: dict[str, str]):
    with club_of(ladder, channels=bundle) as club:
        lines = breach(club, name="李四")

        assert done(lines)[0] == "strike"
        for line in of(lines, "post", "reply"):
            assert "李四" not in line.text
            assert "10" not in line.text
            assert line.mention == ()
        others = [line for line in lines if line.do not in ("strike", "points")]
        assert done(others) in (["dm"], ["dm", "remove"], ["remove"], ["post"], ["task"])
        assert len(club.read(Task)) == (others[0].do == "task")


def test_who_is_taken_out_is_told_why_and_how_to_object():
    with club_of("[remove]", "appeal: {within: 72h}") as club:
        told = of(breach(club), "dm")

        assert len(told) == 1
        assert "不发不合适的内容" in told[0].text
        assert "申诉" in told[0].text
        why = club.say("为什么提醒我", "li", group="", at=club.now + 1)
        assert "这次先请你离开了那个群。" in texts(why)[0]


def test_a_removal_may_want_a_yes():
    for choice, removals in (("approve", 1), ("reject", 0)):
        with club_of("[remove]", "confirm: [remove]") as club:
            lines = breach(club)
            assert [(line.do, line.to) for line in of(lines, "task", "remove")] == [
                ("task", "owner")
            ]
            answer = TaskAnswered(
                key="t", community=COMMUNITY, group=GROUP, at=club.now, task="latest",
                choice=choice, by="boss",
            )  # fmt: skip
            assert done(club.handle(answer)) == ["dm", "remove"][: removals + 1]
            assert of(club.handle(replace(answer, key="again")), "remove") == []


@pytest.mark.parametrize(
    ("ladder", "extra", "channel"),
    [
        ("[remind-privately]", "", "aibot"), ("[mute-points]", "", "aibot"),
        ("[remove]", "confirm: [remove]", "sandbox"), ("[task]", "", "sandbox"),
        ("[task]", "mode: observe", "aibot"),
    ],
)  # fmt: skip
def test_whoever_is_asked_to_act_reads_what_was_said(ladder: str, extra: str, channel: str):
    with club_of(ladder, extra, channels={channel: "x"}) as club:
        assert f"原话：{BAD}" in texts(breach(club), "task")[0]


def test_who_asks_meanwhile_hears_that_it_is_not_decided():
    with club_of("[remove]", "confirm: [remove]") as club:
        breach(club)
        club.now += MINUTE
        assert "去留由群主来决定" in texts(club.say("为什么提醒我", group=""))[0]

        club.say("同意 1", "boss", group="")
        club.now += MINUTE
        assert "这次先请你离开了那个群。" in texts(club.say("为什么提醒我", group=""))[0]


def test_who_may_stay_is_reminded_since_nothing_has_told_them_yet():
    with club_of("[remove]", "confirm: [remove]") as club:
        breach(club)
        club.now += DAY
        told = club.say("拒绝 1", "boss", group="")

        assert [each.to for each in of(told, "dm")] == [str(club.person().id)]
        assert "先提醒一下，这次不要紧" in texts(told, "dm")[0]
        assert [each.measure for each in club.read(Strike)] == ["remind-privately"]


@pytest.mark.parametrize("extra", ["", "confirm: [remove]"])
def test_who_has_left_before_staff_decided_is_not_removed_again(extra: str):
    pack = RULES.replace("{id: promo, detect: words, any: [加微信]}", "{id: ads, detect: ads}")
    with life(pack % ("[remove]", extra), groups=[builders.group()]) as club:
        club.say("专修电脑，需要的联系我", at=club.now)
        club.happen(MemberLeft, group=GROUP, member="li")
        club.now += MINUTE
        lines = club.say("同意 1", "owner", group="")

        assert done(of(lines, "strike", "remove", "task")) == ["strike"]
        assert "先提醒一下" in texts(lines, "dm")[0]
        assert of(club.say("撤销 @1", "owner", mentions=("li",)), "add") == []


@pytest.mark.parametrize("appealed", [True, False])
def test_who_has_not_heard_of_a_strike_hears_of_its_end_only_if_they_appealed(*, appealed: bool):
    with club_of("[remove]", "confirm: [remove]\n  appeal: {within: 72h}") as club:
        breach(club)
        club.now += MINUTE
        if appealed:
            club.say("申诉", group="")
        lines = club.say("同意 2" if appealed else "撤销 @1", "boss", mentions=("li",))

        told = [each.text for each in of(lines, "dm") if each.to == str(club.person().id)]
        assert len(told) == appealed


@pytest.mark.parametrize("choice", ["同意", "拒绝"])
def test_of_who_has_left_meanwhile_nothing_is_done(choice: str):
    with club_of("[remove]", "confirm: [remove]") as club:
        breach(club)
        club.happen(MemberLeft, group=GROUP, member="li")

        assert of(club.say(f"{choice} 1", "boss", group=""), "dm", "remove", "task") == []


@pytest.mark.parametrize(
    ("ladder", "extra", "channel", "answer"),
    [
        ("[remind-privately]", "", "aibot", "完成"),
        ("[mute-points]", "", "aibot", "完成"),
        ("[remove]", "confirm: [remove]", "sandbox", "拒绝"),
        ("[task]", "", "sandbox", "完成"),
    ],
)
def test_who_is_to_be_told_by_people_is_struck_again_only_after_that(
    ladder: str, extra: str, channel: str, answer: str
):
    with club_of(ladder, extra, channels={channel: "x"}) as club:
        breach(club)
        assert [done(breach(club, pause=HOUR)) for _ in range(3)] == [[], [], []]
        said = club.now
        club.now += MINUTE
        club.say(f"{answer} 1", "boss", group="")
        assert club.say(BAD, at=said + 1, message_id="late", key="late") == []

        assert done(breach(club))[0] == "strike"
        assert len(club.read(Strike)) == 2


def test_a_pardon_gives_back_the_points_the_mute_and_the_message():
    with club_of("[mute-points]") as club:
        breach(club)
        club.now += 1
        lines = club.say("撤销 @1", "boss", mentions=("li",))

        assert [line.points for line in of(lines, "points")] == [10, 2]
        assert (club.person().balance, club.person().muted_until) == (2, 0)
        again = club.say("撤销 @1", "boss", mentions=("li",), at=club.now + 1)
        assert of(again, "points") == []
        assert club.person().balance == 2
        assert texts(breach(club), "dm")[0].count("30 分钟") == 1


def test_staff_of_one_group_do_not_take_back_what_was_decided_in_another():
    other = builders.group(id="g2", owner="boss2", channels={"sandbox": "g2"})
    with life(RULES % (LADDER, ""), groups=[builders.group(), other]) as club:
        breach(club)
        breach(club, group="g2", pause=HOUR)
        club.say("撤销 @1", "owner", mentions=("li",))

        assert [each.group for each in club.read(Strike) if each.reversed_at] == [GROUP]


def test_strikes_are_the_persons_whichever_group_they_were_given_in():
    other = builders.group(id="g2", channels={"sandbox": "g2"})
    with life(RULES % (LADDER, ""), groups=[builders.group(), other]) as club:
        breach(club)
        breach(club, group="g2", pause=HOUR)

        assert [strike.measure for strike in club.read(Strike)] == ["remind", "mute-points"]
        assert club.read(Person, userid="li")[0].balance == -20
