"""Detectors of how a member writes: too much, too often, the same again, calling too many."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from sop.detectors.detector_params import Params
from sop.detectors.verdicts import CLEAR, Detector, Utterance, Verdict, certain, signal
from sop.text import hash_normal, visible_length
from sop.times.durations import DAY_MS, HOUR_MS

REPETITION = frozenset({"flood", "repeats"})
"""Detectors of how often somebody writes: of a text by itself they know nothing.

Commands and moves in a running game do not count for them.
"""

REMEMBERED = 20
"""Earlier messages a detector is shown; a burst larger than that could not be told as one."""

_LONGEST_WINDOW_MS = 7 * DAY_MS


def mentions(params: Params) -> Detector:
    """Find more than `max` different people called by one message."""
    params.only("max")
    most = params.whole("max", 0)

    def judge(said: Utterance) -> Verdict:
        called = len(set(said.mentions))
        if called <= most:
            return CLEAR
        return certain(signal("mentions", 1.0, f"{called} > {most}"))

    return judge


def length(params: Params) -> Detector:
    """Find more than `max` visible characters; a line break takes the room of one."""
    params.only("max")
    most = params.whole("max", 0)

    def judge(said: Utterance) -> Verdict:
        # Nothing becomes longer by counting what is seen, so short texts need no counting.
        if len(said.text) <= most:
            return CLEAR
        taken = visible_length(said.text) + said.text.count("\n")
        return certain(signal("length", 1.0, f"{taken} > {most}")) if taken > most else CLEAR

    return judge


def flood(params: Params) -> Detector:
    """Find the Nth message within the window (ends included); one burst is one breach."""
    params.only("messages", "within")
    return _burst_detector("flood", params, "messages", _any_text)


def repeats(params: Params) -> Detector:
    """Find the Nth message of one normal text within the window; one burst is one breach.

    A message without text has nothing to compare.
    """
    params.only("same", "within")
    return _burst_detector("repeats", params, "same", _same_text)


LEAST_COPIED = 10
"""Characters of normal text from which a copy is one: many people say good morning everywhere."""

COPIED_GROUPS = 2
COPIED_WITHIN_MS = HOUR_MS
"""What makes a copy of a text, unless the pack says otherwise."""


def copies(params: Params) -> Detector:
    """Find a text the same member brings to the Nth group within the window, or to one more."""
    params.only("groups", "within")
    limit = params.whole("groups", 2, REMEMBERED, default=COPIED_GROUPS)
    within = params.whole("within", 1, _LONGEST_WINDOW_MS, default=COPIED_WITHIN_MS)

    def judge(said: Utterance) -> Verdict:
        if len(said.normal) < LEAST_COPIED:
            return CLEAR
        places = 1 + sum(said.at - within <= at for at in said.elsewhere)
        if places < limit:
            return CLEAR
        return certain(signal("copied", 1.0, f"{places} groups in {within} ms"))

    return judge


def is_one_burst(since: int, recent: Sequence[tuple[int, str]], at: int, within: int) -> bool:
    """Tell whether somebody has gone on since an instant, without a whole window's pause."""
    times = [since, *sorted(each for each, _ in recent if since < each < at), at]
    return all(later - before <= within for before, later in pairwise(times))


def _burst_detector(
    name: str, params: Params, count_name: str, mark_of: Callable[[Utterance], str | None]
) -> Detector:
    """Detect a burst of messages that are alike: `mark_of` gives the fingerprint they share.

    It is empty where any message counts, None where there is nothing to go by.
    """
    limit = params.whole(count_name, 2, REMEMBERED)
    within = params.whole("within", 1, _LONGEST_WINDOW_MS)

    def judge(said: Utterance) -> Verdict | None:
        mark = mark_of(said)
        if mark is None:
            return None
        inside, since = 1, said.at - within
        for at, fingerprint in said.recent:
            if since <= at <= said.at and (fingerprint == mark or not mark):
                inside += 1
        if inside < limit:
            return CLEAR
        times = _times(said, mark)
        spoken = f"{inside} in {within} ms"
        if _begins_breach(times, limit, within):
            return certain(signal(name, 1.0, spoken))
        return certain(signal(f"{name}-burst-told-before", 0.0, spoken))

    return judge


def _any_text(_said: Utterance) -> str | None:
    return ""


def _same_text(said: Utterance) -> str | None:
    return said.fingerprint or hash_normal(said.normal) if said.normal else None


def _times(said: Utterance, mark: str) -> list[int]:
    alike = (at for at, fingerprint in said.recent if fingerprint == mark or not mark)
    return [*sorted(at for at in alike if at <= said.at), said.at]


def _begins_breach(times: Sequence[int], limit: int, within: int) -> bool:
    """Tell whether the last instant is the one that makes its burst a breach.

    A burst ends when a whole window passes without a message. As far back as `times` reach,
    the first instant of a burst with `limit` of them in its window is the breach.
    """
    breached = False
    last = False
    for index, at in enumerate(times):
        if index and at - times[index - 1] > within:
            breached = False
        crowd = index + 1 >= limit and at - times[index + 1 - limit] <= within
        last = crowd and not breached
        breached = breached or crowd
    return last
