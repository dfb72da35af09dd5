"""What offers bring: orders are somebody's or held, and both sides are compared."""

from bot.operations import offer_lines
from handlers.offers import offer_figures, offer_orders
from sop.actions import Action
from sop.activities import offers
from sop.model import Order, Task
from sop.told_events import IdentitiesMerged, OrdersTold
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, Life, life, of, texts

PACK = (
    "benefits: [{id: class, title: 精读课, kind: quota}]\noffers: {holdout: 50%}\n"
    "steps: [{id: sell, when: {says: [怎么买]}, do: [{offer: class}]}]\n"
)


def told(
    club: Life, *orders: tuple[str, str], at: int | None = None, refunded: bool = False
) -> list[Action]:
    club.now += 1_000
    return club.happen(
        OrdersTold,
        orders=tuple(
            (each, who, club.now if at is None else at, 9_900, "", refunded)
            for each, who in orders
        ),
    )


def test_orders_of_unknown_members_are_held_for_staff_with_the_reason():
    with life(PACK) as club:
        club.join("li", "owner")
        lines = told(club, ("A1", "li"), ("A2", "某某"), ("A3", "Owner"))
        (task,) = texts(lines, "task")
        assert "1 笔订单还对不上成员：某某（没有这个成员）" in task
        rows = {each.order: each for each in club.read(Order)}
        assert (rows["A1"].person, rows["A1"].buyer) == (club.person("li").id, "")
        assert rows["A3"].person == club.person("owner").id
        assert (rows["A2"].person, rows["A2"].buyer, rows["A2"].why) == (0, "某某", "unknown")
        assert of(told(club, ("A1", "li"), ("A2", "某某")), "task") == []
        assert len(club.read(Order)) == 3


def test_a_held_order_becomes_somebodys_when_they_are_known_and_the_task_goes():
    with life(PACK) as club:
        club.join("li")
        told(club, ("A2", "amy"))
        club.join("amy")
        told(club, ("A1", "li"))
        assert {each.person for each in club.read(Order)} == {
            club.person("li").id, club.person("amy").id,
        }  # fmt: skip
        assert [each.status for each in club.read(Task) if each.about == "orders"] == ["void"]
        with club.acting() as context:
            assert offer_orders.held(context) == []


def test_whom_staff_said_an_order_is_stays_its_buyer_when_the_table_comes_again():
    with life(PACK) as club:
        club.join("li", "wang")
        told(club, ("A1", "小王"))
        told(club, ("A1", "wang"))  # assigned
        told(club, ("A1", "小王"))
        (order,) = club.read(Order)
        assert (order.person, order.buyer, order.why) == (club.person("wang").id, "", "")
        club.say("早", "amy", name="小王")
        told(club, ("A1", "小王"))
        assert club.read(Order)[0].person == club.person("wang").id
        told(club, ("A1", "li"))  # an id is certain
        assert club.read(Order)[0].person == club.person("li").id


def test_an_order_without_a_time_is_of_when_it_was_told_first():
    with life(PACK) as club:
        club.join("li")
        told(club, ("A1", "li"), at=0)
        first = club.now
        club.now += 30 * DAY
        told(club, ("A1", "li"), at=0)
        assert [each.at for each in club.read(Order)] == [first]


def test_a_buyer_is_known_by_the_name_as_the_group_shows_it():
    with life(PACK) as club:
        long = "一个特别特别特别特别特别特别特别长的名字_呀"
        club.say("早", "li", name=long)
        told(club, ("A1", long))
        assert club.read(Order)[0].person == club.person("li").id


def test_who_was_left_out_and_offered_it_later_is_on_neither_side():
    with life(PACK) as club:
        club.join(*(f"m{number}" for number in range(8)))
        start = club.now
        for share in ("50%", "0%"):
            club.edit(PACK.replace("50%", share))
            for number in range(8):
                club.now += 60_000
                club.say(f"请问怎么买 {club.now}", f"m{number}")
        with club.acting() as context:
            (found,) = offer_figures.figures(context, start)
        held = [n for n in range(8) if _held(club, f"m{n}")]
        assert held
        assert (found.offered.people, found.held.people) == (8 - len(held), 0)


def test_an_order_of_somebody_found_to_be_another_since_the_offer_is_of_that_offer():
    with life(PACK.replace("50%", "0%")) as club:
        club.join("li", "amy")
        start = club.now
        club.say("请问怎么买", "li")
        club.now += HOUR
        club.happen(IdentitiesMerged, into="amy", gone="li")
        told(club, ("A1", "li"))
        with club.acting() as context:
            (found,) = offer_figures.figures(context, start)
        assert (found.offered.people, found.offered.ordered) == (1, 1)


def _held(club: Life, userid: str) -> bool:
    return offers.is_left_out(COMMUNITY, "class", club.person(userid).id, 0.5)


def test_the_offered_are_compared_with_those_left_out():
    with life(PACK) as club:
        members = [f"m{number}" for number in range(40)]
        club.join(*members)
        start = club.now
        for member in members:
            club.now += 60_000
            club.say(f"请问怎么买 {club.now}", member)
            club.now += 60_000
            club.say(f"请问怎么买 {club.now}", member)
        held = {each for each in members if _held(club, each)}
        buyers = sorted({*members} - held)
        told(club, *((f"A{who}", who) for who in buyers))
        club.say("领取 精读课", buyers[0], group="")
        told(club, ("late", min(held)), at=club.now + 30 * DAY)
        told(club, ("back", max(held)), refunded=True)
        with club.acting() as context:
            (found,) = offer_figures.figures(context, start)
        assert (found.step, found.benefit, found.posts) == ("sell", "class", 0)
        assert found.offered.people == found.offered.ordered == len(buyers)
        assert (found.offered.claimed, found.offered.cents) == (1, 9_900 * len(buyers))
        assert (found.held.people, found.held.claimed, found.held.ordered) == (len(held), 0, 0)
        assert found.orders is not None
        assert found.orders.low > 0.5
        assert found.claims is not None
        assert not found.claims.is_certain
        lift = offer_lines.as_dict(found)["lift"]
        assert set(lift) == {"few", "claims", "orders"}
        assert (lift["few"], lift["orders"]["certain"]) == (True, True)


def test_what_comes_before_the_offer_or_too_late_is_not_of_it():
    with life(PACK.replace("50%", "0%")) as club:
        club.join("li")
        told(club, ("early", "li"))
        club.now += HOUR
        start = club.now
        club.say("请问怎么买", "li")
        told(club, ("late", "li"), at=club.now + 8 * DAY)
        with club.acting() as context:
            (found,) = offer_figures.figures(context, start - DAY)
        assert (found.offered.people, found.offered.ordered) == (1, 0)
        assert found.orders is None
