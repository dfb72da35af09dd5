"""Which fonts pictures are drawn with: those with Chinese characters that the machine has.

Names and folders are data, best first; nothing is downloaded. A collection (.ttc) holds one font
per region: the simplified one is taken.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from PIL import ImageFont

FOLDERS: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/System/Library/Fonts",
    "/System/Library/AssetsV2",
    "/Library/Fonts",
    "~/Library/Fonts",
    "C:/Windows/Fonts",
)

REGULAR: Final = (
    "NotoSansCJK-Regular.ttc",
    "NotoSansCJKsc-Regular.otf",
    "NotoSansSC-Regular.otf",
    "NotoSansSC-Regular.ttf",
    "SourceHanSansSC-Regular.otf",
    "SourceHanSansCN-Regular.otf",
    "SourceHanSans.ttc",
    "SourceHanSans-Regular.ttc",
    "PingFang.ttc",
    "Hiragino Sans GB.ttc",
    "msyh.ttc",
    "msyh.ttf",
    "wqy-microhei.ttc",
    "wqy-zenhei.ttc",
    "simhei.ttf",
    "SimHei.ttf",
    "DroidSansFallbackFull.ttf",
    "DroidSansFallback.ttf",
    "Arial Unicode.ttf",
    "NotoSerifCJK-Regular.ttc",
    "NotoSerifCJKsc-Regular.otf",
    "simsun.ttc",
)

BOLD: Final[Mapping[str, tuple[str, ...]]] = {
    "NotoSansCJK-Regular.ttc": ("NotoSansCJK-Bold.ttc", "NotoSansCJK-Medium.ttc"),
    "NotoSansCJKsc-Regular.otf": ("NotoSansCJKsc-Bold.otf", "NotoSansCJKsc-Medium.otf"),
    "NotoSansSC-Regular.otf": ("NotoSansSC-Bold.otf", "NotoSansSC-Medium.otf"),
    "NotoSansSC-Regular.ttf": ("NotoSansSC-Bold.ttf",),
    "SourceHanSansSC-Regular.otf": ("SourceHanSansSC-Bold.otf", "SourceHanSansSC-Medium.otf"),
    "SourceHanSansCN-Regular.otf": ("SourceHanSansCN-Bold.otf", "SourceHanSansCN-Medium.otf"),
    "SourceHanSans-Regular.ttc": ("SourceHanSans-Bold.ttc",),
    "msyh.ttc": ("msyhbd.ttc",),
    "msyh.ttf": ("msyhbd.ttf",),
    "NotoSerifCJK-Regular.ttc": ("NotoSerifCJK-Bold.ttc",),
}
"""The bold face that goes with a regular one; without it the regular one is used for both."""

EMOJI: Final = ("NotoColorEmoji.ttf",)
SIGNS: Final = ("Symbola.ttf", "NotoSansSymbols2-Regular.ttf", "seguisym.ttf", "DejaVuSans.ttf")

_REGION: Final = " SC"
_MOST_FACES: Final = 16
_TRIED: Final = 16
_MOST_FILES: Final = 50_000


class NoFont(Exception):
    """No font with Chinese characters was found; the message says what to install."""


@dataclass(frozen=True, slots=True)
class Face:
    """One font in a file."""

    path: Path
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """Return the font at a size in pixels."""
        return _font(self, size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """What a picture is drawn with; `signs` are asked in turn for what `regular` has not."""

    regular: Face
    bold: Face
    signs: tuple[Face, ...] = ()
    emoji: Face | None = None


def discover(folders: Sequence[Path] | None = None) -> Faces:
    """Return the best fonts there are. Raises `NoFont` where none has Chinese characters."""
    found = _files(_folders() if folders is None else folders)
    name = next((each for each in REGULAR if each in found and _opens(found[each])), None)
    if name is None:
        raise NoFont(
            "pictures need a font with Chinese characters, and none was found: install one "
            "(Debian or Ubuntu: apt install fonts-noto-cjk; Fedora: dnf install "
            "google-noto-sans-cjk-fonts; anywhere: pip install --no-deps mplfonts)"
        )
    regular = _simplified(found[name])
    bolds = (found[each] for each in BOLD.get(name, ()) if each in found)
    bold = next(filter(_opens, bolds), None)
    emoji = next((Face(found[each]) for each in EMOJI if each in found), None)
    return Faces(
        regular=regular,
        bold=_simplified(bold) if bold else regular,
        signs=tuple(Face(found[each]) for each in SIGNS if each in found and _opens(found[each])),
        emoji=emoji,
    )


def _folders() -> Iterator[Path]:
    yield from (Path(each).expanduser() for each in FOLDERS)
    package = find_spec("mplfonts")
    for place in (package.submodule_search_locations or ()) if package else ():
        yield Path(place) / "fonts"


def _files(folders: Sequence[Path] | Iterator[Path]) -> Mapping[str, Path]:
    """The files that matter by name; where a name is there twice the first one counts."""
    wanted = {*REGULAR, *EMOJI, *SIGNS, *(name for names in BOLD.values() for name in names)}
    found: dict[str, Path] = {}
    seen = 0
    for folder in folders:
        for path in sorted(folder.rglob("*.[ot]t[fc]")) if folder.is_dir() else ():
            seen += 1
            if path.name in wanted and seen <= _MOST_FILES:
                found.setdefault(path.name, path)
    return found


def _opens(path: Path) -> bool:
    try:
        _font(Face(path), _TRIED)
    except OSError:
        return False
    return True


def _simplified(path: Path) -> Face:
    if path.suffix != ".ttc":
        return Face(path)
    for index in range(_MOST_FACES):
        try:
            family = _font(Face(path, index), _TRIED).getname()[0] or ""
        except OSError:
            break
        if family.endswith(_REGION):
            return Face(path, index)
    return Face(path)


@lru_cache(maxsize=64)
def _font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    # Not ImageFont.truetype: that looks elsewhere for a file of the same name. The basic layout
    # is everywhere the same, and takes any text.
    return ImageFont.FreeTypeFont(
        str(face.path), size, face.index, layout_engine=ImageFont.Layout.BASIC
    )
