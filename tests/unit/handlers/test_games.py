"""Games in a group: chains, riddles and quizzes from the opening post to the summary."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from handlers.benefits import claim_accounts
from handlers.games import play
from sop.actions import Action
from sop.games import idioms
from sop.model import Claim, LedgerEntry, Member, Occurrence, Person, Task, Thread
from tests import builders
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.lives import DAY, MINUTE, Life, life, of, texts

HEAD = """
score: {{earn: {{win: {{points: 5}}, reply: {{points: 3}}, question: {{points: 2}}}}}}
library:
  zi: [{{ask: 一加一（打一数）, answer: [二, "2"], hint: 很小}}, {{ask: 二加一, answer: 三}}]
  choice: [{{ask: 谁写的《红楼梦》？, answer: 曹雪芹, options: [施耐庵, 曹雪芹, 罗贯中]}}]
  seen: [{{ask: 看图, answer: 猫, image: cat.png}}, {{ask: 再看, answer: 狗, image: dog.png}}]
benefits: [{{id: book, title: 一本书, kind: link, value: "https://example.com/book"}}]
steps:
  - {{id: night, when: 20:30 daily, title: 游戏之夜, do: [{do}]}}
"""
CHAIN = "{game: idiom-chain, for: 20m, prize: {points: 7}}"
RIDDLE = "{game: riddle, for: 20m, pool: zi, prize: {points: 4}}"
START = EVENING + 30 * MINUTE
SECOND = 1000
UNSEEN = builders.group(channels={"link": GROUP, "aibot": GROUP})
"""A group that no channel brings pictures to."""


@contextmanager
def playing(do: str, head: str = HEAD, **fields: object) -> Iterator[tuple[Life, list[Action]]]:
    """A group in which the game has just begun."""
    groups = fields.pop("groups", None)
    with life(head.format(do=do), groups=groups, **fields) as club:  # type: ignore[arg-type]
        club.enforce(*(groups or ()))  # type: ignore[misc]
        yield club, club.wait(START)


def game(club: Life) -> Thread:
    return club.read(Thread)[-1]


def ways(club: Life) -> Iterator[str]:
    body = game(club).body
    return idioms.packaged().following(body["word"], body["used"], sound=body["sound"])


def remember(club: Life, **changes: object) -> None:
    thread = game(club)
    with club.acting() as context:
        play.save(context, thread, **changes)


def later(club: Life, seconds: int = 10) -> None:
    club.now += seconds * SECOND


def points(lines: list[Action]) -> list[tuple[str, int | None]]:
    return [(line.deed, line.points) for line in of(lines, "points")]


def test_a_chain_begins_with_an_idiom_of_the_bot_and_says_how_to_go_on():
    with playing(CHAIN) as (club, lines):
        (opening,) = of(lines, "post")
        body = game(club).body

        assert body["word"] in idioms.packaged()
        assert f"「{body['word']}」" in opening.text
        assert f"「{body['word'][-1]}」字开头" in opening.text
        assert opening.expires_at == START + 20 * MINUTE


def test_a_link_is_answered_and_pays_each_member_once():
    with playing(CHAIN) as (club, _):
        word = next(ways(club))
        first = club.say(f"我接：{word}！", sender="amy")
        later(club)
        second = club.say(next(ways(club)), sender="amy")
        later(club)
        third = club.say(next(ways(club)), sender="bob")

        assert points(first) == [("win", 5)]
        assert points(second) == []
        assert points(third) == [("win", 5)]
        assert [len(of(each, "reply")) for each in (first, second, third)] == [1, 1, 1]
        assert "第 3 个" in of(third, "reply")[0].text
        assert game(club).body["links"] == 3


def test_of_two_who_link_at_once_the_first_counts_and_the_other_is_not_a_nuisance():
    with playing(CHAIN) as (club, _):
        one, other = (word for word, _ in zip(ways(club), range(2), strict=False))
        club.say(one, sender="amy")
        lines = club.say(other, sender="bob")

        assert of(lines, "points", "reply") == []
        assert game(club).body["links"] == 1


def test_a_repeat_is_refused_once():
    with playing(CHAIN) as (club, _):
        body = game(club).body
        word = next(ways(club))
        remember(club, used=[*body["used"], word])
        first = club.say(word, sender="amy")
        again = club.say(word, sender="bob")

        assert ["出现过" in text for text in texts(first, "reply")] == [True]
        assert of(again, "reply", "points") == []


def test_talk_during_a_chain_is_only_talk():
    with playing(CHAIN) as (club, _):
        for said in ("今天天气真好", "哈哈", "谢谢大家", "?" * 100, ""):
            assert of(club.say(said, sender="amy"), "reply", "points") == []

        assert game(club).body["scores"] == {}


def test_the_summary_names_who_played_and_the_prize_goes_to_who_linked_most():
    with playing(CHAIN) as (club, _):
        for sender in ("amy", "bob", "amy"):
            later(club)
            club.say(next(ways(club)), sender=sender, name=sender.title())
        lines = club.wait(START + 21 * MINUTE)

        (summary,) = [text for text in texts(lines, "post") if "结束" in text]
        assert "1. Amy　2 个" in summary
        assert "2. Bob　1 个" in summary
        assert "恭喜Amy，赢得7 分" in summary
        assert points(lines) == [("award", 7)]
        assert club.person("amy").balance == 12
        assert of(club.say("不了了之", sender="amy"), "reply") == []


def test_who_does_not_want_to_be_ranked_is_not_named():
    with playing(CHAIN) as (club, _):
        club.say(next(ways(club)), sender="amy", name="Amy")
        with club.acting("amy") as context:
            assert context.person is not None
            context.store.put(replace(context.person, unranked=True))
        lines = club.wait(START + 21 * MINUTE)

        (summary,) = [text for text in texts(lines, "post") if "结束" in text]
        assert "Amy" not in summary
        assert "一位不上榜的伙伴" in summary
        assert points(lines) == [("award", 7)]


def test_a_game_that_nobody_joined_ends_without_a_word():
    with playing(CHAIN) as (club, _):
        lines = club.wait(START + 30 * MINUTE)

        assert [text for text in texts(lines, "post") if "结束" in text] == []
        assert game(club).status == "closed"
        assert len(of(lines, "post")) == 1


def test_who_is_stuck_gets_a_hint_and_then_the_link():
    with playing(CHAIN) as (club, _):
        club.say(next(ways(club)), sender="amy")
        way = next(ways(club))
        hint = club.wait(START + 2 * MINUTE)
        link = club.wait(START + 4 * MINUTE + SECOND)

        assert way[:2] in of(hint, "post")[0].text
        assert way not in of(hint, "post")[0].text
        assert f"「{way}」" in of(link, "post")[0].text
        assert game(club).body["word"] == way
        assert game(club).body["links"] == 1


def test_hints_wait_for_the_end_of_play_and_are_few():
    with playing(CHAIN) as (club, _):
        posts = 0
        for _ in range(9):
            club.say(next(ways(club)), sender="amy")
            posts += len(of(club.wait(club.now + 130 * SECOND), "post"))

        assert posts == play.MOST_HINTS


def test_no_hint_disturbs_the_night_or_takes_the_last_place_in_the_budget():
    for limit in ('quiet: "20:31-08:00"', "budget: {group: 3/day}"):
        with life(limit + HEAD.format(do=CHAIN)) as club:
            club.enforce()
            club.wait(START)
            lines = club.say(next(ways(club)), sender="amy")
            assert len(of(lines, "reply")) == 1
            assert of(club.wait(START + 19 * MINUTE), "post") == []


def test_a_summary_waits_for_the_morning_while_the_prize_is_given_at_once():
    with life('quiet: "20:31-08:00"' + HEAD.format(do=CHAIN)) as club:
        club.enforce()
        club.wait(START)
        club.say(next(ways(club)), sender="amy", name="Amy")
        night = club.wait(START + 25 * MINUTE)
        morning = club.wait(EVENING + 12 * 60 * MINUTE + MINUTE)

        assert of(night, "post") == []
        assert points(night) == [("award", 7)]
        assert ["Amy" in text for text in texts(morning, "post")] == [True]
        assert points(morning) == []


def test_many_links_in_a_minute_are_not_all_answered_and_the_newest_is_made_up_for():
    with playing(CHAIN) as (club, _):
        lines: list[Action] = []
        for number in range(9):
            lines += club.say(next(ways(club)), sender=f"user{number}")
        assert len(of(lines, "reply")) == 6
        assert game(club).body["links"] == 9

        said = texts(club.wait(club.now + 100 * SECOND), "post")
        assert ["第 9 个" in text for text in said] == [True]


def test_a_player_has_to_leave_others_their_turn():
    with playing(CHAIN) as (club, _):
        club.say(next(ways(club)), sender="amy")
        later(club, 1)
        assert of(club.say(next(ways(club)), sender="amy"), "reply") == []
        later(club, 3)
        assert len(of(club.say(next(ways(club)), sender="amy"), "reply")) == 1


def test_with_sound_an_idiom_that_only_sounds_alike_follows():
    with playing("{game: idiom-chain, sound: true}") as (club, _):
        remember(club, word="全心全意", used=["全心全意"])
        assert len(of(club.say("一心一意", sender="amy"), "reply")) == 1

    with playing(CHAIN) as (club, _):
        remember(club, word="全心全意", used=["全心全意"])
        assert of(club.say("一心一意", sender="amy"), "reply") == []


def test_where_nothing_can_follow_the_bot_begins_anew():
    dead_end = next(
        word
        for words in idioms.packaged().by_first.values()
        for word in words
        if word[-1] not in idioms.packaged().by_first
    )
    with playing(CHAIN) as (club, _):
        remember(club, word=f"说说说{dead_end[0]}")
        (answer,) = of(club.say(dead_end, sender="amy"), "reply")

        assert f"我换一个：「{game(club).body['word']}」" in answer.text
        assert next(ways(club))


def test_the_first_right_answer_wins_the_item_and_the_next_follows():
    with playing(RIDDLE) as (club, lines):
        assert "一加一（打一数）" in of(lines, "post")[0].text

        wrong = club.say("三", sender="bob")
        right = club.say("答案是二吧！", sender="amy", name="Amy")
        late = club.say("二", sender="cat")

        assert (points(wrong), of(wrong, "reply")) == ([], [])
        assert points(right) == [("win", 5), ("award", 4)]
        assert "Amy 答对啦" in of(right, "reply")[0].text
        assert "第 2 题：二加一" in of(right, "reply")[0].text
        assert points(late) == []


def test_when_the_items_are_used_up_the_game_is_over_and_the_next_is_a_task():
    with playing(RIDDLE) as (club, _):
        club.say("2", sender="amy", name="Amy")
        later(club)
        last = club.say("三", sender="amy")
        end = club.tick()

        assert "答完" in of(last, "reply")[0].text
        assert ["1. Amy　2 个" in text for text in texts(end, "post")] == [True]
        assert points(end) == []

        next_day = club.wait(START + DAY)
        assert [line.do for line in of(next_day, "post", "task")] == ["task", "task"]
        assert [task.kind for task in club.read(Task, about=f"pool:{GROUP}:zi")] == ["empty-pool"]


def test_who_chose_wrongly_does_not_try_the_other_options():
    with playing("{game: quiz, pool: choice}") as (club, lines):
        assert "B. 曹雪芹" in of(lines, "post")[0].text
        club.say("A", sender="amy")
        later(club)
        assert points(club.say("B", sender="amy")) == []
        assert points(club.say("b", sender="bob")) == [("win", 5)]


def test_no_hint_gives_away_which_of_the_options_is_right():
    with playing("{game: quiz, pool: choice}") as (club, _):
        assert of(club.wait(START + 3 * MINUTE), "post") == []
        club.say("A", sender="amy")
        assert "「曹雪芹」" in of(club.wait(START + 5 * MINUTE), "post")[0].text


def test_a_riddle_that_nobody_guesses_gets_a_hint_then_its_answer():
    with playing(RIDDLE) as (club, _):
        hint = club.wait(START + 2 * MINUTE)
        club.say("七", sender="bob")
        answer = club.wait(START + 4 * MINUTE + SECOND)

        assert "很小" in of(hint, "post")[0].text
        assert "「二」" in of(answer, "post")[0].text
        assert "二加一" in of(answer, "post")[0].text
        assert points(club.say("三", sender="amy")) == [("win", 5), ("award", 4)]


@pytest.mark.parametrize("kind", ["riddle", "quiz"])
def test_a_pack_without_a_pool_takes_the_packaged_one(kind: str):
    with playing(f"{{game: {kind}}}") as (club, lines):
        answer = game(club).body["item"]["answers"][0]

        assert len(of(lines, "post")) == 1
        assert points(club.say(answer, sender="amy")) == [("win", 5)]


def test_pictures_go_out_with_the_item_and_as_a_post_of_their_own():
    with playing("{game: riddle, pool: seen}") as (club, lines):
        assert of(lines, "post")[0].image == "cat.png"
        found = club.say("猫", sender="amy")

        assert [(line.do, line.image) for line in of(found, "reply", "post")] == [
            ("reply", ""), ("post", "dog.png"),
        ]  # fmt: skip


def test_a_benefit_is_handed_to_the_winner_and_where_that_cannot_be_staff_keep_the_promise():
    with playing("{game: riddle, pool: zi, prize: {benefit: book}}") as (club, _):
        first = club.say("二", sender="amy")
        later(club)
        second = club.say("三", sender="amy")

        assert ["https://example.com/book" in text for text in texts(first, "dm")] == [True]
        assert [claim.benefit for claim in club.read(Claim)] == ["book"]
        assert [task.kind for task in club.read(Task, status="open")] == ["prize"]
        assert "一本书" in of(second, "task")[0].text


def test_a_prize_that_has_a_price_is_won_for_nothing():
    priced = HEAD.replace('/book"', '/book", price: 30')
    with playing("{game: riddle, pool: zi, prize: {benefit: book}}", priced) as (club, _):
        club.say("二", sender="amy")

        assert [claim.price for claim in club.read(Claim)] == [0]
        with club.acting() as context:
            assert list(claim_accounts.differences(context.store, COMMUNITY)) == []


def test_where_only_mentions_are_heard_the_post_says_so():
    heard = builders.group(channels={"robot": GROUP, "webhook": GROUP})
    with playing(RIDDLE, groups=[heard]) as (club, lines):
        assert "@我" in of(lines, "post")[0].text
        assert len(of(club.say("二", sender="amy", mentions_bot=True), "reply")) == 1


@pytest.mark.parametrize(
    ("do", "said", "answer"),
    [
        (RIDDLE, "七", "再想想"),
        ("{game: quiz, pool: choice}", "A", "等下一题"),
        (CHAIN, "一心一意", "没接上"),
    ],
)
def test_a_guess_said_to_the_bot_that_wins_nothing_is_not_thanked_as_a_share(
    do: str, said: str, answer: str
):
    with playing(do) as (club, _):
        assert of(club.say(said, sender="bob"), "reply") == []

        club.now += MINUTE
        (line,) = of(club.say(said, sender="amy", mentions_bot=True), "reply")
        assert answer in line.text


def test_a_right_answer_that_came_too_fast_is_not_called_wrong():
    with playing(RIDDLE) as (club, _):
        club.say("七", sender="amy", mentions_bot=True)
        later(club, 1)
        (line,) = of(club.say("二", sender="amy", mentions_bot=True), "reply")

        assert "慢一点" in line.text


def test_other_words_to_the_bot_during_a_game_are_answered_as_ever():
    with playing(RIDDLE) as (club, _):
        (line,) = of(club.say("你是谁呀，能做点什么？", sender="amy", mentions_bot=True), "reply")

        assert "帮助" in line.text


def test_the_summary_tells_the_answer_that_nobody_got():
    with playing("{game: riddle, for: 3m, pool: zi}") as (club, _):
        club.say("2", sender="amy", name="Amy")
        summary = texts(club.wait(START + 3 * MINUTE), "post")[-1]

        assert summary.splitlines()[-1] == "最后一题的答案是「三」。"


def test_where_nothing_is_heard_people_hold_the_game():
    deaf = builders.group(channels={"webhook": GROUP})
    with playing(CHAIN, groups=[deaf]) as (club, lines):
        assert of(lines, "post") == []
        assert len(of(lines, "task")) == 1
        assert club.read(Thread) == []


def test_moves_never_count_for_flood_and_repeats_and_everything_else_does():
    rules = "rules: {checks: [{id: f, detect: flood, messages: 3, within: 30s}], ladder: [remind]}"
    with life(rules + HEAD.format(do=CHAIN)) as club:
        club.enforce()
        club.wait(START)
        lines: list[Action] = []
        for _ in range(6):
            later(club, 4)
            lines += club.say(next(ways(club)), sender="amy")
        assert of(lines, "strike") == []
        assert game(club).body["links"] == 6

        talk = [line for said in "哈嘿呵" for line in club.say(said * 3, sender="amy")]
        assert len(of(talk, "strike")) == 1
        assert len(club.read(Member, person=club.person("amy").id)[0].recent) == 3


def test_guesses_do_not_hide_a_flood():
    rules = "rules: {checks: [{id: f, detect: flood, messages: 4, within: 30s}], ladder: [remind]}"
    with life(rules + HEAD.format(do=RIDDLE)) as club:
        club.enforce()
        club.wait(START)
        lines = [line for said in "哈嘿呵哦嗯啊" for line in club.say(said * 2, sender="amy")]

        assert len(of(lines, "strike")) >= 1


QUIZ_IN_SLOT = (
    "{questions: {title: 答疑, for: 1h}}, {ask: 想到什么？, for: 1h},"
    " {game: riddle, pool: zi, for: 1h}"
)


def test_of_several_that_are_open_a_move_goes_to_the_game_then_a_question_to_the_slot():
    with playing(QUIZ_IN_SLOT) as (club, _):
        move = club.say("二", sender="amy")
        question = club.say("在哪借？", sender="bob")
        reply = club.say("我想到了小时候在外婆家过暑假的日子", sender="cat")

        assert points(move) == [("win", 5)]
        assert points(question) == [("question", 2)]
        assert points(reply) == [("reply", 3)]


def test_a_quote_decides_where_an_answer_belongs():
    with playing(QUIZ_IN_SLOT) as (club, lines):
        _, prompt, riddle = texts(lines, "post")
        thread = club.read(Thread, kind="ask")[0]
        assert thread.text == prompt

        assert points(club.say("二", sender="amy", quote=riddle)) == [("win", 5)]
        later(club)
        assert points(club.say("三", sender="amy", quote=prompt)) == [("reply", 3)]
        assert game(club).body["number"] == 2


def test_a_game_goes_on_after_a_crash_in_the_middle():
    with playing(CHAIN) as (club, _):
        club.say(next(ways(club)), sender="amy")
        later(club)
        event = builders.message(next(ways(club)), sender="bob", at=club.now)
        club.handle(event, crash=True)
        assert game(club).body["links"] == 1

        club.handle(event)
        again = club.handle(event)
        assert game(club).body["links"] == 2
        assert of(again, "points", "reply") == []
        assert len(club.read(LedgerEntry, deed="win")) == 2


def test_a_paused_group_and_a_message_that_comes_late_make_no_move():
    with playing("{game: idiom-chain, for: 3h}") as (club, _):
        word = next(ways(club))
        club.now += 40 * MINUTE
        assert points(club.say(word, sender="amy", at=club.now - 35 * MINUTE)) == []
        with club.acting() as context:
            assert context.group is not None
            context.store.put(replace(context.group, paused=True))
        assert points(club.say(next(ways(club)), sender="amy")) == []


def test_players_who_turn_out_to_be_one_are_one_in_the_summary():
    with playing(CHAIN) as (club, _):
        for sender in ("amy", "bob", "cat"):
            later(club)
            club.say(next(ways(club)), sender=sender, name=sender.title())
        amy, cat = club.person("amy").id, club.person("cat").id
        with club.acting() as context:
            found = context.store.get(Person, builders.COMMUNITY, cat)
            assert found is not None
            context.store.put(replace(found, merged_into=amy))
        lines = club.wait(START + 21 * MINUTE)

        (summary,) = [text for text in texts(lines, "post") if "结束" in text]
        assert "1. Amy　2 个" in summary


def test_nothing_is_left_planned_when_a_game_is_over():
    with playing(CHAIN) as (club, _):
        for _ in range(3):
            later(club)
            club.say(next(ways(club)), sender="amy")
        club.wait(START + 25 * MINUTE)

        assert club.read(Occurrence, kind=play.TURN, status="pending") == []


def test_an_answer_to_the_item_before_is_late_not_wrong_and_costs_nothing():
    with playing(RIDDLE) as (club, _):
        club.say("二", sender="amy", mentions_bot=True)
        (line,) = of(club.say("二", sender="bob", mentions_bot=True), "reply")

        assert "上一题已经揭晓" in line.text
        assert points(club.say("三", sender="bob")) == [("win", 5), ("award", 4)]


def test_a_letter_sent_as_the_next_question_appears_was_meant_for_the_one_before():
    two = HEAD.replace(
        "罗贯中]}}]",
        "罗贯中]}}, {{ask: 谁写的《家》？, answer: 巴金, options: [鲁迅, 茅盾, 巴金]}}]",
    )
    with playing("{game: quiz, pool: choice}", two) as (club, _):
        club.say("B", sender="amy")
        later(club, 1)
        assert of(club.say("B", sender="bob"), "reply", "points") == []
        later(club, 4)
        assert points(club.say("C", sender="bob")) == [("win", 5)]


def test_no_item_is_asked_whose_picture_the_group_cannot_get():
    mixed = HEAD.replace("image: dog.png}}]", "image: dog.png}}, {{ask: 三减一, answer: 二}}]")
    with playing("{game: riddle, pool: seen}", mixed, groups=[UNSEEN]) as (club, lines):
        (opening,) = of(lines, "post")

        assert "第 1 题：三减一" in opening.text
        assert club.read(Task) == []


def test_where_no_item_is_left_but_with_pictures_people_hold_the_game():
    with playing("{game: riddle, pool: seen}", groups=[UNSEEN]) as (club, lines):
        assert of(lines, "post") == []
        (task,) = club.read(Task)
        assert task.kind == "host"
        assert "1. 看图（答案：猫；图：cat.png）\n2. 再看（答案：狗；图：dog.png）" in task.text
