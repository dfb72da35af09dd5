"""What each action of a step becomes."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from handlers.steps import step_actions
from sop.actions import Action
from sop.model import Group, LedgerEntry, PoolUse, StepRun, Task, Thread
from sop.pack.pack_steps import ACTIONS, parse_action
from tests import builders
from tests.builders import EVENING
from tests.lives import DAY, HOUR, Life, life, of, texts

STEP = '\nsteps:\n  - {{id: it, title: 今晚的事, when: "20:30 daily", do: [{}]}}\n'


def ran(club: Life, days: int = 1) -> list[Action]:
    """What the steps do; that a pool runs low is told by other tests."""
    club.enforce(*club.read(Group))
    return [line for line in club.wait(EVENING + days * DAY) if "还剩" not in line.text]


@pytest.mark.parametrize(
    ("do", "line"),
    [
        pytest.param("{post: 晚上好}", {"text": "晚上好"}, id="words"),
        pytest.param(
            "{post: 报名吧, link: form}", {"text": "报名吧\nhttps://example.com/f"}, id="a name"
        ),
        pytest.param(
            '{post: 看, link: "https://example.com/x"}', {"text": "看\nhttps://example.com/x"},
            id="an address",
        ),
        pytest.param(
            '{post: 看, card: {title: "{{ group.name }}", text: 周三, url: "https://example.com/c"}}',
            {"text": "看\n晨读一群\n周三\nhttps://example.com/c"}, id="a card in words",
        ),
        pytest.param("{post: 大家, mention: [amy, all]}", {"mention": ("all",)}, id="everybody"),
        pytest.param("{post: 两位, mention: [amy, bob, AMY]}", {"mention": ("1", "2")}, id="two"),
        pytest.param("{offer: class}", {"text": "精读课\nhttps://example.com/class"}, id="offer"),
        pytest.param(
            "{report: {kind: daily}}", {"text": "最近比较安静，聊聊你手边的事吧。"}, id="a report"
        ),
    ],
)  # fmt: skip
def test_a_step_says_in_the_group(do: str, line: Mapping[str, object]):
    pack = """
links: {form: "https://example.com/f"}
benefits: [{id: class, title: 精读课, kind: link, value: "https://example.com/class"}]
"""
    with life(pack + STEP.format(do)) as club:
        (said,) = ran(club)

        assert said.do == "post"
        assert said.step == "it"
        assert {name: getattr(said, name) for name in line} == dict(line)


def test_several_texts_take_turns_also_after_a_restart():
    with life(STEP.format("{post: [一, 二, 三]}")) as club:
        assert texts(ran(club, 4)) == ["一", "二", "三", "一"]


POOL = """
library:
  poems:
    repeat: %s
    items:
      - 第一首
      - {text: 新年诗, from: 2027-01-01}
      - {text: 第二首, image: two.png}
      - {image: three.png}
