"""Five thousand appchats kept in sync within WeCom's limits, the calls counted.

The poller that runs live asks a sandbox corp, whose server refuses what is above WeCom's limits
(10,000 calls a minute and 150,000 an hour of an API); only the network between them is left out,
and the clock is virtual. People come and go all the time, a tenth of the groups being busy ones.
Run with `python benchmarks/rosters.py [GROUPS] [HOURS]`.
"""

import asyncio
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Final

sys.path.insert(0, str(Path(__file__).parent.parent))

from bot.channels.sandbox.corp import Corp
from bot.channels.sandbox.model import Chat
from bot.channels.sandbox.near import NearWeCom
from bot.library.bound_groups import Abilities
from bot.library.library import Library
from bot.rosters.rosters import RosterPolls
from sop.events import Event, RosterFetched
from sop.times.durations import MINUTE_MS

START_MS: Final = 1_796_212_800_000
MEMBERS: Final = 50
PEOPLE: Final = 2_000
CHANGES_PER_MINUTE: Final = 60
BUSY: Final = 0.1
EVERY_S: Final = 60.0
PACK: Final = "pack: club\ntitle: 书友会\ntimezone: Asia/Shanghai\nsteps: []\n"


class Time:
    """A clock that moves when somebody sleeps."""

    def __init__(self) -> None:
        self.ms = float(START_MS)

    def now(self) -> int:
        """The time, in ms UTC."""
        return int(self.ms)

    async def sleep(self, seconds: float) -> None:
        """Let that much time pass at once."""
        self.ms += seconds * 1_000
        await asyncio.sleep(0)


class Counting:
    """How many calls of each API there were in each minute, and which were refused."""

    def __init__(self, clock: Time) -> None:
        self._clock = clock
        self.calls: Counter[tuple[str, int]] = Counter()
        self.refused: Counter[int] = Counter()

    def called(self, name: str, errcode: int) -> None:
        """Count a call."""
        self.calls[name, int(self._clock.ms) // MINUTE_MS] += 1
        if errcode:
            self.refused[errcode] += 1


class Watch:
    """What the poller tells, compared with what is true: how late it is, and what it missed."""

    def __init__(self, corp: Corp, clock: Time) -> None:
        self._corp = corp
        self._clock = clock
        self.known: dict[str, frozenset[str]] = {}
        self.changed: dict[str, float] = {}
        self.late_s: list[float] = []
        self.events = 0

    async def submit(self, event: Event) -> None:
        """Take a roster."""
        assert isinstance(event, RosterFetched)
        self.events += 1
        self.known[event.group] = frozenset(event.members)
        if self._true(event.group) == self.known[event.group] and event.group in self.changed:
            self.late_s.append((self._clock.ms - self.changed.pop(event.group)) / 1_000)

    def differing(self) -> int:
        """How many groups are not known as they are."""
        return sum(self._true(chat) != self.known.get(chat) for chat in self._corp.chats)

    def _true(self, chat: str) -> frozenset[str]:
        return frozenset(self._corp.chats[chat].userlist)


async def named(_community: str, userids: Collection[str]) -> frozenset[str]:
    """Names are kept from earlier days."""
    return frozenset(userids)


def founded(clock: Time, groups: int, seed: random.Random) -> Corp:
    """A corp with its groups."""
    corp = Corp(clock.now)
    people = [f"u{number}" for number in range(PEOPLE)]
    for userid in people:
        corp.add_person(userid)
    for number in range(groups):
        inside = tuple(seed.sample(people, MEMBERS))
        corp.add_chat(Chat(chatid=f"g{number}", bot_chatid=f"w{number}", name=f"{number}",
                           owner=inside[0], userlist=inside, made_by_app=True))  # fmt: skip
    return corp


def bound(folder: Path, groups: int) -> Library:
    """The bindings of all groups."""
    lines = "".join(
        f"      - {{id: g{number}, channels: {{appchat: g{number}}}}}\n"
        for number in range(groups)
    )
    (folder / "groups.yaml").write_text(
        f"communities:\n  club:\n    pack: club\n    regular:\n{lines}", "utf-8"
    )
    (folder / "club.yaml").write_text(PACK, "utf-8")
    library = Library(folder, Abilities(app=True))
    assert library.reload(), library.problems
    return library


async def come_and_go(corp: Corp, clock: Time, watch: Watch, seed: random.Random) -> None:
    """Let somebody join or leave a group now and then, most often a busy one."""
    chats = list(corp.chats)
    busy = chats[: int(len(chats) * BUSY)]
    while True:
        await clock_reaches(clock, clock.ms + MINUTE_MS / CHANGES_PER_MINUTE)
        name = seed.choice(busy if seed.random() < 0.8 else chats)
        chat = corp.chats[name]
        somebody = f"u{seed.randrange(PEOPLE)}"
        inside = set(chat.userlist)
        stay = inside - {somebody} if somebody in inside else inside | {somebody}
        if chat.owner in stay:
            corp.change_chat(name, userlist=tuple(sorted(stay)))
            watch.changed.setdefault(name, clock.ms)


async def clock_reaches(clock: Time, ms: float) -> None:
    """Return when the poller has let the time come that far."""
    while clock.ms < ms:  # noqa: ASYNC110 - the poller moves the clock, and tells nobody
        await asyncio.sleep(0)


async def measure(folder: Path, groups: int, hours: float) -> None:
    """Poll for so many hours and print what that took."""
    seed, clock = random.Random(1), Time()
    corp = founded(clock, groups, seed)
    watch = Watch(corp, clock)
    library = bound(folder, groups)
    began = time.process_time()
    counted = Counting(clock)
    api = NearWeCom(corp, counted.called)
    polls = RosterPolls(
        api, library, watch.submit, clock.now, EVERY_S, named=named, sleep=clock.sleep
    )
    running = [
        asyncio.create_task(polls.run()),
        asyncio.create_task(come_and_go(corp, clock, watch, seed)),
    ]
    await clock_reaches(clock, START_MS + hours * 60 * MINUTE_MS)
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)
    told(counted, watch, groups, hours, time.process_time() - began)


def told(counted: Counting, watch: Watch, groups: int, hours: float, cpu_s: float) -> None:
    """Print the figures."""
    gets = {
        minute: count for (name, minute), count in counted.calls.items() if name == "appchat/get"
    }
    late = sorted(watch.late_s)
    print(f"{groups} appchats, {hours:g} h: {sum(gets.values()):,} calls of appchat/get")
    print(f"  most in a minute  {max(gets.values()):,} of 10,000 allowed")
    print(f"  in an hour        {sum(gets.values()) / hours:,.0f} of 150,000 allowed")
    print(f"  refused           {dict(counted.refused) or 'none'}")
    print(f"  rosters told      {watch.events:,} (the first of each group among them)")
    print(f"  changes seen      {len(late):,}, after (s): {statistics.median(late):.0f} median,")
    print(f"                    {late[int(len(late) * 0.95)]:.0f} at 95 %, {late[-1]:.0f} at most")
    print(f"  not yet seen      {watch.differing()} groups changed within the last minutes")
    print(f"  processor time    {cpu_s:.0f} s, the sandbox's included")


if __name__ == "__main__":
    many = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    long = float(sys.argv[2]) if len(sys.argv) > 2 else 1.0
    with tempfile.TemporaryDirectory() as made:
        asyncio.run(measure(Path(made), many, long))
