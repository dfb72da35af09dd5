"""What every record is: frozen, and found by its key."""

from dataclasses import dataclass
from typing import Any, ClassVar, Final

LOCKED: Final = -1
"""The claim of a code that nobody can be given, because no known key opens it."""

BOT: Final = 0
"""The person id under which the bot's own posts are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Anything that can be stored: `KEY` names the key's fields, in order."""

    KEY: ClassVar[tuple[str, ...]] = ()

    @property
    def key(self) -> tuple[Any, ...]:
        """The values of the key fields, in order."""
        return tuple(getattr(self, name) for name in self.KEY)
