"""What people are asked about somebody on the way of leaders, until it is settled otherwise."""

from dataclasses import replace
from typing import Final

from handlers.people import leader_records, people
from handlers.ports import Context
from handlers.tasks import tasks
from handlers.threads import open_threads
from handlers.threads.open_threads import EARLY, VOTE
from sop.model import Group

APPLICATION: Final = "leader"
BALLOT: Final = "leader-ballot"
CERTIFY: Final = "leader-certify"
AWAY: Final = "leader-away"


def about(what: str, person: int) -> str:
    """Name the task that asks this about somebody."""
    return f"{what}:{person}"


def end(context: Context, person: int) -> None:
    """Ask nobody any more: where the person stands has been settled by other means."""
    for what in (APPLICATION, BALLOT, CERTIFY, AWAY):
        tasks.void(context, about(what, person))
    _end_vote(context, person)


def _end_vote(context: Context, person: int) -> None:
    """Let nobody vote about them any more; like a vote that was lost, it ends without a word."""
    known = leader_records.of(context, person)
    group = context.store.get(Group, context.community, known.group) if known else None
    for vote in open_threads.open_at(context, group, context.now, VOTE) if group else ():
        wanted = people.current(context.store, context.community, vote.body.get("candidate", 0))
        if wanted is not None and wanted.id == person:
            open_threads.hasten(context, replace(vote, body={**vote.body, EARLY: True}))
