"""Checks of what points can reach: what talk alone opens, and what nothing ever reaches."""

import math
from collections.abc import Iterator
from typing import Final

from sop.checks.check_subject import Subject, warning
from sop.checks.reach import reach, window_days
from sop.fields.comparison import Comparison
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_people import Keep, Tier
from sop.pack.pack_score import Earn
from sop.pack.satisfiable import Case, cases
from sop.problems import Path
from sop.yaml.schema_problems import Finding

_TALK: Final = ("message", "checkin")
_BY_TALK: Final = frozenset({"score", "balance", "active_days", "last_seen", "introduced"})
_BY_NOTHING: Final = frozenset({"tenure", "strikes", "layer", "role"})
_KEPT_BY_TALK: Final = frozenset({"score", "posts"})


def talk_alone(subject: Subject) -> Iterator[Finding]:
    """Find where `message` and `checkin` alone lead to the core group or keep a leader.

    Spared is what somebody looks at (an owner who approves, duties to fulfil), as long as
    messages are paid with a cap, a least length and no repetition.
    """
    if not any(deed in subject.pack.score.earn for deed in _TALK):
        return
    core, leaders = subject.pack.layers.core, subject.pack.leaders
    if core and not (core.approve == "owner" and _is_guarded(subject)):
        for case in cases(core.enter, subject.meaning) or ():
            if _opens(subject, case):
                yield _told(subject, ("layers", "core", "enter"), "enters the core group")
                break
    for index, tier in enumerate(leaders.tiers if leaders else ()):
        backed = bool(tier.duties or (leaders and leaders.duties)) and _is_guarded(subject)
        if not backed and _keeps(subject, tier):
            path: Path = ("leaders", "tiers", index, "keep")
            yield _told(subject, path, "keeps a leader's tier")


def _told(subject: Subject, path: Path, what: str) -> Finding:
    paid = " and ".join(deed for deed in _TALK if deed in subject.pack.score.earn)
    most = _talk(subject)
    bound = "without end" if math.isinf(most) else f"up to {most:g}"
    return warning(path, f"{paid} alone pay {bound}: who only talks {what}")


def _talk(subject: Subject) -> float:
    """Return what talking every day brings within the window at most."""
    score = subject.pack.score
    days = None if score.window_ms is None else (window_days(score) or 1) - 1
    return reach(score, _TALK, days).most


def _is_guarded(subject: Subject) -> bool:
    message = subject.pack.score.earn.get("message")
    return message is None or _guards(message)


def _guards(earn: Earn) -> bool:
    return bool(earn.cap and earn.min_chars and earn.distinct)


def _opens(subject: Subject, case: Case) -> bool:
    """Tell whether somebody who only talks can come to be in that case."""
    talked = any(key[0] in _BY_TALK or key == ("deeds", "message") for key in case)
    if not talked or not all(_by_talk(key) for key in case):
        return False
    score = case.get(("score",), (-math.inf, math.inf))
    return isinstance(score, tuple) and score[0] <= _talk(subject)


def _by_talk(key: tuple[str, ...]) -> bool:
    return key[0] in _BY_TALK | _BY_NOTHING or (key[0] == "deeds" and key[1] in _TALK)


def _keeps(subject: Subject, tier: Tier) -> bool:
    asked = {name for name in Keep.model_fields if getattr(tier.keep, name) is not None}
    wanted = tier.keep.score
    if not asked or not asked <= _KEPT_BY_TALK:
        return False
    return wanted is None or _least(wanted) <= _talk(subject)


def _least(wanted: Comparison) -> float:
    return wanted.value if wanted.op in {">=", ">", "=="} else -math.inf


def out_of_reach(subject: Subject) -> Iterator[Finding]:
    """Find levels, tiers and the core group where no deeds bring enough points."""
    most = subject.most_score
    if math.isinf(most):
        return
    what = f"nobody gets here: by deeds a score reaches at most {most:g}"
    for index, level in enumerate(subject.pack.levels):
        if level.at > most:
            yield warning(("levels", index, "at"), what)
    for index, tier in enumerate(subject.pack.leaders.tiers if subject.pack.leaders else ()):
        if tier.keep.score and _least(tier.keep.score) > most:
            yield warning(("leaders", "tiers", index, "keep", "score"), what)
    core = subject.pack.layers.core
    if core and _is_beyond(subject, core.enter, most):
        yield warning(("layers", "core", "enter"), what)


def _is_beyond(subject: Subject, conditions: Conditions, most: float) -> bool:
    found = cases(conditions, subject.meaning)
    wanted = (case.get(("score",), (-math.inf, math.inf)) for case in found or ())
    return bool(found) and all(isinstance(each, tuple) and each[0] > most for each in wanted)
