"""The documents promise nothing that the program does not have."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import NamedTuple

import pytest
import typer

from bot.cli import command_line
from bot.library.library import pack_files
from bot.rehearsal import script
from bot.rehearsal.stage import Stage
from bot.rehearsal.told import Timeline
from bot.rehearsal.wording import Names
from bot.settings import Settings, load_settings
from handlers.duties import DUTIES
from handlers.steps import step_actions
from sop import channels
from sop.activities import commands
from sop.bindings.bindings import load_bindings
from sop.book import Book
from sop.checks.loader import load_pack
from sop.pack.pack_steps import ACTIONS

ROOT = Path(__file__).parents[2]
PACKS = ROOT / "sop" / "packs"
ENGLISH = ROOT / "README.md"
READMES = (ENGLISH, ROOT / "README.zh-CN.md")
DOCUMENTS = (*READMES, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", ROOT / "deploy/README.md")

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^(#+) ", re.MULTILINE)
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED_COMMAND = re.compile(r"`(?:\.venv/bin/)?qunyun ([^`]+)`")
KEY = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOP0"
LIMITS = {"README.md": "## Limits of this version", "README.zh-CN.md": "## 本版本的限制"}
FIRED_BY: Mapping[str, str] = {
    "inactive": r"triggers\.Inactive\b",
    "member.birthday": r"triggers\.MemberMoment\(name=\"birthday\"\)",
    "likes": r"moments\.liked\(",
    "likes_given": r"moments\.liked\(",
}
"""What the handlers hold where a trigger fires."""


class Fence(NamedTuple):
    language: str
    text: str


def fences(document: Path, language: str = "") -> list[Fence]:
    """The fenced blocks, without the indentation of the list they stand in."""
    found = []
    for margin, kind, body in FENCE.findall(document.read_text("utf-8")):
        lines = (line.removeprefix(margin) for line in body.splitlines())
        found.append(Fence(kind, "\n".join(lines) + "\n"))
    return [fence for fence in found if language in ("", fence.language)]


def prose(document: Path) -> str:
    return FENCE.sub("", document.read_text("utf-8"))


def section(document: Path, heading: str) -> str:
    after = document.read_text("utf-8").split(f"{heading}\n", 1)[1]
    return after.split("\n## ", 1)[0]


def without_comments(fence: Fence) -> Fence:
    lines = (re.sub(r"(^|\s+)# .*$", "", line).rstrip() for line in fence.text.splitlines())
    return Fence(fence.language, "\n".join(line for line in lines if line))


def command_lines(document: Path) -> Iterator[list[str]]:
    """Every `qunyun …` of the shell fences and of the prose, as words."""
    for fence in fences(document, "sh"):
        for line in fence.text.splitlines():
            for part in line.split(" # ")[0].split("|"):
                words = part.split()
                if words and words[0].endswith("bin/qunyun"):
                    yield words[1:]
    for named in NAMED_COMMAND.findall(prose(document)):
        yield named.split()


each_readme = pytest.mark.parametrize("document", READMES, ids=lambda path: path.name)
each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)


def test_the_twins_have_the_same_headings_and_fences() -> None:
    english, chinese = (path.read_text("utf-8") for path in READMES)

    assert HEADING.findall(english) == HEADING.findall(chinese)
    ours, theirs = (fences(path) for path in READMES)
    assert [fence.language for fence in ours] == [fence.language for fence in theirs]
    pictures = [index for index, fence in enumerate(ours) if "bot/dispatcher" in fence.text]
    assert len(pictures) == 1
    for index, (one, other) in enumerate(zip(ours, theirs, strict=True)):
        if index not in pictures:
            assert without_comments(one) == without_comments(other)


def test_the_twins_have_the_same_tables_and_list_entries() -> None:
    english, chinese = (prose(path).splitlines() for path in READMES)

    for mark in ("|", "* ", "1. ", "2. ", "7. "):
        counted = [sum(line.startswith(mark) for line in lines) for lines in (english, chinese)]
        assert counted[0] == counted[1], mark


@each_readme
def test_every_pack_and_every_binding_loads_without_a_word(document: Path) -> None:
    known = [
        pack.pack
        for path in pack_files(PACKS)
        if (pack := load_pack(path.read_bytes(), path.name, names())[0]) is not None
    ]
    kinds = []
    for fence in fences(document, "yaml"):
        data = fence.text.encode()
        if fence.text.startswith("communities:"):
            kinds.append("groups")
            bound, problems = load_bindings(data, "groups.yaml", known, robot_keys(document))
            assert bound is not None
        else:
            kinds.append("pack")
            pack, problems = load_pack(data, "pack.yaml", frozenset())
            assert pack is not None
        assert [str(problem) for problem in problems] == []
    assert kinds == ["groups"] * 5 + ["pack"]


def names() -> frozenset[str]:
    return frozenset(path.name for path in PACKS.iterdir())


def robot_keys(document: Path) -> dict[str, str]:
    return {
        key: value
        for fence in fences(document, "dotenv")
        for key, value in filled(fence.text).items()
        if key.startswith("ROBOT_KEY_")
    }


def filled(text: str) -> dict[str, str]:
    """The settings of an example, with something plausible in place of each <…>."""
    lines = (line.split("=", 1) for line in text.splitlines() if line and line[0] != "#")
    return {key: plausible(key) if "<" in value else value for key, value in lines}


def plausible(key: str) -> str:
    if key.endswith("_AES_KEY"):
        return KEY
    return "1000002" if key.endswith("AGENT_ID") else f"some-{key.lower()}"


@each_readme
def test_every_way_is_a_whole_configuration_that_hears(document: Path) -> None:
    heard = [load_settings(filled(fence.text), None).hears for fence in fences(document, "dotenv")]

    assert heard == [("link",), ("app", "aibot", "robot"), ("link",)]


@each_readme
def test_every_setting_that_is_named_exists(document: Path) -> None:
    known = {each.name.upper() for each in fields(Settings)}
    named = re.findall(r"`((?:[A-Z]+_)+[A-Z]*)[`=]", document.read_text("utf-8"))

    for key in named:
        prefix = key.endswith("_") and any(each.startswith(key) for each in known)
        assert key in known or prefix or key.startswith("ROBOT_KEY_"), key


def test_every_table_of_the_code_that_contributors_are_sent_to_exists() -> None:
    code = "".join(
        path.read_text("utf-8")
        for folder in ("bot", "handlers", "sop")
        for path in (ROOT / folder).rglob("*.py")
    )
    named = re.findall(r"`(_?[A-Z][A-Z_]+)`", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))

    assert len(named) > 8
    for name in named:
        defined = re.search(rf"^{name}\b", code, re.MULTILINE)
        assert defined, name


@each_document
def test_every_command_line_that_is_named_exists(document: Path) -> None:
    known = {
        command.name or "": {option for each in command.params for option in each.opts}
        for command in typer.main.get_command(command_line()).commands.values()  # type: ignore[attr-defined]
    }
    lines = list(command_lines(document))

    for name, *rest in lines:
        assert name.rstrip(",;:") in known, name
        assert {word for word in rest if word.startswith("--")} <= known[name], rest
    if document in READMES:
        assert {"check", "rehearse", "judge", "doctor"} <= {line[0] for line in lines}


@each_document
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(prose(document)):
        if not target.startswith(("http://", "https://")):
            path, _, anchor = target.partition("#")
            assert (document.parent / path).exists(), target
            if anchor:
                assert anchor in anchors(document.parent / path), target


def anchors(document: Path) -> set[str]:
    headings = re.findall(r"^#+ (.*)$", prose(document), re.MULTILINE)
    return {re.sub(r"[^\w\s-]", "", each.lower()).replace(" ", "-") for each in headings}


@each_document
def test_every_file_that_is_named_is_there(document: Path) -> None:
    named = re.findall(r"`((?:bot|handlers|sop|storage|tests|deploy)/[\w./*-]+)`", prose(document))

    for path in named:
        assert list(ROOT.glob(path.rstrip("/"))), path


@each_readme
def test_the_transcript_is_what_the_rehearsal_prints(document: Path) -> None:
    cues = script.read_script(fences(document, "json")[0].text.splitlines())
    line = next(line for line in command_lines(document) if line[0] == "rehearse")
    until = script.instant(line[line.index("--until") + 1], "--until")

    printed = iter(rehearsed(ROOT / line[1], cues, until))
    for shown in fences(document, "text")[0].text.splitlines():
        if shown != "…":
            assert shown in printed, f"the rehearsal does not print (here): {shown}"


def rehearsed(path: Path, cues: list[script.Cue], until: int) -> list[str]:
    pack, problems = load_pack(path.read_bytes(), str(path), names())
    assert pack is not None, problems
    stage, people = Stage(Book(pack=pack, version="readme")), Names()
    for cue in cues:
        people.learn(cue)
    timeline = Timeline(people)
    try:
        played = [
            piece.text
            for line in stage.play(cues, cues[0].at - 1, until)
            for piece in timeline.tell(line)
        ]
    finally:
        stage.close()
    return played


@each_readme
def test_what_becomes_a_task_for_people_is_what_the_code_leaves_to_them(document: Path) -> None:
    entry = section(document, LIMITS[document.name]).split("\n* ")[1]
    by_hand = {key for key, model in ACTIONS.items() if model not in step_actions._EXPANDERS}

    assert set(re.findall(r"`(\w+)`", entry)) == by_hand


@each_readme
def test_triggers_that_do_not_fire_are_owned_up_to(document: Path) -> None:
    entry = section(document, LIMITS[document.name]).split("\n* ")[2]
    code = "".join(path.read_text("utf-8") for path in (ROOT / "handlers").rglob("*.py"))

    for name, wanted in FIRED_BY.items():
        fires = re.search(wanted, code) is not None
        assert (f"`{name}`" in entry) is not fires, name


@each_readme
def test_the_command_tables_hold_every_command_and_no_other(document: Path) -> None:
    words = commands.words_for()
    text = document.read_text("utf-8")
    listed = {
        command.name
        for line in text.splitlines()
        if line.startswith("| `")
        for said in re.findall(r"`([^`]+)`", line.split("|")[1])
        if (command := commands.parse_command(said, words)) is not None
    }

    assert listed == set(DUTIES)


CHANNEL_ROWS = ("link", "aibot", "app", "appchat", "webhook", "robot", "customer")
CAPABILITY_COLUMNS: Mapping[int, str] = {
    1: "hear_all",
    2: "hear_mentions",
    3: "post",
    4: "mention",
    5: "dm",
    6: "roster_events",
    7: "remove_member",
    8: "cards",
}


@each_readme
def test_the_channel_table_says_what_the_capabilities_say(document: Path) -> None:
    lines = document.read_text("utf-8").splitlines()
    head = next(place for place, line in enumerate(lines) if line.count("|") == 11)
    rows = lines[head + 2 : head + 2 + len(CHANNEL_ROWS)]
    table = [line.strip("|").split("|") for line in rows]

    for kind, cells in zip(CHANNEL_ROWS, table, strict=True):
        for column, capability in CAPABILITY_COLUMNS.items():
            said = cells[column].split()[0] in ("yes", "是")
            assert said is (capability in channels.CAPABILITIES[kind]), (kind, capability)


@each_readme
def test_the_script_of_the_rehearsal_is_json(document: Path) -> None:
    for fence in fences(document, "json"):
        for line in fence.text.splitlines():
            assert "at" in json.loads(line)
