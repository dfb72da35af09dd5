"""Asking, answering, accepting: who may, what is paid, and what becomes of a question."""

from collections.abc import Iterator

import pytest

from handlers.ports import Context
from sop.model import Item, Task
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.unit.handlers.talking import MINUTE, Talk, points, talking, words


@pytest.fixture
def talk() -> Iterator[Talk]:
    with talking() as found:
        yield found


@pytest.fixture
def asked(talk: Talk) -> Talk:
    """Zhao asked question 1 in an open slot, and chen gave answer 2."""
    talk.slot(escalate_after="30m")
    talk.say("zhao", "精读和泛读怎么分配时间？", message_id="q1")
    talk.now += MINUTE
    talk.say("chen", "我一般三七开", quote_id="q1", message_id="a1")
    talk.now += MINUTE
    return talk


def test_questions_are_numbered_and_the_number_is_told(talk: Talk):
    first = talk.command("ask", "zhao", "从哪本读起")
    second = talk.command("ask", "chen", "读不下去怎么办")

    assert points(first) == [("question", 2)]
    assert "问题 1" in words(first)
    assert "问题 2" in words(second)
    assert "回答 2" in words(second)


def test_asking_nothing_is_explained_privately(talk: Talk):
    lines = talk.command("ask", "zhao")

    assert [line.do for line in lines] == ["dm"]
    assert talk.items() == []


def test_asking_in_private_points_to_the_group(talk: Talk):
    lines = talk.command("ask", "zhao", "从哪本读起", group="")

    assert "晨读一群" in lines[0].text
    assert talk.items() == []


def test_a_question_taken_back_at_once_is_not_paid(talk: Talk):
    talk.command("ask", "zhao", "从哪本读起")

    assert points(talk.command("withdraw", "zhao", "1")) == [("reversal", -2)]


def test_a_quoted_question_is_answered_with_any_text(asked: Talk):
    assert asked.paid() == [("question", 2), ("answer", 5)]
    assert asked.items() == [(1, "question", "answered"), (2, "answer", "open")]


def test_a_question_is_answered_by_its_number(asked: Talk):
    lines = asked.command("answer", "wang", "1 先泛读")

    assert points(lines) == [("answer", 5)]
    assert "wang" in words(lines)
    assert "采纳 3" in words(lines)


def test_inside_one_slot_a_leading_number_is_an_answer(asked: Talk):
    assert points(asked.say("wang", "1 先泛读")) == [("answer", 5)]
    assert points(asked.say("li", "1：看心情")) == [("answer", 5)]


@pytest.mark.parametrize(
    "said", ["1本就够了", "1.5 倍速", "1", "9 没有这个", "2 我也是", "20:30 见"]
)
def test_a_number_that_is_part_of_talk_is_no_answer(asked: Talk, said: str):
    assert asked.say("wang", said) == []
    assert len(asked.items()) == 2


def test_a_number_of_no_question_that_is_said_to_the_bot_is_told_with_those_there_are(asked: Talk):
    (line,) = asked.say("wang", "9 先泛读", mentions_bot=True)

    assert (line.do, line.text.splitlines()[0]) == ("dm", "没有找到这个编号的问题。")
    assert line.text.splitlines()[2].startswith("1（")
    assert len(asked.items()) == 2


def test_with_two_slots_open_a_leading_number_is_talk(asked: Talk):
    asked.slot(title="加场")

    assert asked.say("wang", "1 先泛读") == []


def test_quoting_the_bots_own_announcement_answers_the_question(talk: Talk):
    talk.slot()
    told = words(talk.say("zhao", "书太厚怎么办？"))
    talk.now += MINUTE

    assert points(talk.say("chen", "切成三段", quote=told)) == [("answer", 5)]


def test_a_question_can_be_answered_by_quote_long_after_the_slot(asked: Talk):
    asked.until(EVENING + 90 * MINUTE)

    lines = asked.say("wang", "我也三七开", quote="精读和泛读怎么分配时间？")

    assert points(lines) == [("answer", 5)]


def test_only_a_members_first_answer_to_a_question_is_paid(asked: Talk):
    again = asked.say("chen", "补充：周末倒过来", quote_id="q1")

    assert again == []
    assert asked.paid("answer") == [("answer", 5)]
    assert asked.items()[-1] == (3, "answer", "open")


def test_nobody_answers_their_own_question(talk: Talk):
    talk.slot()
    talk.say("zhao", "书太厚怎么办？", message_id="q1")
    talk.now += MINUTE

    assert talk.say("zhao", "我是说小说", quote_id="q1") == []
    assert talk.say("zhao", "1 切成三段") == []
    assert [line.do for line in talk.command("answer", "zhao", "1 切成三段")] == ["dm"]
    assert talk.items() == [(1, "question", "open")]


