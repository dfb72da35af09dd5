"""Replies to a prompt are thanked for in one line at its end, and the best is quoted next day."""

from sop.actions import Action
from tests.lives import DAY, HOUR, MINUTE, Life, life, of

PACK = """
quiet: "22:30-07:30"
steps:
  - id: evening
    when: "20:00 daily"
    do: [{ask: 今天读到了什么？, ack: first 1, for: 1h}]
"""
NEXT = "今天读到了什么？"


def begun(club: Life, *names: str) -> list[Action]:
    club.now -= HOUR
    club.enforce()
    club.join("li", "chen", "zhao")
    club.wait(club.now + HOUR)
    club.now += MINUTE
    lines = []
    for name in names:
        lines += club.say(f"{name} 读了一章小说", name)
        club.now += MINUTE
    return lines


def like(club: Life, whose: str, *by: str) -> None:
    for name in by:
        club.say("赞", name, quote=f"{whose} 读了一章小说")


def next_prompt(club: Life) -> str:
    start = club.now - club.now % HOUR
    posts = of(club.wait(start + DAY), "post")
    return [line.text for line in posts if NEXT in line.text][-1]


def test_who_was_not_thanked_at_once_is_thanked_in_one_line_at_the_end():
    with life(PACK) as club:
        lines = begun(club, "li", "chen", "zhao")
        assert len([line for line in of(lines, "reply") if "谢谢" in line.text]) == 1

        posts = of(club.wait(club.now + HOUR), "post")
        assert len(posts) == 1
        assert "Chen、Zhao" in posts[0].text
        assert "Li" not in posts[0].text


def test_where_all_were_thanked_or_nobody_is_to_be_the_end_is_silent():
    with life(PACK) as club:
        begun(club, "li")
        assert of(club.wait(club.now + HOUR), "post") == []
    with life(PACK.replace(", ack: first 1", "")) as club:
        begun(club, "li", "chen")
        assert of(club.wait(club.now + HOUR), "post") == []


def test_thanks_wait_for_the_morning_and_come_once():
    with life(PACK.replace("for: 1h", "for: 3h")) as club:
        begun(club, "li", "chen")
        night = club.wait(club.now + 3 * HOUR)
        morning = of(club.wait(club.now + 9 * HOUR), "post")

        assert [line.reason for line in of(night, "held")] == ["quiet"]
        assert ["Chen" in line.text for line in morning] == [True]


def test_the_best_liked_reply_is_quoted_in_the_next_prompt_once():
    with life(PACK) as club:
        begun(club, "li", "chen", "zhao")
        like(club, "chen", "li", "zhao")
        like(club, "zhao", "li")
        words = next_prompt(club)

        assert "Chen" in words
        assert "chen 读了一章小说" in words
        assert words.endswith(NEXT)
        assert next_prompt(club) == NEXT


def test_replies_to_a_prompt_that_quotes_belong_to_it():
    with life(PACK) as club:
        begun(club, "li")
        like(club, "li", "chen")
        words = next_prompt(club)
        club.now += MINUTE

        assert len(of(club.say("我也在读", "chen", quote=words), "reply")) == 1


def test_without_likes_nothing_is_quoted():
    with life(PACK) as club:
        begun(club, "li", "chen")

        assert next_prompt(club) == NEXT


def test_who_does_not_want_to_be_named_or_has_left_is_not_quoted():
    with life(PACK) as club:
        begun(club, "li", "chen", "zhao")
        like(club, "li", "chen", "zhao")
        like(club, "chen", "li")
        club.say("不上榜", "li", group="")

        assert "Chen" in next_prompt(club)


def test_a_prompt_of_the_same_day_quotes_nothing_yet():
    twice = PACK.replace('"20:00 daily"', '{cron: "0 20,21 * * *"}').replace("1h", "30m")
    with life(twice) as club:
        begun(club, "li")
        like(club, "li", "chen")
        today = [line.text for line in of(club.wait(club.now + HOUR), "post")]
        assert [words for words in today if NEXT in words] == [NEXT]

        tomorrow = [line.text for line in of(club.wait(club.now + DAY), "post")]
        first, second = [words for words in tomorrow if NEXT in words]
        assert "li 读了一章小说" in first
        assert second == NEXT
