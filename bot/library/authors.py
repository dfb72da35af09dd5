"""Who wrote a file: its last commit's author where it is committed as it is, else its owner."""

import hashlib
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Final

LONGEST_S: Final = 2.0
"""A repository that needs longer to answer keeps its secret."""

LONGEST_NAME: Final = 100


def author_of(path: Path) -> str:
    """Return a name, or nothing where nobody can tell. Never raises."""
    try:
        return (_committer(path) or _owner(path))[:LONGEST_NAME]
    except (OSError, subprocess.SubprocessError):
        return ""


def _committer(path: Path) -> str:
    """The author of the last commit, if the file is the committed one."""
    folder = path.resolve().parent
    if not any((each / ".git").exists() for each in (folder, *folder.parents)):
        return ""
    data = path.read_bytes()
    blob = hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()
    if _git(folder, "rev-parse", f"HEAD:./{path.name}") != blob:
        return ""
    return _git(folder, "log", "-1", "--format=%an", "HEAD", "--", f"./{path.name}")


def _git(folder: Path, *arguments: str) -> str:
    # A repository's own settings must not name a program that is run here.
    command = ("git", "--no-optional-locks", "-c", "core.fsmonitor=false", *arguments)
    done = subprocess.run(  # noqa: S603 - fixed words and the name of a file, no shell
        command, cwd=folder, env=_environment(), capture_output=True, timeout=LONGEST_S,
        check=False,
    )  # fmt: skip
    return done.stdout.decode("utf-8", "replace").strip() if done.returncode == 0 else ""


def _environment() -> Mapping[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}


def _owner(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, NotImplementedError):
        return ""