def test_thanks_alone_are_no_answer_but_thanks_and_more_are(asked: Talk):
    assert asked.say("wang", "👍", quote_id="q1") == []
    assert asked.say("wang", "感谢！", quote_id="q1") == []
    assert points(asked.say("wang", "谢谢提问，我是先泛读再精读", quote_id="q1")) == [
        ("answer", 5)
    ]


def test_the_asker_accepts_by_number_and_the_answerer_is_paid(asked: Talk):
    lines = asked.command("accept", "zhao", "2")

    assert [(line.member != "", line.deed, line.points) for line in lines[:1]] == [
        (True, "accepted", 10)
    ]
    assert "zhao" in words(lines)
    assert "chen" in words(lines)
    assert asked.items() == [(1, "question", "accepted"), (2, "answer", "accepted")]


@pytest.mark.parametrize(
    "fields", [{"quote_id": "a1"}, {"quote": "我一般三七开"}], ids=["by id", "by text"]
)
def test_the_asker_accepts_by_quoting(asked: Talk, fields: dict[str, str]):
    assert points(asked.command("accept", "zhao", **fields)) == [("accepted", 10)]


def test_a_questions_number_means_its_only_answer(asked: Talk):
    assert points(asked.command("accept", "zhao", "1")) == [("accepted", 10)]


def test_of_several_answers_the_asker_is_shown_the_numbers(asked: Talk):
    asked.say("wang", "先泛读", quote_id="q1")

    lines = asked.command("accept", "zhao", "1")

    assert [line.do for line in lines] == ["dm"]
    assert "2（chen）：我一般三七开" in lines[0].text
    assert "3（wang）：先泛读" in lines[0].text
    assert asked.paid("accepted") == []


def test_staff_may_accept_and_other_members_may_not(asked: Talk):
    refused = asked.command("accept", "wang", "2")
    accepted = asked.command("accept", "boss", "2")

    assert [line.do for line in refused] == ["dm"]
    assert points(accepted) == [("accepted", 10)]


@pytest.mark.parametrize("number", ["1", "2", "3"], ids=["question", "same", "another answer"])
def test_a_second_accept_changes_nothing(asked: Talk, number: str):
    asked.say("wang", "先泛读", quote_id="q1")
    asked.command("accept", "zhao", "2")

    lines = asked.command("accept", "zhao", number)

    assert [line.do for line in lines] == ["dm"]
    assert asked.paid("accepted") == [("accepted", 10)]
    assert asked.items()[2] == (3, "answer", "open")


def test_nobody_accepts_their_own_answer_staff_neither(asked: Talk):
    asked.say("boss", "听群主的", quote_id="q1")

    by_owner = asked.command("accept", "boss", "3")
    by_answerer = asked.command("accept", "chen", "2")

    assert [line.do for line in (*by_owner, *by_answerer)] == ["dm", "dm"]
    assert asked.paid("accepted") == []


@pytest.mark.parametrize(
    "argument", ["77", "999999999", "9" * 5_000, "", "abc", "٣", "-1"], ids=lambda text: text[:9]
)
@pytest.mark.parametrize("name", ["answer", "accept"])
def test_a_number_that_does_not_exist_gets_a_private_word(asked: Talk, name: str, argument: str):
    lines = asked.command(name, "zhao", f"{argument} 好")

    assert [line.do for line in lines] == ["dm"]
    assert len(asked.items()) == 2


def test_with_it_come_the_numbers_there_are(asked: Talk):
    (for_answer,) = asked.command("answer", "wang", "77 先读目录")
    (for_accept,) = asked.command("accept", "zhao", "77")
    (of_others,) = asked.command("accept", "wang", "77")

    assert "1（" in asked.command("answer", "wang", "先读目录")[0].text
    assert "2（" in asked.command("accept", "zhao", "@Chen")[0].text
    assert "1（" in for_answer.text
    assert "2（" in for_accept.text
    assert "2（" not in of_others.text


def test_a_second_answer_by_number_is_kept_and_its_author_told(asked: Talk):
    (line,) = asked.command("answer", "chen", "1 补充：周末倒过来")

    assert (line.do, "问题 1" in line.text) == ("dm", True)
    assert asked.items()[-1] == (3, "answer", "open")


