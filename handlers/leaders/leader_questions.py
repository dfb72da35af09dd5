"""What people are asked about somebody on the way of leaders, until it is settled otherwise."""

from typing import Final

from handlers.ports import Context
from handlers.tasks import tasks

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
