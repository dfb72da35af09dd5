"""The files beside a pack, as its pools are read from them: nothing outside, nothing endless."""

import asyncio
import errno
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sop.fields.pool_paths import NOTE, SUFFIXES
from sop.pools.pool_files import Source

MAX_FILE: Final = 1 << 20
"""Bytes of a table or list."""

MAX_NOTE: Final = 64 << 10
"""Bytes of one note."""

MAX_SENT: Final = 20 << 20
"""Bytes of a picture or file that is sent: WeCom takes no more."""

MOST_FILES: Final = 5_000
"""Files of a folder, notes and pictures together."""


class Beside(frozenset[str]):
    """The names of the files in a folder, with a way to read the pools that lie there."""

    folder: Path

    @classmethod
    def of(cls, folder: Path) -> "Beside":
        """Look what lies in the folder."""
        found = cls(path.name for path in folder.iterdir() if _lies_in(folder, path))
        found.folder = folder
        return found

    def pool(self, path: str) -> Source | None:
        """Return what lies at a path below the folder; see `sop.pools.pool_files.Reads`."""
        try:
            return _read(self.folder, path)
        except FileNotFoundError:
            return None
        except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
            why = getattr(error, "strerror", "") or type(error).__name__
            return Source(error=f"cannot be read ({why})")


def inside(folder: Path, path: str) -> Path | None:
    """Return where a path below the folder really leads; None where that is outside of it.

    Raises `OSError` where nothing is there.
    """
    real = (folder / path).resolve(strict=True)
    return real if real.is_relative_to(folder.resolve()) else None


def whole_file(path: Path, most: int) -> bytes:
    """Return the bytes of a regular file.

    Raises `OSError` for what is no file (a pipe would keep its reader waiting, a device never
    ends) and for one of more than `most` bytes.
    """
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(errno.EINVAL, "is no file", str(path))
    data = _bytes(path, most)
    if data is None:
        raise OSError(errno.EFBIG, f"is over {most >> 10:,} KiB", str(path))
    return data


async def sendable(folder: Path, path: str) -> bytes:
    """Read a file beside the packs, or in a folder of theirs that is a pool.

    Raises `OSError` for what lies elsewhere, is no file or more than WeCom takes.
    """
    return await asyncio.to_thread(_sendable, folder, path)


def _sendable(folder: Path, path: str) -> bytes:
    real = inside(folder, path)
    if real is None:
        raise FileNotFoundError(path)
    return whole_file(real, MAX_SENT)


def _lies_in(folder: Path, path: Path) -> bool:
    """Whether it is a file of the folder; a link to a file elsewhere is none."""
    return path.is_file() and (not path.is_symlink() or inside(folder, path.name) is not None)


def _read(folder: Path, path: str) -> Source:
    real = inside(folder, path)
    if real is None:
        return Source(error="leads out of the folder of the pack: put the file itself there")
    info = real.stat()
    if stat.S_ISDIR(info.st_mode) and not path.casefold().endswith(SUFFIXES):
        return _notes(folder, path, real)
    if not stat.S_ISREG(info.st_mode) or not path.casefold().endswith(SUFFIXES):
        return Source(error="is neither a table, a list nor a folder of notes")
    data = _bytes(real, MAX_FILE)
    if data is None:
        return Source(error=f"is over {MAX_FILE >> 10:,} KiB: part it into several pools")
    return Source(files=((str(folder / path), data),))


def _notes(folder: Path, path: str, real: Path) -> Source:
    found = sorted(itertools.islice(_files(real), MOST_FILES + 1))
    if len(found) > MOST_FILES:
        return Source(error=f"holds more than {MOST_FILES:,} files: part it into several pools")
    files = []
    for name in (each for each in found if each.casefold().endswith(NOTE)):
        if inside(folder, f"{path}/{name}") is None:
            return Source(error=f"holds {name}, which leads out of the folder of the pack")
        data = _bytes(real / name, MAX_NOTE)
        if data is None:
            return Source(error=f"holds {name}, which is over {MAX_NOTE >> 10} KiB: shorten it")
        files.append((str(folder / path / name), data))
    return Source(files=tuple(files), folder=True, pictures=frozenset(found))


def _files(folder: Path) -> Iterator[str]:
    """Yield the names of regular files that are not an editor's own, in any order."""
    with os.scandir(folder) as entries:
        yield from (
            entry.name for entry in entries if entry.is_file() and entry.name[:1] not in "._~"
        )


def _bytes(path: Path, most: int) -> bytes | None:
    """Return a regular file's bytes; None where there are more than that."""
    with path.open("rb") as file:
        data = file.read(most + 1)
    return data if len(data) <= most else None
