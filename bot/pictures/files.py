"""How the files of a picture of several pages are called: F.png, F-2.png, F-3.png."""

from collections.abc import Sequence
from pathlib import Path


def named(file: Path, pages: Sequence[bytes]) -> dict[Path, bytes]:
    """Return each page under its name."""
    return {
        file if number == 1 else file.with_name(f"{file.stem}-{number}{file.suffix}"): page
        for number, page in enumerate(pages, 1)
    }
