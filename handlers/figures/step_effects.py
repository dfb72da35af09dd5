"""What each step brought: the figures after its runs, against the same weekday without it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from handlers.figures.past import Past
from handlers.ports import Context
from sop import channels
from sop.figures import effects
from sop.figures.effects import Baseline, Effect, Window
from sop.figures.report import StepFigures
from sop.model import Group, StepRun
from sop.pack.pack_actions import ReportAction, ReviewAction
from sop.pack.pack_steps import Step

MOST_RUNS: Final = 60
"""The newest runs of a step that are looked at: one a day for the weeks that are read."""

Measure = Callable[[Past, Group, Window], float]

MEASURES: Final[Mapping[str, Measure]] = {
    "replies": lambda past, group, at: past.replies[group.id].count(at.since, at.until),
    "active": lambda past, group, at: len(past.said[group.id].people(at.since, at.until)),
    "points": lambda past, group, at: past.points[group.id].total(at.since, at.until),
    "leaves": lambda past, group, at: past.left[group.id].count(at.since, at.until),
    "claims": lambda past, group, at: past.claims[group.id].count(at.since, at.until),
}
"""What is measured in a window; what somebody must be heard for is in `HEARD`."""

HEARD: Final = frozenset({"replies", "active"})
ROSTER: Final = frozenset({"leaves"})


def figures(context: Context, past: Past) -> tuple[StepFigures, ...]:
    """Return the figures of every step that ran and that members meet, in the pack's order."""
    return tuple(_of_group(context, past))


def _of_group(context: Context, past: Past) -> Iterator[StepFigures]:
    for group in past.groups:
        since = past.observed_since(group)
        if since is None:
            continue
        for step in filter(_is_met, context.book.pack.steps):
            runs = [each for each in past.runs if (each.group, each.step) == (group.id, step.id)]
            if runs:
                compared = _compared(context, past, runs, since)
                yield StepFigures(
                    group=group.id, step=step.id, title=step.title or step.id,
                    runs=len(compared), against=_against(compared.values()),
                    effects=dict(_effects(past, group, compared)),
                )  # fmt: skip


def _is_met(step: Step) -> bool:
    """Tell whether anything of a step could reach members; a review or staff's report cannot."""
    return not all(
        isinstance(each, ReviewAction) or (isinstance(each, ReportAction) and each.to != "group")
        for each in step.do
    )


def _compared(
    context: Context, past: Past, runs: Sequence[StepRun], since: int
) -> Mapping[int, Baseline]:
    """Return what each of the newest whole runs is compared with, by when it was."""
    ats = sorted({each.at for each in runs})
    whole = [at for at in ats if at >= since and at + effects.WINDOW_MS <= past.until]
    return {
        at: effects.baseline(at, ats, since, past.until, context.book.zone)
        for at in whole[-MOST_RUNS:]
    }


def _against(found: Iterable[Baseline]) -> str:
    kinds = {each.against for each in found}
    return next(
        (each for each in ("nothing", "same-day", "same-time") if each in kinds), "nothing"
    )


def _effects(
    past: Past, group: Group, compared: Mapping[int, Baseline]
) -> Iterator[tuple[str, Effect]]:
    for name, measure in MEASURES.items():
        if not _known(name, group):
            continue
        once = lru_cache(maxsize=None)(lambda at, measure=measure: measure(past, group, at))
        found = effects.effect(
            [
                (once(effects.after(at)), [once(each) for each in usual.windows])
                for at, usual in compared.items()
            ]
        )
        if found is not None:
            yield name, found


def _known(name: str, group: Group) -> bool:
    """Tell whether the group's channels let anybody know the figure at all."""
    if name in HEARD:
        return channels.hears(group.channels)
    return name not in ROSTER or channels.knows_members(group.channels)
