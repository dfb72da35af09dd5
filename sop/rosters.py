"""Rosters, judged: how much of a fetched list may be believed, and whether it is the newest.

Platforms that number their rosters do so with opaque marks: two of them are the same or not, and
which came first is known only from what said that one followed the other. Instants are ms UTC.
"""

from dataclasses import dataclass
from typing import Final

from sop.frozen import replace
from sop.model import RosterVersion

DOUBTED_FROM: Final = 5
"""Members that have to be missing before a list is doubted: small groups may empty in a minute."""

SETTLE_MS: Final = 2_000
"""A platform that tells of a change has the whole of it a little later."""

AGAIN_MS: Final = (4_000, 15_000, 60_000)
"""The pauses before each further question while another list comes than the one that was told of;
after the last of them the answer is taken as it is."""

PASSED: Final = 8
"""Versions kept that others are known to have followed: what is older is not asked for again."""


def doubtful(known: int, gone: int) -> bool:
    """Tell whether so many of the known members cannot well have left between two looks.

    More than half of them, and five at least: then the list is likelier wrong than the group gone.
    """
    return gone >= DOUBTED_FROM and 2 * gone > known


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a hint means: `ask` for the roster or not; `gap`: earlier changes were never told."""

    versions: RosterVersion
    ask: bool
    gap: bool = False


def told(versions: RosterVersion, version: str, before: str, at: int) -> Told:
    """Take a hint that the roster became `version` at an instant, and was `before` until then.

    Both are empty where the platform gives no version: then nobody can tell whether it is news.
    """
    if not version:
        return Told(versions=versions, ask=True)
    late = at < versions.told_at or (at == versions.told_at and version in versions.passed)
    if late or version == versions.told:
        return Told(versions=versions, ask=False)
    last = versions.told or versions.known
    followed = _passed(versions, before, last, but=version)
    changed = replace(versions, told=version, told_at=at, tries=0, passed=followed)
    gap = bool(before and last) and before != last
    return Told(versions=changed, ask=version != versions.known, gap=gap)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetched:
    """What a fetched roster is worth; where `again_ms` is not 0 it is asked for again after it."""

    versions: RosterVersion
    believed: bool
    again_ms: int = 0


def fetched(versions: RosterVersion, version: str) -> Fetched:
    """Take a roster of a version; one that was followed by another long since tells the past.

    It is believed after all once it has come so often that it must be what the platform means.
    """
    told_of = version == versions.told
    old = version in versions.passed and not told_of
    waited_for = versions.told not in ("", versions.known)
    settled = told_of or not (old or waited_for)
    if settled or versions.tries >= len(AGAIN_MS):
        return Fetched(versions=_known(versions, version, tries=0, told=version), believed=True)
    again = AGAIN_MS[versions.tries]
    tries = versions.tries + 1
    if old:
        return Fetched(versions=replace(versions, tries=tries), believed=False, again_ms=again)
    between = _known(versions, version, tries=tries, told=versions.told)
    return Fetched(versions=between, believed=True, again_ms=again)


def _known(versions: RosterVersion, version: str, *, tries: int, told: str) -> RosterVersion:
    followed = _passed(versions, versions.known, but=version)
    return replace(versions, known=version, told=told, tries=tries, passed=followed)


def _passed(versions: RosterVersion, *older: str, but: str) -> tuple[str, ...]:
    """Add versions that were followed by `but`, which may have been there before, too."""
    found = dict.fromkeys((*versions.passed, *older))
    return tuple([each for each in found if each and each != but][-PASSED:])
