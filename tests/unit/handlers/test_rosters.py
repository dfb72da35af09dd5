"""What a roster tells of a group and whose it is, and what it may not be believed in."""

from dataclasses import replace
from typing import Any

import pytest

from handlers.people import people
from sop import rosters
from sop.actions import Action
from sop.events import Arrival, GroupCreated, MemberLeft, RosterFetched, RosterHinted
from sop.model import Group, Invitation, Member, Note, Outgoing, Person, Task
from tests import builders
from tests.builders import GROUP
from tests.lives import DAY, HOUR, Life, life, texts

PACK = "steps: [{id: hello, when: member.joined, do: [{dm: 你好}]}]\n"
LEAVING = "steps: [{id: bye, when: member.left, do: [{post: 再见}]}]\n"
FRESH = builders.group(created_at=0, owner="")
BOUND = builders.group(created_at=0, owner="bound")


def open_group(club: Life, *members: str) -> None:
    club.happen(GroupCreated, group=GROUP, owner=club.read(Group)[0].owner, members=members)


def roster(club: Life, *members: str, owner: str = "wecom") -> None:
    club.now += 1
    club.happen(RosterFetched, group=GROUP, owner=owner, members=members)


def greeted(club: Life) -> list[str]:
    lines = club.wait(club.now + DAY)
    return [line.text for line in lines if line.to not in ("owner", "staff")]


def test_a_group_opened_by_word_greets_nobody_whom_the_first_roster_finds():
    with life(PACK, groups=[BOUND]) as club:
        open_group(club)
        roster(club, "li", "amy")

        assert len(club.read(Member)) == 3
        assert greeted(club) == []
        roster(club, "li", "amy", "bob", "bound")
        assert greeted(club) == ["你好"]


def test_a_group_opened_with_its_members_greets_whoever_else_is_found():
    with life(PACK, groups=[BOUND]) as club:
        open_group(club, "li")
        roster(club, "li", "bound", "amy")

        assert greeted(club) == ["你好"]


def test_the_owner_that_is_bound_stays_whatever_a_roster_says():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, "li")
        assert club.read(Group)[0].owner == "bound"


def test_an_owner_is_learned_where_none_is_bound():
    with life(PACK, groups=[FRESH]) as club:
        roster(club, "li")
        assert club.read(Group)[0].owner == "wecom"


def present(club: Life) -> set[str]:
    inside = {each.person for each in club.read(Member, group=GROUP, left_at=0)}
    return {each.userid for each in club.read(Person) if each.id in inside}


def told(club: Life, kind: str) -> list[Task]:
    return club.read(Task, kind=kind, status="open")


CROWD = tuple(f"m{number}" for number in range(12))


def test_a_clock_that_was_set_back_makes_no_roster_an_old_one():
    with life(groups=[FRESH]) as club:
        roster(club, "li", "wecom")
        club.now -= DAY
        roster(club, "li", "wecom", "amy")

        assert present(club) == {"li", "wecom", "amy"}


def test_an_owner_who_was_learned_is_followed_by_the_next_and_that_is_kept_once():
    with life(PACK, groups=[FRESH]) as club:
        roster(club, "li", "wecom")
        roster(club, "li", "amy", owner="amy")
        roster(club, "li", "amy", owner="amy")

        assert club.read(Group)[0].owner == "amy"
        assert [note.body for note in club.read(Note, do="owner")] == [
            {"from": "wecom", "to": "amy"}
        ]
        assert told(club, "owner-changed") == []


def test_staff_hear_once_that_the_bound_owner_is_owner_no_longer():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, "bound", "li", owner="bound")
        roster(club, "li", "amy", owner="li")
        roster(club, "li", owner="li")

        assert club.read(Group)[0].owner == "bound"
        (task,) = told(club, "owner-changed")
        assert task.to == "staff"
        assert "groups.yaml" in task.text

        roster(club, "li", "bound", owner="bound")
        assert told(club, "owner-changed") == []


def test_what_the_owner_should_decide_goes_to_staff_once_the_owner_has_left():
    with life(PACK, groups=[replace(BOUND, staff=("helper",))]) as club:
        roster(club, "bound", "helper", "li", owner="bound")
        with club.acting() as context:
            assert [
                each.userid for each in people.recipients(context, "owner", context.group)
            ] == ["bound"]
        roster(club, "helper", "li", owner="li")
        with club.acting() as context:
            assert [
                each.userid for each in people.recipients(context, "owner", context.group)
            ] == ["helper"]


