"""What the thresholds of the adverts' check would mean for lines that are known: a table.

Lines are labelled `ad` or `ok` by people; what nobody has judged has no label, and is counted by
itself: in an ordinary group nearly all of it is fine.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sop.detectors.detector_data import packaged
from sop.detectors.detectors import build
from sop.detectors.verdicts import Utterance, Verdict
from sop.text import normalise

LABELS: Final = ("ad", "ok", "")
"""What a line is known to be; empty where nobody has said."""

FAIR: Final = 0.005
"""The share of fine lines that may be acted on: what a group feels is the false warning."""

_STEPS: Final = tuple(quarter / 4 for quarter in range(6, 22))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a threshold acts on: by label, how many of how many. `name` is its sensitivity."""

    threshold: float
    name: str
    acted: Mapping[str, int]
    lines: Mapping[str, int]

    def share(self, label: str) -> float | None:
        """Return the share of a label's lines that are acted on; None where there are none."""
        return self.acted[label] / self.lines[label] if self.lines[label] else None


def scores(texts: Iterable[str], params: Mapping[str, object]) -> list[float]:
    """Return what the signals of each text add up to under the parameters of an adverts' check."""
    # The most sensitive looks closely at whatever reaches the lowest of the steps.
    detect = build("ads", {**params, "sensitivity": "high"})
    return [_score(detect(Utterance(text=each, normal=normalise(each), at=0))) for each in texts]


def _score(verdict: Verdict | None) -> float:
    return sum(one.weight for one in verdict.signals) if verdict is not None else 0.0


def table(found: Sequence[tuple[float, str]]) -> list[Row]:
    """Return what each threshold would act on; `found` are (score, label) of each line."""
    named = {value: name for name, value in packaged().ads.thresholds.items()}
    lines = {label: sum(each == label for _, each in found) for label in LABELS}
    return [
        Row(
            threshold=threshold,
            name=named.get(threshold, ""),
            acted={
                label: sum(score >= threshold and each == label for score, each in found)
                for label in LABELS
            },
            lines=lines,
        )
        for threshold in sorted({*_STEPS, *named})
    ]


def advised(rows: Sequence[Row]) -> Row | None:
    """Return the sensitivity that finds most while it spares the fine; None if none does.

    Lines without a label count as fine: the advice errs on the side of the members.
    """
    fair = [row for row in rows if row.name and _wrong(row) <= FAIR]
    return min(fair, key=lambda row: row.threshold, default=None)


def _wrong(row: Row) -> float:
    fine = row.lines["ok"] + row.lines[""]
    return (row.acted["ok"] + row.acted[""]) / fine if fine else 0.0
