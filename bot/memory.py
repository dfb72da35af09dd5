"""What the running program holds: what stays is spared, what only the start needed goes back."""

import asyncio
import contextlib
import ctypes
import gc
from typing import Final

YOUNG: Final = 50_000
"""Objects made before the collector looks for cycles: a batch of callbacks makes none to speak of,
and tens of thousands of objects that end by themselves."""

SETTLED_S: Final = 2.0
"""After so long what is done once after the start is done, too."""


def settle_down() -> None:
    """Call once, in the event loop, when everything is up.

    The collector would walk over packs and libraries again and again, in the middle of answers:
    the slowest in a hundred took twice as long.
    """
    _give_back()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    asyncio.get_running_loop().call_later(SETTLED_S, _give_back)


def _give_back() -> None:
    """Return to the system what nobody uses any more, where the C library can."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
