"""`qunyun why`: asked of the database of a bot, which may be running."""

import json
import time
from pathlib import Path

import pytest

from bot.operations.deployments import time_in
from sop.model import SeenEvent
from tests.builders import EVENING, message
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import qunyun
from tests.lives import DAY, life

PACK = """\
score: {window: 30d, earn: {message: {points: 1}}}
budget: {group: 1/day}
steps:
  - {id: evening, title: 晚安, when: "20:10 daily", do: [{post: 晚上好}]}
  - {id: night, when: "20:20 daily", do: [{post: 夜里好}]}
  - {id: price, when: {says: [多少钱]}, if: {score: ">= 20"}, do: [{post: 看这里}]}
"""
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular:
      - {id: alpha, title: 一群, channels: {sandbox: c1}}
      - {id: beta, channels: {sandbox: c2}}
  shop:
    pack: club
    owner: boss
    regular: [{id: beta, channels: {sandbox: c3}}]
"""
MINUTE = 60_000


@pytest.fixture(autouse=True)
def lived(folder: Path) -> Path:
    """A folder in which a bot has run for an evening."""
    with deployed(folder, PACK, GROUPS) as bot:
        bot.enforce(EVENING)
        bot.handle(EVENING, message("这个多少钱", group="alpha", name="李四"))
        for now in (EVENING + 10 * MINUTE, EVENING + 20 * MINUTE):
            bot.wake(now)
    return folder


def test_it_says_in_plain_words_what_did_not_fire_and_why():
    said = qunyun("why", "alpha", "price")

    assert (said.code, said.err) == (0, "")
    assert said.lines == [
        "club/alpha 一群  price",
        "2026-12-02 20:00  li.si  not fired: score 1, needs >= 20 [条件不满足]",
        "now: depends: each member is asked, name one",
    ]


def test_it_says_what_ran_what_waits_and_what_comes_next():
    ran, waits = qunyun("why", "club/alpha", "evening"), qunyun("why", "alpha", "night")

    assert ran.lines[:2] == ["club/alpha 一群  evening 晚安", "2026-12-02 20:10  ran"]
    assert waits.lines[1].startswith(
        "2026-12-02 20:20  held: budget 1 of 1 today for the group, renews 2026-12-03 00:00"
    )
    assert "next: 2026-12-03 00:00 (held: " in waits.out


def test_it_speaks_of_one_member_and_as_json():
    said = qunyun("why", "alpha", "price", "--member", "LI.SI", "--json")
    told = json.loads(said.out)

    assert (told["community"], told["group"], told["step"], told["member"]) == (
        "club", "alpha", "price", "li.si"
    )  # fmt: skip
    assert told["occurrences"] == [
        {
            "due_at": "2026-12-02T20:00:00+08:00", "at": "2026-12-02T20:00:00+08:00",
            "member": "li.si", "verdict": "not-fired", "reason": "condition",
            "figures": ["score: 1, needs >= 20"], "held": [],
            "version": told["occurrences"][0]["version"],
        }
    ]  # fmt: skip
    assert told["now"]["verdict"] == "not-fired"
    assert qunyun("why", "alpha", "evening", "--last", "1", "--json").code == 0


@pytest.mark.parametrize(
    ("words", "error"),
    [
        pytest.param(["alpah", "price"], "no group alpah (did you mean alpha?)", id="a group"),
        pytest.param(
            ["club/alpah", "price"], "no group club/alpah (did you mean club/alpha?)",
            id="a group of a community",
        ),
        pytest.param(["xyz", "price"], "no group xyz: there are alpha, beta", id="unlike any"),
        pytest.param(["alpha", "prise"], "no step prise (did you mean price?)", id="a step"),
        pytest.param(
            ["alpha", "price", "--member", "li.is"], "no member li.is (did you mean li.si?)",
            id="a member",
        ),
        pytest.param(
            ["beta", "price"], "beta is in 2 communities: write one of club/beta, shop/beta",
            id="two groups",
        ),
    ],
)  # fmt: skip
def test_what_is_not_known_is_named_with_what_was_meant(words: list[str], error: str):
    said = qunyun("why", *words)

    assert (said.code, said.out) == (2, "")
    assert error in said.err


def test_nothing_is_written(lived: Path):
    kept = (lived / "data" / "qunyun.db").read_bytes()

    qunyun("why", "alpha", "price", "--member", "li.si")
    assert (lived / "data" / "qunyun.db").read_bytes() == kept


def test_where_only_the_playground_was_tried_it_is_the_one_that_is_meant(lived: Path):
    (lived / "data").rename(lived / "playground")
    (lived / "data").mkdir()
    (lived / "playground").rename(lived / "data" / "playground")

    found = qunyun("why", "alpha", "night", env={"DATA_DIR": "data"})
    assert (found.code, found.err) == (0, "")


def test_the_playgrounds_time_is_that_of_the_last_that_happened_there():
    with life() as club, club.acting() as context:
        ahead = time.time_ns() // 1_000_000 + 30 * DAY
        context.store.put(SeenEvent(key_="later", community="club", at=ahead))

        assert time_in(context.store) == ahead


def test_where_nothing_has_happened_yet_it_is_now():
    with life() as club, club.acting() as context:
        assert context.store.count(SeenEvent) == 0
        before = time.time_ns() // 1_000_000

        assert time_in(context.store) >= before


def test_without_a_database_or_a_good_pack_it_says_so(lived: Path):
    (lived / "data" / "qunyun.db").unlink()
    said = qunyun("why", "alpha", "price")
    assert (said.code, said.out) == (2, "")
    assert "no database yet" in said.err

    (lived / "data" / "sop" / "club.yaml").write_text("pack: [", "utf-8")
    said = qunyun("why", "alpha", "price")
    assert said.code == 2
    assert "club.yaml:1" in said.err
