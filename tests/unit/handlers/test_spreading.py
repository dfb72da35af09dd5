"""A member's link pays for every visitor once."""

from sop.events import LinkOpened
from tests.builders import COMMUNITY
from tests.lives import life, of


def test_each_visitor_of_a_link_pays_once():
    with life("score: {earn: {spread: {points: 3, cap: 2/day}}}\nsteps: []\n") as club:
        club.join("li")

        def visit(visitor: str, key: str, member: str = "li") -> int:
            event = LinkOpened(
                key=key, community=COMMUNITY, at=club.now, member=member, link="book",
                visitor=visitor,
            )  # fmt: skip
            return len(of(club.handle(event), "points"))

        assert [visit("a", "1"), visit("a", "2"), visit("", "3"), visit("b", "4")] == [1, 0, 0, 1]
        assert visit("c", "5") == 0  # the cap of the day
        assert visit("a", "6", "nobody") == 0
        assert club.person("li").balance == 6
