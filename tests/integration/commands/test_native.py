"""`qunyun native`: texts for WeCom's own consoles, and what these cannot express."""

import json
from pathlib import Path
from typing import Any

from tests.integration.commands.running import CLUB, qunyun
from tests.unit.bot.folders import write

GROUPS = """\
communities:
  club:
    pack: club
    regular:
      - {id: alpha, title: 一群, channels: {aibot: wrkA}}
      - {id: beta, title: 客户群, channels: {customer: wrB}}
"""
PACK = """\
pack: club
title: 书友会
timezone: Asia/Shanghai
rules: {charter: 不发广告。, checks: [{id: spam, detect: words, any: [刷单]}]}
answers: [{asks: ["书单,在哪", 书单呢], reply: "{{ say('领取') }} 就有，{{ group.name }} 都能领"}]
steps:
  - {id: hi, when: member.joined, do: [{post: "欢迎 {{ members }}！"}]}
"""


def sections(*words: object) -> dict[str, Any]:
    found = json.loads(qunyun("native", *words, "--json").out)
    return {section["kind"]: section for section in found["sections"]}


def texts(section: Any) -> list[str]:
    return [block["text"] for block in section["blocks"]]


def test_the_shipped_pack_fills_every_console():
    found = sections(CLUB)

    assert list(found) == ["harassment", "helper", "welcome", "notice"]
    assert texts(found["harassment"]) == ["内部消息速转\n不转不是中国人"]
    assert texts(found["welcome"]) == ["欢迎 %NICKNAME%！介绍一下自己的兴趣和想读的书吧。"]
    assert all(texts(section) and section["where"] for section in found.values())


def test_each_text_stands_alone_between_two_rules(folder: Path):
    write(folder, {"club.yaml": PACK})

    code, out, err = qunyun("native", "club.yaml")
    assert (code, err) == (0, "")
    rule = "─" * 40
    assert f"{rule}\n刷单\n{rule}\n" in out
    assert f"{rule}\n书单，在哪,书单呢\n{rule}\n" in out


def test_a_group_decides_how_members_address_the_bot_and_what_it_can_use(folder: Path):
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS})

    assert texts(sections("club.yaml")["helper"])[1] == "发「领取」 就有，书友会 都能领"
    assert texts(sections("club.yaml", "--group", "alpha")["helper"])[1].startswith(
        "@我 发「领取」"
    )
    assert texts(sections("club.yaml", "--group", "beta")["helper"])[1].startswith(
        "私信我「领取」"
    )
    internal = json.loads(qunyun("native", "club.yaml", "--group", "alpha", "--json").out)
    assert (internal["group"], len(internal["notes"])) == ("alpha", 1)


def test_an_unknown_group_or_pack_ends_with_two(folder: Path):
    write(folder, {"club.yaml": PACK, "groups.yaml": GROUPS})

    code, out, err = qunyun("native", "club.yaml", "--group", "alpah")
    assert (code, out) == (2, "")
    assert "did you mean alpha?" in err
    assert qunyun("native", "none.yaml").code == 2
