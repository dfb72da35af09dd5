"""Rosters, judged: how much of what a fetched list does not hold may be believed at once."""

from typing import Final

DOUBTED_FROM: Final = 5
"""Members that have to be missing before a list is doubted: small groups may empty in a minute."""


def doubtful(known: int, gone: int) -> bool:
    """Tell whether so many of the known members cannot well have left between two looks.

    More than half of them, and five at least: then the list is likelier wrong than the group gone.
    """
    return gone >= DOUBTED_FROM and 2 * gone > known