def test_an_edge_may_accept_by_message_number_or_text(asked: Talk):
    asked.command("ask", "zhao", "从哪本读起")
    asked.command("answer", "wang", "3 从薄的读起", message_id="a2")
    asked.command("ask", "zhao", "读完怎么办")
    asked.say("li", "再读一遍", quote="ask 读完怎么办")

    lines = [asked.accepted("zhao", of) for of in ("a1", "4", "再读一遍")]

    assert [points(each) for each in lines] == [[("accepted", 10)]] * 3
    assert [line.do for line in lines[0]] == ["points", "post"]


def test_an_edge_that_names_nothing_is_told_privately_or_not_at_all(asked: Talk):
    assert [line.do for line in asked.accepted("zhao", "nowhere")] == ["dm"]
    asked.group(channels={"link": GROUP})
    assert asked.accepted("zhao", "nowhere") == []


def test_a_question_of_the_pack_is_answered_at_once_and_never_escalated(talk: Talk):
    talk.slot(escalate_after="30m", digest=True)

    lines = talk.say("zhao", "请问书单在哪？")
    later = talk.until(EVENING + 60 * MINUTE)

    assert "书单会私信给你" in words(lines)
    assert [line.do for line in later] == ["post"]
    assert "书单会私信给你" in later[0].text


def test_an_accepted_answer_is_quoted_to_the_next_who_asks_nearly_the_same(asked: Talk):
    asked.command("accept", "zhao", "2")

    lines = asked.say("wang", "精读和泛读该怎么分配时间？")

    assert points(lines) == [("question", 2)]
    assert "三七开" in words(lines)
    assert asked.items()[-1] == (3, "question", "known")


def test_an_answer_that_was_not_accepted_or_to_another_question_is_not_quoted(asked: Talk):
    assert "三七开" not in words(asked.say("wang", "精读和泛读该怎么分配时间？"))
    asked.command("accept", "zhao", "2")
    assert "三七开" not in words(asked.say("wang", "一本书读几遍才算读懂？"))


def test_an_unanswered_question_is_escalated_after_that_long_once(talk: Talk):
    talk.slot(escalate_after="30m")
    talk.now += 10 * MINUTE
    talk.say("zhao", "书太厚怎么办？")

    assert talk.until(EVENING + 40 * MINUTE - 1) == []
    assert [line.do for line in talk.until(EVENING + 40 * MINUTE)] == ["task"]
    assert talk.until(EVENING + 120 * MINUTE) == []


def test_an_answered_question_is_not_escalated(asked: Talk):
    assert asked.until(EVENING + 90 * MINUTE) == []


def test_an_answer_settles_the_task_of_an_escalated_question(talk: Talk):
    talk.slot(escalate_after="30m")
    talk.say("zhao", "书太厚怎么办？", message_id="q1")
    talk.until(EVENING + 40 * MINUTE)

    talk.say("chen", "切成三段", quote_id="q1")

    assert [task.status for task in talk.read(Task)] == ["void"]


def test_numbers_are_per_group_and_other_groups_items_are_not_meant(asked: Talk):
    def elsewhere(context: Context) -> None:
        for number, kind, parent in ((7, "question", 0), (8, "answer", 7)):
            item = Item(
                community=COMMUNITY, group="other", number=number, kind=kind, person=99,
                text="别处", at=1, message_id=f"x{number}", parent=parent,
            )  # fmt: skip
            context.store.put(item)

    asked.run(None, elsewhere)

    assert [line.do for line in asked.command("accept", "boss", "8")] == ["dm"]
    assert [line.do for line in asked.accepted("boss", "x8")] == ["dm"]


def test_ten_thousand_questions_do_not_burden_the_next(talk: Talk):
    def fill(context: Context) -> None:
        for number in range(1, 10_001):
            context.store.number(COMMUNITY, f"item:{GROUP}")
            item = Item(
                community=COMMUNITY, group=GROUP, number=number, kind="question", person=9,
                text=f"旧问题 {number}", at=number, message_id=f"old{number}", thread=77,
                status="accepted" if number % 2 else "open",
            )  # fmt: skip
            context.store.put(item)

    talk.run(None, fill)
    talk.slot(digest=True)
    talk.loaded.clear()
    talk.say("zhao", "书太厚怎么办？", message_id="q1")
    talk.now += MINUTE
    talk.say("chen", "切成三段", quote_id="q1")
    digest = talk.until(EVENING + 60 * MINUTE)[0].text

    assert sum(isinstance(each, Item) for each in talk.loaded) < 400
    assert len(digest.splitlines()) == 3
    assert talk.items()[-2:] == [(10_001, "question", "answered"), (10_002, "answer", "open")]


