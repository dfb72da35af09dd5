"""What the running program holds: what stays is spared, what only the start needed goes back."""

import contextlib
import ctypes
import gc
from typing import Final

YOUNG: Final = 50_000
"""Objects made before the collector looks for cycles: a batch of callbacks makes none to speak of,
and tens of thousands of objects that end by themselves."""


def settle_down() -> None:
    """Call once when everything is up.

    The collector would walk over packs and libraries again and again, in the middle of answers:
    the slowest in a hundred took twice as long. Where the C library can, it returns to the system
    what the start has left behind.
    """
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
