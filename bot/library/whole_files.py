"""Files written whole or not at all: a reader never sees half of one, nor a set cut short."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def write_whole(files: Mapping[Path, bytes]) -> None:
    """Write all files, each replacing what was there, or leave everything as it was.

    Raises `OSError` with the name of the file that cannot be written. What was there keeps its
    mode and owner; a new file gets what the umask leaves of 0666.
    """
    written: dict[Path, Path] = {}
    try:
        for path, data in files.items():
            with _naming(path):
                written[path] = _beside(path, data)
        for path, beside in written.items():
            with _naming(path):
                beside.replace(path)
    finally:
        for beside in written.values():
            with suppress(OSError):
                beside.unlink(missing_ok=True)


@contextmanager
def _naming(path: Path) -> Iterator[None]:
    """An error names the file that was meant, not the one beside it."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from None


def _beside(path: Path, data: bytes) -> Path:
    if path.is_dir():
        raise IsADirectoryError(21, "is a folder", str(path))
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _take_after(path, beside)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    return beside


def _take_after(path: Path, beside: Path) -> None:
    """Give a new file the mode and, where that is allowed, the owner of the one it replaces."""
    if path.exists() and hasattr(os, "chown"):
        found = path.stat()
        with suppress(OSError):
            os.chown(beside, found.st_uid, found.st_gid)
    beside.chmod(_mode(path))


def _mode(path: Path) -> int:
    with suppress(OSError):
        return path.stat().st_mode & 0o7777
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