@pytest.fixture
def solved(asked: Talk) -> Talk:
    """Chen's answer 2 to Zhao's question 1 was accepted."""
    asked.command("accept", "zhao", "2")
    asked.now += MINUTE
    return asked


def test_the_same_question_in_other_words_gets_the_earlier_answer_at_once(solved: Talk):
    lines = solved.command("ask", "wang", "请问泛读和精读的时间如何分配啊")

    assert "之前有人问过（1）：我一般三七开" in words(lines)
    assert "没解决 3" in words(lines)
    assert solved.items()[-1] == (3, "question", "known")


def test_another_question_with_the_same_words_is_asked_anew(solved: Talk):
    lines = solved.command("ask", "wang", "精读和泛读什么时候开始")

    assert "之前有人问过" not in words(lines)
    assert solved.items()[-1] == (3, "question", "open")


def test_an_answer_nobody_accepted_is_not_offered(asked: Talk):
    lines = asked.command("ask", "wang", "精读泛读怎么分配时间")

    assert "之前有人问过" not in words(lines)


def test_who_tells_the_bot_that_it_did_not_help_means_their_newest_answered_question(asked: Talk):
    assert asked.command("unsolved", "chen", mentions_bot=True) == []

    assert "继续开着" in words(asked.command("unsolved", "zhao", mentions_bot=True))
    assert asked.items()[0] == (1, "question", "open")
    assert asked.command("unsolved", "zhao", mentions_bot=True) == []


def test_a_question_whose_known_answer_did_not_help_is_open_again_and_watched(solved: Talk):
    solved.command("ask", "wang", "精读和泛读如何分配时间")
    lines = solved.command("unsolved", "wang", "3")

    assert "问题 3 继续开着" in words(lines)
    assert solved.items()[-1] == (3, "question", "open")
    solved.until(solved.now + 30 * MINUTE)
    assert [task.kind for task in solved.tasks()] == ["question"]


def test_after_its_slot_people_see_to_a_question_that_is_still_open(solved: Talk):
    solved.command("ask", "wang", "精读和泛读如何分配时间")
    solved.until(EVENING + 61 * MINUTE)

    solved.command("unsolved", "wang", "3")

    assert solved.items()[-1] == (3, "question", "escalated")
    assert [task.about for task in solved.tasks()] == [f"question:{GROUP}:3"]
    again = solved.command("unsolved", "wang", "3")
    assert "已经请人来看了" in words(again, "dm")
    assert len(solved.tasks()) == 1


@pytest.mark.parametrize(
    ("sender", "argument", "told"),
    [
        ("wang", "1", "只有提问的人或管理员"),
        ("zhao", "1", "已经采纳过回答"),
        ("zhao", "2", "没有找到这个编号的问题"),
        ("zhao", "99", "没有找到这个编号的问题"),
    ],
)
def test_who_may_not_keep_a_question_open_is_told_privately(
    solved: Talk, sender: str, argument: str, told: str
):
    lines = solved.command("unsolved", sender, argument)

    assert [line.do for line in lines] == ["dm"]
    assert told in lines[0].text


def test_the_word_alone_is_what_people_say(solved: Talk):
    assert solved.command("unsolved", "zhao", "再试试") == []


def test_who_asks_the_same_again_is_not_paid_twice_and_nobody_is_asked_twice(talk: Talk):
    talk.command("ask", "zhao", "早起读书坚持不下来怎么办？")
    talk.now += MINUTE
    again = talk.command("ask", "zhao", "早起读书坚持不下来，到底怎么办？")

    assert [(line.do, "问题 1" in line.text) for line in again] == [("dm", True)]
    assert talk.items() == [(1, "question", "open")]
    assert points(talk.command("ask", "chen", "早起读书坚持不下来怎么办？")) == [("question", 2)]
    talk.now += 25 * 60 * MINUTE
    assert "问题 3" in words(talk.command("ask", "zhao", "早起读书坚持不下来怎么办？"))


def test_who_got_an_earlier_answer_and_asks_the_same_again_hears_what_to_do(solved: Talk):
    solved.command("ask", "wang", "泛读和精读的时间怎么分配？")
    again = solved.command("ask", "wang", "精读和泛读怎么分配时间？")

    assert points(again) == []
    assert "没解决 3" in again[0].text


def test_an_answer_without_a_number_is_shown_how_with_a_number_there_is(talk: Talk):
    for asker in ("zhao", "chen", "wang"):
        talk.command("ask", asker, f"{asker} 该从哪本读起？")
    (line,) = talk.command("answer", "wang", "三七开")

    assert "回答 2 …" in line.text
