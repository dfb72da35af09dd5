"""Checks of leaders and circles: offices nobody can reach, duties nobody counts, circles unled."""

from collections.abc import Iterator, Mapping
from typing import Final, get_args

from sop.checks.check_subject import Subject, warning
from sop.fields.pack_types import Rate
from sop.pack.pack_conditions import Deed
from sop.pack.pack_steps import ACTIONS
from sop.problems import Path, suggestion
from sop.yaml.schema_problems import Finding

DUTIES: Final = frozenset({"host", "answer", *ACTIONS, *get_args(Deed)})
"""What is counted as a duty: hosting, answers, what leaders open, and deeds."""


def unreachable_leaders(subject: Subject) -> Iterator[Finding]:
    """Find a way to become a leader that leads into no tier, and reviews of none."""
    leaders = subject.pack.leaders
    if leaders is None or leaders.tiers:
        return
    if leaders.vote is not None or leaders.probation_ms or not leaders.apply.is_empty:
        yield warning(("leaders",), "has no tiers: whoever applies can become nothing")


def uncounted_duties(subject: Subject) -> Iterator[Finding]:
    """Find duties that nothing counts."""
    leaders = subject.pack.leaders
    if leaders is None:
        return
    tables: list[tuple[Path, Mapping[str, Rate]]] = [(("leaders", "duties"), leaders.duties)]
    tables += [
        (("leaders", "tiers", index, "duties"), tier.duties)
        for index, tier in enumerate(leaders.tiers)
    ]
    for path, duties in tables:
        for name in duties:
            if name not in DUTIES:
                message = f'"{name}" is nothing that is counted: write host, answer, a deed, or'
                message += " an action that leaders open"
                yield warning((*path, name), message, suggestion(name, DUTIES))


def unled_circles(subject: Subject) -> Iterator[Finding]:
    """Find circles that nobody can lead, and two of one tag."""
    seen: set[str] = set()
    for index, circle in enumerate(subject.pack.circles):
        if circle.leader is None and (
            subject.pack.leaders is None or not subject.pack.leaders.tiers
        ):
            message = "nobody leads it: the pack has no leaders, so name one under leader"
            yield warning(("circles", index), message)
        if circle.tag in seen:
            message = f'"{circle.tag}" has a circle already: only the first is ever joined'
            yield warning(("circles", index, "tag"), message)
        seen.add(circle.tag)
