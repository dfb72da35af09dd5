"""Leaderboards: the first for all to see, one's own place for oneself, the last for nobody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.accounts.verification import differences
from handlers.identity import identities
from handlers.ledger import ledger, seasons
from handlers.ports import Outcome
from sop.model import Member, Person, SeasonStanding
from sop.standing.boards import periods
from sop.times.localtime import local_date
from tests import builders, clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club
from tests.lives import DAY, HOUR, Life, life

PACK = """
score:
  window: 60d
  earn: {message: {points: 1}, share: {points: 5}, answer: {points: 3}}
"""
SEASONS = PACK + "seasons: {every: month}\n"


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened(PACK) as found:
        yield found


def earn(club: Club, userid: str, name: str, *deeds: str, of: str = GROUP) -> Person:
    person = club.member(userid, name, of=of)
    context = builders.context(club.store, club.book, now=EVENING)
    for number, deed in enumerate(deeds):
        ledger.credit(context, person.id, deed, source=f"{userid}:{number}")
    return club.person(userid)


def told(outcome: Outcome) -> str:
    return "\n".join(line.text for line in outcome.actions)


def lines(outcome: Outcome) -> list[str]:
    return told(outcome).splitlines()


def test_a_board_of_a_deed_counts_it_this_month(club: Club):
    earn(club, "a", "小安", "share", "share", "message")
    earn(club, "b", "小贝", "answer", "share")
    earn(club, "c", "小陈", "message")

    assert lines(club.say("排行 分享", "boss")) == ["本月分享榜：", "1. 小安 2 次", "2. 小贝 1 次"]
    assert lines(club.say("排行 share", "boss"))[1:] == ["1. 小安 2 次", "2. 小贝 1 次"]
    assert lines(club.say("排行 本周", "boss")) == [
        "本周贡献榜：", "1. 小安 11 分", "2. 小贝 8 分", "3. 小陈 1 分",
    ]  # fmt: skip
    later = club.say("排行 分享", "boss", at=EVENING + 31 * DAY)
    assert told(later) == "榜上还没有人，第一个就是你？"


def test_what_was_reversed_is_on_no_board(club: Club):
    earn(club, "a", "小安", "share")
    context = builders.context(club.store, club.book, now=EVENING)
    (entry,) = context.store.find(ledger.LedgerEntry, community=COMMUNITY)
    ledger.reverse(context, entry, "undo")

    for board in ("", "本周", "本月", "分享"):
        assert "小安" not in told(club.say(f"排行 {board}", "boss"))


def test_who_has_left_is_on_no_board_until_they_are_back(club: Club):
    earn(club, "a", "小安", "share")
    earn(club, "b", "小贝", "message")
    membership = club.store.find(Member, person=club.person("a").id)[0]
    club.store.put(replace(membership, left_at=EVENING - 1))
    assert lines(club.say("排行 本月", "boss"))[1:] == ["1. 小贝 1 分"]

    club.store.put(membership)
    assert "1. 小安 5 分" in lines(club.say("排行 本月", "boss"))


def test_a_board_of_the_group_ranks_its_members_alone(club: Club):
    club.group("g2", title="二群")
    earn(club, "a", "小安", "share")
    earn(club, "b", "小贝", "message", of="g2")

    assert lines(club.say("排行 本群 本月", "boss")) == [
        "「晨读一群」本月贡献榜：",
        "1. 小安 5 分",
    ]
    assert "小安" in told(club.say("排行 本月", "boss", group="g2"))


def test_equal_amounts_share_the_better_place_and_beyond_the_podium_nobody_reads_who_is_last(
    club: Club,
):
    for number, count in enumerate((5, 4, 4, 2, 1)):
        earn(club, f"u{number}", f"书友{number}", *["message"] * count)
    for userid in ("boss", "li"):
        club.store.put(replace(club.person(userid), unranked=True))

    assert lines(club.say("排行", "boss"))[1:] == [
        "1. 书友0 5 分", "2. 书友1 4 分", "2. 书友2 4 分", "4. 书友3 2 分",
    ]  # fmt: skip


def test_around_oneself_are_neighbours_and_no_last_place(club: Club):
    for number in range(15):
        earn(club, f"u{number}", f"书友{number:02}", *["message"] * (20 - number))

    mine = club.say("排行 附近", "u12")

    assert all(line.private for line in mine.actions)
    assert lines(mine) == [
        "近期贡献榜：", "11. 书友10 10 分", "12. 书友11 9 分", "你现在 8 分，第 13 位。",
        "14. 书友13 7 分", "再有 2 分，就能往前一位。",
    ]  # fmt: skip
    last = told(club.say("排行 附近", "u14"))
    assert "第" not in last
    assert "再有 2 分，就能往前一位。" in last
    first = lines(club.say("排行 附近", "u0"))
    assert first[1] == "你现在 20 分，第 1 位。"
    assert "往前" not in "".join(first)


def test_who_leads_hears_so_though_nobody_else_is_on_the_board(club: Club):
    earn(club, "a", "小安", "share")

    assert lines(club.say("排行 附近", "a")) == ["近期贡献榜：", "你现在 5 分，第 1 位。"]
    earn(club, "b", "小贝", "share")
    assert lines(club.say("排行 附近", "a"))[1] == "你现在 5 分，第 1 位。"


def test_who_is_not_ranked_is_on_no_board_and_hears_why(club: Club):
    earn(club, "a", "小安", "share")
    hidden = earn(club, "b", "小贝", "share", "share")
    club.store.put(replace(hidden, unranked=True))

    for board in ("", "本周", "本月", "分享", "本群"):
        assert "小贝" not in told(club.say(f"排行 {board}", "a"))
    assert "你选了不上榜" in told(club.say("排行 附近", "b"))


def test_around_is_told_nowhere_but_in_private(club: Club):
    club.group(channels=clubs.MENTIONS_ONLY)
    earn(club, "a", "小安", "share")

    outcome = club.say("排行 附近", "a", mentions_bot=True)

    assert "小安" not in told(outcome)
    assert "私信我" in told(outcome)


def test_a_board_there_is_not_is_answered_with_those_there_are(club: Club):
    words = told(club.say("排行 颜值", "a"))

    assert "「排行 本周」" in words
    assert "分享、回答" in words


def test_a_faded_score_is_computed_anew_for_those_who_stand_first():
    with clubs.opened(PACK) as club:
        earn(club, "a", "小安", "share", "share")
        later = EVENING + 61 * DAY

        assert "小安" not in told(club.say("排行", "boss", at=later))


def season(club: Life, word: str = "排行") -> list[str]:
    return "\n".join(line.text for line in club.say(word, "boss") if line.do == "reply").split(
        "\n"
    )


def test_a_season_begins_anew_and_what_it_ended_with_is_kept():
    with life(SEASONS) as club:
        club.enforce()
        club.say("早上好", "a", name="小安")
        club.say("早上好", "a", key="2", message_id="2")
        club.say("早上好", "b", name="小贝")
        assert season(club)[:3] == ["本季贡献榜：", "1. 小安 2 分", "2. 小贝 1 分"]

        # 2027-01-01 00:00 in Shanghai, and what falls due by then.
        club.wait(1_798_732_800_000)
        archived = {each.person: each.points for each in club.read(SeasonStanding)}
        assert archived == {1: 2, 2: 1}
        assert season(club)[0] == "榜上还没有人，第一个就是你？"
        assert season(club, "排行 上季")[:2] == ["上季最终榜：", "1. 小安 2 分"]
        assert club.person("a").balance == 2

        club.now += 1
        club.say("新年好", "b")
        assert "1. 小贝 1 分" in season(club)
        assert club.read(SeasonStanding, person=2)[0].points == 1


def test_what_two_ended_a_season_with_is_one_s_when_they_are_one():
    with life(SEASONS) as club:
        club.enforce()
        club.say("早上好", "a", name="小安")
        club.say("早上好", "a", key="2", message_id="2")
        club.say("早上好", "b", name="小贝")
        club.wait(1_798_732_800_000)
        one, other = club.person("b"), club.person("a")
        with club.acting() as context:
            identities.merge(context, one, other)

        assert season(club, "排行 上季")[:2] == ["上季最终榜：", "1. 小贝 3 分"]
        assert {each.points for each in club.read(SeasonStanding)} == {2, 1}


def test_who_speaks_before_the_look_at_all_is_archived_as_well():
    with life(SEASONS) as club:
        club.enforce()
        club.say("早上好", "a", name="小安")
        club.now = 1_798_732_800_000 + 1
        club.say("新年好", "a", at=club.now)

        assert [each.points for each in club.read(SeasonStanding)] == [1]
        club.tick()
        assert [each.points for each in club.read(SeasonStanding)] == [1]
        assert club.person("a").boards["season"] == ("month:2027-01-01", 1)


def test_seasons_that_come_later_or_change_count_what_the_ledger_has():
    with life(PACK) as club:
        club.enforce()
        club.say("早上好", "a")
        club.now += 40 * DAY
        for number in range(3):
            club.say(f"第 {number} 句", "a", at=club.now)
        for every, points in (("month", 3), ("quarter", 3), ("year", 3)):
            club.edit(PACK + f"seasons: {{every: {every}}}\n")
            club.tick()
            assert club.person("a").boards["season"][1] == points
        club.edit(PACK + "seasons: {starts: [2026-11-01]}\n")
        club.say("再来一句", "a", at=club.now + 1)
        assert club.person("a").boards["season"] == ("dates:2026-11-01", 5)


def test_every_member_is_brought_into_a_season_however_many_there_are():
    with life(SEASONS) as club:
        club.enforce()
        now = periods(club.book.pack.seasons, local_date(EVENING, club.book.zone))
        with club.acting() as context:
            for number in range(1, 2 * seasons.SLICE + 2):
                boards = {"season": (now[2], number)}
                context.store.put(builders.person(number, boards=boards))

        club.wait(1_798_732_800_000 + 1)

        archived = club.read(SeasonStanding)
        assert len(archived) == 2 * seasons.SLICE + 1
        assert all(each.points == each.person for each in archived)


def test_after_an_edit_of_the_time_zone_boards_and_runs_are_counted_anew():
    pack = SEASONS.replace("share:", "checkin: {points: 2}, share:")
    with life(pack) as club:
        club.enforce()
        # 2027-01-01 01:00 in Shanghai, and still 2026 in Paris.
        club.wait(1_798_732_800_000 + HOUR)
        club.say("新年好", "a", at=club.now)
        club.say("打卡", "a", at=club.now, key="in")
        for zone, month in (("Europe/Paris", "2026-12"), ("Asia/Shanghai", "2027-01")):
            head = builders.HEAD.replace("Asia/Shanghai", zone)
            club.book = builders.book(head + pack)
            club.enforce()
            club.tick()

            assert club.person("a").boards["message"] == (month, 1)
            assert club.person("a").boards["season"] == (f"month:{month}-01", 3)
            assert club.person("a").streak_on[:7] == month
            with club.acting() as context:
                assert list(differences(context.store, club.book, COMMUNITY)) == []
            club.now += 1


def test_without_archive_nothing_is_kept():
    with life(PACK + "seasons: {every: month, archive: false}\n") as club:
        club.enforce()
        club.say("早上好", "a")
        club.wait(1_798_732_800_000 + 1)

        assert club.read(SeasonStanding) == []


def test_who_asks_stands_once_on_a_board_whose_points_fade_during_the_day():
    pack = PACK.replace("60d", "2h") + "levels: [{id: a, title: 新芽, at: 0}]\n"
    with life(pack, now=EVENING - 8 * HOUR) as club:
        club.say("早上先说一句", "a", key="a1")
        club.now += HOUR
        for userid, said in (("a", "中午又说一句"), ("a", "中午再说一句"), ("b", "中午也说一句")):
            club.say(said, userid, key=said)
        club.now += HOUR + 1

        (answer,) = club.say("排行 附近", "a", group="", key="asked")

        assert answer.text.splitlines() == ["近期贡献榜：", "你现在 2 分，第 1 位。"]
