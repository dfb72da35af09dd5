"""Who may write to the bot in private, and which community is meant."""

from dataclasses import replace
from typing import Any

import pytest

from bot.library.shelf import Shelf
from bot.private_chats import Unplaced, placed
from sop.events import MessageReceived
from sop.model import Member, Strike
from tests import builders
from tests.builders import COMMUNITY
from tests.lives import DAY, HOUR, Life, life

PACK = """
rules:
  checks: [{id: ads, detect: ads}]
  ladder: [%s]
  appeal: {within: 3d}
steps: []
"""
ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"


def club_of(rung: str = "remove") -> Life:
    return life(PACK % rung, groups=[builders.group(owner="boss")])


def gone(club: Life) -> None:
    """Somebody advertises, and leaves or is taken out."""
    club.say(ADVERT, "li")
    with club.acting() as context:
        for each in context.store.find(Member, community=COMMUNITY):
            context.store.put(replace(each, left_at=club.now))


def meant(club: Life, text: str) -> Any:
    event = MessageReceived(
        key="k", community="", at=club.now, sender="li", text=text, message_id="m",
        channel="app",
    )  # fmt: skip
    shelf = Shelf(books={COMMUNITY: club.book}, titles={COMMUNITY: "晨读社"})
    with club.acting() as context:
        return placed(context.store, event, shelf)  # type: ignore[arg-type] # the store's own


@pytest.mark.parametrize("text", ["申诉", "申诉 手滑", "晨读社 申诉", "为什么警告我"])
def test_who_was_taken_out_may_object_and_ask_why(text: str):
    with club_of() as club:
        gone(club)

        assert meant(club, text).community == COMMUNITY


@pytest.mark.parametrize("text", ["积分", "排行", "你好"])
def test_who_was_taken_out_hears_nothing_else(text: str):
    with club_of() as club:
        gone(club)

        with pytest.raises(Unplaced, match="你现在不在群里"):
            meant(club, text)


def test_whom_nobody_has_seen_is_told_to_speak_in_their_group_first():
    with club_of() as club, pytest.raises(Unplaced, match="还没有在你的群里见到你"):
        meant(club, "积分")


def test_after_the_time_for_appeals_nobody_who_is_out_is_heard():
    with club_of() as club:
        gone(club)
        [strike] = club.read(Strike)
        club.now = strike.known_from + 3 * DAY
        assert meant(club, "申诉").community == COMMUNITY

        club.now += HOUR
        with pytest.raises(Unplaced):
            meant(club, "申诉")


def test_who_left_of_their_own_accord_has_nothing_to_object_to():
    with club_of("remind") as club:
        gone(club)

        with pytest.raises(Unplaced):
            meant(club, "申诉")
