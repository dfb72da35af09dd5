"""The command line as a whole: help, exit codes, and errors on stderr without a traceback."""

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import typer

from bot.cli import command_line
from tests.integration.commands.running import CLUB, Said, process, qunyun
from tests.unit.bot.folders import write

COMMANDS = ("run", "check", "rehearse", "judge", "doctor", "verify", "replay", "bench")

LINE = {"at": "2026-12-01T08:30:00+08:00", "group": "g", "from": "li", "text": "早"}


def test_these_are_the_commands():
    known: Mapping[str, object] = typer.main.get_command(command_line()).commands  # type: ignore[attr-defined] # a group's

    assert set(COMMANDS) <= set(known)


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=" ".join)
def test_every_command_has_help(command: tuple[str, ...]):
    code, out, err = qunyun(*command, "--help", env={"COLUMNS": "200"})

    assert (code, err) == (0, "")
    assert f"Usage: {' '.join(('qunyun', *command))} " in out.replace("root", "qunyun")
    assert "--help" in out


def test_every_option_says_what_it_is_for():
    commands = typer.main.get_command(command_line()).commands  # type: ignore[attr-defined] # a group's
    for name, command in commands.items():
        assert command.help, name
        for option in command.params:
            assert getattr(option, "help", ""), (name, option.name)


@pytest.mark.parametrize(
    "words",
    [("fly",), ("check", "--fly"), ("rehearse",), ("rehearse", str(CLUB)), ("run", "--role"),
     ("rehearse", str(CLUB), "--script", "x", "--seed", "many")],
    ids=" ".join,
)  # fmt: skip
def test_what_the_command_line_does_not_know_is_told_on_stderr(words: tuple[str, ...]):
    code, out, err = qunyun(*words)

    assert (code, out) == (2, "")
    assert err


@pytest.mark.parametrize("role", ["receiver", "worker", "clock", "nobody"])
def test_a_role_of_a_later_version_is_refused(role: str):
    code, out, err = qunyun("run", "--role", role)

    assert (code, out) == (2, "")
    assert f"--role {role}" in err


def test_settings_that_cannot_be_used_are_told_before_anything_is_done(folder: Path):
    (folder / ".env").write_text("PORT=x\nWECOM_AIBOT_ID=<id>\n", "utf-8")

    code, out, err = qunyun("run")

    assert (code, out) == (2, "")
    assert {"PORT", "WECOM_AIBOT_ID"} <= set(err.replace(":", "").split())
    assert [each.name for each in folder.iterdir()] == [".env"]


def test_in_processes_of_their_own_errors_have_no_traceback(folder: Path):
    """Exit codes and outputs as a shell sees them, in the poorest of locales."""
    write(folder, {"bad.jsonl": json.dumps(LINE) + "\n{", "bad.yaml": "pack: x\nnonsense: 1\n"})
    said = '{"text": "\\ud800"}\n加微信 👍\n'.encode() + b"\xff\n"
    cases = (
        (1, ("check", "bad.yaml"), b""),
        (2, ("rehearse", CLUB, "--script", "bad.jsonl"), b""),
        (2, ("verify",), b""),
        (0, ("judge", "--json"), said),
    )

    with ThreadPoolExecutor() as together:
        ended = list(together.map(lambda case: _run(folder, *case[1:]), cases))

    assert [each.code for each in ended] == [code for code, _, _ in cases]
    assert [bool(each.err) for each in ended] == [code == 2 for code, _, _ in cases]
    assert [bool(each.out) for each in ended] == [code != 2 for code, _, _ in cases]
    assert not any("Traceback" in each.err for each in ended)
    assert [json.loads(line)["text"] for line in ended[-1].lines] == ["?", "加微信 👍", "\ufffd"]


def _run(folder: Path, words: tuple[object, ...], given: bytes) -> Said:
    return process(*words, folder=folder, given=given, env={"LC_ALL": "C"})
