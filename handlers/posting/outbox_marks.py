"""Reasons by which an action tells the outbox how it is to be handled."""

from typing import Final

LISTED: Final = "listed"
"""A task that a message names already: it stands in the list, and is announced no more."""
