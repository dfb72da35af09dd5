"""`python -m bot.pictures.easel`: draws what it is told by lines of JSON, until there are no more.

Each line is answered by the length of a PNG (4 bytes, big-endian) and the PNG; by a length of 0
where nothing could be drawn.
"""

import json
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, BinaryIO, Final

from bot.modest import step_back
from bot.pictures import certificate, poll, qr, report
from bot.pictures.fonts import NoFont, discover
from bot.pictures.lettering import Lettering
from bot.pictures.painter import LENGTH, NO_FONT

Wish = Mapping[str, Any]

DRAWN: Final[Mapping[str, Callable[[Wish, Lettering], bytes]]] = {
    "certificate": certificate.draw,
    "vote": poll.draw,
    "report": report.draw,
    "qr": qr.draw,
}
"""How each kind of `sop.actions.Action.picture` is drawn."""

_MODEST: Final = 10


def draw(wish: Wish, lettering: Lettering) -> bytes:
    """Return the PNG of a wish; raises KeyError for a kind that nobody knows."""
    return DRAWN[str(wish["kind"])](wish, lettering)


def serve(wishes: BinaryIO, drawn: BinaryIO, lettering: Lettering) -> None:
    """Answer every wish, in order; returns when there are no more."""
    for line in wishes:
        picture = b""
        with suppress(Exception):  # whatever it was, its words have been said
            picture = draw(json.loads(line), lettering)
        drawn.write(len(picture).to_bytes(LENGTH, "big") + picture)
        drawn.flush()


if __name__ == "__main__":
    step_back(_MODEST)
    try:
        faces = discover()
    except NoFont:
        sys.exit(NO_FONT)
    serve(sys.stdin.buffer, sys.stdout.buffer, Lettering(faces))
