"""Prompts and questions slots: what belongs to them, how they end."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from handlers.people import people
from handlers.ports import Context
from handlers.steps import threads
from sop.actions import Action
from sop.model import Item, Occurrence, Task, Thread, ThreadReply
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.unit.handlers.talking import MINUTE, KeysOnly, Talk, points, talking, words


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking() as found:
        yield found


def test_a_members_first_message_in_an_open_prompt_earns_reply_once(talk: Talk):
    talk.prompt()

    assert points(talk.say("li", "目录像地图")) == [("reply", 3)]
    assert points(talk.say("li", "先看路再走")) == []
    assert points(talk.say("chen", "像菜单")) == [("reply", 3)]


def test_a_reply_names_the_step_that_asked(talk: Talk):
    talk.prompt()

    assert [line.step for line in talk.say("li", "目录像地图")] == ["morning"]


def test_the_first_replies_are_acknowledged_and_no_more(talk: Talk):
    talk.prompt(ack="first 2")

    answers = [words(talk.say(who, f"{who} 的想法")) for who in ("li", "chen", "zhao")]

    assert "li" in answers[0]
    assert "chen" in answers[1]
    assert answers[2] == ""


def test_who_asks_something_is_not_thanked_for_sharing_it(talk: Talk):
    talk.prompt(ack="first 2")

    lines = talk.say("li", "我的券用不了，怎么办？")

    assert points(lines) == [("reply", 3)]
    assert words(lines) == ""


@pytest.mark.parametrize(
    ("after", "expected"),
    [(-1, [("reply", 3)]), (0, []), (1, [])],
    ids=["just before", "at the closing instant", "after"],
)
def test_the_closing_instant_is_outside(talk: Talk, after: int, expected: list[tuple[str, int]]):
    talk.prompt(**{"for": "10m"})
    talk.now = EVENING + 10 * MINUTE + after

    assert points(talk.say("li", "目录像地图")) == expected


def test_what_was_said_before_the_prompt_is_no_reply_to_it(talk: Talk):
    talk.prompt()

    assert talk.say("li", "早上好", at=EVENING - 1) == []


def test_of_several_prompts_the_newest_takes_what_quotes_none(talk: Talk):
    old = talk.prompt("读了什么？")
    talk.now += MINUTE
    new = talk.prompt("送给谁？")
    talk.now += MINUTE

    talk.say("li", "送给妈妈")

    assert [reply.thread for reply in talk.read(ThreadReply)] == [new]
    assert talk.say("li", "读了一本旧书") == []
    assert old != new


def test_a_quote_decides_which_prompt_is_answered(talk: Talk):
    old = talk.prompt("读了什么？")
    talk.now += MINUTE
    talk.prompt("送给谁？")
    talk.now += MINUTE

    lines = talk.say("li", "一本旧书", quote="读了什么？")

    assert points(lines) == [("reply", 3)]
    assert [reply.thread for reply in talk.read(ThreadReply)] == [old]


def test_a_quote_goes_before_an_open_slot(talk: Talk):
    thread = talk.prompt()
    talk.slot()
    talk.now += MINUTE

    lines = talk.say("li", "是说每天都要读吗？", quote="这一段让你想到什么？")

    assert points(lines) == [("reply", 3)]
    assert [reply.thread for reply in talk.read(ThreadReply)] == [thread]
    assert talk.items() == []


def test_an_open_slot_takes_questions_and_the_prompt_the_rest(talk: Talk):
    talk.prompt()
    talk.slot()

    assert points(talk.say("li", "精读和泛读怎么分配时间？")) == [("question", 2)]
    assert points(talk.say("li", "目录像地图")) == [("reply", 3)]


def test_of_several_slots_the_newest_takes_the_question(talk: Talk):
    talk.slot()
    talk.slot(title="加场")
    newest = max(thread.id for thread in talk.read(Thread))

    talk.say("li", "书太厚怎么办?")

    assert [item.thread for item in talk.read(Item)] == [newest]


@pytest.mark.parametrize("said", ["？？？", "?", "！？", "吗？"])
def test_wonder_alone_is_no_question(talk: Talk, said: str):
    talk.slot()

    assert talk.say("li", said) == []


def test_quoting_something_else_belongs_to_no_thread(talk: Talk):
    talk.say("chen", "今天下雨")
    talk.prompt()
    talk.now += MINUTE

    assert talk.say("li", "我这也下", quote="今天下雨") == []
    assert points(talk.say("li", "目录像地图")) == [("reply", 3)]


def test_an_ordinary_message_costs_no_query_with_or_without_threads(talk: Talk):
    event = builders.message("目录像地图", sender="li")

    def hear(context: Context) -> int:
        person = people.person_of(context.store, COMMUNITY, "li")
        keys_only = replace(context, store=KeysOnly(context.store), person_id=person.id)
        threads.hear(event, keys_only)
        return context.store.count(ThreadReply)

    assert talk.run(None, hear) == 0
    talk.prompt()
    talk.slot()
    assert talk.run(None, hear) == 1


def test_without_threads_and_questions_even_a_quote_costs_no_query(talk: Talk):
    event = builders.message("同意", quote="今天下雨")

    def hear(context: Context) -> tuple[Action, ...]:
        person = people.person_of(context.store, COMMUNITY, "li")
        keys_only = replace(context, store=KeysOnly(context.store), person_id=person.id)
        return threads.hear(event, keys_only).actions

    assert talk.run(None, hear) == ()


def test_a_thread_closes_once_and_leaves_the_others_open(talk: Talk):
    first = talk.prompt(**{"for": "10m"})
    second = talk.prompt(**{"for": "1h"})
    row = talk.read(Occurrence, subject=str(first))[0]

    assert talk.until(EVENING + 10 * MINUTE) == []
    assert [number for number, _ in talk.group().threads] == [second]
    assert talk.fall_due(row) == []
    assert [number for number, _ in talk.group().threads] == [second]
    assert talk.read(Thread, id=first)[0].status == "closed"


def test_nobody_spoke_so_somebody_is_asked_to_begin(talk: Talk):
    talk.prompt(starter={"after": "20m", "by": "owner"})

    lines = talk.until(EVENING + 20 * MINUTE)

    assert [(line.do, line.to) for line in lines] == [("task", "owner")]
    assert "这一段让你想到什么？" in lines[0].text


def test_somebody_spoke_so_nobody_is_asked(talk: Talk):
    talk.prompt(starter={"after": "20m", "by": "owner"})
    talk.say("li", "目录像地图")

    assert talk.until(EVENING + 20 * MINUTE) == []


@pytest.mark.parametrize("spoken", [True, False], ids=["a reply", "the end"])
def test_the_task_to_begin_settles_itself(talk: Talk, spoken: bool):  # noqa: FBT001 - a case
    talk.prompt(starter={"after": "20m", "by": "owner"}, **{"for": "1h"})
    talk.until(EVENING + 20 * MINUTE)

    if spoken:
        talk.say("li", "目录像地图")
    else:
        talk.until(EVENING + 60 * MINUTE)

    assert [task.status for task in talk.read(Task)] == ["void"]


def test_where_not_all_is_heard_silence_is_unknown():
    with talking(channels={"aibot": GROUP, "webhook": GROUP}) as talk:
        talk.prompt(starter={"after": "20m", "by": "owner"})

        assert talk.until(EVENING + 20 * MINUTE) == []


def test_a_starter_later_than_the_end_asks_nobody(talk: Talk):
    talk.prompt(starter={"after": "20m", "by": "owner"}, **{"for": "20m"})

    assert talk.until(EVENING + 30 * MINUTE) == []


def test_a_slot_opens_with_one_post_of_its_step(talk: Talk):
    lines = talk.slot(**{"for": "90m"})

    assert [(line.do, line.step) for line in lines] == [("post", "night")]
    assert "周三答疑" in lines[0].text
    assert "90 分钟" in lines[0].text


def test_a_slot_tells_to_mention_the_bot_where_it_must_be():
    with talking(channels={"link": GROUP}) as talk:
        assert "@我" in talk.slot()[0].text


def test_a_slot_in_a_group_without_ears_is_held_by_people():
    with talking(channels={"webhook": GROUP}) as talk:
        lines = talk.slot()

        assert [(line.do, line.to) for line in lines] == [("task", "staff")]
        assert talk.group().threads == ()


def test_the_digest_names_questions_askers_and_answers_accepted_first(talk: Talk):
    talk.slot(digest=True)
    talk.say("zhao", "请问精读和泛读怎么分配时间？", message_id="q1")
    talk.say("wang", "我只泛读", quote="请问精读和泛读怎么分配时间？")
    talk.say("chen", "我一般三七开", quote_id="q1")
    talk.command("accept", "zhao", "3")

    lines = talk.until(EVENING + 60 * MINUTE)

    assert [(line.do, line.step) for line in lines] == [("post", "night")]
    assert [part in lines[0].text for part in ("zhao", "精读和泛读", "chen", "wang")] == [True] * 4
    assert lines[0].text.index("三七开") < lines[0].text.index("只泛读")


def test_a_slot_hands_each_unanswered_question_over_and_closes(talk: Talk):
    talk.slot(digest=True)
    talk.say("zhao", "书太厚怎么办？")
    talk.say("chen", "书太薄怎么办？")
    talk.say("li", "切成三段", quote="书太厚怎么办？")

    lines = talk.until(EVENING + 60 * MINUTE)

    assert [(line.do, line.to) for line in lines] == [("task", "staff"), ("post", "")]
    assert "书太薄怎么办" in lines[0].text
    assert talk.group().threads == ()


def test_a_slot_without_digest_posts_nothing_at_its_end(talk: Talk):
    talk.slot()
    talk.say("zhao", "书太厚怎么办？")

    assert [line.do for line in talk.until(EVENING + 60 * MINUTE)] == ["task"]


def test_a_slot_without_questions_says_so_only_where_all_is_heard(talk: Talk):
    talk.slot(digest=True)
    heard = talk.until(EVENING + 60 * MINUTE)
    with talking(channels={"link": GROUP}) as deaf:
        deaf.slot(digest=True)
        unheard = deaf.until(EVENING + 60 * MINUTE)

    assert "没有提问" in heard[0].text
    assert unheard == []


def test_many_unanswered_questions_share_a_task_and_the_digest_tells_their_number(talk: Talk):
    talk.slot(digest=True)
    for number in range(30):
        talk.say("zhao", f"第{number}个完全不同的问题是什么？", at=EVENING + number)

    lines = talk.until(EVENING + 60 * MINUTE)

    assert [line.do for line in lines] == ["task"] * 21 + ["post"]
    assert "10 个问题" in lines[20].text
    assert "还有 10 个问题" in lines[21].text


def test_a_digest_in_quiet_hours_waits_for_the_morning(talk: Talk):
    talk.now = EVENING + 120 * MINUTE
    talk.slot(digest=True)
    talk.say("zhao", "书太厚怎么办？")

    night = talk.until(EVENING + 180 * MINUTE)
    morning = talk.until(EVENING + 690 * MINUTE)

    assert [line.do for line in night] == ["task", "held"]
    assert [line.do for line in morning] == ["post"]
    assert "书太厚怎么办" in morning[0].text
    assert morning[0].text.startswith("上一场「周三答疑」，一起回顾：")


def test_a_digest_that_comes_hours_late_is_dropped(talk: Talk):
    talk.slot(digest=True, **{"for": "10m"})
    talk.say("zhao", "书太厚怎么办？")
    talk.now = EVENING + 140 * MINUTE

    lines = talk.fall_due(talk.read(Occurrence, kind="close-thread")[0])

    assert [line.do for line in lines] == ["task", "dropped"]


@pytest.mark.parametrize("state", ["paused", "retired"])
def test_a_group_that_is_paused_or_retired_gets_no_digest(talk: Talk, state: str):
    talk.slot(digest=True)
    talk.group(**{state: True})

    assert talk.until(EVENING + 60 * MINUTE) == []
    assert talk.group().threads == ()


def test_a_question_may_quote_the_opening_of_the_slot(talk: Talk):
    opening = talk.slot()[0].text
    talk.now += MINUTE

    assert points(talk.say("li", "书太厚怎么办？", quote=opening)) == [("question", 2)]
    assert talk.say("li", "好的", quote=opening) == []


def test_members_texts_cannot_mention_or_link_in_the_digest(talk: Talk):
    talk.slot(digest=True)
    talk.say("zhao", "<@all> [点我](http://x.cn) 好吗？")

    digest = talk.until(EVENING + 60 * MINUTE)[-1].text

    assert "<@" not in digest
    assert "[" not in digest


def test_a_thread_survives_a_restart_in_its_middle(tmp_path: Path):
    with talking(path=tmp_path / "club.db") as talk:
        talk.prompt(ack="first 2")
        talk.slot(digest=True)
        talk.say("li", "目录像地图")
        talk.say("zhao", "书太厚怎么办？", message_id="q1")
    with talking(path=tmp_path / "club.db", now=EVENING + MINUTE) as talk:
        again = talk.say("li", "先看路再走")
        other = talk.say("chen", "像菜单")
        answer = talk.say("wang", "切成三段", quote_id="q1")
    with talking(path=tmp_path / "club.db", now=EVENING + 60 * MINUTE) as talk:
        digest = talk.until(EVENING + 60 * MINUTE)

    assert again == []
    assert points(other) == [("reply", 3)]
    assert "chen" in words(other)
    assert points(answer) == [("answer", 5)]
    assert "切成三段" in digest[0].text
