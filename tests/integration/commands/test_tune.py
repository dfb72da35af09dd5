"""`qunyun tune`: thresholds on what members of this deployment said and staff judged."""

import json
from pathlib import Path

import pytest

from tests import builders
from tests.builders import EVENING, message
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import qunyun

PACK = """\
rules: {checks: [{id: ads, detect: ads}], appeal: {within: 72h}}
score: {earn: {message: {points: 1}}}
steps: []
"""
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular:
      - {id: alpha, channels: {sandbox: c1}}
      - {id: beta, channels: {sandbox: c2}, override: {rules: {checks: {ads: {allow: [ADVERT]}}}}}
"""
ADVERT = "宝妈兼职日结300，在家就能做，加V信 abc12345 了解"
GROUPS = GROUPS.replace("ADVERT", f'"{ADVERT}"')
MINUTE = 60_000


@pytest.fixture
def lived(folder: Path) -> None:
    """A folder in which one member sold something, and two were taken for sellers."""
    with deployed(folder, PACK, GROUPS) as bot:
        bot.enforce(EVENING)
        said = [("li", "今晚读到第三章"), ("wang", ADVERT), ("zhao", f"转给大家 {ADVERT}")]
        said += [("zhao", "申诉 我在提醒大家"), ("boss", "同意 1")]
        for step, (sender, text) in enumerate(said):
            at = EVENING + step * MINUTE
            event = message(text, community="club", group="alpha", sender=sender, at=at)
            bot.handle(at, event)


@pytest.mark.usefixtures("lived")
def test_history_is_counted_with_what_staff_said_of_it():
    told = qunyun("tune", "--days", "366")

    assert (told.code, told.err) == (0, "")
    assert told.lines[0].startswith("club: 1 adverts, 1 fine, ")
    assert "normal" in told.out
    assert told.lines[-1].strip().startswith(("sensitivity: ", "every sensitivity "))


@pytest.mark.usefixtures("lived")
def test_a_group_is_looked_at_with_its_own_lines_and_values():
    Path("lines.jsonl").write_text(json.dumps({"text": ADVERT, "label": "ad"}), "utf-8")
    more = ("--labelled", "lines.jsonl", "--json", "--days", "366")

    [alpha] = json.loads(qunyun("tune", "--group", "alpha", *more).out)
    [beta] = json.loads(qunyun("tune", "--group", "beta", *more).out)
    nobody = qunyun("tune", "--group", "gamma")

    assert (alpha["community"], beta["community"]) == ("club alpha", "club beta")
    assert alpha["rows"][0]["lines"]["ad"] == 2
    assert beta["rows"][0]["lines"] == {"ad": 1, "ok": 0, "": 0}
    assert (alpha["rows"][0]["acted"]["ad"], beta["rows"][0]["acted"]["ad"]) == (2, 0)
    assert (nobody.code, "there is no group gamma" in nobody.err) == (2, True)


def test_labelled_lines_are_judged_by_a_pack_without_any_deployment(folder: Path):
    Path("club.yaml").write_text(builders.HEAD + PACK, "utf-8")
    rows = [{"text": ADVERT, "label": "ad"}] + [{"text": "早上好", "label": "ok"}] * 3
    Path("lines.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n\n", "utf-8")

    told = qunyun("tune", "--pack", "club.yaml", "--labelled", "lines.jsonl", "--json")

    (found,) = json.loads(told.out)
    assert found["advised"] == "high"
    assert found["rows"][0]["lines"] == {"ad": 1, "ok": 3, "": 0}
    assert str(folder)


@pytest.mark.parametrize(
    "line",
    ["{", "[]", '{"text": "x"}', '{"text": 3, "label": "ad"}', '{"text": "", "label": "x"}'],
)
@pytest.mark.usefixtures("folder")
def test_a_line_without_a_label_is_told_by_its_number(line: str):
    Path("club.yaml").write_text(builders.HEAD + PACK, "utf-8")
    Path("lines.jsonl").write_text('{"text": "x", "label": "ok"}\n' + line, "utf-8")

    told = qunyun("tune", "--pack", "club.yaml", "--labelled", "lines.jsonl")

    assert told.code == 2
    assert "lines.jsonl:2: not a labelled line" in told.err
