"""Staff open and close by hand what a step would open."""

from sop.actions import Action
from sop.model import Thread
from tests.builders import EVENING
from tests.lives import DAY, HOUR, MINUTE, Life, life, of, texts

PACK = """
quiet: "22:30-07:30"
steps:
  - id: night
    when: "20:00 sun"
    do: [{questions: {title: 周日答疑, for: 60m, digest: true}}]
  - id: friday
    when: "21:00 wed"
    do: [{share_day: {title: 书友分享日, for: 90m}}]
"""


def order(club: Life, words: str, sender: str = "owner") -> list[Action]:
    lines = club.say(words, sender, mentions_bot=True)
    return lines + club.tick()


def kinds(club: Life) -> list[tuple[str, str]]:
    return [(each.kind, each.status) for each in club.read(Thread, order="id")]


def test_what_is_named_opens_now_and_ends_when_staff_say_so():
    with life(PACK) as club:
        club.enforce()
        lines = order(club, "开场 周日答疑")
        assert "这就开始" in texts(lines, "reply")[0]
        assert "提问请以问号结尾" in texts(lines, "post")[0]

        club.now += MINUTE
        club.say("哪本书好？", "li")
        lines = order(club, "结束")

        assert "这就收尾" in texts(lines, "reply")[0]
        assert "一起回顾" in texts(lines, "post")[0]
        assert kinds(club)[-1] == ("questions", "closed")
        assert of(club.wait(EVENING + HOUR - MINUTE), "post") == []


def test_which_one_is_asked_for_where_there_are_several():
    with life(PACK) as club:
        club.enforce()
        (line,) = order(club, "开场")
        assert "周日答疑、书友分享日" in line.text
        assert "周日答疑、书友分享日" in order(club, "开场 别的")[0].text

        order(club, "开场 night")
        order(club, "开场 书友分享日")
        club.now += MINUTE
        assert "周日答疑、书友分享日" in order(club, "结束")[0].text
        order(club, "结束 书友分享日")
        assert ("questions", "open") in kinds(club)
        assert ("share", "closed") in kinds(club)


def test_where_nothing_is_open_or_to_be_opened_it_says_so():
    with life("steps: []") as club:
        club.enforce()

        assert "没有可以手动开场" in order(club, "开场")[0].text
        assert "没有进行中" in order(club, "结束")[0].text


def test_members_open_and_end_nothing():
    with life(PACK) as club:
        club.enforce()
        order(club, "开场 周日答疑", sender="li")
        assert kinds(club) == []

        order(club, "开场 周日答疑")
        order(club, "结束", sender="li")
        assert kinds(club) == [("questions", "open")]


def test_the_words_are_talk_with_more_behind_them_and_nobody_addressed():
    with life(PACK) as club:
        club.enforce()

        assert of(club.say("开场 白写得真好", "owner"), "reply") == []
        assert of(club.say("结束 了，散会", "owner", key="over"), "reply") == []
        assert of(club.say("开场 周日答疑", "li", key="member"), "reply") == []
        assert "这就开始" in of(club.say("开场 周日答疑", "owner", key="named"), "reply")[0].text
        assert kinds(club) == []


def test_in_quiet_hours_it_waits_and_says_so():
    with life(PACK, now=EVENING + 3 * HOUR) as club:
        club.enforce()
        lines = order(club, "开场 周日答疑")
        assert "静默" in lines[0].text
        assert of(lines, "post") == []

        assert len(of(club.wait(EVENING + 12 * HOUR), "post")) == 1


def opened(lines: list[Action]) -> int:
    return len([line for line in of(lines, "post") if "书友分享日」开始啦" in line.text])


def test_a_share_day_opened_before_its_time_is_not_opened_twice_unless_by_hand():
    with life(PACK.replace("90m", "30m")) as club:
        club.enforce()
        assert opened(order(club, "开场 书友分享日")) == 1
        assert opened(club.wait(EVENING + 2 * HOUR)) == 0
        assert opened(order(club, "开场 书友分享日")) == 1
        assert opened(club.wait(EVENING + 8 * DAY)) == 1


GAMES = """
quiet: "22:30-07:30"
steps:
  - {id: chain, when: "20:00 wed", do: [{game: idiom-chain, for: 20m}]}
  - {id: more, when: "2027-12-01 20:00", do: [{game: idiom-chain, for: 20m}]}
"""


def test_a_game_that_runs_is_not_begun_again_by_its_time_or_by_hand():
    with life(GAMES) as club:
        club.enforce()
        club.wait(EVENING - 5 * MINUTE)
        order(club, "开场 chain")
        club.now += 1_000
        assert "正在进行" in order(club, "开场 chain")[0].text

        club.wait(EVENING + MINUTE)
        assert kinds(club) == [("game", "open")]


def test_of_several_by_one_name_the_oldest_is_ended():
    with life(GAMES) as club:
        club.enforce()
        order(club, "开场 chain")
        club.now += 1_000
        order(club, "开场 more")
        for ended in (1, 2):
            club.now += 1_000
            assert "这就收尾" in order(club, "结束")[0].text
            assert [status for _, status in kinds(club)].count("closed") == ended
