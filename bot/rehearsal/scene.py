"""What an invented group is about to do: its people, and their lines in order of time."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from heapq import heappop, heappush
from itertools import count
from math import exp
from random import Random
from typing import Any, Final

from bot.rehearsal.cast import Player
from bot.rehearsal.phrases import Phrases
from bot.rehearsal.sources import FOREVER, View
from sop.book import Book

GROUP: Final = "alpha"
CORE: Final = "core"

SECOND: Final = 1_000
MINUTE: Final = 60 * SECOND

Fields = dict[str, Any]
"""A line of a script without its time."""

Act = Callable[[View], None]
"""Something somebody does after a look at the state; it adds lines of its own."""


class Scene:
    """The people present and the lines to come. Everything follows from `seed`."""

    def __init__(self, book: Book, cast: Sequence[Player], *, seed: int, hears_all: bool) -> None:
        self.book = book
        self.cast = cast
        self.phrases = Phrases(str(book.pack.kind or ""))
        self.hears_all = hears_all
        self.present: dict[str, Player] = {}
        self.home: dict[str, str] = {}
        self._seed = seed
        self._order = count(1)
        self._messages = count(1)
        self._waiting: list[tuple[int, int, Fields | Act]] = []

    def chance(self, *about: object) -> Random:
        """Return the dice for one thing; they fall alike for the same seed and thing."""
        return Random(":".join(map(str, (self._seed, *about))))  # noqa: S311 - must repeat

    def home_of(self, who: str) -> str:
        """Return the group somebody is in: the founded one, or the core they were asked into."""
        return self.home.get(who, GROUP)

    def some(self, chance: Random, many: int, *but: str, group: str = GROUP) -> list[Player]:
        """Choose up to so many people of a group who take part in talk, the eager ones rather.

        Nobody is chosen twice, and nobody of `but`.
        """
        open_to = [each for each in self.players(group) if each.userid not in but]
        found: list[Player] = []
        for _ in range(min(many, len(open_to))):
            weights = [player.habit.eager for player in open_to]
            chosen = chance.choices(open_to, weights)[0]
            open_to.remove(chosen)
            found.append(chosen)
        return found

    def players(self, group: str = GROUP) -> list[Player]:
        """Return who is in a group and takes part in talk, in order of the cast."""
        return [
            player
            for player in self.present.values()
            if player.temper != "advertiser" and self.home_of(player.userid) == group
        ]

    def add(self, at: int, thing: Fields | Act) -> None:
        """Plan a line, or an act, for that instant (ms UTC)."""
        heappush(self._waiting, (at, next(self._order), thing))

    def say(self, at: int, who: Player, text: str, **more: object) -> str:
        """Plan a message in the speaker's group; returns its id."""
        message = f"m{next(self._messages)}"
        group = self.home_of(who.userid)
        fields = {"group": group, "from": who.userid, "text": text, "id": message, **more}
        self.add(at, {name: value for name, value in fields.items() if value})
        return message

    def whisper(self, at: int, who: Player, text: str) -> None:
        """Plan a private message to the bot."""
        self.add(at, {"from": who.userid, "text": text, "id": f"m{next(self._messages)}"})

    def mention(self, chance: Random) -> list[str]:
        """Whether a command is said to the bot: nearly always where it hears nothing else."""
        return ["bot"] if happens(chance, 0.3 if self.hears_all else 0.95) else []

    def word(self, command: str) -> str:
        """Return what a command is called in this pack."""
        return self.book.words.shown(command)

    def next_at(self) -> int:
        """When the next line or act is due."""
        return self._waiting[0][0] if self._waiting else FOREVER

    def pop(self) -> tuple[int, Fields | Act]:
        """Take the next line or act."""
        at, _, thing = heappop(self._waiting)
        return at, thing

    def instant(self, day: date, seconds: int) -> int:
        """Return a local time of a day, in ms UTC."""
        zone = self.book.zone
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        local = (midnight + timedelta(seconds=seconds)).replace(tzinfo=zone)
        return round(local.timestamp()) * SECOND

    def local(self, at: int) -> datetime:
        """Return an instant on the group's clock."""
        return datetime.fromtimestamp(at // SECOND, UTC).astimezone(self.book.zone)


def happens(chance: Random, likely: float) -> bool:
    """Tell whether something came about that is so likely, from 0 to 1."""
    return chance.random() < likely


def often(chance: Random, mean: float) -> int:
    """Return how often something happens that happens `mean` times on average."""
    limit, product, times = exp(-mean), chance.random(), 0
    while product > limit:
        product *= chance.random()
        times += 1
    return times


def later(chance: Random, first: int, last: int) -> int:
    """Return a length of time between two numbers of minutes, in ms, at whole seconds."""
    return chance.randrange(first * 60, last * 60) * SECOND


def speaker(fields: Mapping[str, Any]) -> str:
    """Return whose line it is."""
    return str(fields.get("from") or fields.get("member") or fields.get("by") or "")
