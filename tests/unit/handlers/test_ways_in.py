"""Moves where no program brings anybody into the group: by an address, and by people."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sop.actions import Action
from sop.events import MemberJoined, MemberLeft, RosterFetched
from sop.model import Group, LayerMove, Member, Outgoing, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, Life, life, of

WAY = "https://work.example.com/gm/core"
PACK = """
links: {join-core: {url: "https://work.example.com/gm/core", until: 2027-01-31}, %s}
layers: {core: {enter: {paid: true}, leave: {paid: false}, approve: auto%s}}
steps:
  - {id: nightly, in: all, when: "21:00 daily", do: [{review: layers}]}
  - {id: hello, in: all, when: member.joined, do: [{dm: 你好呀}]}
  - {id: bye, in: all, when: member.left, do: [{dm: 再见}]}
"""
BACK = "join-g1: 'https://work.example.com/gm/g1'"
DEAF_CORE = {"customer": "core"}


def clubs(extra: str = "", core: str = "", **channels: dict[str, str]) -> Iterator[Life]:
    regular = builders.group(channels=channels.get("regular", {"sandbox": GROUP}))
    inner = builders.group(
        id="core", kind="core", title="核心群", channels=channels.get("inner", DEAF_CORE)
    )
    with life(PACK % (extra, core), groups=[regular, inner]) as living:
        living.enforce(regular, inner)
        living.join("owner", "li")
        living.join("owner", group="core")
        living.wait(living.now + DAY)
        yield living


@pytest.fixture
def club() -> Iterator[Life]:
    yield from clubs()


def pays(club: Life, *, value: bool = True) -> list[Action]:
    with club.acting("li") as context:
        person = context.person
        assert person is not None
        context.store.put(replace(person, paid=value))
    return club.wait(club.now + DAY)


def came(club: Life, group: str = "core") -> list[Action]:
    club.now += 1
    where = {"community": COMMUNITY, "group": group, "at": club.now, "member": "li"}
    return club.handle(MemberJoined(key=f"in:{club.now}", **where))


def went(club: Life, group: str = GROUP) -> list[Action]:
    club.now += 1
    where = {"community": COMMUNITY, "group": group, "at": club.now, "member": "li"}
    return club.handle(MemberLeft(key=f"out:{club.now}", **where))


def move(club: Life) -> LayerMove:
    found: LayerMove = club.read(LayerMove, order="-id", limit=1)[0]
    return found


def asked(club: Life) -> list[Task]:
    return club.read(Task, status="open", kind="add")


def test_who_is_promoted_gets_the_address_alone_and_people_help_after_some_days(club: Life):
    lines = pays(club)
    (told,) = of(lines, "dm")

    assert (told.to, WAY in told.text) == (str(club.person("li").id), True)
    assert WAY not in "".join(each.text for each in lines if each is not told)
    (task,) = asked(club)
    assert "入群链接私下发给 Li" in task.text
    assert task.due_at >= task.created_at + 3 * DAY - DAY // 2
    assert of(lines, "add", "remove") == []


def test_only_when_the_list_shows_them_are_they_taken_out_of_the_old_group(club: Life):
    pays(club)
    lines = came(club)

    assert [(each.do, each.group, each.beside) for each in of(lines, "remove")] == [
        ("remove", GROUP, ("core",))
    ]
    went(club)
    assert move(club).status == "done"
    assert asked(club) == []
    assert of(club.wait(club.now + 5 * DAY), "add", "remove", "task") == []


def test_who_comes_by_the_address_is_no_newcomer_and_who_goes_then_has_not_left(club: Life):
    pays(club)
    came(club)
    went(club)

    lines = club.wait(club.now + DAY)
    assert [each.text for each in lines if each.text in ("你好呀", "再见")] == []
    assert club.read(Member, group="core", person=club.person("li").id)[0].came_at == 0


def test_who_never_follows_the_invitation_stays_where_they_are(club: Life):
    pays(club)
    club.wait(club.now + 10 * DAY)

    assert club.read(Member, group=GROUP, person=club.person("li").id)[0].left_at == 0
    assert len(asked(club)) == 1


def test_who_never_comes_is_proposed_for_the_way_back_with_that_reason():
    for club in clubs(core=", size: 9"):
        club.edit((PACK % ("", "")).replace(", approve: auto", ""), *club.read(Group))
        pays(club)
        club.say(f"同意 {club.read(Task, kind='promote')[0].id}", "owner", group="")
        look(club, "owner")
        club.wait(club.now + 6 * DAY)

        assert "还没有进核心群" in club.read(Task, kind="demote")[0].text


def test_who_goes_from_the_old_group_first_has_really_left_it(club: Life):
    pays(club)
    went(club)

    assert "再见" in [each.text for each in club.wait(club.now + DAY)]


def test_an_address_that_is_over_is_not_sent(club: Life):
    club.wait(club.now + 90 * DAY)
    lines = pays(club)

    assert WAY not in "".join(each.text for each in lines)
    assert "请邀请 Li 进「核心群」" in asked(club)[0].text


def test_who_wants_no_word_of_the_bot_is_invited_by_people(club: Life):
    club.say("免打扰", "li", group="")
    pays(club)

    assert "请邀请 Li 进「核心群」" in asked(club)[0].text


def test_where_the_program_can_move_people_nobody_needs_an_address():
    for club in clubs(inner={"sandbox": "core"}):
        lines = pays(club)

        assert WAY not in "".join(each.text for each in lines)
        assert [each.do for each in of(lines, "add", "remove")] == ["add", "remove"]


def test_the_way_back_has_its_address_too():
    for club in clubs(BACK, regular={"customer": GROUP, "app": ""}):
        pays(club)
        came(club)
        went(club)
        lines = pays(club, value=False)

        (told,) = of(lines, "dm")
        assert "gm/g1" in told.text
        assert "入群链接私下发给 Li" in asked(club)[0].text
        came(club, GROUP)
        went(club, "core")
        assert move(club).status == "done"
        assert asked(club) == []


def test_with_keep_regular_coming_is_all_there_is_to_do():
    for club in clubs(core=", keep_regular: true"):
        pays(club)
        assert "进群后发「完成" in asked(club)[0].text
        lines = came(club)

        assert of(lines, "remove") == []
        assert (move(club).status, asked(club)) == ("done", [])


def test_a_roster_that_shows_them_is_as_good_as_a_word():
    for club in clubs():
        look(club, "owner")
        pays(club)
        look(club, "owner", "li")

        assert [each.group for each in club.read(Outgoing, do="remove")] == [GROUP]
        assert "你好呀" not in [each.text for each in club.wait(club.now + DAY)]


def look(club: Life, *members: str) -> None:
    """The core group's list as somebody has fetched it."""
    club.now += 1
    club.happen(RosterFetched, group="core", owner="owner", members=members)


def test_where_nobody_can_be_written_to_people_do_all_of_it():
    for club in clubs(regular={"customer": GROUP, "aibot": GROUP}):
        lines = pays(club)

        assert "请邀请 Li 进「核心群」" in asked(club)[0].text
        assert WAY in next(each.text for each in of(lines, "task") if "私信给 Li" in each.text)
