"""Utterances for the tests of detectors."""

from collections.abc import Sequence

from sop.detectors.verdicts import Recent, Utterance
from sop.text import fingerprint, normalise


def said(
    text: str = "早",
    *,
    at: int = 0,
    recent: Sequence[tuple[int, str]] = (),
    mentions: Sequence[str] = (),
    has_image: bool = False,
    off_topic: int = 0,
) -> Utterance:
    """Return an utterance; `recent` are (at, text) of the member's earlier messages."""
    return Utterance(
        text=text,
        normal=normalise(text),
        at=at,
        mentions=tuple(mentions),
        has_image=has_image,
        recent=tuple(Recent(at=when, fingerprint=fingerprint(what)) for when, what in recent),
        off_topic=off_topic,
    )
