"""What communities and groups have otherwise is checked like a pack: place, sentence, remedy."""

from pathlib import Path

import pytest

from bot.library.library import Library
from sop.model import Group
from tests.builders import HEAD
from tests.unit.bot.folders import ABILITIES, write

PACK = f"""{HEAD}quiet: 22:30-07:30
budget: {{group: 6/day}}
texts: {{gift: 首周福利}}
rules:
  checks:
    - {{id: ads, detect: ads}}
    - {{id: flood, detect: flood, messages: 5, within: 10s}}
steps:
  - {{id: tea, when: 08:00 daily, do: [{{post: "早安 {{{{ texts.gift }}}}"}}]}}
  - {{id: two, when: 12:00 daily, do: [{{post: 一}}, {{post: 二}}]}}
  - {{id: hail, when: group.created, do: [{{post: 大家好}}]}}
"""
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    override: %s
    regular:
      - {id: alpha, channels: {sandbox: a}, override: %s}
      - {id: beta, channels: {sandbox: b}}
"""


def told(folder: Path, community: str = "{}", group: str = "{}") -> list[str]:
    write(folder, {"groups.yaml": GROUPS % (community, group), "club.yaml": PACK})
    library = Library(folder, ABILITIES)
    library.reload()
    return [str(each).removeprefix(f"{folder}/") for each in library.problems]


def groups(folder: Path, community: str, group: str) -> dict[str, Group]:
    write(folder, {"groups.yaml": GROUPS % (community, group), "club.yaml": PACK})
    library = Library(folder, ABILITIES)
    assert library.reload(), library.problems
    return {each.id: each for each in library.shelf.groups["club"]}


def test_a_community_speaks_for_its_groups_and_a_group_for_itself(tmp_path: Path):
    found = groups(
        tmp_path,
        '{quiet: "23:00-07:00", skip: ["2027-02-05"], budget: {member: 1/day}}',
        '{quiet: "21:00-06:00", skip: ["2027-03-05"], budget: {group: 2/day}}',
    )

    assert found["beta"].override == {
        "quiet": "23:00-07:00", "skip": ("2027-02-05",), "budget": {"member": "1/day"}
    }  # fmt: skip
    assert found["alpha"].override == {
        "quiet": "21:00-06:00", "skip": ("2027-02-05", "2027-03-05"),
        "budget": {"member": "1/day", "group": "2/day"},
    }  # fmt: skip


GOOD = (
    "{quiet: '21:00-06:00', texts: {gift: 你好}, rules: {mode: observe, ladder: [task]},"
    " steps: {tea: {at: '09:00'}}}"
)


def test_what_is_sound_is_no_problem(tmp_path: Path):
    assert told(tmp_path, GOOD, GOOD) == []


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ("{qiet: x}", "qiet: unknown key (did you mean quiet?)"),
        ("{quiet: 25:00-07:00}", "quiet: '25:00' is not a time of day"),
        ("{texts: {gfit: x}}", 'texts.gfit: the pack has no text "gfit"'),
        ("{texts: {gift: '{{ memer.name }}'}}", 'texts.gift: a template knows no "memer.name"'),
        ("{texts: {gift: '{{ top('}}", "texts.gift: is not a template"),
        ("{texts: {gift: '{{ member.name }}'}}", 'texts: step "tea" the step "tea" has no member'),
        ("{rules: {checks: {adds: {}}}}", 'rules.checks.adds: the pack has no check "adds" (did'),
        (
            "{rules: {checks: {ads: {sensitivty: low}}}}",
            "rules.checks.ads.sensitivty: unknown key (did you mean sensitivity?)",
        ),
        ("{rules: {checks: {ads: {sensitivity: loud}}}}", 'sensitivity: "loud" is not known here'),
        ("{rules: {checks: {ads: {max: 3}}}}", "rules.checks.ads.max: unknown key"),
        ("{rules: {checks: {flood: {within: soon}}}}", "within: 'soon' is not a length of time"),
        ("{steps: {teaa: {}}}", 'steps.teaa: the pack has no step "teaa" (did you mean tea?)'),
        ("{steps: {hail: {at: '09:00'}}}", "steps.hail.at: the step has no time of day that"),
        ("{rules: {mode: watch}}", 'rules.mode: "watch" is not known here'),
        ("{rules: {ladder: []}}", "rules.ladder: must not be empty"),
        ("{budget: {group: lots}}", "budget.group: 'lots' is not a cap"),
        ("{skip: [2027-02-30]}", "skip[0]: 2027-02-30 is not a day"),
        ("{quiet: '11:00-13:00'}", 'quiet: step "two" falls into quiet hours'),
        ("{budget: {group: 1/day}}", 'budget: step "two" posts 2 messages'),
    ],
)
@pytest.mark.parametrize("whose", ["communities.club", "communities.club.regular[0]"])
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, whose: str, own: str, said: str):
    found = told(tmp_path, own) if whose == "communities.club" else told(tmp_path, "{}", own)
    line = 5 if whose == "communities.club" else 7

    assert any(
        each.startswith(f"groups.yaml:{line}:") and f"{whose}.override." in each and said in each
        for each in found
    ), found


def test_what_the_pack_or_the_community_has_anyway_is_not_the_groups_problem(tmp_path: Path):
    found = told(tmp_path, "{quiet: '11:00-13:00'}", "{texts: {gift: 你好}}")

    assert [each.split(": ")[0] for each in found] == ["groups.yaml:5:23"]


def test_a_key_that_fits_no_group_is_told_with_those_that_do(tmp_path: Path):
    (found,) = told(tmp_path, "{levels: []}")

    assert "quiet, calendar, budget, bundle, skip, rules, steps, texts" in found
