"""Whether a due step runs now, for whom, and how often."""

from dataclasses import replace

import pytest

from sop.model import Group, Item, LedgerEntry, Member, Note, Occurrence, StepRun
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

NIGHT = """
quiet: "22:00-07:30"
steps:
  - {id: z-first, when: "22:30 daily", do: [{post: "{{ group.name }}：先"}]}
  - {id: a-second, when: "23:00 daily", do: [{post: 后}]}
  - {id: loud, when: "08:00 daily", do: [{post: 早}]}
  - {id: quiet-work, when: "23:30 daily", do: [{task: {text: 看看夜里}}]}
"""


def test_a_quiet_night_holds_posts_in_the_order_they_fell_due():
    with life(NIGHT) as club:
        club.enforce()
        night = club.wait(EVENING + 11 * HOUR)
        assert [(line.do, line.step, line.reason) for line in night] == [
            ("held", "z-first", "quiet"), ("held", "a-second", "quiet"),
            ("task", "quiet-work", ""),
        ]  # fmt: skip
        with club.acting() as context:
            group = context.group
            assert group is not None
            context.store.put(replace(group, title="新名字"))
        morning = club.wait(EVENING + 12 * HOUR)

        assert [line.text for line in morning] == ["新名字：先", "后", "早"]
        assert [run.at for run in club.read(StepRun, step="a-second")] == [
            EVENING + 11 * HOUR + 30 * MINUTE
        ]
        assert [note.body["reason"] for note in club.read(Note)] == ["quiet", "quiet"]
        assert len(club.read(StepRun, step="quiet-work")) == 1


def test_a_group_of_its_own_hours_sleeps_by_them():
    with life(NIGHT) as club:
        club.enforce(builders.group(override={"quiet": "01:00-02:00"}))
        lines = club.wait(EVENING + 11 * HOUR)

        assert texts(lines, "post") == ["晨读一群：先", "后"]


def test_conditions_of_a_held_step_are_asked_when_it_is_released():
    pack = """
quiet: "22:00-07:30"
steps:
  - {id: nudge, when: member.joined + 3h, grace: 1d, unless: {introduced: true},
     do: [{dm: 还没认识你}]}
"""
    for introduces in (False, True):
        with life(pack) as club:
            club.join("li")
            assert [line.do for line in club.wait(EVENING + 5 * HOUR)] == ["held"]
            if introduces:
                club.say("大家好，我是新来的李四")
            lines = club.wait(EVENING + 12 * HOUR)
            assert texts(lines, "dm") == ([] if introduces else ["还没认识你"])


BATCH = """
steps:
  - {id: welcome, when: member.joined, batch: {for: 10m, or: 3},
     do: [{post: "欢迎 {{ members }}", mention: member}]}
"""


def test_newcomers_within_a_moment_share_one_welcome():
    with life(BATCH) as club:
        club.join("amy")
        club.now += 5 * MINUTE
        club.join("bob")
        lines = club.wait(EVENING + HOUR)
        club.join("cat")
        later = club.wait(EVENING + 2 * HOUR)

        assert texts(lines) == ["欢迎 Amy、Bob"]
        assert len(lines[0].mention) == 2
        assert texts(later) == ["欢迎 Cat"]
        assert [run.at for run in club.read(StepRun)] == [EVENING + 10 * MINUTE] * 2 + [
            EVENING + 70 * MINUTE
        ]


def test_a_welcome_may_name_the_member_and_names_all_who_share_it():
    pack = """
texts: {hi: "你好，{{ member.name }}"}
steps:
  - {id: welcome, when: member.joined, batch: 10m,
     do: [{post: "{{ texts.hi }}", card: {title: "给 {{ member.name }}", url: "https://a.cn"}},
          {dm: "{{ member.name }}，我是机器人"},
          {task: {to: staff, text: "{{ member.name }}来了"}}]}
"""
    with life(pack) as club:
        club.join("amy")
        club.now += MINUTE
        club.join("bob")
        lines = club.wait(EVENING + HOUR)

        assert texts(lines, "post") == ["你好，Amy、Bob\n给 Amy、Bob\nhttps://a.cn"]
        assert texts(lines, "dm") == ["Amy，我是机器人", "Bob，我是机器人"]
        assert texts(lines, "task") == ["1. Amy、Bob来了"]


def test_what_is_chained_to_a_shared_welcome_is_shared_and_of_each_member_is_each_ones():
    pack = """
segments: {all: {tenure: "< 30d"}}
steps:
  - {id: welcome, when: member.joined, batch: 10m, do: [{post: "欢迎 {{ members }}"}]}
  - {id: later, when: {after: welcome, delay: 5m}, do: [{post: "介绍一下自己吧"}, {dm: 悄悄话}]}
  - {id: last, when: {after: later}, do: [{post: "{{ members }}，不急"}]}
  - {id: round, when: "20:30 daily", each: {segment: all}, do: [{post: "{{ member.name }} 早"}]}
  - {id: told, when: {after: round}, do: [{post: "{{ member.name }} 好"}]}
"""
    with life(pack) as club:
        club.enforce()
        club.join("amy", "bob")
        lines = club.wait(EVENING + 20 * MINUTE)

        assert texts(lines, "post") == [
            "欢迎 Amy、Bob", "介绍一下自己吧", "Amy、Bob，不急",
        ]  # fmt: skip
        assert len(of(lines, "dm")) == 2
        assert texts(club.wait(EVENING + HOUR)) == ["Amy 早", "Bob 早", "Amy 好", "Bob 好"]


