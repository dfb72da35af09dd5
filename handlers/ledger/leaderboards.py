"""Leaderboards: by standing, period, season or deed, of a group or of all, and around oneself.

They praise: the first places are for all to see, a place further down is told to its owner alone,
and nobody ever reads who is last. Who does not want to be ranked is in none of them.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from handlers.ledger import seasons
from handlers.ledger.ledger import as_of_now
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import can_whisper, openly, privately, stopping
from sop import texts
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Member, Person, SeasonStanding
from sop.pack import season
from sop.pack.pack_score import Score
from sop.standing import board_words, boards
from sop.standing.board_words import LAST, SCORE, Asked
from sop.texts import text
from sop.times import localtime

RANKED: Final = 10
"""Places shown to everybody."""

PODIUM: Final = 3
"""Places that are shown even where nobody comes after them."""

NEIGHBOURS: Final = 2
"""How many before and after oneself are shown."""

LOOKED_AT: Final = 30
"""Persons whose score is reckoned as of now for a ranking: old standing may have faded."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """Amounts with whose they are, the most first; `everybody` counts those without any, too."""

    asked: Asked
    rows: tuple[tuple[int, int], ...]
    everybody: int

    def place(self, amount: int) -> int:
        """Return the place of an amount; equal ones share the better place."""
        return bisect_left(self.rows, -amount, key=lambda row: -row[0]) + 1

    @property
    def least(self) -> int:
        """What the last has, 0 where some have nothing."""
        return self.rows[-1][0] if self.rows and self.everybody == len(self.rows) else 0


def ranking(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the first places to all; one's own to oneself, and never that it is the last."""
    asked = _asked(context, argument)
    if asked.unknown:
        return stopping(openly(_forms(context)))
    if asked.in_group and context.group is None:
        word = places.again(context.book.words.shown("ranking"), argument)
        context, question = places.only_one(context, staff=False, word=word)
        if question:
            return stopping(privately(question))
    found = _ranked(context, asked)
    if asked.around:
        return _around(event, context, found)
    if not found.rows:
        return stopping(openly(text("commands.ranking-empty")))
    best = _first(found)
    words = "\n".join((_heading(context, asked), *(_line(context, found, row) for row in best)))
    own = _own_place(context, found, best)
    if not own:
        return stopping(openly(words))
    if not event.group:
        return stopping(openly(f"{words}\n{own}"))
    aside: tuple[Action, ...] = (privately(own),) if can_whisper(event, context) else ()
    return stopping(openly(words), *aside)


def _asked(context: Context, argument: str) -> Asked:
    pack, words = context.book.pack, context.book.words
    names: dict[str, str] = {deed: _deed(deed) for deed in (*pack.score.earn, "award")}
    asked = board_words.parse(argument, names, words.separators)
    default = boards.SEASON if pack.seasons is not None else SCORE
    board = asked.board or default
    if board in (boards.SEASON, LAST) and pack.seasons is None:
        board = SCORE
    return Asked(
        board=board, in_group=asked.in_group, around=asked.around, unknown=asked.unknown
    )  # fmt: skip


def _forms(context: Context) -> str:
    """Tell which boards there are: those of the deeds that the pack pays, too."""
    word = context.book.words.shown("ranking")
    deeds = [_deed(deed) for deed in context.book.pack.score.earn if texts.has(f"deeds.{deed}")]
    joiner = text("people.joiner")
    return text("boards.forms", word=word, deeds=joiner.join(deeds[:RANKED]))


def _deed(deed: str) -> str:
    key = f"deeds.{deed}"
    return text(key) if texts.has(key) else deed


def _ranked(context: Context, asked: Asked) -> Ranking:
    among = _members(context) if asked.in_group else None
    gone = people.gone(context, context.now)
    amounts = [
        (amount, person)
        for person, amount in _amounts(context, asked)
        if person not in gone and (among is None or person in among)
    ]
    rows = sorted(
        (row for row in amounts if row[0] > 0), key=lambda row: (-row[0], row[1])
    )  # fmt: skip
    return Ranking(asked, tuple(rows), len(amounts))


def _members(context: Context) -> set[int]:
    rows = context.store.rows(
        Member, ("person",), community=context.community, group=context.group_id, left_at=0
    )
    return {row[0] for row in rows}


def _amounts(context: Context, asked: Asked) -> Iterable[tuple[int, int]]:
    """Yield each person who is ranked with what they have on the board."""
    if asked.board == SCORE:
        return _scores(context)
    if asked.board == LAST:
        return _final(context)
    now = seasons.periods_at(context, context.now)
    period = dict(zip(boards.SUMS, now, strict=True)).get(asked.board, now[1])
    rows = context.store.rows(Person, ("id", "boards"), **_everybody(context))
    return ((number, boards.amount(kept, asked.board, period)) for number, kept in rows)


def _everybody(context: Context) -> dict[str, Any]:
    return {"community": context.community, "unranked": False, "merged_into": 0}


