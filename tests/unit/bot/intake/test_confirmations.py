"""Answers that left with a response: kept as sent, many in one job."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.confirmations import CONFIRM_S, Confirmations
from bot.intake.local import LocalIntake
from bot.intake.writer import Job, Writer
from sop.model import Outgoing
from storage.database import Database


def sent(number: int) -> Outgoing:
    return Outgoing(
        community="c", id=number, event_key="e", group="g", do="reply", channel="aibot", chat="c",
        klass="reply", body={}, status="leased", created_at=0, not_before=0,
    )  # fmt: skip


class Busy(LocalIntake):
    """While it keeps some, another answer leaves, three times."""

    def __init__(self, database: Database) -> None:
        super().__init__(Writer(database), due_jobs=lambda _limit: ())
        self.confirmations = Confirmations(self, lambda: 0)
        self.kept_at: list[float] = []

    async def submit(self, job: Job, *, bounded: bool = True) -> Any:
        result = await super().submit(job, bounded=bounded)
        self.kept_at.append(asyncio.get_running_loop().time())
        if len(self.kept_at) < 3:
            self.confirmations.confirm(sent(len(self.kept_at) + 1))
        return result


def test_what_leaves_while_others_are_being_kept_is_collected_like_them(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'q.db'}")
    database.migrate()

    async def story() -> list[float]:
        intake = Busy(database)
        intake.start()
        intake.confirmations.confirm(sent(1))
        await intake.confirmations.drain(10)
        await intake.stop()
        return intake.kept_at

    kept_at = asyncio.run(story())
    database.close()

    assert len(kept_at) == 3
    assert all(later - earlier >= CONFIRM_S for earlier, later in pairwise(kept_at))