def test_enough_newcomers_are_welcomed_at_once():
    with life(BATCH) as club:
        for name in ("amy", "bob", "cat"):
            club.now += 1
            club.join(name)
        lines = club.tick()

        assert texts(lines) == ["欢迎 Amy、Bob、Cat"]
        assert club.wait(EVENING + HOUR) == []


def test_a_batch_of_one_waits_for_nobody():
    with life(BATCH.replace("or: 3", "or: 1")) as club:
        club.join("amy", "bob")

        assert texts(club.tick()) in (["欢迎 Amy、Bob"], ["欢迎 Amy", "欢迎 Bob"])


def test_enough_newcomers_do_not_bring_tomorrows_batch_forward():
    pack = """
steps:
  - {id: next-day, when: member.joined + 1d, batch: {for: 10m, or: 2},
     do: [{post: "{{ members }} 第一天"}]}
"""
    with life(pack) as club:
        club.join("amy")
        club.now += 5 * MINUTE
        club.join("bob")
        assert club.wait(EVENING + DAY) == []

        lines = club.wait(EVENING + DAY + HOUR)
        assert texts(lines) == ["Amy、Bob 第一天"]
        assert {run.at for run in club.read(StepRun)} == {EVENING + DAY + 5 * MINUTE}


def test_who_left_before_the_welcome_is_not_welcomed():
    with life(BATCH) as club:
        club.join("amy", "bob")
        with club.acting() as context:
            member = context.store.get(Member, COMMUNITY, GROUP, 1)
            assert member is not None
            context.store.put(replace(member, left_at=club.now))
        assert texts(club.wait(EVENING + HOUR)) == ["欢迎 Bob"]

        club.join("cat")
        with club.acting() as context:
            member = context.store.get(Member, COMMUNITY, GROUP, 3)
            assert member is not None
            context.store.put(replace(member, left_at=club.now))
        assert club.wait(EVENING + 2 * HOUR) == []


def test_a_night_gathers_its_newcomers_in_one_morning_welcome():
    with life('quiet: "22:00-07:30"\n' + BATCH) as club:
        for hour, name in ((3, "amy"), (5, "bob"), (8, "cat")):
            club.wait(EVENING + hour * HOUR)
            club.join(name)
        lines = club.wait(EVENING + 12 * HOUR)

        assert [line.reason for line in of(lines, "held")] == ["quiet"]
        assert texts(lines, "post") == ["欢迎 Amy、Bob、Cat"]


def test_a_day_has_at_most_so_many_welcomes_and_the_next_day_makes_up_for_it():
    pack = """
quiet: "23:00-07:30"
steps: [{id: welcome, when: member.joined, batch: {for: 1m, at_most: 1/day},
  do: [{post: "{{ members }}"}]}]
"""
    with life(pack) as club:
        said = []
        for names in (("amy", "bob"), ("cat",), ("dan",)):
            club.join(*names)
            said += texts(club.wait(club.now + HOUR), "post")
        assert said == ["Amy、Bob"]
        lines = club.wait(EVENING + 12 * HOUR)

        assert [line.reason for line in of(lines, "held")] == ["quiet"] * 2
        assert texts(lines, "post") == ["Cat、Dan"]


LIMITS = """
steps:
  - {id: price, when: {says: [多少钱]}, limit: {group: 2/1d, member: 1/7d}, do: [{post: 看这里}]}
  - {id: welcome, when: member.joined, batch: 1m, limit: {group: 2/1d}, do: [{post: [一, 二]}]}
"""


def ask(club: Life, *senders: str) -> list[int]:
    found = []
    for sender in senders:
        club.now += 1
        found.append(len(of(club.say("这个多少钱", sender), "post")))
    return found


def test_limits_roll_per_group_and_per_member():
    with life(LIMITS) as club:
        assert ask(club, "li", "li", "amy", "bob") == [1, 0, 1, 0]
        club.now = EVENING + DAY + 1
        assert ask(club, "li", "bob", "cat", "dan") == [0, 1, 1, 0]
        club.now = EVENING + 7 * DAY + 1
        assert ask(club, "li", "amy") == [1, 1]


