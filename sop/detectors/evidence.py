"""What the member typed where a verdict's evidence stands: a disguise as it was written."""

import re
from collections.abc import Callable
from typing import Final

from sop.detectors.unmasking import Unmasked

_WRITTEN: Final = re.compile("[\u3400-\u9fffa-z0-9]")
_HAN: Final = re.compile("[\u3400-\u9fff]")
_TELLING: Final = 4
"""Letters and digits from which they are not found by chance."""
_PAUSES: Final = " ,.\u3002\u3001/|!?:\uff0c\uff01\uff1f\uff1a"

_Kept = Callable[[str], object]


def as_typed(plain: Unmasked, evidence: str) -> str:
    """Return the stretch as typed that the evidence was read in.

    Of several words each is looked for by itself. What quotes nothing of the text stays as it is.
    """
    if evidence in plain.typed:
        return evidence
    whole = _found(plain, evidence, _WRITTEN.match) or _found(plain, evidence, _HAN.match)
    if whole:
        return whole
    words = evidence.split()
    return " ".join(_found(plain, each, _WRITTEN.match) or each for each in words) or evidence


def _found(plain: Unmasked, evidence: str, kept: _Kept) -> str:
    """Find the evidence, signs and blanks aside, and return what was typed there."""
    wanted = "".join(filter(kept, evidence))
    if not wanted or (len(wanted) < _TELLING and _HAN.search(wanted) is None):
        return ""
    places = [at for at, sign in enumerate(plain.text) if kept(sign)]
    first = "".join(plain.text[at] for at in places).find(wanted)
    if first < 0:
        return ""
    typed = plain.as_typed(places[first], places[first + len(wanted) - 1] + 1)
    return typed.strip(_PAUSES)
