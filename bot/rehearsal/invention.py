"""An invented group: people who live by the day and answer what the bot does, from a seed.

Nothing depends on how long the rehearsal goes on, so that a shorter one is the beginning of a
longer one. The lines it gives are a script like any other, and can be kept and played again.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from bot.rehearsal import daily
from bot.rehearsal.cast import Player, cast_of
from bot.rehearsal.reactions import Reactions
from bot.rehearsal.scene import CORE, GROUP, MINUTE, Fields, Scene, speaker
from bot.rehearsal.script import Cue, instant
from bot.rehearsal.sources import View
from sop.book import Book

MEMBERS: Final = range(1, 5_001)
"""How many people can be invented."""

ANSWERS: Final = ("approve", "reject", "done")
"""What staff say of tasks, in whichever group these were opened."""

OPENS_HOUR: Final = 9
"""A group is founded in the morning, where the rehearsal begins before that."""


class Invented:
    """The lines of an invented group, from `start` (ms UTC) on and without end."""

    def __init__(
        self, book: Book, *, members: int, seed: int, start: int, hears_all: bool
    ) -> None:
        self._scene = Scene(book, cast_of(seed, members), seed=seed, hears_all=hears_all)
        self._reactions = Reactions(self._scene)
        self._first = self._scene.local(start).date()
        self._planned = 0
        self._number = 0
        self._opens = max(start, self._scene.instant(self._first, OPENS_HOUR * 3_600))
        self._found(self._opens)

    def lived(self) -> Sequence[str]:
        """None: the group is founded before everybody's eyes."""
        return ()

    def next_at(self) -> int:
        """When the next line is due; days are planned as they come."""
        while self._scene.next_at() >= self._tomorrow():
            daily.plan(self._scene, self._first + timedelta(days=self._planned), self._planned)
            self._planned += 1
        return self._scene.next_at()

    def take(self, view: View) -> Cue | None:
        """Take the next line; None where somebody only looked, or is not there to say it."""
        at, thing = self._scene.pop()
        if callable(thing):
            thing(view)
            return None
        if at < self._opens or not self._may(thing):
            return None
        self._number += 1
        kind = str(thing.get("event", "message"))
        return Cue(self._number, at, kind, thing)

    def heed(self, line: Mapping[str, Any]) -> None:
        """Let people see a line of the transcript."""
        self._reactions.see(line, instant(line["at"], "the transcript"))

    def _tomorrow(self) -> int:
        """The first instant that is not planned yet."""
        return self._scene.instant(self._first + timedelta(days=self._planned), 0)

    def _may(self, fields: Fields) -> bool:
        """Follow who is there; nobody who has gone says anything."""
        present, who = self._scene.present, speaker(fields)
        kind = fields.get("event", "")
        if kind == "member.joined":
            present[who] = next(each for each in self._scene.cast if each.userid == who)
            return True
        if kind in ("group.created", *ANSWERS):
            return True
        known = who in present and fields.get("group", "") in ("", self._scene.home_of(who))
        if kind == "member.left":
            present.pop(who, None)
        return known

    def _found(self, at: int) -> None:
        """Plan the founding: the group with its first members, and its core group."""
        scene = self._scene
        founders = [player for player in scene.cast if player.joins < 0]
        scene.present.update({player.userid: player for player in founders})
        scene.add(at, _created(GROUP, founders, founders))
        if scene.book.pack.layers.core is not None:
            hosts = [each for each in founders if each.temper in ("owner", "staff")]
            scene.add(at, _created(CORE, hosts, hosts))
        chance = scene.chance("founding")
        for player in founders:
            if player.temper not in ("owner", "staff"):
                daily.arrive(scene, chance, at + MINUTE, player)


def _created(group: str, members: Sequence[Player], founders: Sequence[Player]) -> Fields:
    return {
        "event": "group.created",
        "group": group,
        "owner": founders[0].userid,
        "staff": [each.userid for each in founders if each.temper == "staff"],
        "members": [each.userid for each in members],
        "names": {each.userid: each.name for each in members},
    }
