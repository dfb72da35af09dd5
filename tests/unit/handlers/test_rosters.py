"""What a first roster tells of a group, and whose owner it has."""

from sop.events import GroupCreated, RosterFetched
from sop.model import Group, Member
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, Life, life, texts

PACK = "steps: [{id: hello, when: member.joined, do: [{dm: 你好}]}]\n"
FRESH = builders.group(created_at=0, owner="")
BOUND = builders.group(created_at=0, owner="bound")


def open_group(club: Life, *members: str) -> None:
    club.handle(
        GroupCreated(
            key=f"open:{club.now}", community=COMMUNITY, group=GROUP, at=club.now,
            owner=club.read(Group)[0].owner, members=members,
        )
    )  # fmt: skip


def roster(club: Life, *members: str, owner: str = "wecom") -> None:
    club.now += 1
    club.handle(
        RosterFetched(
            key=f"roster:{club.now}", community=COMMUNITY, group=GROUP, at=club.now, owner=owner,
            members=members,
        )
    )  # fmt: skip


def greeted(club: Life) -> list[str]:
    return texts(club.wait(club.now + DAY))


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
