"""The knowledge of a group: best answers, pages, and how long people waited."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.figures import making, telling
from handlers.likes import likes
from handlers.ports import Context
from handlers.questions import knowledge, response_times
from handlers.questions.knowledge import Entry
from handlers.questions.knowledge_pages import page, plain
from sop.finding.ranking import kept, sought
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.unit.handlers.talking import MINUTE, Talk, talking

HOUR = 60 * MINUTE


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking() as found:
        yield found


def asks(talk: Talk, who: str, words: str) -> None:
    talk.command("ask", who, words)
    talk.now += MINUTE


def answers(talk: Talk, who: str, words: str) -> None:
    talk.command("answer", who, words)
    talk.now += MINUTE


def known(talk: Talk) -> list[Entry]:
    return talk.run(None, lambda context: list(knowledge.entries(context, context.group)))


def found(talk: Talk, words: str) -> list[int]:
    return talk.run(
        None, lambda c: [each.number for each in knowledge.search(c, c.group, words, 9)]
    )


def likes_it(talk: Talk, who: str, number: str) -> None:
    event = builders.message(f"赞 {number}", sender=who, at=talk.now)
    talk._as(who, event, lambda context: likes.like(event, context, number))


def test_the_best_answer_is_the_accepted_one_else_the_most_liked_else_the_first(talk: Talk):
    asks(talk, "zhao", "从哪本读起")
    answers(talk, "chen", "1 小王子")
    answers(talk, "wang", "1 活着")
    assert known(talk)[0].answer == "小王子"

    likes_it(talk, "li", "3")
    assert (known(talk)[0].answer, known(talk)[0].accepted) == ("活着", False)

    talk.command("accept", "zhao", "2")
    assert (known(talk)[0].answer, known(talk)[0].accepted) == ("小王子", True)


def test_what_nobody_answered_is_no_knowledge_but_can_be_found(talk: Talk):
    asks(talk, "zhao", "从哪本读起")

    assert known(talk) == []
    assert found(talk, "哪本") == [1]


def test_a_search_gives_each_question_once_the_better_first(talk: Talk):
    asks(talk, "zhao", "退款多久到账")
    answers(talk, "chen", "1 退款三天到账")
    asks(talk, "wang", "密码忘了")
    answers(talk, "chen", "3 找客服退款时一起改")

    assert found(talk, "退款到账") == [1, 3]
    assert found(talk, "！？") == []


def test_questions_are_still_there_after_a_restart(tmp_path: Path):
    path = tmp_path / "q.db"
    with talking(path=path) as before:
        asks(before, "zhao", "退款多久到账")
        answers(before, "chen", "1 三天")
        before.command("accept", "zhao", "2")
    with talking(path=path, now=EVENING + HOUR) as after:
        lines = after.command("ask", "wang", "请问退款要多久才能到账")

    assert any("三天" in line.text for line in lines)


def test_times_count_the_first_answer_and_name_who_waits(talk: Talk):
    asks(talk, "zhao", "从哪本读起")
    answers(talk, "chen", "1 小王子")
    answers(talk, "wang", "1 活着")
    asks(talk, "zhao", "退款多久到账")
    talk.now += 2 * HOUR
    answers(talk, "chen", "4 三天")
    asks(talk, "wang", "发票怎么开")

    times = talk.run(None, lambda c: response_times.times(c, c.group, EVENING - 1))
    words = talk.run(None, lambda c: telling.for_group(making.report(c, c.group, "daily")))

    assert (times.asked, times.answered, times.waiting) == (3, 2, (6,))
    assert (times.median_ms, times.longest_ms) == (61 * MINUTE, 2 * HOUR + MINUTE)
    assert words.endswith(
        "提问 3 个，2 个有了回答，一般等 61 分钟；还有 1 个等着，从问题 6 开始。"
    )


def test_where_not_all_is_heard_nobody_is_said_to_wait():
    with talking(channels={"aibot": GROUP, "webhook": "w"}) as talk:
        asks(talk, "zhao", "从哪本读起")

        words = talk.run(None, lambda c: telling.for_group(making.report(c, c.group, "daily")))

    assert words.endswith("提问 1 个，0 个有了回答。")


def test_without_questions_a_report_has_no_figures_of_them(talk: Talk):
    assert talk.run(None, lambda c: making.report(c, c.group, "daily").questions) == ()


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("# 标题", "\\# 标题"),
        ("[点我](http://x)<b>", "\\[点我\\](http://x)\\<b\\>"),
        ("--- 1", "\\--- 1"),
        ("1. 先", "1\\. 先"),
        ("3.5 折", "3.5 折"),
        ("a_b*c", "a\\_b\\*c"),
    ],
)
def test_nothing_said_is_taken_for_markup(said: str, shown: str):
    assert plain(said) == shown


def test_a_long_question_follows_its_heading_in_full():
    long = "为什么" * 50
    made = page("群", "2026-12-02", [
        Entry(number=1, question=long, asker="a", asked_on="d", answer="一\n\n二", by="b"),
    ])  # fmt: skip

    assert f"\n> {long}\n" in made
    assert made.endswith("> 一\n>\n> 二\n")


@given(st.text(max_size=60))
def test_whoever_looks_for_a_whole_text_finds_it(said: str):
    assert set(sought(said)) <= set(kept(said))


def test_nobody_is_named_who_is_on_no_list(talk: Talk):
    asks(talk, "zhao", "从哪本读起")
    answers(talk, "chen", "1 小王子")

    def hide(context: Context) -> None:
        person = next(p for p in context.store.find(type(context.person), community=COMMUNITY)
                      if p.name == "chen")  # fmt: skip
        context.store.put(replace(person, unranked=True))

    talk.run(None, hide, 1)

    assert known(talk)[0].by == "一位伙伴"
