"""What a message costs in a group where everything is open at once, beside a quiet group.

Both groups have 500 members and hear the same messages, in batches as they form under load, each
in a database of its own. `python benchmarks/busy_group.py` prints the ratio first.
"""

import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.bench import traffic
from bot.clock.due import due_events
from bot.dispatcher import Dispatcher
from bot.intake.writer import Writer
from bot.routes import ROUTES
from sop.book import Book
from sop.checks.loader import load_pack
from sop.events import Event, GroupCreated, MessageReceived, PackEnforced
from sop.model import Group, Thread
from storage.database import Database

MEMBERS, BATCH, ROUNDS, BATCHES = 500, 32, 11, 20
BEGIN_MS = 1_795_000_000_000
PACE_MS = 1_000

RULES = """
pack: under-load
title: 什么都开着的群
timezone: Asia/Shanghai
score:
  window: 30d
  earn:
    message: {points: 1, min_chars: 6, distinct: 5}
    reply: {points: 3}
    question: {points: 2}
    answer: {points: 5}
    win: {points: 2}
rules:
  charter: 好好说话。
  checks: [{id: ads, detect: ads}, {id: flood, detect: flood, messages: 20, within: 1s}]
  ladder: [remind]
  forget_after: 30d
"""

QUIET = RULES + "steps: []\n"

BUSY = (
    RULES
    + """
steps:
  - id: everything
    when: group.created
    do:
      - {ask: 今天读到哪里了？, for: 12h}
      - {questions: {title: 答疑, for: 12h}}
      - {share_day: {title: 分享日, for: 12h}}
      - {game: idiom-chain, for: 12h}
      - {game: riddle, for: 12h}
      - {collect: {id: stories, title: 故事, for: 3d}}
      - {collect: {id: photos, title: 随手拍一张, kind: photo, for: 3d}}
      - {collect: {id: wishes, title: 心愿墙, kind: wish, anonymous: true, for: 3d}}
      - {collect: {id: snags, title: 随手拍, kind: snag, for: 3d}}
      - {vote: {title: 下月读什么, options: [甲, 乙, 丙], for: 1d}}
      - {signup: {title: 线下读书会, places: 30, waitlist: true}}
      - {challenge: {id: read, title: 读书打卡, days: 21, daily: 笔记, grace: 2, team: 5}}
"""
)


@dataclass
class Side:
    """One of the two groups, with what it takes to talk in it."""

    name: str
    writer: Writer
    dispatcher: Dispatcher
    seconds: list[float] = field(default_factory=list)

    def hear(self, events: Sequence[Event]) -> None:
        """Handle the events in one transaction."""
        for done in self.writer.run([self.dispatcher.job(event) for event in events]):
            if done.error is not None or done.result.error:
                raise SystemExit(f"{self.name}: {done.error or done.result.error}")


def opened(folder: Path, name: str, pack_text: str) -> tuple[Side, Database]:
    """A group under that pack, with all that it opens when it begins."""
    pack, problems = load_pack(pack_text.encode(), "pack.yaml")
    assert pack is not None, problems
    database = Database(f"sqlite:///{folder / name}.db")
    database.migrate()
    book = Book(pack=pack, version="bench", bot_name=traffic.BOT_NAME)
    side = Side(name, Writer(database), Dispatcher(ROUTES, lambda _: book, lambda: BEGIN_MS))
    where = {"community": traffic.COMMUNITY, "at": BEGIN_MS}
    group = Group(community=traffic.COMMUNITY, id="g", channels={"sandbox": "g"})
    side.hear([PackEnforced(key="enforce", version="bench", groups=(group,), **where)])
    people = tuple(traffic.userid(number) for number in range(MEMBERS))
    side.hear([GroupCreated(key="created", group="g", owner="owner", members=people, **where)])
    while due := database.read(lambda store: due_events(store, BEGIN_MS, 64)):
        side.hear(due)
    count = database.read(lambda store: store.count(Thread, status="open"))
    print(f"{name}: {count} open")
    return side, database


def said(talk: traffic.Talk, count: int) -> Iterator[MessageReceived]:
    """Ordinary talk of 500 members, a second apart."""
    for _ in range(count):
        message_id = talk.message_id()
        yield MessageReceived(
            key=f"sandbox:{message_id}", community=traffic.COMMUNITY, group="g",
            at=BEGIN_MS + talk.said * PACE_MS, sender=traffic.userid(talk.said * 7 % MEMBERS),
            text=talk.words(), message_id=message_id, channel="sandbox",
        )  # fmt: skip


def main(folder: Path) -> None:
    pairs = [opened(folder, "quiet", QUIET), opened(folder, "busy", BUSY)]
    (quiet, _), (busy, _) = pairs
    talk = traffic.Talk(seed=4)
    for number in range(ROUNDS + 1):
        events = list(said(talk, BATCHES * BATCH))
        # Alternately first: what a round warms up should not always help the same one.
        for side in (quiet, busy) if number % 2 else (busy, quiet):
            gc.collect()
            started = time.process_time()
            for first in range(0, len(events), BATCH):
                side.hear(events[first : first + BATCH])
            side.seconds.append(time.process_time() - started)
    ratios = [
        late / early for early, late in zip(quiet.seconds[1:], busy.seconds[1:], strict=True)
    ]
    cost = {
        side.name: round(statistics.median(side.seconds[1:]) / BATCHES / BATCH * 1e6)
        for side in (quiet, busy)
    }
    rate = round(1e6 / cost["busy"])
    print(f"busy/quiet {statistics.median(ratios):.2f} (target <= 1.3), us a message {cost}, "
          f"{rate} messages/s in the busy group (target 100)")  # fmt: skip
    for _, database in pairs:
        database.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(Path(made))