"""


def test_a_pool_gives_each_item_once_and_then_asks_for_more():
    with life(POOL % "false" + STEP.format("{drop: poems}, {post: 读完了}")) as club:
        lines = ran(club, 6)

        said = [(line.text, line.image) for line in of(lines, "post")]
        assert [each for each in said if each[0] != "读完了"] == [
            ("第一首", ""), ("第二首", "two.png"), ("", "three.png"),
        ]  # fmt: skip
        assert len(of(lines, "post")) == 6
        assert len(of(lines, "task")) == 1
        assert "poems" in texts(lines, "task")[0]
        assert len(club.read(StepRun)) == 3


def test_a_pool_that_repeats_begins_anew_and_a_season_adds_its_item():
    with life(POOL % "true" + STEP.format("{drop: poems}")) as club:
        lines = ran(club, 4)
        assert [line.text for line in lines] == ["第一首", "第二首", "", "第一首"]

        club.now = EVENING + 31 * DAY
        assert texts(club.wait(club.now + DAY), "post") == ["新年诗"]


def test_a_community_reads_the_same_item_on_the_same_day():
    pack = "\nlibrary: {poems: {scope: community, items: [甲, 乙, 丙]}}\n"
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(pack + STEP.format("{drop: poems}"), groups=groups) as club:
        lines = ran(club, 2)

        assert [(line.group, line.text) for line in lines] == [
            ("g1", "甲"), ("g2", "甲"), ("g1", "乙"), ("g2", "乙"),
        ]  # fmt: skip
        assert [len(use.used) for use in club.read(PoolUse)] == [2]


def test_a_pool_may_be_reordered_without_anything_coming_twice():
    def pack(items: str) -> str:
        return f"\nlibrary: {{poems: [{items}]}}\n" + STEP.format("{drop: poems}")

    with life(pack("甲, 乙, 丙")) as club:
        assert texts(ran(club, 1), "post") == ["甲"]

        club.book = builders.book(builders.HEAD + pack("丙, 甲, 丁, 乙"))

        assert texts(club.wait(EVENING + 4 * DAY), "post") == ["丙", "丁", "乙"]


def test_a_video_that_no_channel_carries_is_a_task():
    pack = "\nlibrary: {films: [{text: 看这段, video: a.mp4}]}\n"
    with life(pack + STEP.format("{drop: films}")) as club:
        lines = ran(club, 1)

    assert texts(lines, "post") == ["看这段"]
    assert ["a.mp4" in text for text in texts(lines, "task")] == [True]


def test_an_empty_pool_gives_way_to_its_fallback():
    pack = "\nlibrary: {news: [今天的], evergreen: {repeat: true, items: [老话]}}\n"
    with life(pack + STEP.format("{drop: {pool: news, fallback: evergreen}}")) as club:
        assert texts(ran(club, 3)) == ["今天的", "老话", "老话"]


def test_a_fallback_stands_in_whatever_tag_was_wanted_and_keeps_to_the_tag_where_it_knows_it():
    pack = """
library:
  news: [{text: 一首诗, tags: [诗]}, 别的]
  plain: [老话, 又一句]
  mixed: [无题, {text: 又一首诗, tags: [诗]}, 还有]
"""
    for fallback, said in (("plain", ["老话", "又一句"]), ("mixed", ["又一首诗"])):
        drop = f"{{drop: {{pool: news, tag: 诗, fallback: {fallback}}}}}"
        with life(pack + STEP.format(drop)) as club:
            assert texts(ran(club, 3), "post") == ["一首诗", *said]


def test_a_question_of_an_item_goes_out_with_it_and_opens_a_thread():
    pack = "\nlibrary: {riddles: [{text: 一段话, ask: 你怎么看？, image: a.png}]}\n"
    with life(pack + STEP.format("{drop: riddles}, {ask: {from: item}, for: 2h}")) as club:
        (line,) = ran(club)

        assert (line.text, line.image) == ("一段话\n你怎么看？", "a.png")
        (thread,) = club.read(Thread)
        assert (thread.text, thread.closes_at - thread.opened_at) == (line.text, 2 * HOUR)


def test_a_prompt_comes_from_a_pool_and_without_one_nothing_opens():
    pack = "\nlibrary: {prompts: [{ask: 读到哪了？}]}\n"
    with life(pack + STEP.format("{ask: {pool: prompts}}, {post: 等你}")) as club:
        lines = ran(club, 2)

        assert texts(lines, "post") == ["读到哪了？", "等你"]
        assert len(of(lines, "task")) == 1
        assert len(club.read(Thread)) == 1


def test_an_empty_pool_leaves_nothing_half_done():
    pack = "\nlibrary: {poems: {items: [{text: 一首, from: 2027-01-01}]}}\n"
    with life(pack + STEP.format("{ask: [甲, 乙]}, {drop: poems}")) as club:
        lines = ran(club)
        assert [line.do for line in lines] == ["task"]
        assert club.read(Thread) == []

        club.now = EVENING + 31 * DAY
        assert texts(club.wait(club.now + DAY), "post") == ["甲", "一首"]


JOINED = """
score: {{earn: {{message: {{points: 1}}}}}}
steps:
  - {{id: it, when: member.joined, batch: 5m, do: [{do}]}}
