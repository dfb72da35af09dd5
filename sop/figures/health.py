"""How a group goes, in one word: who speaks now beside who spoke before, unless that is chance."""

from sop.figures import intervals
from sop.figures.report import Activity, Health


def of(activity: Activity) -> Health:
    """Return how a group with that activity goes; what is half heard says nothing of it."""
    now, before = activity.active.value, activity.active.before
    if now is None or activity.active.least:
        return "unknown"
    if before is not None:
        most = max(activity.members.value or 0, now, before)
        if intervals.apart(intervals.share(now, most), intervals.share(before, most)):
            return "growing" if now > before else "fading"
    if not now:
        return "quiet"
    return "early" if before is None else "steady"