def test_another_group_has_its_own_limit_and_a_member_only_one():
    other = builders.group(id="g2", channels={"sandbox": "g2"})
    with life(LIMITS, groups=[builders.group(), other]) as club:
        assert ask(club, "li", "amy", "bob") == [1, 1, 0]
        club.now += 1
        assert len(of(club.say("多少钱", "bob", group="g2"), "post")) == 1
        assert len(of(club.say("多少钱呢", "li", group="g2"), "post")) == 0


def test_a_welcome_for_several_is_one_run_of_the_group():
    with life(LIMITS) as club:
        said = []
        for names in (("amy", "bob", "cat"), ("dan", "eve"), ("fay",)):
            club.join(*names)
            said += texts(club.wait(club.now + HOUR))

        assert said == ["一", "二"]
        assert len(club.read(StepRun)) == 5


def test_a_condition_nobody_can_know_does_not_run_the_step():
    pack = """
steps:
  - {id: nudge, when: member.joined + 1h, if: {introduced: false}, do: [{dm: 介绍一下}]}
  - {id: chat, when: "21:30 daily", unless: {step_done: chat}, do: [{post: 聊聊}]}
"""
    for channels, nudged in (({"appchat": "a", "app": ""}, 0), ({"sandbox": "a"}, 1)):
        with life(pack, groups=[builders.group(channels=channels)]) as club:
            club.enforce(builders.group(channels=channels))
            club.join("li")
            lines = club.wait(EVENING + 3 * DAY)

            assert len(of(lines, "dm")) == nudged
            assert texts(lines, "post") == ["聊聊"]


@pytest.mark.parametrize(
    ("group", "pack", "reason"),
    [
        pytest.param({"paused": True}, "", "paused", id="a paused group"),
        pytest.param(
            {"override": {"skip": ["2026-12-02..2026-12-03"]}}, "", "skip", id="its own days"
        ),
        pytest.param({}, 'skip: ["2026-12-02..2026-12-05"]\n', "skip", id="days of the pack"),
    ],
)  # fmt: skip
def test_a_silenced_step_is_dropped_and_says_why(group: dict[str, object], pack: str, reason: str):
    steps = """
steps: [{id: late, when: "21:00 daily", do: [{post: 晚}]}]
"""
    bound = builders.group(**group)
    with life(pack + steps, groups=[bound]) as club:
        club.enforce(bound)
        lines = club.wait(EVENING + 2 * HOUR)

        assert [(line.do, line.reason) for line in lines] == [("dropped", reason)]
        assert len(club.read(Occurrence, status="pending", step="late")) == 1


SILENCE = """
quiet: "22:00-08:00"
steps: [{id: wake, when: {silence: 6h}, do: [{post: 最近在读什么？}]}]
"""


def test_a_silent_spell_is_noticed_once_and_quiet_hours_do_not_count():
    with life(SILENCE) as club:
        club.say("晚上好呀")
        club.enforce()
        first = club.wait(EVENING + DAY)
        assert [(run.at - EVENING) / HOUR for run in club.read(StepRun)] == [16]
        assert texts(first) == ["最近在读什么？"]
        assert club.wait(EVENING + 3 * DAY) == []

        club.say("读三体呢")
        spoken = club.now
        lines = club.wait(spoken + 2 * DAY)
        assert texts(lines) == ["最近在读什么？"]
        assert [(run.at - spoken) / HOUR for run in club.read(StepRun)][1:] == [16]


def test_where_not_all_is_heard_no_silence_is_noticed():
    bound = builders.group(channels={"aibot": "b", "webhook": "w"}, spoken_at=EVENING)
    with life(SILENCE, groups=[bound]) as club:
        club.enforce(bound)

        assert club.wait(EVENING + 3 * DAY) == []
        assert club.read(Occurrence, kind="silence") == []


def test_a_step_that_is_gone_or_whose_group_is_gone_does_not_run():
    with life(SILENCE) as club:
        club.enforce()
        club.book = replace(club.book, pack=builders.pack("steps: []"))
        assert club.wait(EVENING + 3 * DAY) == []
    with life(NIGHT) as club:
        club.enforce()
        with club.acting() as context:
            group = context.store.get(Group, COMMUNITY, GROUP)
            assert group is not None
            context.store.put(replace(group, retired=True))
        assert club.wait(EVENING + DAY) == []
        assert club.read(Item) == club.read(LedgerEntry) == []


@pytest.mark.parametrize(
    "do",
    [
        "{offer: class}",
        "{report: {kind: daily}}",
        "{questions: {title: 答疑}}",
        "{ask: 读到哪了？}",
    ],
)
def test_whatever_the_bot_says_first_waits_for_the_morning(do: str):
    pack = """
quiet: "22:00-07:30"
benefits: [{id: class, title: 精读课, kind: link, value: "https://example.com/class"}]
steps: [{id: it, when: "2026-12-02 22:30", do: [%s]}]
"""
    with life(pack % do) as club:
        club.enforce()
        lines = club.wait(EVENING + 12 * HOUR)

        assert [(line.do, line.reason) for line in lines[:2]] == [("held", "quiet"), ("post", "")]
