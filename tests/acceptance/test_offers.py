"""Twelve days of offers: given first, seldom, not to everybody, followed to the order, stopped."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.operations import offer_lines
from bot.rehearsal import script
from bot.rehearsal.stage import COMMUNITY, Stage
from handlers.offers import offer_figures
from handlers.offers.offer_figures import Arm
from sop.model import LinkHour, Offer, Order, Person, ShortLink
from tests import builders
from tests.acceptance.rehearsing import book_of, unmet

FOLDER = Path(__file__).parent / "offers"
START, UNTIL = "2026-12-01T07:00:00+08:00", "2026-12-13T00:00:00+08:00"
BOOK = replace(
    book_of((FOLDER / "pack.yaml").read_bytes()), public_url="https://q.example.com"
)  # fmt: skip


def read(name: str) -> list[str]:
    return (FOLDER / name).read_text(encoding="utf-8").splitlines()


@contextmanager
def played() -> Iterator[tuple[Stage, list[dict[str, Any]]]]:
    stage = Stage(BOOK, trace=True)
    try:
        first, last = script.instant(START, "start"), script.instant(UNTIL, "until")
        yield stage, list(stage.play(script.read_script(read("script.jsonl")), first, last))
    finally:
        stage.close()


def rows(stage: Stage, kind: type[Any], /, **where: Any) -> list[Any]:
    return list(stage.look(lambda store: store.find(kind, **where)))


def test_offers_come_after_value_where_the_need_is_and_stop_when_they_do_harm():
    with played() as (_, lines):
        assert unmet(map(json.loads, read("expect.jsonl")), lines) == []


def test_who_is_left_out_is_never_offered_it_and_nobody_twice_within_the_cap():
    with played() as (stage, lines):
        found = rows(stage, Offer, order="at")
        names = {each.id: each.userid for each in rows(stage, Person)}
        offered = {names[each.person] for each in found if not each.held}
        held = {names[each.person] for each in found if each.held}
        assert offered == {"wang", "chen", "lin", "he", "sun", "zheng"}
        assert held == {"li", "zhao", "zhou", "wu", "qian"}
        told = [line["to"] for line in lines if line["do"] == "reply" and "step" in line]
        assert {*told} == offered
        assert sorted(told) == sorted([*offered, "zheng"])


def test_what_it_brought_is_followed_from_the_post_to_the_order_and_held_against_chance():
    with played() as (stage, _):
        (link,) = rows(stage, ShortLink, kind="benefit")
        assert (link.step, link.clicks, link.visitors) == ("sell", 2, 2)
        hours = rows(stage, LinkHour, code=link.code)
        assert [(each.wechat, each.wecom, each.filtered) for each in hours] == [(1, 1, 1)]
        orders = {each.order: each for each in rows(stage, Order)}
        assert [each for each in orders if orders[each].refunded] == ["A2"]
        assert [each for each in orders if not orders[each].person] == ["A4"]

        def look(store: Any) -> Any:
            context = builders.context(store, BOOK, community=COMMUNITY)
            return offer_figures.figures(context, 0)

        (found,) = stage.look(look)
        assert found.offered == Arm(people=6, claimed=1, ordered=1, cents=19_900)
        assert found.held == Arm(people=5, claimed=0, ordered=1, cents=19_900)
        assert list(offer_lines.lines(found)) == [
            "sell (class), 2 clicks by 2 visitors",
            "  offered to 6 member(s): 1 claimed, 1 ordered for 199.00",
            "  left out: 5 member(s): 0 claimed, 1 ordered for 199.00",
            "  claims: +16.7 points (95 %: -28.9 to +56.4): may be chance, few people",
            "  orders: -3.3 points (95 %: -47.9 to +39.6): may be chance, few people",
        ]
