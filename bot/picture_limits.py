"""How large a picture may be that somebody else has made."""

from typing import Final

MOST_PIXELS: Final = 40_000_000
"""A picture that is larger is not read: a few bytes can unfold to gigabytes."""


class TooLarge(ValueError):
    """The picture is larger than what is looked at."""
