"""Offers: to whom, how often, who is left out, and what stops them."""

from typing import Any

import pytest

from handlers.offers import guarding
from sop.actions import Action
from sop.activities import offers
from sop.events import MemberLeft
from sop.model import Offer, ShortLink, Task
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import DAY, HOUR, Life, life, of, texts

STEP = "steps: [{id: sell, when: {says: [怎么买]}, do: [{offer: class}]}]\n"
LINK = "benefits: [{id: class, title: 精读课, kind: link, value: 'https://example.com/class'}]\n"
CODE = "benefits: [{id: class, title: 精读课, kind: quota}]\n"


def ask(club: Life, sender: str = "li") -> list[Action]:
    club.now += 60_000
    return club.say(f"请问怎么买 {club.now}", sender)


def reasons(lines: list[Action]) -> list[str]:
    return [line.reason for line in of(lines, "dropped")]


def complain(club: Life, times: int) -> None:
    for number in range(times):
        club.now += 60_000
        club.say("举报", f"member{number}", quote=f"一句不好的话 {club.now} {number}")


def left(club: Life, *members: str) -> None:
    for member in members:
        club.now += 60_000
        club.happen(MemberLeft, group=GROUP, member=member)


def answer(club: Life, words: str) -> list[Action]:
    club.now += 60_000
    (task,) = [each for each in club.read(Task, status="open") if each.kind == guarding.KIND]
    return club.say(f"{words} {task.id}", "owner", group="")


def test_the_need_is_answered_in_its_thread_with_the_tracked_link():
    with life(LINK + STEP, public_url="https://q.example.com") as club:
        club.join("li")
        (words,) = texts(ask(club), "reply")
        (link,) = club.read(ShortLink)
        assert words == f"精读课\nhttps://q.example.com/s/{link.code}"
        assert (link.kind, link.name, link.group, link.step) == ("benefit", "class", GROUP, "sell")
        (offer,) = club.read(Offer)
        assert (offer.step, offer.benefit, offer.person) == ("sell", "class", club.person().id)
        assert not offer.held


def test_what_is_no_link_is_offered_with_the_way_to_have_it():
    with life(CODE + STEP) as club:
        club.join("li")
        assert texts(ask(club), "reply") == ["精读课\n想要的话，发「领取 精读课」。"]
    worded = STEP.replace("class}", "class, text: '{{ member.name }}，看看这个'}")
    with life(CODE + worded) as club:
        club.join("li")
        assert texts(ask(club), "reply")[0].startswith("Li，看看这个\n")


@pytest.mark.parametrize(
    "terms", ["price: 5", "levels: [old]", "approve: staff", "layer: regular"]
)
def test_what_has_to_be_asked_for_is_not_given_away_by_its_link(terms: str):
    asked = LINK.replace("kind: link", f"kind: link, {terms}")
    levels = "levels: [{id: old, title: 老友, at: 0}]\n"
    with life(levels + asked + STEP, public_url="https://q.example.com") as club:
        club.join("li")
        (words,) = texts(ask(club), "reply")
        assert "http" not in words
        assert ("兑换 精读课" if "price" in terms else "领取 精读课") in words


def test_caps_hold_for_all_offers_of_a_member_and_of_a_group():
    with life(CODE + "offers: {per_member: 1/7d, per_group: 2/1d}\n" + STEP) as club:
        club.join("li", "amy", "bob")
        found = [reasons(ask(club, who)) for who in ("li", "li", "amy", "bob")]
        assert found == [[], ["cap"], [], ["cap"]]
        club.now += DAY
        assert reasons(ask(club, "bob")) == []
        assert reasons(ask(club, "li")) == ["cap"]


def test_a_post_to_several_is_one_offer_of_the_group_and_who_is_left_out_saw_none():
    pack = (
        f"{CODE}offers: {{per_group: 2/1d}}\nsteps: [{{id: new, when: member.joined, "
        "batch: {for: 1m}, do: [{offer: class}]}]\n"
    )
    with life(pack) as club:
        for names in (("li", "amy", "bob"), ("cat", "dan"), ("eve",)):
            club.join(*names)
            lines = club.wait(club.now + HOUR)
        assert reasons(lines) == ["cap"]
        assert len(club.read(Offer)) == 5
    with life(pack.replace("2/1d", "1/1d, holdout: 100%")) as club:
        club.join("li")
        club.wait(club.now + HOUR)
        club.join("amy")
        assert reasons(club.wait(club.now + HOUR)) == ["holdout"]


