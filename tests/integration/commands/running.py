"""The command line, run in this process or (slower, but whole) in one of its own."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from typer.testing import CliRunner

from bot.cli import command_line, needed
from tests.acceptance.rehearsing import PACKS

ROOT = Path(__file__).parents[3]
CLUB = PACKS / "reading-club.yaml"


class Said(NamedTuple):
    """An exit code and both outputs."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.split("\n")[:-1]


def qunyun(*words: object, given: str | bytes = "", env: Mapping[str, str] | None = None) -> Said:
    """Run a command here, as `main` does; an exception that gets out is the test's failure."""
    line = [str(word) for word in words]
    result = CliRunner().invoke(command_line(needed(line)), line, input=given, env=env)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Said(result.exit_code, result.stdout, result.stderr)


def process(
    *words: object, folder: Path, given: bytes = b"", env: Mapping[str, str] | None = None
) -> Said:
    """Run a command as an operator does, with nothing else in its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    result = subprocess.run(
        [sys.executable, "-m", "bot", *map(str, words)],
        cwd=folder, input=given, capture_output=True, timeout=60, check=False,
        env={**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "200", **(env or {})},
    )  # fmt: skip
    return Said(result.returncode, result.stdout.decode(), result.stderr.decode())