def _scores(context: Context) -> Iterable[tuple[int, int]]:
    """Yield scores as of today: of those who stand first, one of another day is computed anew.

    Who asks is told what they have now: the same here as in the line about themselves.
    """
    rows = list(context.store.rows(Person, ("id", "score", "scored_at"), **_everybody(context)))
    rows.sort(key=lambda row: -row[1])
    zone = context.in_force.zone
    midnight = localtime.local_midnight(localtime.local_date(context.now, zone), zone)
    fades = _fades(context.in_force.pack.score)
    for place, (number, score, at) in enumerate(rows):
        stale = fades and place < LOOKED_AT and at < midnight and score > 0
        # Only looked at: score and level are remembered together, by the look of the night.
        anew = stale or number == context.person_id
        yield number, as_of_now(context, number).score if anew else score


def _fades(score: Score) -> bool:
    return score.window_ms is not None or score.half_life_ms is not None


def _final(context: Context) -> Iterable[tuple[int, int]]:
    """Yield the final standings of the season before; who does not want to be ranked is not.

    They stay as they were kept: those of two who have become one since are added up here.
    """
    pack = context.in_force.pack
    if pack.seasons is None:
        return ()
    today = localtime.local_date(context.now, context.in_force.zone)
    before = season.previous(pack.seasons, today)
    ranked = {row[0] for row in context.store.rows(Person, ("id",), **_everybody(context))}
    rows = context.store.rows(
        SeasonStanding, ("person", "points"), community=context.community, season=before
    )
    known = people.aliases(context.store, context.community)
    sums: Counter[int] = Counter()
    for number, points in rows:
        sums[known.get(number, number)] += points
    return ((number, points) for number, points in sums.items() if number in ranked)


def _first(found: Ranking) -> tuple[tuple[int, int], ...]:
    """Return the places that are shown: beyond the podium never the last of all."""
    best = found.rows[:RANKED]
    if len(best) <= PODIUM or best[0][0] == found.least:
        return best
    return tuple(
        row for place, row in enumerate(best) if place < PODIUM or row[0] > found.least
    )  # fmt: skip


def _heading(context: Context, asked: Asked) -> str:
    named = asked.board in (*boards.SUMS, SCORE, LAST)
    words = (
        text(f"board-titles.{asked.board}")
        if named
        else text("boards.deed", deed=_deed(asked.board))
    )
    if asked.in_group:
        words = text("boards.in-group", group=places.title(context, context.group_id), board=words)
    return text("boards.heading", board=words)


def _line(context: Context, found: Ranking, row: tuple[int, int]) -> str:
    amount, number = row
    person = context.store.get(Person, context.community, number)
    return text(
        "boards.line", rank=found.place(amount), name=_titled(context, person),
        amount=_measure(found.asked, amount),
    )  # fmt: skip


def _titled(context: Context, person: Person | None) -> str:
    """Return the name, with the title of a level that had to be reached."""
    reached = (each.title for each in context.book.pack.levels
               if person and each.id == person.level and each.at > 0)  # fmt: skip
    title = next(reached, "")
    name = people.shown(person)
    return text("boards.titled", name=name, title=title) if title else name


def _measure(asked: Asked, amount: int) -> str:
    points = asked.board in (*boards.SUMS, SCORE, LAST)
    return text("boards.points" if points else "boards.times", count=amount)


def _own(context: Context, found: Ranking) -> int | None:
    """Return what the person has on the board; None where they do not want to be ranked."""
    person = context.person
    if person is None or person.unranked:
        return None
    if found.asked.board == SCORE:
        return as_of_now(context, person.id).score
    return next((amount for amount, number in found.rows if number == person.id), 0)


def _own_place(context: Context, found: Ranking, best: tuple[tuple[int, int], ...]) -> str:
    """Tell the person's own place; nothing where they are listed already, or unranked."""
    own = _own(context, found)
    if own is None or any(number == context.person_id for _, number in best):
        return ""
    if own <= 0 or own <= found.rows[-1][0]:
        missing = best[-1][0] - own + 1
        if len(best) < RANKED:
            return ""
        return text("boards.missing", amount=_measure(found.asked, missing))
    return text("boards.mine", amount=_measure(found.asked, own), rank=found.place(own))


def _around(event: MessageReceived, context: Context, found: Ranking) -> Outcome:
    """Tell the person privately who is next to them: never a place that is the last."""
    if not can_whisper(event, context):
        word = context.book.words.shown("ranking")
        return stopping(privately(text("commands.private", word=word)))
    own = _own(context, found)
    if own is None:
        return stopping(privately(text("boards.hidden")))
    ahead = [row for row in found.rows if row[0] > own][-NEIGHBOURS:]
    lines = [_line(context, found, row) for row in ahead]
    behind = [row for row in found.rows if row[0] <= own and row[1] != context.person_id]
    told = [row for row in behind if row[0] > max(found.least, found.rows[-1][0])]
    leads = found.place(own) == 1
    if own > 0 and (leads or (behind and behind[-1][0] < own)):
        lines.append(
            text("boards.mine", amount=_measure(found.asked, own), rank=found.place(own))
        )  # fmt: skip
    lines += [_line(context, found, row) for row in told[:NEIGHBOURS]]
    if ahead:
        missing = _measure(found.asked, ahead[-1][0] - own + 1)
        lines.append(text("boards.next", amount=missing))
    if not lines:
        return stopping(privately(text("commands.ranking-empty")))
    return stopping(privately("\n".join((_heading(context, found.asked), *lines))))
