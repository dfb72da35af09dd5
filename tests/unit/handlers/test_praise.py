"""What a level brings is told with the word by which one gets it."""

from sop.events import MemberLeft
from tests import builders
from tests.builders import GROUP
from tests.lives import HOUR, life, texts

PACK = """
score: {earn: {message: {points: 5}}}
levels: [{id: seed, title: 新芽, at: 0}, {id: tree, title: 大树, at: 5}]
benefits:
  - {id: card, title: 书签, kind: code, levels: [tree]}
  - {id: coupon, title: 书店券, kind: code, price: 30, levels: [tree]}
steps: []
"""


def test_free_benefits_are_claimed_and_priced_ones_redeemed() -> None:
    with life(PACK, now=builders.EVENING - 8 * HOUR) as club:
        club.join("li")
        club.say("早上好")
        (told,) = [each for each in texts(club.tick(), "dm") if "恭喜你成为「大树」" in each]

    assert "现在可以领取：书签。" in told
    assert "新解锁了可以换的：书店券（30 分）。分数够了就发「兑换 名称」。" in told


def test_who_has_left_is_not_congratulated() -> None:
    with life(PACK, now=builders.EVENING - 8 * HOUR) as club:
        club.join("li")
        club.say("早上好")
        club.happen(MemberLeft, group=GROUP, member="li")

        assert [each for each in texts(club.tick(), "dm") if "恭喜" in each] == []
