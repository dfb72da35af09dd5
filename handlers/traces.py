"""Traces: what became of each occurrence of a step, with what was asked and found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from handlers.ports import Context
from sop.model import Occurrence, Trace

WAITS_KEPT: Final = 10
"""How often an occurrence may have been held before the first times are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What becomes of an occurrence now.

    `verdict` is run, held (then `until` says for how long, ms), merged, dropped or not-fired;
    `reason` one machine word; `figures` what was asked and found.
    """

    verdict: str
    reason: str = ""
    figures: tuple[str, ...] = ()
    until: int = 0

    @property
    def why(self) -> str:
        """The figures in one line."""
        return "; ".join(self.figures)


RUN: Final = "run"
HELD: Final = "held"
MERGED: Final = "merged"
DROPPED: Final = "dropped"
NOT_FIRED: Final = "not-fired"


def keep(context: Context, occurrence: Occurrence, verdict: Verdict) -> None:
    """Keep the latest word on an occurrence; there is one row of it, whatever it went through."""
    context.store.put(
        Trace(
            community=context.community,
            group=occurrence.group,
            step=occurrence.step,
            subject=occurrence.subject,
            cause=occurrence.cause,
            due_at=occurrence.due_at,
            at=context.now,
            verdict=verdict.verdict,
            reason=verdict.reason,
            figures=verdict.figures,
            held=waits(occurrence),
            version=occurrence.version or context.book.version,
        )
    )


def waits(occurrence: Occurrence) -> tuple[tuple[int, str], ...]:
    """Return when (ms) and why an occurrence was held, the latest last."""
    found: Sequence[Sequence[object]] = occurrence.body.get("waits", ())
    return tuple((int(str(at)), str(reason)) for at, reason in found)
