"""What a collection takes, for which one something is meant, and how its entries rank."""

import itertools
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sop.activities import collecting
from sop.activities.collecting import Candidate, Entry, choose, mark_passed, ranked, split_team

SEPARATORS = " :：,，"
STORIES = Candidate(name="stories", title="我和书", kind="story")
PHOTOS = Candidate(name="photos", title="随手一拍", kind="photo", categories=("花", "书架"))
IDEAS = Candidate(name="ideas", title="金点子", kind="idea", categories=("活动",))


@pytest.mark.parametrize(
    ("said", "image", "place", "rest"),
    [
        ("我和书：小时候", False, 0, "小时候"),
        ("stories 小时候", False, 0, "小时候"),
        ("3 办一次市集", False, 2, "办一次市集"),
        ("3月的书", False, None, "3月的书"),
        ("9 个故事", False, None, "9 个故事"),
        ("活动 办一次市集", False, 2, "活动 办一次市集"),
        ("窗外", True, 1, "窗外"),
        ("窗外", False, None, "窗外"),
        ("我和书店的事", False, None, "我和书店的事"),
    ],
)
def test_the_name_the_number_the_category_or_a_picture_decides(
    said: str, *, image: bool, place: int | None, rest: str
):
    choice = choose([STORIES, PHOTOS, IDEAS], said, SEPARATORS, has_image=image)

    assert (choice.place, choice.said) == (place, rest)


def test_the_only_one_needs_no_name_and_a_number_is_then_just_a_word():
    choice = choose([STORIES], "1 个故事", SEPARATORS)

    assert (choice.place, choice.said) == (0, "1 个故事")


def test_a_category_is_found_where_it_stands_first_or_alone():
    snags = Candidate(name="s", title="随手拍", kind="snag", categories=("电梯", "路灯"))

    def category(said: str) -> str:
        return choose([snags], said, SEPARATORS).category

    assert category("路灯 楼下的不亮了") == "路灯"
    assert category("三号楼的电梯坏了") == "电梯"
    assert category("电梯旁的路灯") == "电梯"
    assert category("水管漏了") == category("楼下路灯照着电梯") == ""


def test_a_team_is_what_follows_its_word():
    assert split_team("家庭 张家 我们种了花", "家庭", SEPARATORS) == ("张家", "我们种了花")
    assert split_team("家庭：张家", "家庭", SEPARATORS) == ("张家", "")
    assert split_team("家庭聚会真好", "家庭", SEPARATORS) == ("", "家庭聚会真好")
    assert split_team("家庭 " + "长" * 50, "家庭", SEPARATORS)[0] == "长" * collecting.LONGEST_NAME


def entry(number: int, person: int = 1, likes: int = 0, at: int = 0, **more: Any) -> Entry:
    return Entry(number=number, person=person, likes=likes, liked_at=at, at=number, **more)


def test_of_two_with_as_many_likes_who_had_them_earlier_goes_first():
    places = ranked([entry(1, likes=2, at=90), entry(2, likes=3, at=95), entry(3, likes=2, at=80)])

    assert [place.numbers[0] for place in places] == [2, 3, 1]


def test_what_nobody_liked_has_no_place():
    assert ranked([entry(1)]) == ()


def test_of_a_person_the_best_entry_counts_and_the_unknown_are_never_one():
    found = [entry(1, 7, 1, 5), entry(2, 7, 3, 6), entry(3, 0, 1, 7), entry(4, 0, 1, 8)]

    assert [each.numbers[0] for each in ranked(found, per="person")] == [2, 3, 4]


def test_teams_rank_by_entries_or_members_and_by_who_got_there_first():
    found = [
        entry(1, 1, team="张家"), entry(2, 1, team="张家"), entry(3, 2, team="李家"),
        entry(4, 3, team="李 家"), entry(5, 3, team="李家"), entry(6, 4),
    ]  # fmt: skip

    by_entries = ranked(found, team=True)
    by_members = ranked(found, team=True, per="person")

    assert [(each.team, each.count) for each in by_entries] == [
        ("张家", 2), ("李家", 2), ("李 家", 1),
    ]  # fmt: skip
    assert next((each.team, each.count) for each in by_members) == ("李家", 2)


def test_check_ins_rank_by_how_many_days_somebody_has():
    given = [(1, 1, "d1"), (2, 2, "d1"), (3, 2, "d2"), (4, 1, "d2"), (5, 3, "d1"), (6, 3, "d1")]

    places = ranked((entry(*each[:2], day=each[2]) for each in given), by_days=True)

    assert [(each.persons[0], each.count) for each in places] == [(2, 2), (1, 2), (3, 1)]


@pytest.mark.parametrize(
    ("before", "now", "goal", "half"),
    [(0, 1, 2, 1), (1, 2, 2, 2), (0, 2, 2, 2), (14, 15, 30, 1), (15, 16, 30, 0), (29, 30, 30, 2),
     (0, 1, 1, 2), (1, 2, 3, 1), (30, 29, 30, 0)],
)  # fmt: skip
def test_half_of_the_goal_and_the_whole_are_told_when_they_are_reached(
    before: int, now: int, goal: int, half: int
):
    assert mark_passed(before, now, goal) == half


@pytest.mark.parametrize(
    "said", ["电话13800138000", "加微信 abc12345 聊", "1 3 8 0 0 1 3 8 0 0 0"]
)
def test_a_way_to_reach_somebody_is_seen(said: str):
    assert collecting.has_contact(f"想找人一起读书，{said}")


def test_a_wish_alone_holds_none():
    assert not collecting.has_contact("想要一本 1998 年的诗集，3 本也行")


entries = st.builds(
    entry,
    st.integers(1, 50), st.integers(0, 4), st.integers(0, 3), st.integers(0, 9),
    team=st.sampled_from(["", "甲", "乙"]),
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(entries, unique_by=lambda each: each.number), st.sampled_from(["entry", "person"]))
def test_a_ranking_depends_on_no_order_and_each_place_is_no_worse_than_the_next(
    found: list[Entry], per: str
):
    places = ranked(found, per=per)

    assert places == ranked(found[::-1], per=per)
    assert all(one.count >= other.count for one, other in itertools.pairwise(places))
    assert {place.numbers[0] for place in places} <= {each.number for each in found if each.likes}


@settings(max_examples=60, deadline=None)
@given(said=st.text(max_size=40), image=st.booleans())
def test_whatever_is_said_what_is_left_is_a_part_of_it(said: str, *, image: bool):
    choice = choose([STORIES, PHOTOS, IDEAS], said, SEPARATORS, has_image=image)

    assert choice.said in said
    assert choice.place in (None, 0, 1, 2)