"""


def newcomers(club: Life, *names: str) -> list[Action]:
    club.join(*names)
    return club.wait(club.now + HOUR)


def test_each_newcomer_is_written_to_by_name_unless_they_asked_not_to_be():
    with life(JOINED.format(do='{dm: "{{ member.name }} 你好", image: hi.png}')) as club:
        with club.acting("bob") as context:
            bob = context.person
            assert bob is not None
            context.store.put(replace(bob, nudges_off=True))
        lines = newcomers(club, "amy", "bob", "cat")

        assert texts(lines) == ["Amy 你好", "Cat 你好"]
        assert [(line.do, line.to == line.member, line.image) for line in lines] == [
            ("dm", True, "hi.png")
        ] * 2


def test_a_tag_is_given_once_and_points_are_booked_for_each_action():
    do = "{tag: 新人}, {award: 5}, {award: 5}"
    groups = [builders.group(), builders.group(id="g2", channels={"sandbox": "g2"})]
    with life(JOINED.format(do=do), groups=groups) as club:
        # Both welcomes fall due at the same instant.
        club.join("amy")
        club.join("amy", group="g2")
        lines = club.wait(EVENING + HOUR)

        assert [line.points for line in of(lines, "points")] == [5] * 4
        assert (club.person("amy").tags, club.person("amy").balance) == (("新人",), 20)
        assert {entry.deed for entry in club.read(LedgerEntry)} == {"award"}


def test_tasks_of_one_step_are_each_a_task_with_its_deadline():
    do = "{task: {to: owner, text: 欢迎, due: 2h}}, {task: {to: staff, text: 欢迎}}"
    with life(STEP.format(do)) as club:
        lines = ran(club)

        assert [(line.to, line.text) for line in of(lines, "task")] == [
            ("owner", "1. 欢迎"), ("staff", "2. 欢迎"),
        ]  # fmt: skip
        assert [task.due_at - task.created_at for task in club.read(Task)][:1] == [2 * HOUR]
        assert len(of(lines, "dm")) == 1


def test_an_offer_answers_the_message_that_set_it_off():
    pack = """
benefits: [{id: class, title: 精读课, kind: link, value: "https://example.com/class"}]
steps: [{id: it, when: {says: [怎么报名]}, do: [{offer: class}]}]
"""
    with life(pack) as club:
        (line,) = club.say("请问怎么报名")

        assert (line.do, line.private) == ("reply", False)


def test_a_report_for_people_is_told_in_private():
    with life(STEP.format("{report: {kind: weekly, to: owner}}")) as club:
        (line,) = ran(club)

        assert (line.do, line.to) == ("dm", "owner")


BY_HAND = {"wall": {"wall": "fame"}}


@pytest.mark.parametrize("kind", BY_HAND)
def test_what_this_version_cannot_do_is_one_task_for_people(kind: str):
    with life(STEP.format("{post: 好}")) as club, club.acting() as context:
        group, planned = context.group, club.book.pack.steps[0]
        assert group is not None
        step = planned.model_copy(update={"do": (parse_action(BY_HAND[kind]),)})

        part = step_actions.expand(context, group, step, (), due_at=EVENING)
        (line,), counts = part.lines, part.ran
        again = step_actions.expand(context, group, step, (), due_at=EVENING).lines

        assert (line.do, line.to, counts) == ("task", "staff", True)
        assert "晨读一群" in line.text
        assert BY_HAND[kind].get("title", "") in line.text
        assert again == ()


def test_every_action_of_the_format_is_done_or_handed_to_people():
    done = {key for key, model in ACTIONS.items() if model in step_actions._EXPANDERS}

    assert set(ACTIONS) == done | BY_HAND.keys()
