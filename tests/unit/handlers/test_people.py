"""Who is who, and what somebody is called."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.people import people
from sop.model import Group, Identity, Member, Person
from sop.told_events import BirthdayTold, MemberPaid, RoleChanged
from tests import builders
from tests.builders import COMMUNITY, EVENING
from tests.lives import life


@given(
    st.lists(st.tuples(st.sampled_from(["ZhangSan", "zhangsan", "li.si"]), st.text()), max_size=9)
)
@settings(max_examples=15, deadline=None)
def test_an_id_is_one_person_whatever_its_case_and_whatever_they_call_themselves(
    seen: list[tuple[str, str]],
):
    with life() as club:
        with club.acting() as context:
            found = {
                userid: people.person_of(context.store, COMMUNITY, userid, name).id
                for userid, name in seen
            }
            known = {
                userid: people.find_person(context.store, COMMUNITY, userid) for userid in found
            }

        ids = {userid.casefold() for userid in found}
        assert len(set(found.values())) == len(club.read(Person)) == len(ids)
        assert {userid: person.id for userid, person in known.items() if person} == found
        assert {each.userid for each in club.read(Identity)} == ids
        for person in club.read(Person):
            assert not set(person.name) & set("<>@`[]")
            assert len(person.name) <= 20


def test_a_name_is_remembered_until_another_is_told():
    with life() as club, club.acting() as context:
        for told, kept in (("李四", "李四"), ("", "李四"), ("李思", "李思"), ("\u200b", "李思")):
            assert people.person_of(context.store, COMMUNITY, "li", told).name == kept


def test_nobody_is_called_by_a_platform_id():
    unnamed, named = builders.person(7), builders.person(8, name="李四")

    assert people.shown(unnamed) == "成员 07"
    assert people.shown(None) == "一位伙伴"
    assert people.addressed(unnamed) == "你好"
    assert people.named([named, unnamed, None]) == "李四、成员 07、一位伙伴"
    assert people.addressed(named) == people.shown(named) == "李四"


@pytest.mark.parametrize(
    ("userid", "role", "expected"),
    [
        ("boss", "member", "owner"), ("BOSS", "member", "owner"), ("amy", "leader", "staff"),
        ("eve", "leader", "leader"), ("eve", "staff", "staff"), ("eve", "member", "member"),
    ],
)  # fmt: skip
def test_rights_follow_the_id_and_what_was_given(userid: str, role: str, expected: str):
    group = builders.group(owner="Boss", staff=("Amy",))
    person = builders.person(1, userid=userid, role=role, name="Boss")

    assert people.role_of(person, group) == expected
    assert people.is_staff(person, group) == (expected in ("owner", "staff"))


def test_nobody_and_nowhere_have_no_rights():
    assert people.role_of(None, builders.group()) == "member"
    assert not people.is_staff(builders.person(1, userid=""), builders.group(owner=""))
    assert people.role_of(builders.person(1, role="staff"), None) == "staff"


def test_what_is_told_about_a_person_is_kept():
    here = {"community": COMMUNITY, "at": EVENING, "member": "li"}
    with life() as club:
        club.handle(RoleChanged(key="1", role="leader", **here))
        club.handle(MemberPaid(key="2", value=True, **here))
        club.handle(BirthdayTold(key="3", date="02-29", **here))

        person = club.person("li")
        assert (person.role, person.paid, person.birthday) == ("leader", True, "02-29")


def test_memberships_are_those_that_last():
    groups = [builders.group(id=name, channels={"sandbox": name}) for name in ("g2", "g1", "g3")]
    with life(groups=groups) as club:
        for group in ("g2", "g1", "g3"):
            club.join("li", group=group)
        with club.acting("li") as context:
            gone = context.store.find(Member, group="g3")[0]
            context.store.put(replace(gone, left_at=1))
            found = people.memberships(context, context.person_id)

        assert [member.group for member in found] == ["g1", "g2"]


def test_recipients_are_resolved_when_asked_for():
    with life() as club, club.acting("li") as context:
        group = builders.group(owner="boss", staff=("amy", "bob"))

        def reached(to: str, where: Group | None = group) -> list[str]:
            return [person.userid for person in people.recipients(context, to, where)]

        assert reached("owner") == ["boss"]
        assert reached("staff") == ["amy", "bob"]
        assert reached("1") == ["li"]
        assert reached("404") == []
        assert reached("owner", None) == []
        assert reached("staff", builders.group(owner="")) == []
        assert reached("1", None) == ["li"]
        assert context.store.get(Person, COMMUNITY, 1) == people.find_person(
            context.store, COMMUNITY, "LI"
        )
