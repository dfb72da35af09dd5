"""The intake of a life that is played without a writer's thread."""

from typing import Any

from bot.intake.writer import Job
from tests.lives import Life


class Directly:
    """The intake without its queue: every job is a transaction of its own."""

    def __init__(self, club: Life) -> None:
        self._club = club

    async def submit(self, job: Job, *, bounded: bool) -> Any:
        del bounded
        batch = self._club.database.batch()
        with batch.event() as store:
            result = job.run(store)
        batch.commit()
        return result
