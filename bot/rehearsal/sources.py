"""Where a rehearsal's lines come from: a script, or people who answer what they see."""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Protocol

from bot.rehearsal.script import Cue
from sop.model import Task

FOREVER: Final = 1 << 62
"""Later than everything."""


class View(Protocol):
    """What people in the rehearsal can look up, beside what they are told."""

    def open_tasks(self, group: str) -> Sequence[Task]:
        """Return the tasks of a group that nobody has closed, the oldest first."""
        ...


class Source(Protocol):
    """Gives lines in order of time, one by one; hears every line of the transcript at once."""

    def lived(self) -> Sequence[str]:
        """Return the groups that exist from the start, as far as that is known then."""
        ...

    def next_at(self) -> int:
        """Return when the next line is due, `FOREVER` where there is none."""
        ...

    def take(self, view: View) -> Cue | None:
        """Take the next line; None where its time has come and nothing is to be said."""
        ...

    def heed(self, line: Mapping[str, Any]) -> None:
        """See what the bot has just done."""
        ...


class Scripted:
    """A script's cues from `start` on, in order of time."""

    def __init__(self, cues: Sequence[Cue], start: int) -> None:
        opened = {cue.group for cue in cues if cue.kind == "group.created"}
        found = (cue.group for cue in cues if cue.group and cue.group not in opened)
        self._lived = tuple(dict.fromkeys(found))
        self._waiting = deque(cue for cue in cues if cue.at >= start)

    def lived(self) -> Sequence[str]:
        """Every group the script names and does not create."""
        return self._lived

    def next_at(self) -> int:
        """When the next cue is due."""
        return self._waiting[0].at if self._waiting else FOREVER

    def take(self, view: View) -> Cue:
        """Take the next cue, whatever happened meanwhile."""
        del view
        return self._waiting.popleft()

    def heed(self, line: Mapping[str, Any]) -> None:
        """A script is deaf."""


class Witnessed:
    """Another source, each of whose cues somebody sees as it is taken."""

    def __init__(self, source: Source, see: Callable[[Cue], object]) -> None:
        self._source = source
        self._see = see
        self.lived = source.lived
        self.next_at = source.next_at
        self.heed = source.heed

    def take(self, view: View) -> Cue | None:
        """Take the next cue, and show it."""
        cue = self._source.take(view)
        if cue is not None:
            self._see(cue)
        return cue
