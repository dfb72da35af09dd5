"""Checks of collections: what nobody can win or give, and rules that contradict each other."""

from collections.abc import Iterator
from typing import Final

from sop import collecting
from sop.check_subject import Subject, warning
from sop.pack import Pack
from sop.pack_campaigns import CollectAction
from sop.schema_problems import Finding

ALWAYS: Final = frozenset({"story", "checkin"})
"""Deeds of collections that are earned without any, too."""


def uncollected(pack: Pack) -> frozenset[str]:
    """Return the deeds that only a collection brings, and no step of the pack collects."""
    kinds = {
        action.kind for step in pack.steps for action in step.do
        if isinstance(action, CollectAction)
    }  # fmt: skip
    deeds = {kind for kind in collecting.KINDS if kind not in kinds} - ALWAYS
    return frozenset(deeds if "snag" in kinds else deeds | {"fixed"})


def deeds_nobody_does(subject: Subject) -> Iterator[Finding]:
    """Find what is paid and nothing collects."""
    nowhere = uncollected(subject.pack)
    for deed in map(str, subject.pack.score.earn):
        if deed in nowhere:
            kind = "snag" if deed == "fixed" else deed
            message = f"nothing brings it: add a step that collects kind: {kind}"
            yield warning(("score", "earn", deed), message)