def test_what_the_pack_has_no_more_is_not_offered_by_what_began_before():
    evening = "steps: [{id: sell, when: '23:00 daily', do: [%s]}]\nquiet: '22:00-08:00'\n"
    with life(CODE + evening % "{offer: class}") as club:
        club.enforce()
        club.join("li")
        assert [line.do for line in club.wait(club.now + 4 * HOUR)] == ["held"]
        club.edit(evening % "{post: 晚安}")
        lines = club.wait(club.now + 9 * HOUR)
        assert (texts(lines, "post"), reasons(lines)) == ([], ["unavailable"])
        assert club.read(Offer) == []


def test_a_member_who_cannot_have_it_is_not_offered_it():
    with life(CODE.replace("kind: quota", "kind: quota, layer: core") + STEP) as club:
        club.join("li")
        assert reasons(ask(club)) == ["unavailable"]
        assert club.read(Offer) == []


def test_what_nobody_can_have_today_is_not_offered_to_a_group():
    evening = "steps: [{id: sell, when: '21:00 daily', do: [{offer: class}]}]\n"
    for terms in ("calendar: 'sat,sun'", "stock: 0", "cost: 9"):
        closed = (
            f"{CODE.replace('kind: quota', f'kind: quota, {terms}')}benefit_budget: {{cost: 5}}\n"
        )
        with life(closed + evening) as club:  # a Wednesday
            club.enforce()
            assert reasons(club.wait(club.now + 2 * HOUR)) == ["unavailable"]


def test_some_members_are_left_out_always_the_same_and_are_recorded():
    with life(CODE + "offers: {holdout: 50%}\n" + STEP) as club:
        members = [f"m{number}" for number in range(12)]
        club.join(*members)
        for _ in range(2):
            for member in members:
                lines = ask(club, member)
                held = offers.is_left_out(COMMUNITY, "class", club.person(member).id, 0.5)
                assert reasons(lines) == (["holdout"] if held else [])
                assert len(texts(lines, "reply")) == (0 if held else 1)
        rows = club.read(Offer)
        assert len(rows) == 24
        assert len({(each.person, each.held) for each in rows}) == 12
        assert {each.held for each in rows} == {True, False}


def test_offers_stop_when_complaints_rise_and_staff_are_told_once():
    with life(CODE + STEP) as club:
        club.join("li", "owner", *(f"member{number}" for number in range(5)))
        assert reasons(ask(club)) == []
        complain(club, 2)
        assert reasons(ask(club)) == []
        complain(club, 1)
        lines = ask(club)
        assert reasons(lines) == ["guard"]
        assert "近 7 天有 3 次举报或申诉" in texts(lines, "task")[0]
        again = ask(club)
        assert (reasons(again), of(again, "task")) == (["guard"], [])


def test_a_yes_lets_offers_go_on_and_counts_anew():
    with life(CODE + STEP) as club:
        club.join("li", "owner", *(f"member{number}" for number in range(5)))
        complain(club, 3)
        assert reasons(ask(club)) == ["guard"]
        assert "接着来" in "\n".join(texts(answer(club, "同意"), "dm", "reply"))
        assert reasons(ask(club)) == []
        complain(club, 3)
        assert reasons(ask(club)) == ["guard"]


def test_a_no_lets_offers_rest_and_then_looks_again():
    with life(CODE + STEP) as club:
        club.join("li", "owner", *(f"member{number}" for number in range(5)))
        complain(club, 3)
        ask(club)
        answer(club, "拒绝")
        assert reasons(ask(club)) == ["guard"]
        club.now += 7 * DAY
        assert reasons(ask(club)) == []


def test_offers_stop_when_many_leave_but_not_when_as_many_left_before():
    with life(CODE + STEP) as club:
        club.join("li", *(f"m{number}" for number in range(20)))
        left(club, *(f"m{number}" for number in range(5)))
        assert reasons(ask(club)) == ["guard"]
    with life(CODE + STEP) as club:
        club.join("li", *(f"m{number}" for number in range(20)))
        left(club, *(f"m{number}" for number in range(3)))
        club.now += 7 * DAY
        left(club, *(f"m{number}" for number in range(3, 8)))
        assert reasons(ask(club)) == []
        left(club, "m9")
        assert reasons(ask(club)) == ["guard"]


def test_where_nobody_sees_who_leaves_leaves_are_unknown():
    groups = [builders.group(channels={"aibot": "x"})]
    with life(CODE + STEP, groups=groups) as club, club.acting("li") as context:
        group = context.group
        assert group is not None
        found: Any = guarding.counts(context, group, 0)
        assert found == {"complaints": (0, 0), "leaves": None}
