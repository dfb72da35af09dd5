"""Whom a command means: exactly one person, or nobody."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from handlers.threads import naming
from handlers.threads.naming import Meant
from sop.model import Member, Message
from sop.text import fingerprint
from tests import clubs
from tests.builders import COMMUNITY, EVENING, GROUP
from tests.clubs import Club


@pytest.fixture
def club() -> Iterator[Club]:
    with clubs.opened() as made:
        made.member("wang.wu", "王五")
        made.member("wang.liu", "王六")
        yield made


def meant(club: Club, argument: str, *, former: bool = False, **fields: object) -> Meant:
    event = club.message(f"警告 {argument}", "boss", **fields)
    return naming.resolve(event, club.context(event), argument, former=former)


def name(club: Club, argument: str, **fields: object) -> str:
    found = meant(club, argument, **fields).person
    return found.userid if found else ""


@pytest.mark.parametrize(
    ("argument", "userid"),
    [
        ("@王五 刷屏", "wang.wu"),
        ("@王五\u2005刷屏", "wang.wu"),
        ("＠王五", "wang.wu"),
        ("@wang.wu 刷屏", "wang.wu"),
        ("@WANG.WU", "wang.wu"),
        ("刷屏的 @王五", "wang.wu"),
        ("@李 刷屏", "li"),
        ("王五 刷屏", "wang.wu"),
    ],
)
def test_one_name_is_one_person(club: Club, argument: str, userid: str):
    assert name(club, argument) == userid


def test_the_name_is_taken_out_of_the_argument(club: Club):
    assert meant(club, "@王五 一直 刷屏").rest == "一直 刷屏"


@pytest.mark.parametrize(
    "argument",
    [
        "",
        "刷屏",
        "@",
        "@ 王五",
        "@谁也不是",
        "@王五刷屏",
        "@王",
        "3 次了",
        "@" * 500,
        "@[](){}<b>",
    ],
)
def test_what_is_not_exactly_one_person_is_nobody(club: Club, argument: str):
    found = meant(club, argument)

    assert found.person is None
    assert found.problem


def test_a_shared_beginning_lists_the_candidates_and_a_number_chooses(club: Club):
    wu, liu = club.person("wang.wu"), club.person("wang.liu")

    assert meant(club, "@王").problem.splitlines()[1:] == [f"{wu.id}. 王五", f"{liu.id}. 王六"]
    assert name(club, f"@{liu.id} 刷屏") == "wang.liu"


def test_a_whole_name_beats_a_longer_one_that_begins_with_it(club: Club):
    club.member("wang.wuwu", "王五五")

    assert name(club, "@王五") == "wang.wu"


def test_two_members_of_one_name_are_never_guessed_between(club: Club):
    club.member("other", "王五")

    assert name(club, "@王五") == ""


def test_calling_oneself_by_anothers_id_brings_doubt_not_blame(club: Club):
    club.member("thief", "wang.wu")

    assert name(club, "@wang.wu") == ""


def test_a_name_with_blanks_and_markup_is_found(club: Club):
    club.member("amy", "Amy *Lee* (读书)")

    assert name(club, "@Amy *Lee* (读书) 刷屏") == "amy"


def test_a_victim_named_later_is_never_taken_for_the_culprit(club: Club):
    assert name(club, "@路人甲 骚扰 @王五") == ""
    assert name(club, "@王六 骚扰 @王五") == ""
    assert name(club, "@王六 发了 a@b.com 和 @somewhere") == "wang.liu"


def test_the_channels_mention_decides(club: Club):
    club.member("other", "王五")

    assert name(club, "@王五 刷屏", mentions=("wang.wu", "bot", "晨晨")) == "wang.wu"
    assert name(club, "@王六", mentions=("王六",)) == "wang.liu"


@pytest.mark.parametrize(
    ("argument", "mentions"),
    [
        ("@王五 骚扰 @王六", ("wang.wu", "wang.liu")),
        ("@路人 骚扰 @王六", ("wang.liu",)),
        ("@王五", ("stranger",)),
        ("@王五", ("wang.wu", "stranger")),
    ],
    ids=["two", "one-of-two-told", "unknown", "one-unknown"],
)
def test_mentions_that_do_not_agree_mean_nobody(
    club: Club, argument: str, mentions: tuple[str, ...]
):
    assert name(club, argument, mentions=mentions) == ""


def said(club: Club, userid: str, text: str, message_id: str) -> None:
    club.store.put(
        Message(
            community=COMMUNITY,
            id=club.store.number(COMMUNITY, "message"),
            group=GROUP,
            person=club.person(userid).id,
            at=EVENING - 1,
            message_id=message_id,
            text=text,
            fingerprint=fingerprint(text),
        )
    )


def test_a_quote_means_who_said_it(club: Club):
    said(club, "wang.wu", "加我微信领红包", "m1")

    assert name(club, "刷屏", quote="加我微信领红包") == "wang.wu"
    assert name(club, "刷屏", quote_id="m1") == "wang.wu"


def test_a_text_that_two_people_said_blames_neither(club: Club):
    said(club, "wang.wu", "加我微信领红包", "m1")
    said(club, "wang.liu", "加我微信领红包", "m2")

    assert name(club, "刷屏", quote="加我微信领红包") == ""


def test_a_quote_and_a_name_that_disagree_mean_nobody(club: Club):
    said(club, "wang.wu", "加我微信领红包", "m1")

    assert name(club, "@王六 刷屏", quote="加我微信领红包") == ""
    assert name(club, "@王五 刷屏", quote="加我微信领红包") == "wang.wu"


def test_who_left_is_only_found_where_asked_for(club: Club):
    wu = club.person("wang.wu")
    membership = club.store.get(Member, COMMUNITY, GROUP, wu.id)
    assert membership is not None
    club.store.put(replace(membership, left_at=EVENING))

    assert name(club, "@王五") == ""
    assert name(club, "@王五", former=True) == "wang.wu"


def test_a_member_of_another_group_cannot_be_named(club: Club):
    club.group("beta")
    club.member("far", "远方", of="beta")

    assert name(club, "@远方") == ""


def test_a_crowd_of_thousands_is_searched(club: Club):
    for number in range(1_500):
        club.member(f"u{number}", f"书友{number:04d}")

    assert name(club, "@书友1499") == "u1499"


def test_where_names_are_unknown_it_is_said_that_a_number_will_do(club: Club):
    assert "@4" not in meant(club, "@没有这个人").problem

    club.group(GROUP, channels={"link": GROUP, "aibot": GROUP})
    assert "「成员 04」就写「@4」" in meant(club, "@没有这个人").problem
