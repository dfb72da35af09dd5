"""`qunyun learned`: what was learned is listed, carried to another community, and taken back."""

import json
from pathlib import Path

import pytest

from sop.told_events import TextsTaught
from tests.builders import EVENING
from tests.integration.commands.deployments import deployed
from tests.integration.commands.running import qunyun

PACK = "steps: []\n"
GROUPS = """\
communities:
  club:
    pack: club
    owner: boss
    regular:
      - {id: alpha, title: 晨读一群, channels: {sandbox: c1}}
  other:
    pack: club
    owner: boss
    regular:
      - {id: beta, channels: {sandbox: c2}}
"""
TEXTS = (
    (True, "宝妈兼职日结三百，在家就能做，加微信 abc12345"),
    (False, "会修电脑，需要的都可以联系我"),
)


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder of a bot that was taught two texts."""
    with deployed(folder, PACK, GROUPS) as bot:
        bot.enforce(EVENING)
        bot.handle(EVENING, TextsTaught(key="t", community="club", at=EVENING, texts=TEXTS))


def learned(*words: object, community: str = "club") -> dict[str, object]:
    told = qunyun("learned", *words, "--community", community, "--json")
    assert told.code == 0, told.err
    state: dict[str, object] = json.loads(told.out)
    return state


def ids(community: str = "club") -> list[int]:
    return [each["id"] for each in learned("list", community=community)["texts"]]  # type: ignore[attr-defined]


def test_what_was_learned_is_listed_with_its_revision_and_without_ids():
    told = qunyun("learned", "list")

    assert "club: revision 2" in told.out
    assert "other: revision 0" in told.out
    assert "1 advert since 1 by an operator (operator): 宝妈兼职日结" in told.out
    assert "abc12345" not in told.out


def test_a_text_is_taken_back_and_a_reset_brings_it_back():
    assert learned("undo", 1)["revision"] == 3
    assert ids() == [2]
    refused = qunyun("learned", "reset", "--to", 2, "--community", "club")
    assert refused.code == 2
    assert "--yes" in refused.err
    learned("reset", "--to", 2, "--yes")
    assert len(ids()) == 2
    learned("reset", "--yes")
    assert ids() == []


def test_an_export_is_learned_by_another_community(folder: Path):
    file = folder / "learned.json"
    learned("export", "--file", file)
    learned("import", "--file", file, community="other")

    assert len(ids("other")) == 2
    assert learned("import", "--file", file, community="other")["revision"] == 2


@pytest.mark.parametrize(
    "content", ["", '{"texts": 1}', "[1]", '[{"texts": [{"label": "x", "words": ""}]}]']
)
def test_what_is_no_export_changes_nothing(folder: Path, content: str):
    file = folder / "learned.json"
    file.write_text(content)
    told = qunyun("learned", "import", "--file", file, "--community", "other")

    assert told.code == 2
    assert "no export" in told.err
    assert ids("other") == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("undo",), "numbers"),
        (("list", 3), "numbers"),
        (("export",), "--file"),
        (("reset", "--yes"), "--community"),
    ],
)
def test_half_a_command_says_what_is_missing(words: tuple[object, ...], said: str):
    told = qunyun("learned", *words)

    assert told.code == 2
    assert said in told.err
