"""Fonts that are always there: the one inside Pillow, written to a file."""

from pathlib import Path

from PIL import Image, ImageFont

from bot.pictures.fonts import Face, Faces
from bot.pictures.lettering import Lettering


def font_file(folder: Path, name: str = "Plain.ttf") -> Path:
    """Write a font without Chinese characters; pictures drawn with it leave these out."""
    font = ImageFont.load_default(20)
    assert isinstance(font, ImageFont.FreeTypeFont)
    path = folder / name
    path.write_bytes(font.font_bytes)
    return path


def faces(folder: Path) -> Faces:
    face = Face(font_file(folder))
    return Faces(regular=face, bold=face)


def lettering(folder: Path) -> Lettering:
    return Lettering(faces(folder))


def blank(width: int = 400, height: int = 100) -> Image.Image:
    return Image.new("RGB", (width, height), (255, 255, 255))