def test_an_empty_roster_is_a_failed_call():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, *CROWD)
        roster(club)

        assert present(club) == set(CROWD)


def test_a_roster_that_lost_most_of_the_group_is_held_and_asked_about_once():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, *CROWD)
        roster(club, "m0", "new")
        roster(club, "m0", "new")

        assert present(club) == {*CROWD, "new"}
        (task,) = told(club, "roster-doubt")
        assert "11" in task.text
        roster(club, *CROWD, "new")
        assert told(club, "roster-doubt") == []


def test_what_staff_confirm_of_a_doubted_roster_are_exits():
    with life(LEAVING, groups=[BOUND]) as club:
        roster(club, *CROWD)
        roster(club, "m0", "m1")
        club.say(f"同意 {told(club, 'roster-doubt')[0].id}", sender="bound")

        assert present(club) == {"m0", "m1", "bound"}
        assert texts(club.wait(club.now + DAY)).count("再见") == 10


def test_what_staff_deny_of_a_doubted_roster_is_not_asked_again():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, *CROWD, "bound")
        roster(club, "m0", "bound")
        club.say(f"拒绝 {told(club, 'roster-doubt')[0].id}", sender="bound")
        roster(club, "m0", "m1", "bound")

        assert told(club, "roster-doubt") == []
        assert set(CROWD) <= present(club)


def test_a_small_group_may_empty_at_once():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, "a", "b", "c", "d", "e")
        roster(club, "a")

        assert present(club) == {"a"}


def test_who_returns_joins_again_once():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, "li", "amy")
        roster(club, "li")
        roster(club, "li", "amy")
        roster(club, "li", "amy")

        assert greeted(club) == ["你好"]
        assert [each.stint for each in club.read(Member)] == [1, 2]


def test_a_roster_asked_for_before_a_move_tells_the_past():
    with life(LEAVING, groups=[BOUND]) as club:
        roster(club, "li", "amy")
        asked = club.now
        club.now += 10
        club.join("new")
        club.happen(MemberLeft, group=GROUP, member="amy")
        club.now += 10
        fetched(club, "li", "amy", asked_at=asked + 5)

        assert present(club) == {"li", "new"}
        fetched(club, "li", asked_at=club.now)
        assert present(club) == {"li"}


def test_an_older_answer_says_nothing_after_a_newer_one():
    with life(PACK, groups=[BOUND]) as club:
        roster(club, "li")
        club.now += 100
        fetched(club, "li", "amy", asked_at=club.now - 10)
        fetched(club, "li", asked_at=club.now - 50)

        assert present(club) == {"li", "amy"}


def test_a_hint_asks_for_the_roster_a_little_later_once_and_a_known_version_is_no_news():
    with life(PACK, groups=[BOUND]) as club:
        assert [each.do for each in hinted(club, "b", "a")] == ["fetch_roster"]
        (asked,) = club.read(Outgoing)
        assert asked.not_before == club.now + rosters.SETTLE_MS
        assert hinted(club, "c", "b") == []
        fetched(club, "li", version="c")
        assert [each.status for each in club.read(Outgoing)] == ["pending"]
        assert hinted(club, "c", "b") == []


def test_a_list_older_than_the_one_told_of_is_asked_for_again_a_few_times():
    with life(PACK, groups=[BOUND]) as club:
        fetched(club, "li", version="a")
        hinted(club, "b", "a")
        sent(club)
        for pause in rosters.AGAIN_MS:
            assert [each.do for each in fetched(club, "li", version="a")] == ["fetch_roster"]
            assert club.read(Outgoing, status="pending")[0].not_before == club.now + pause
            sent(club)
        assert fetched(club, "li", version="a") == []
        assert fetched(club, "li", "amy", version="b") == []
        assert present(club) == {"li", "amy"}


def test_a_list_that_was_followed_by_another_brings_nobody_back():
    with life(LEAVING, groups=[BOUND]) as club:
        fetched(club, "li", "amy", version="a")
        hinted(club, "b", "a")
        fetched(club, "li", version="b")
        sent(club)
        assert [each.do for each in fetched(club, "li", "amy", version="a")] == ["fetch_roster"]
        assert present(club) == {"li"}


def test_a_change_that_was_never_told_is_said_so_and_the_next_list_has_it():
    with life(PACK, groups=[BOUND]) as club:
        fetched(club, "li", version="a")
        lines = hinted(club, "c", "b")
        assert [(each.do, each.reason) for each in lines] == [
            ("error", "roster-gap"), ("fetch_roster", ""),
        ]  # fmt: skip
        fetched(club, "li", "amy", "bob", version="c")
        assert present(club) == {"li", "amy", "bob"}


