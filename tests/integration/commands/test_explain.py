"""`qunyun explain`: every value in force in a group, with file and line."""

import json
from pathlib import Path

import pytest

from sop.model import AdviceGiven
from tests import builders
from tests.builders import EVENING, message
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import Said, qunyun
from tests.unit.bot.folders import PACK, write

RULES = """\
kind: commerce
quiet: 22:30-07:30
budget: {group: 6/day}
skip: [2027-01-01]
texts: {gift: 书单}
rules:
  exempt: [leader]
  checks:
    - {id: ads, detect: ads}
steps:
  - {id: tea, when: 08:00 daily, do: [{post: 早安}]}
"""
CLUB = builders.HEAD + RULES
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    override: {budget: {member: 1/day}, skip: [2027-02-05]}
    regular:
      - id: alpha
        channels: {aibot: wrkA, webhook: "${ROBOT_KEY_ALPHA}"}
        starts: 2026-12-01
        override:
          quiet: 23:00-07:00
          rules: {checks: {ads: {sensitivity: high}}}
      - {id: beta, channels: {sandbox: b}}
"""


@pytest.fixture(autouse=True)
def files(folder: Path) -> None:
    (folder / "sop").mkdir()
    write(folder / "sop", {"club.yaml": CLUB, "groups.yaml": GROUPS})


def said(*words: object) -> Said:
    env = {"SOP_DIR": "sop", "ROBOT_KEY_ALPHA": "k-secret-1"}
    return qunyun("explain", *words, env=env)


PACK_SAYS = "pack says 22:30-07:30 at club.yaml:5"
SKIP = "pack says [2027-01-01] at club.yaml:7"
ALPHA, CLUBS = "groups.yaml:8, group", "groups.yaml:5, community club"


@pytest.mark.parametrize(
    ("group", "key", "told"),
    [
        (
            "alpha", "quiet",
            f"23:00-07:00 (groups.yaml:11, group alpha; {PACK_SAYS}; default none)",
        ),
        ("club/beta", "quiet", "22:30-07:30 (club.yaml:5; default none)"),
        ("beta", "budget.member", f"1/day ({CLUBS}; default none)"),
        (
            "alpha", "skip",
            f"[2027-01-01], [2027-02-05] ({CLUBS}; {SKIP}; default none)",
        ),
        ("alpha", "rules.checks.ads.sensitivity", "high (groups.yaml:12, group alpha)"),
        ("alpha", "rules.mute", "1d (default)"),
        ("alpha", "rules.exempt.owner", "every check, named or not (club.yaml:10)"),
        ("alpha", "rules.exempt.leader", "flood, length, repeats alone (club.yaml:10)"),
        ("alpha", "rules.exempt.core", "no check (club.yaml:10)"),
        ("alpha", "recognition.by", "staff (kind commerce)"),
        ("alpha", "steps.tea.when", "08:00 daily (club.yaml:14)"),
        ("alpha", "group.starts", "2026-12-01 (groups.yaml:9, group)"),
        ("alpha", "can.post", f"yes, by webhook ({ALPHA})"),
        ("beta", "can.hear_all", "yes, by sandbox (groups.yaml:13, group)"),
        ("alpha", "can.hear_all", f"no: what happens there is unknown ({ALPHA})"),
    ],
)  # fmt: skip
def test_a_value_says_where_it_comes_from(group: str, key: str, told: str):
    assert said(group, key) == (0, f"{key}: {told}\n", "")


def test_everything_below_a_key_is_told(folder: Path):
    lines = said("alpha", "budget").lines

    assert [line.split(":")[0] for line in lines] == [
        "budget.group", "budget.member", "budget.mention_all"
    ]  # fmt: skip


def test_without_a_key_it_is_a_table_of_all_settings():
    code, out, err = said("alpha")

    assert (code, err) == (0, "")
    keys = [line.split()[0] for line in out.split("\n\n")[0].splitlines()]
    assert {"quiet", "group.channels", "can.dm", "timezone", "rules.ladder"} <= set(keys)
    assert not any(key.startswith("steps") for key in keys)
    assert "instead of 22:30-07:30, club.yaml:5" in out
    assert "k-secret" not in out


def test_json_has_every_layer_of_every_value():
    read = json.loads(said("club/alpha", "quiet", "--json").out)

    assert (read["community"], read["group"]) == ("club", "alpha")
    (found,) = read["settings"]
    assert [(each["layer"], each["line"]) for each in found["origins"]] == [
        ("group", 11), ("pack", 5), ("default", 0)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("alhpa",), "there is no group alhpa (did you mean alpha?)"),
        (("alpha", "qiet"), "there is no qiet (did you mean quiet?)"),
        (("alpha", "rules.mod"), "did you mean rules.mode?"),
    ],
)
def test_what_is_not_there_is_told_with_what_was_meant(words: tuple[str, ...], told: str):
    code, out, err = said(*words)

    assert (code, out) == (2, "")
    assert told in err


def test_a_group_of_several_communities_is_asked_for(folder: Path):
    other = GROUPS.replace("communities:\n  club:", "  more:")
    for old, new in (("wrkA", "wrkB"), ("{sandbox: b}", "{sandbox: c}"), ("ALPHA", "BETA")):
        other = other.replace(old, new)
    other = other.replace(', webhook: "${ROBOT_KEY_BETA}"', "")
    write(folder / "sop", {"groups.yaml": GROUPS + other})

    code, _, err = said("alpha")

    assert code == 2
    assert "say club/alpha or more/alpha" in err
    assert said("more/alpha", "quiet").code == 0


def test_a_folder_with_errors_is_told(folder: Path):
    write(folder / "sop", {"club.yaml": f"{PACK}nonsense: 1\n"})

    code, out, err = said("alpha")

    assert (code, out) == (2, "")
    assert "club.yaml:5:1: nonsense: unknown key" in err


def test_where_only_the_playground_was_tried_it_is_the_one_that_is_meant(folder: Path):
    tried = folder / "data" / "playground" / "sop"
    tried.mkdir(parents=True)
    groups = GROUPS.replace(', webhook: "${ROBOT_KEY_ALPHA}"', "").replace(
        "{sandbox: b}", "{archive: b}"
    )
    write(tried, {"club.yaml": CLUB, "groups.yaml": groups})

    found = qunyun("explain", "beta", "can.hear_all", env={"DATA_DIR": "data"})

    assert found.code == 0
    assert found.out.startswith("can.hear_all: yes, by archive")


MOVED = "21:00 (advice 3, accepted 2026-12-02 20:00 by boss)"
GENTLE = (
    "    owner: boss\n    regular:\n      - {id: alpha, channels: {sandbox: a}, override: OWN}\n"
)


def test_accepted_advice_is_in_force_until_somebody_edits_that_value(folder: Path):
    groups = f"communities:\n  club:\n    pack: club\n{GENTLE}".replace("OWN", "{}")
    move = AdviceGiven(
        community="club", id=3, group="alpha", about="move:tea", reason="move", at=EVENING,
        facts={"step": "早安", "at": "21:00", "now": "08:00", "people": "5"},
        change={"steps": {"tea": {"at": "21:00"}}, "budget": {"group": "2/day"}},
    )  # fmt: skip
    with deployed(folder, RULES, groups) as bot:
        bot.enforce(EVENING)
        batch = bot.database.batch()
        with batch.event() as store:
            store.put(move)
        batch.commit()
        yes = message(
            "建议 3 同意", community="club", group="alpha", sender="boss", mentions_bot=True,
        )  # fmt: skip
        bot.handle(EVENING, yes)

    assert qunyun("explain", "alpha", "steps.tea.at").out == f"steps.tea.at: {MOVED}\n"
    told = qunyun("explain", "alpha", "budget.group", "--json")
    (found,) = json.loads(told.out)["settings"]
    assert found["value"] == "2/day"
    assert [each["layer"] for each in found["origins"]] == ["advice", "pack", "default"]

    by_hand = groups.replace("{}", "{budget: {group: 3/day}}")
    write(folder / "data" / "sop", {"groups.yaml": by_hand})
    assert qunyun("explain", "alpha", "budget.group").out.startswith("budget.group: 3/day (groups")

    write(folder / "data" / "sop", {"groups.yaml": groups, "club.yaml": CLUB.replace("tea", "t")})
    assert "no steps.tea" in qunyun("explain", "alpha", "steps.tea").err
