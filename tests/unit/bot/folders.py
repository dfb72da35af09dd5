"""A folder with bindings and a pack, for tests of what is in force."""

from collections.abc import Mapping
from pathlib import Path

from bot.library.bound_groups import Abilities
from bot.library.library import Library
from tests import builders

PACK = f"{builders.HEAD}steps: []\n"
OTHER = PACK.replace("pack: club", "pack: other")
BENEFITS = """\
benefits:
  - {id: bookmark, title: 书签, kind: code, codes: codes.csv}
  - {id: week, title: 周历, kind: file, value: week.pdf}
"""
GROUPS = """\
communities:
  club:
    title: 书友会
    pack: club
    owner: boss
    staff: [helper]
    core: {id: core, title: 核心群, channels: {appchat: core2026, aibot: wrkCORE}}
    regular:
      - {id: alpha, title: 一群,
         channels: {aibot: wrkA, webhook: "${ROBOT_KEY_ALPHA}", robot: wrkR},
         starts: 2026-12-01, override: {quiet: "23:00-07:00", skip: ["2027-02-05..2027-02-12"]}}
"""
ABILITIES = Abilities(app=True, bot_name="晨晨", robot_keys={"ROBOT_KEY_ALPHA": "k-alpha"})


def write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


def opened(folder: Path, abilities: Abilities = ABILITIES) -> Library:
    found = Library(folder, abilities)
    assert found.reload(), found.problems
    return found
