"""What people are shown of a message about which they are asked: the passage that it is about."""

from typing import Final

from handlers.replies import EXCERPT, excerpt
from sop.detectors.evidence import as_typed
from sop.detectors.unmasking import unmask
from sop.detectors.verdicts import Verdict
from sop.texts import text

_BEFORE: Final = 60
"""Characters before the passage that are shown with it."""


def passage(said: str, verdict: Verdict) -> str:
    """Return a short message, of a long one where its strongest evidence stands; of none, that."""
    found = max(verdict.signals, key=lambda one: one.weight)
    if not said.strip():
        return text("rules.picture") if found.name == "image" else excerpt(found.evidence)
    at = said.find(as_typed(unmask(said), found.evidence)) if len(said) > EXCERPT else 0
    return excerpt(said) if at <= _BEFORE else "…" + excerpt(said[at - _BEFORE :], EXCERPT - 1)
