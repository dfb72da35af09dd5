"""Groups as bound, the channels this deployment has for them, and where each chat belongs."""

import hashlib
from pathlib import Path

import pytest

from bot.library.bound_groups import Abilities, deployed
from bot.library.library import Library
from tests.unit.bot.folders import ABILITIES, GROUPS, PACK, opened, write

SHOP = "      - {id: shop, channels: {customer: wrSHOP}}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write(tmp_path, {"groups.yaml": GROUPS, "club.yaml": PACK})
    return tmp_path


def test_what_a_folder_says_is_in_force(folder: Path):
    shelf = opened(folder).shelf

    assert shelf.titles == {"club": "书友会"}
    assert shelf.books["club"].pack.title == "书友会"
    assert shelf.books["club"].bot_name == "晨晨"
    assert shelf.books["club"].version == hashlib.sha256(PACK.encode()).hexdigest()[:12]
    kept = shelf.versions["club.yaml"]
    assert (kept.sha, kept.text) == (shelf.books["club"].version, PACK)


def test_groups_are_as_bound_with_their_people_and_what_they_have_otherwise(folder: Path):
    core, alpha = opened(folder).shelf.groups["club"]

    assert (core.id, core.kind, alpha.id, alpha.kind) == ("core", "core", "alpha", "regular")
    assert (alpha.owner, alpha.staff, alpha.title) == ("boss", ("helper",), "一群")
    assert alpha.starts == "2026-12-01"
    assert alpha.override == {"quiet": "23:00-07:00", "skip": ("2027-02-05..2027-02-12",)}


def test_a_chat_belongs_to_its_group_by_surface_and_exact_id(folder: Path):
    found = opened(folder)

    assert found.place_of("aibot", "wrkA") == ("club", "alpha")
    assert found.place_of("aibot", "wrkCORE") == ("club", "core")
    assert found.place_of("robot", "wrkR") == ("club", "alpha")
    for surface, chat in (
        ("robot", "wrkA"),
        ("aibot", "wrka"),
        ("aibot", ""),
        ("app", "core2026"),
    ):
        assert found.place_of(surface, chat) is None


def test_a_community_that_is_not_bound_has_no_book(folder: Path):
    assert opened(folder).book_of("nobody") is None
    assert Library(folder, ABILITIES).book_of("club") is None


@pytest.mark.parametrize(
    ("abilities", "core", "alpha"),
    [
        (Abilities(), {"aibot"}, {"aibot", "webhook", "robot"}),
        (Abilities(app=True), {"appchat", "aibot", "app"}, {"aibot", "webhook", "robot", "app"}),
        (Abilities(link=True), {"link"}, {"link", "webhook", "robot"}),
        (Abilities(app=True, link=True), {"appchat", "link", "app"},
         {"link", "webhook", "robot", "app"}),
    ],
    ids=["callbacks alone", "with an app", "with the link", "with both"],
)  # fmt: skip
def test_channels_are_what_the_deployment_can_do(
    folder: Path, abilities: Abilities, core: set[str], alpha: set[str]
):
    keys = {"ROBOT_KEY_ALPHA": "k-alpha"}
    able = Abilities(app=abilities.app, link=abilities.link, robot_keys=keys)

    groups = opened(folder, able).shelf.groups["club"]

    assert [set(group.channels) for group in groups] == [core, alpha]
    assert groups[1].channels["webhook"].endswith("k-alpha")


def test_the_link_hears_in_the_chats_that_the_ai_bot_is_bound_to():
    assert deployed({"aibot": "wrkA"}, Abilities(link=True)) == {"link": "wrkA"}


def test_a_customer_group_is_known_by_the_app_alone():
    bound = {"customer": "wrC", "archive": "wrC"}

    assert deployed(bound, Abilities(app=True)) == {"customer": "wrC"}
    assert deployed(bound, Abilities(link=True)) == {}


def test_what_happens_to_a_customer_group_is_told_to_the_app(folder: Path):
    write(folder, {"groups.yaml": GROUPS + SHOP})
    found = opened(folder)

    assert found.place_of("app", "wrSHOP") == ("club", "shop")
    assert found.place_of("aibot", "wrSHOP") is None


@pytest.mark.parametrize(("app", "told"), [(True, []), (False, ["warning"])])
def test_that_nothing_is_told_of_a_customer_group_without_the_app_is_said(
    folder: Path, *, app: bool, told: list[str]
):
    write(folder, {"groups.yaml": GROUPS + SHOP})
    found = opened(folder, Abilities(app=app, robot_keys={"ROBOT_KEY_ALPHA": "k"})).problems

    assert [each.severity for each in found if each.path.endswith(".customer")] == told


def test_nobody_of_a_customer_group_is_reached_by_the_app():
    assert "app" not in deployed({"customer": "wrC"}, Abilities(app=True))
