"""How everything that was opened ends: each kind has its own way, chosen by a table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers.challenges import challenges
from handlers.collections import collect_endings
from handlers.games import games
from handlers.leaders import leader_votes
from handlers.polls import votes
from handlers.ports import Context, Outcome
from handlers.questions import slots
from handlers.shares import share_endings
from handlers.signups import signups
from handlers.steps import threads
from handlers.threads import open_threads
from handlers.timing import deadlines
from sop.actions import Action
from sop.events import StepDue
from sop.model import Thread

Closer = Callable[..., tuple[Action, ...]]
"""(context, occurrence, group, thread, fresh=…) → lines.

`fresh` is true once, when the thread ends; a summary that had to wait comes again without it.
"""

CLOSERS: Final[Mapping[str, Closer]] = {
    open_threads.ASK: threads.close,
    open_threads.QUESTIONS: slots.close,
    open_threads.SHARE: share_endings.close,
    open_threads.GAME: games.close,
    open_threads.COLLECT: collect_endings.close,
    open_threads.CHALLENGE: challenges.close,
    open_threads.VOTE: votes.close,
    open_threads.SIGNUP: signups.close,
}


def close(event: StepDue, context: Context) -> Outcome:
    """End a thread once, and let its kind say what follows."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    thread = context.store.get(Thread, context.community, int(event.subject))
    if thread is None or group is None:
        return Outcome()
    fresh = thread.status == "open"
    if fresh:
        open_threads.end(context, group, thread)
    closer = leader_votes.close if leader_votes.is_one(thread) else CLOSERS[thread.kind]
    return Outcome(closer(context, occurrence, group, thread, fresh=fresh))
