"""The rules of the games: idioms, sounds, answers, guesses and who has won."""

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.games import games, idioms, sounds
from sop.games.games import Riddle
from sop.pools import game_pools

KNOWN = idioms.packaged()


def test_the_idioms_are_many_and_the_well_known_ones_are_among_them():
    assert sum(map(len, KNOWN.by_first.values())) > 20_000
    for word in ("画蛇添足", "一心一意", "醉翁之意不在酒", "守株待兔"):
        assert word in KNOWN
    for word in ("明天见面", "一", "", "画蛇添足的"):
        assert word not in KNOWN


def test_neither_package_is_imported_and_nothing_is_read_before_it_is_asked_for():
    code = (
        "import sys, bot.routes, handlers.games.games; from sop.games import idioms, sounds\n"
        "assert idioms.packaged.cache_info().currsize == 0\n"
        "idioms.packaged(); sounds.alike('意', '一')\n"
        "assert not {'jieba', 'pypinyin'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_best_known_idioms_come_first_and_used_ones_never():
    dictionary = "四面八方 90 i\n方寸已乱 5 i\n方兴未艾 50 i\n方法 900 n\n方 7 i\n"
    small = idioms.parse(dictionary.splitlines(keepends=True))

    assert list(small.following("四面八方", ())) == ["方兴未艾", "方寸已乱"]
    assert list(small.following("四面八方", ["方兴未艾"])) == ["方寸已乱"]
    assert small.openers == ()


def test_an_opener_is_the_same_for_the_same_seed_and_can_always_be_followed():
    found = {KNOWN.opener(str(seed)) for seed in range(200)}

    assert KNOWN.opener("a") == KNOWN.opener("a")
    assert len(found) > 100
    assert all(len(list(KNOWN.following(word, ()))) >= 10 for word in found)
    assert KNOWN.opener("a", [KNOWN.opener("a")]) != KNOWN.opener("a")


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("意", "一", True), ("绿", "驴", True), ("绿", "炉", True), ("女", "努", False),
        ("行", "航", True), ("行", "形", True), ("意", "心", False), ("a", "b", False),
    ],
)  # fmt: skip
def test_characters_sound_alike_whatever_their_tone_and_in_any_of_their_readings(
    one: str,
    other: str,
    alike: bool,  # noqa: FBT001 - a column of the table
):
    assert sounds.alike(one, other) is alike


def test_a_link_begins_with_the_last_character_or_with_its_sound():
    assert idioms.links("全心全意", "意气风发")
    assert not idioms.links("全心全意", "一心一意")
    assert idioms.links("全心全意", "一心一意", sound=True)
    assert not idioms.links("", "一心一意", sound=True)
    assert "一心一意" in KNOWN.following("全心全意", (), sound=True)


@pytest.mark.parametrize(
    "said",
    ["意气风发", "「意气风发」", "我接：意气风发！", "意气风发吧", "意氣風發", " 意 气 风 发 "],
)
def test_an_idiom_is_found_in_what_people_say(said: str):
    assert games.idiom_in(said, KNOWN) == "意气风发"


@pytest.mark.parametrize(
    ("said", "tries"),
    [
        ("画蛇添足", True), ("意思意思吧", True), ("意", False), ("意外的是我今天又迟到了", False),
        ("今天好冷", False),
    ],
)  # fmt: skip
def test_who_says_an_idiom_or_begins_as_one_would_may_mean_to_go_on(
    said: str,
    tries: bool,  # noqa: FBT001 - a column of the table
):
    assert games.is_try(KNOWN, {"word": "全心全意"}, said) is tries


def test_what_is_too_long_is_no_move():
    assert games.idiom_in("意气风发" * 100, KNOWN) == ""
    assert not games.is_right(Riddle(ask="?", answers=["风"]), "风" * 1000)


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("雨", True), ("下雨", True), ("我猜是雨吧？", True), ("答案是下雨", True),
        ("雨！！", True), ("雪", False), ("下雨天我不想出门", False),
        ("", False), ("是", False), ("吗", False),
    ],
)  # fmt: skip
def test_an_answer_is_right_with_the_words_around_it_and_in_all_its_forms(
    said: str,
    right: bool,  # noqa: FBT001 - a column of the table
):
    assert games.is_right(Riddle(ask="?", answers=["雨", "下雨"]), said) is right


def test_an_option_is_chosen_by_its_letter_or_its_words():
    quiz = Riddle(ask="?", answers=["曹雪芹"], options=["施耐庵", "曹雪芹"])

    assert [games.is_right(quiz, each) for each in ("B", "b", "Ｂ", "选", "A", "曹雪芹")] == [
        True, True, True, False, False, True,
    ]  # fmt: skip
    guesses = {each for each in ("A", "施耐庵", "C", "哈哈", "今天") if games.is_guess(quiz, each)}
    assert guesses == {"A", "施耐庵"}


def test_a_guess_is_about_as_short_as_the_answer():
    riddle = Riddle(ask="?", answers=["雨"])

    assert games.is_guess(riddle, "是不是雪")
    assert not games.is_guess(riddle, "在哪借？")
    assert games.is_right(riddle, "是雨吗？")
    assert not games.is_guess(riddle, "昨天我去看了一场电影")
    assert not games.is_guess(riddle, "")


def test_of_equals_who_had_as_many_earlier_is_first():
    body = {"scores": {}}
    for person in (1, 2, 2, 1, 3):
        body = {"scores": games.scored(body, person)}
    scores = {int(who): each for who, each in body["scores"].items()}

    assert games.standings(scores) == [(2, 2), (1, 2), (3, 1)]


def test_a_player_cools_down_alone_and_only_for_a_moment():
    body = {"last": games.moved({"last": {}}, 1, 1000)}

    assert games.is_cooling(body, 1, 1000 + games.COOL_DOWN_MS - 1)
    assert not games.is_cooling(body, 1, 1000 + games.COOL_DOWN_MS)
    assert not games.is_cooling(body, 2, 1000)
    assert games.moved(body, 2, 90_000) == {"2": 90_000}


@pytest.mark.parametrize("name", ["riddles", "quizzes"])
def test_the_packaged_pools_are_whole(name: str):
    pool = game_pools.packaged(name)
    assert pool is not None
    asked = [item.ask for item in pool.items]

    assert len(asked) == len(set(asked)) >= 30
    assert pool.repeat
    for item in pool.items:
        riddle = Riddle(ask=item.ask or "", answers=item.answer, options=item.options)
        assert games.playable(item)
        assert item.hint
        assert all(games.is_right(riddle, each) for each in item.answer)
        wrong = [option for option in item.options if not games.is_right(riddle, option)]
        assert len(wrong) == len(item.options) - bool(item.options)
        assert all(games.plain(each) not in games.plain(item.hint) for each in item.answer)


@given(st.text(max_size=80))
def test_whatever_is_said_is_judged(said: str):
    body = {"word": "全心全意", "before": "四面八方", "used": ["全心全意"], "sound": True}
    verdict, word = games.judge(KNOWN, body, said)

    assert bool(verdict) == bool(word)
    games.is_guess(Riddle(ask="?", answers=["雨"], options=["雨", "雪"]), said)
