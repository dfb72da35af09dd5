"""Groups begin once; people come, go and come again."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.tasks import task_checks, tasks
from sop.actions import Action
from sop.events import GroupAdopted, GroupCreated, MemberJoined, MemberLeft, RosterFetched
from sop.model import Group, Member, Occurrence, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, Life, life, texts

PACK = """
steps:
  - {id: hello, when: member.joined, do: [{dm: 你好}]}
  - {id: bye, when: member.left, do: [{post: 再会}]}
"""
FRESH = builders.group(created_at=0, owner="")


def here(club: Life, key: str = "") -> dict[str, object]:
    return {"key": key or f"e{club.now}", "community": COMMUNITY, "group": GROUP, "at": club.now}


def present(club: Life) -> set[int]:
    return {member.person for member in club.read(Member, left_at=0)}


def roster(club: Life, *members: str, **fields: object) -> list[Action]:
    club.now += 1
    values = {**here(club), "owner": "boss", "members": members, **fields}
    return club.handle(RosterFetched(**values))  # type: ignore[arg-type] # a test's defaults


def test_a_group_begins_with_its_people_and_greets_none_of_them():
    with life(PACK, groups=[FRESH]) as club:
        club.handle(
            GroupCreated(**here(club), owner="boss", members=("li", "boss", "Li"), staff=("amy",),
                         names={"li": "李四"})
        )  # fmt: skip
        (group,) = club.read(Group)

        assert (group.owner, group.staff, group.created_at) == ("boss", ("amy",), club.now)
        assert len(present(club)) == 3
        assert club.person("li").name == "李四"
        assert club.wait(club.now + DAY) == []


@pytest.mark.parametrize("event", [GroupCreated, GroupAdopted])
def test_a_group_that_runs_or_is_not_bound_does_not_begin_again(event: type):
    with life(PACK) as club:
        before = club.read(Group)
        club.handle(event(**here(club, "one")))
        club.handle(event(**{**here(club, "two"), "group": "nowhere"}))

        assert club.read(Group) == before


turns = st.tuples(st.sampled_from(["join", "leave", "roster"]), st.sets(st.sampled_from("abcd")))


@given(st.lists(turns, max_size=10))
@settings(max_examples=25, deadline=None)
def test_memberships_are_what_was_told_last_and_each_one_is_greeted_once(
    told: list[tuple[str, set[str]]],
):
    with life(PACK) as club:
        inside: set[str] = set()
        hellos = byes = 0
        roster_known = False
        for what, names in told:
            club.now += 1
            for name in sorted(names) if what != "roster" else ():
                kind = MemberJoined if what == "join" else MemberLeft
                club.handle(kind(**here(club, f"{name}{club.now}"), member=name.upper()))
            if what == "join":
                hellos += len(names - inside)
                inside |= names
            elif what == "leave":
                byes += len(names & inside)
                inside -= names
            elif names:
                roster(club, *sorted(names))
                if roster_known:
                    hellos += len(names - inside)
                    byes += len(inside - names)
                    inside = set(names)
                inside |= names
                roster_known = True
            planned = [row.step for row in club.read(Occurrence)]
            assert (planned.count("hello"), planned.count("bye")) == (hellos, byes)
            assert present(club) == {club.person(name).id for name in inside}


def test_an_empty_roster_is_a_failed_call_and_no_exodus():
    with life(PACK) as club:
        club.join("li", "amy")
        roster(club, "li", "amy")
        assert roster(club) == []
        assert len(present(club)) == 2


def test_a_roster_tells_the_owner_and_the_names():
    with life(PACK, groups=[FRESH]) as club:
        roster(club, "li", names={"li": "李四"})
        roster(club, "li", owner="", names={"li": "李思"})

        assert club.read(Group)[0].owner == "boss"
        assert club.person("li").name in ("李四", "李思")


def test_who_comes_again_begins_a_new_membership():
    with life(PACK) as club:
        club.join("li")
        club.wait(club.now + HOUR)
        club.handle(MemberLeft(**here(club), member="li"))
        club.wait(club.now + HOUR)
        club.join("li")
        (member,) = club.read(Member)

        assert (member.stint, member.joined_at, member.left_at) == (2, club.now, 0)
        assert texts(club.wait(club.now + HOUR)) == ["你好"]


def test_nobody_who_was_taken_out_is_bidden_farewell():
    with life(PACK) as club:
        club.join("li", "amy")
        club.wait(club.now + HOUR)
        club.handle(MemberLeft(**here(club, "out"), member="li", removed=True))
        club.handle(MemberLeft(**here(club, "left"), member="amy"))

        assert texts(club.wait(club.now + HOUR)) == ["再会"]
        assert present(club) == set()


def test_nobody_whom_staff_took_out_when_asked_to_is_bidden_farewell():
    group = builders.group(channels={"customer": GROUP, "aibot": GROUP}, staff=("boss",))
    with life(PACK, groups=[group]) as club:
        club.enforce(group)
        club.join("boss", "li", "amy", "bob")
        club.wait(club.now + HOUR)
        club.say("移出 @Li", "boss")
        club.say("移出 @Bob", "boss")
        bob = club.person("bob").id
        with club.acting("boss") as context:
            (kept,) = context.store.find(Task, kind="remove", person=bob)
            tasks.end(context, kept, "rejected")
        for left in ("li", "amy", "bob"):
            club.happen(MemberLeft, group=GROUP, member=left)

        byes = {each.subject for each in club.read(Occurrence, step="bye")}
        assert byes == {str(club.person(each).id) for each in ("amy", "bob")}
        assert [task.status for task in club.read(Task, kind="remove", order="id")] == [
            "done",
            "rejected",
        ]


def test_nobody_of_a_clean_up_done_by_staff_is_bidden_farewell():
    with life(PACK) as club:
        club.join("li", "amy", "bob", "boss")
        club.wait(club.now + HOUR)
        gone = [f"{GROUP}:{club.person(each).id}" for each in ("li", "amy")]
        with club.acting() as context:
            tasks.open_task(
                context, kind="clean-up", to="staff", group=GROUP, about="x",
                target=task_checks.moves(out_of=gone), words=str,
            )  # fmt: skip
        for left in ("li", "amy", "bob"):
            club.happen(MemberLeft, group=GROUP, member=left)

        assert texts(club.wait(club.now + HOUR)) == ["再会"]


def test_a_move_of_the_programs_own_is_neither_a_welcome_nor_a_farewell():
    with life(PACK) as club:
        club.handle(MemberJoined(**here(club), member="li", moved=True))
        assert len(present(club)) == 1
        club.now += 1
        club.handle(MemberLeft(**here(club), member="li", moved=True))

        assert present(club) == set()
        assert club.wait(club.now + DAY) == []


def test_who_invited_a_newcomer_is_kept_for_ever_and_is_somebody_else():
    with life(PACK) as club:
        club.handle(MemberJoined(**here(club, "1"), member="li", by="LI"))
        assert club.person("li").invited_by == 0
        club.handle(MemberJoined(**here(club, "2"), member="amy", by="li"))
        club.handle(MemberLeft(**here(club, "3"), member="amy"))
        club.handle(MemberJoined(**here(club, "4"), member="amy", by="bob"))

        assert club.person("amy").invited_by == club.person("li").id


def test_somebody_nobody_knows_cannot_leave():
    with life(PACK) as club:
        assert club.handle(MemberLeft(**here(club), member="ghost")) == []
        assert club.read(Member) == []