def test_a_group_that_is_no_more_is_told_to_staff_once_and_nobody_has_left_it():
    with life(LEAVING, groups=[BOUND]) as club:
        fetched(club, *CROWD, version="a")
        for _ in range(2):
            hinted(club, dismissed=True)

        (task,) = told(club, "dismissed")
        assert "groups.yaml" in task.text
        assert present(club) == set(CROWD)
        assert club.read(Outgoing, do="fetch_roster") == []


def test_administrators_are_staff_where_none_is_bound_until_they_are_so_no_longer():
    with life(PACK, groups=[BOUND]) as club:
        for staff in (("amy",), ("li", "amy"), ()):
            fetched(club, "bound", "li", "amy", staff=staff, version=f"v{len(staff)}")
            assert club.read(Group)[0].staff == staff


def test_a_list_without_administrators_says_nothing_of_them_where_the_platform_never_does():
    with life(PACK, groups=[BOUND]) as club:
        fetched(club, "bound", "li", staff=("li",))
        fetched(club, "bound", "li")
        assert club.read(Group)[0].staff == ("li",)


SCORE = "score: {earn: {message: {points: 1}, invite: {points: 5}}}\n"
SCENES = ("direct", "link", "qr")


@pytest.mark.parametrize("scene", SCENES)
def test_whom_somebody_brought_counts_once_they_take_part(scene: str):
    with life(PACK + SCORE, groups=[BOUND]) as club:
        fetched(club, "li", "amy")
        arrival = Arrival(at=club.now, by="li", scene=scene)
        fetched(club, "li", "amy", "bob", arrivals={"bob": arrival, "amy": arrival})

        (brought,) = club.read(Invitation)
        assert (brought.guest, brought.inviter) == (club.person("bob").id, club.person("li").id)
        assert (brought.status, brought.scene) == ("counted", scene)
        assert club.person("li").balance == 0
        club.say("大家好，我是新来的", sender="bob")
        assert club.person("li").balance == 5


def test_who_scanned_a_code_by_themselves_was_brought_by_nobody():
    with life(PACK + SCORE, groups=[BOUND]) as club:
        fetched(club, "li")
        fetched(club, "li", "bob", arrivals={"bob": Arrival(at=club.now, scene="qr")})

        assert greeted(club) == ["你好"]
        assert club.read(Invitation) == []


def test_who_brings_many_and_how_they_came_is_looked_at_by_staff():
    with life(PACK + SCORE, groups=[BOUND]) as club:
        fetched(club, "li", "bound")
        crowd = [f"guest{number}" for number in range(11)]
        came = {each: Arrival(by="li", scene="qr") for each in crowd}
        fetched(club, "li", "bound", *crowd, arrivals=came)

        (task,) = told(club, "invites")
        assert "扫码" in task.text


RAID = "rules: {raid: {joins: 3, within: 10m, for: 1h}}\n"


def test_newcomers_of_a_long_pause_are_no_crowd_where_the_platform_says_when_they_came():
    for apart, watched in ((HOUR, False), (1, True)):
        with life(PACK + RAID, groups=[BOUND]) as club:
            fetched(club, "li")
            club.now += DAY
            came = {f"m{each}": Arrival(at=club.now - each * apart) for each in range(3)}
            fetched(club, "li", *came, arrivals=came)
            assert bool(club.read(Group)[0].raid_until) == watched


def test_who_speaks_before_the_next_look_at_an_appchat_has_joined_once():
    polled = replace(BOUND, channels={"appchat": "c", "archive": "c", "app": ""})
    with life(PACK, groups=[polled]) as club:
        roster(club, "li")
        club.now += 10
        club.say("大家好", sender="amy")
        roster(club, "li", "amy")

        assert greeted(club) == ["你好"]


def hinted(
    club: Life, version: str = "", before: str = "", *, dismissed: bool = False
) -> list[Action]:
    club.now += 1
    return club.happen(
        RosterHinted, group=GROUP, version=version, before=before, dismissed=dismissed
    )


def fetched(club: Life, *members: str, **fields: Any) -> list[Action]:
    club.now += 1
    return club.happen(RosterFetched, group=GROUP, owner="bound", members=members, **fields)


def sent(club: Life) -> None:
    with club.acting() as context:
        for each in context.store.find(Outgoing, status="pending"):
            context.store.put(replace(each, status="sent"))
