"""What a rehearsal's lines do not show: occurrences that did nothing, each with the reason."""

from typing import Any, Final

from bot.rehearsal.transcript import Transcript, compact, who
from handlers.ports import Store
from sop.model import Trace

SHOWN: Final = frozenset({"run", "held"})
"""Verdicts that other lines speak of; what was dropped for good does, unless nobody misses it."""


class Silent:
    """Turns traces into lines (`do` is `trace`), each once."""

    def __init__(self, community: str, transcript: Transcript) -> None:
        self._community = community
        self._transcript = transcript
        self._seen: set[tuple[Any, ...]] = set()
        self._at = -1

    def lines(self, store: Store, now: int, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return the lines of what was settled at this instant and is not among those `told`."""
        if now != self._at:
            self._at, self._seen = now, set()
        found = store.find(Trace, community=self._community, at=now)
        fresh = [each for each in found if each.key not in self._seen]
        self._seen.update(each.key for each in fresh)
        lines = (self._line(store, each, now) for each in fresh if each.verdict not in SHOWN)
        return [line for line in lines if not any(_speaks_of(line, each) for each in told)]

    def _line(self, store: Store, trace: Trace, now: int) -> dict[str, Any]:
        return compact(
            {
                "at": self._transcript.stamp(now),
                "group": trace.group,
                "do": "trace",
                "text": trace.verdict,
                "step": trace.step,
                "member": who(store, self._community, trace.subject),
                "reason": trace.reason,
                "why": "; ".join(trace.figures),
            }
        )


def _speaks_of(line: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell whether a dropped line says the same already."""
    same = ("group", "step", "member", "reason")
    return other["do"] == "dropped" and all(line.get(key) == other.get(key) for key in same)
