"""Mass joins: when so many come at once that newcomers are looked at more closely for a while.

A crowd is usually good news: nobody is reminded for having come. What newcomers of the crowd
bring from outside (links, contacts, pictures) is shown to staff, until these say that it is a
raid; from then on it is a breach.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from sop.detectors import detectors
from sop.detectors.detectors import Check
from sop.detectors.verdicts import Detector, Signal, Utterance, Verdict, signal

RULE: Final = "raid"
"""The rule under which newcomers of a raid are judged."""

_ASKED: Final = 0.4


def is_mass(joined: int, joins: int) -> bool:
    """Tell whether so many joinings within the window are a mass; `joins` is the Nth."""
    return joined >= joins


def ends_at(at: int, until: int, length_ms: int) -> int:
    """Return until when the watch lasts after a joining that is one of a mass."""
    return max(until, at + length_ms)


def judged(said: Utterance, checks: Sequence[Check], *, strict: bool) -> Verdict | None:
    """Judge what a newcomer of a raid says: None where it brings nothing from outside.

    Domains and contacts that the pack's own checks allow are none of it.
    """
    found = tuple(_brought(said, checks))
    if not found:
        return None
    return Verdict(
        rule=RULE, violated=strict, doubtful=not strict,
        confidence=1.0 if strict else _ASKED, signals=found,
    )  # fmt: skip


def _brought(said: Utterance, checks: Sequence[Check]) -> Iterable[Signal]:
    for detect in _watching(_told(checks, "allow_domains"), _told(checks, "allow")):
        verdict = detect(said)
        if verdict is not None and verdict.violated:
            yield from verdict.signals
    if said.has_image:
        yield signal("image", 1.0, "image")


def _told(checks: Sequence[Check], name: str) -> tuple[str, ...]:
    kinds = {"allow_domains": ("ads", "links"), "allow": ("contact",)}[name]
    return tuple(word for each in checks if each.detect in kinds for word in _texts(each, name))


def _texts(check: Check, name: str) -> Sequence[str]:
    found: Sequence[str] = check.params.get(name, ())  # type: ignore[assignment] # as it is typed
    return found


@lru_cache(maxsize=64)
def _watching(domains: tuple[str, ...], contacts: tuple[str, ...]) -> tuple[Detector, ...]:
    return (
        detectors.build("links", {"allow_domains": list(domains)}),
        detectors.build("contact", {"allow": list(contacts)}),
    )
