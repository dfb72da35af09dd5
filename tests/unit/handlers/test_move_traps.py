"""Moves and proposals met by what nobody plans for: edits, leaving, two ids, wrong numbers."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.actions import Action
from sop.events import MemberJoined, MemberLeft
from sop.model import LayerMove, Outgoing, Person, Task
from sop.told_events import IdentitiesMerged
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, Life, life, of, texts

PACK = """
layers: {core: {enter: {paid: true}, leave: {paid: false}}}
steps: [{id: nightly, when: "21:00 daily", do: [{review: layers}]}]
"""
HOME = builders.group()
CORE = builders.group(id="core", kind="core", title="核心群", channels={"sandbox": "core"})
BETA = builders.group(id="beta", title="二群", channels={"sandbox": "beta"})


@pytest.fixture
def club() -> Iterator[Life]:
    with life(PACK, groups=[]) as made:
        made.enforce(HOME, CORE)
        made.join("owner", "li", "amy")
        made.join("owner", group="core")
        yield made


def pays(club: Life, *userids: str, value: bool = True) -> None:
    for userid in userids:
        with club.acting(userid) as context:
            person = context.person
            assert person is not None
            context.store.put(replace(person, paid=value))
    club.wait(club.now + DAY)


def say(club: Life, words: str, sender: str = "owner") -> list[Action]:
    club.now += 1
    return club.say(words, sender, group="")


def came(club: Life, userid: str = "li", group: str = "core") -> list[Action]:
    club.now += 1
    where = {"community": COMMUNITY, "group": group, "at": club.now, "member": userid}
    return club.handle(MemberJoined(key=f"in:{club.now}", **where))


def went(club: Life, userid: str = "li", group: str = GROUP) -> list[Action]:
    club.now += 1
    where = {"community": COMMUNITY, "group": group, "at": club.now, "member": userid}
    return club.handle(MemberLeft(key=f"out:{club.now}", **where))


def halves(club: Life) -> list[tuple[str, str, str]]:
    found = club.read(Outgoing, do__in=("add", "remove"), order="id")
    return [(each.do, each.group, each.status) for each in found]


def moves(club: Life) -> list[str]:
    return [each.status for each in club.read(LayerMove, order="id")]


def test_who_leaves_everything_before_the_add_went_out_is_not_dragged_back(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    went(club)

    assert {status for _, _, status in halves(club)} == {"dropped"}
    assert (moves(club), club.person("li").layer) == (["broken"], "regular")


def test_who_is_demoted_and_leaves_everything_is_not_dragged_back_either(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    club.arrive("add")
    came(club)
    went(club)
    club.wait(club.now + 4 * DAY)
    pays(club, "li", value=False)
    say(club, "同意 2")
    went(club, group="core")

    assert [each for each in halves(club)[2:] if each[2] != "dropped"] == []
    assert moves(club)[-1] == "broken"


def test_an_old_group_that_is_bound_no_longer_holds_no_move_up(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    club.arrive("add")
    club.edit(PACK, replace(CORE), BETA)
    came(club)

    assert moves(club) == ["done"]
    assert ("remove", GROUP, "pending") not in halves(club)


def test_a_core_group_unbound_in_the_middle_takes_nobody_out_of_the_old_one(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    club.arrive("add")
    club.edit(PACK, HOME)
    came(club)

    assert [each for each in halves(club) if each[0] == "remove" and each[2] == "pending"] == []
    assert club.person("li").layer == "regular"


def test_a_yes_to_a_proposal_of_a_pack_without_a_core_moves_nobody_and_says_so(club: Life):
    pays(club, "li")
    club.edit("steps: []\n", HOME, CORE)
    lines = say(club, "同意 1")

    assert of(lines, "layer", "add", "remove") == []
    assert "没有设核心层" in "\n".join(texts(lines, "dm", "reply"))
    assert club.person("li").layer == "regular"


def test_two_ids_of_somebody_on_the_way_are_one_move_and_no_half_is_made_twice(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    club.arrive("add")
    club.now += 1
    club.happen(IdentitiesMerged, into="amy", gone="li")
    came(club, "amy")

    assert [each[:2] for each in halves(club)] == [("add", "core"), ("remove", GROUP)]


@pytest.mark.parametrize(
    "numbers", ["1 999", "999 1", "1-999999999", "1 1 1", "0 1 -1", "1 ١ 2", "1-0 1"]
)
def test_wrong_numbers_in_a_batch_change_nothing_but_what_they_name(club: Life, numbers: str):
    pays(club, "li")
    say(club, f"同意 {numbers}")

    assert club.person("amy").layer == "regular"
    assert len(club.read(LayerMove)) <= 1
    assert len([each for each in halves(club) if each[0] == "add"]) <= 1


def test_a_proposal_answered_twice_moves_once(club: Life):
    pays(club, "li")
    say(club, "同意 1")
    again = say(club, "同意 1")

    assert of(again, "layer", "add", "remove") == []
    assert len(club.read(LayerMove)) == 1


def test_a_clock_that_was_set_back_makes_no_move_twice(club: Life):
    pays(club, "li")
    club.now += 1
    say(club, "同意 1")
    club.arrive("add")
    club.now -= 2 * DAY
    came(club)
    club.wait(club.now + 3 * DAY)

    assert [each[:2] for each in halves(club)] == [("add", "core"), ("remove", GROUP)]


def test_who_is_in_two_groups_leaves_both_for_the_core_each_once(club: Life):
    club.enforce(HOME, CORE, BETA)
    club.join("li", group="beta")
    pays(club, "li")
    say(club, "同意 1")
    club.arrive("add")
    came(club)
    went(club, group="beta")
    went(club)

    assert sorted(each[:2] for each in halves(club)) == [
        ("add", "core"), ("remove", "beta"), ("remove", GROUP)
    ]  # fmt: skip
    assert moves(club) == ["done"]


def test_an_owner_who_left_decides_no_more_where_staff_are_bound(club: Life):
    club.enforce(replace(HOME, staff=("amy",)), replace(CORE, staff=("amy",)))
    went(club, "owner")
    went(club, "owner", "core")
    pays(club, "li")

    (told,) = club.read(Outgoing, do="task", order="-id", limit=1)
    assert told.body["to"] == str(club.person("amy").id)
    assert club.read(Task)[0].status == "open"
    say(club, "同意 1", "amy")
    assert club.read(Person, layer="core") != []
