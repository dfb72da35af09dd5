"""Hints and rosters in any order: what is known ends as WeCom has it, and nobody comes twice."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop import rosters
from sop.events import RosterFetched, RosterHinted
from sop.model import Member, Outgoing, Person
from tests import builders
from tests.builders import COMMUNITY, GROUP
from tests.lives import Life, life

STEP_MS = 300
"""Several things happen within the second to which WeCom tells its times."""

Moves = Sequence[tuple[str, int]]


def moves(*kinds: str) -> st.SearchStrategy[Moves]:
    return st.lists(st.tuples(st.sampled_from(kinds), st.integers(0, 9)), max_size=24)


@dataclass
class WeCom:
    """A group there: all its rosters so far, hints on their way, answers on their way."""

    club: Life
    states: list[frozenset[str]] = field(default_factory=lambda: [frozenset({"boss", "li"})])
    made_at: list[int] = field(default_factory=lambda: [0])
    hints: list[int] = field(default_factory=list)
    answers: list[tuple[int, int]] = field(default_factory=list)
    seen: int = 0
    back: int = 0
    numbers: int = 0

    def change(self, who: int) -> None:
        """Somebody comes or goes."""
        self.states.append(self.states[-1] ^ {f"m{who % 3}"})
        self.made_at.append(self.club.now // 1_000 * 1_000)
        self.hints.append(len(self.states) - 1)

    def hint(self, which: int) -> None:
        """A hint arrives, one of those on their way."""
        if self.hints:
            self.tell(self.hints.pop(which % len(self.hints)))

    def lose(self, which: int) -> None:
        if self.hints:
            del self.hints[which % len(self.hints)]

    def ask(self, behind: int) -> None:
        """The roster is asked for; what is answered may lag behind, and never goes back."""
        self.seen = max(self.seen, len(self.states) - 1 - behind % 3)
        self.answers.append((self.club.now, self.seen))

    def answer(self, which: int) -> None:
        """An answer arrives, one of those on their way."""
        if self.answers:
            asked_at, state = self.answers.pop(which % len(self.answers))
            self.fetch(state, asked_at)

    def waver(self, behind: int) -> None:
        """An answer at once, which may go back behind earlier ones, but not for ever."""
        newest = len(self.states) - 1
        state = max(0, newest - behind % 3)
        self.back = 0 if state == newest else self.back + 1
        self.fetch(newest if self.back > len(rosters.AGAIN_MS) else state, self.club.now)

    def announced(self, who: int) -> None:
        """Somebody comes or goes, and the hint arrives at once."""
        self.change(who)
        self.tell(self.hints.pop())

    def tell(self, state: int) -> None:
        self.numbers += 1
        self.club.handle(
            RosterHinted(
                key=f"hint:{self.numbers}", community=COMMUNITY, group=GROUP,
                at=self.made_at[state], version=f"v{state}", before=f"v{state - 1}",
            )
        )  # fmt: skip

    def fetch(self, state: int, asked_at: int) -> None:
        self.numbers += 1
        self.club.happen(
            RosterFetched,
            group=GROUP,
            asked_at=asked_at,
            owner="boss",
            members=tuple(sorted(self.states[state])),
            version=f"v{state}",
        )

    def waiting(self) -> list[Outgoing]:
        return self.club.read(Outgoing, do="fetch_roster", status="pending")

    def spells(self) -> Counter[str]:
        """How often everybody has come so far."""
        found: Counter[str] = Counter(self.states[0])
        for before, after in zip(self.states, self.states[1:], strict=False):
            found.update(after - before)
        return found


def lived(story: Moves) -> None:
    with life(groups=[builders.group(owner="boss")]) as club:
        wecom = WeCom(club)
        wecom.fetch(0, club.now)
        for name, number in story:
            club.now += STEP_MS
            getattr(wecom, name)(number)
        _settles(wecom)

        known = {each.id: each.userid for each in club.read(Person)}
        members = club.read(Member)
        assert {known[each.person] for each in members if not each.left_at} == wecom.states[-1]
        spells = wecom.spells()
        for each in members:
            assert each.stint <= spells[known[each.person]]


def _settles(wecom: WeCom) -> None:
    """All that is asked is answered with the truth, and the asking ends by itself."""
    club = wecom.club
    club.now += STEP_MS
    wecom.fetch(len(wecom.states) - 1, club.now)
    for _ in range(len(rosters.AGAIN_MS) + 2):
        for asked in wecom.waiting():
            club.now = max(club.now + STEP_MS, asked.not_before)
            with club.acting() as context:
                context.store.put(replace(asked, status="sent"))
            wecom.fetch(len(wecom.states) - 1, club.now)
    assert wecom.waiting() == []


@given(moves("change", "change", "hint", "hint", "lose", "ask", "answer", "answer"))
def test_hints_late_lost_or_out_of_order_lose_nobody_and_bring_nobody_twice(story: Moves):
    lived(story)


@given(moves("announced", "waver", "waver"))
def test_answers_that_go_back_bring_nobody_twice_where_every_change_was_told(story: Moves):
    lived(story)


@pytest.mark.parametrize("hints", [(1, 2), (2, 1), (2,), ()])
def test_every_change_is_seen_once_whatever_becomes_of_its_hint(hints: Sequence[int]):
    with life(groups=[builders.group(owner="boss")]) as club:
        wecom = WeCom(club)
        wecom.fetch(0, club.now)
        for who in (0, 1):
            club.now += 60_000
            wecom.change(who)
        for state in hints:
            wecom.tell(state)
        _settles(wecom)

        assert len(club.read(Member, left_at=0, stint=1)) == 4
