"""What holds for a game whatever comes in at once, twice, or is lost with a crash."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from sop.events import MessageReceived
from sop.games import idioms
from sop.model import LedgerEntry, Thread
from tests import builders
from tests.lives import MINUTE, Life, life, of

PLAYERS = ("amy", "bob", "cat", "dan")
PACK = """
score: {{earn: {{win: {{points: 5}}}}}}
library: {{q: [{items}]}}
steps: [{{id: night, when: 20:30 daily, do: [{do}]}}]
"""
ITEMS = ", ".join(f"{{ask: 题{n}, answer: 果{n}}}" for n in range(1, 7))

Rounds = list[tuple[list[tuple[str, int]], bool, bool, bool]]
ROUNDS = st.lists(
    st.tuples(
        st.lists(
            st.tuples(st.sampled_from(PLAYERS), st.integers(0, 3)),
            min_size=1, max_size=4, unique_by=lambda each: each[0],
        ),
        st.booleans(), st.booleans(), st.booleans(),
    ),
    max_size=5,
)  # fmt: skip
"""Who says which of the possible words at once; in one batch or not, crashed first, told twice."""


def _lived(
    club: Life, events: list[MessageReceived], *, together: bool, crashes: bool, twice: bool
) -> None:
    """Handle events at once or one by one, perhaps after a crash; again they bring nothing."""
    for batch in [events] if together else [[event] for event in events]:
        if crashes:
            club.handle(*batch, crash=True)
        club.handle(*batch)
        if twice:
            assert of(club.handle(*batch), "points", "reply") == []


@given(rounds=ROUNDS)
@settings(max_examples=12, deadline=None)
def test_no_link_is_ever_credited_to_two(rounds: Rounds):
    known = idioms.packaged()
    with life(PACK.format(items=ITEMS, do="{game: idiom-chain, for: 1h}")) as club:
        club.enforce()
        club.wait(builders.EVENING + 30 * MINUTE)
        (begun,) = club.read(Thread)
        word, used, counts = begun.body["word"], [begun.body["word"]], Counter[str]()
        for moves, together, crashes, twice in rounds:
            club.now += 10_000
            ways = [each for each, _ in zip(known.following(word, used), range(4), strict=False)]
            events = [
                builders.message(ways[choice % len(ways)], sender=player, at=club.now)
                for player, choice in moves
            ]
            for event, (player, _) in zip(events, moves, strict=True):
                if event.text[0] == word[-1] and event.text not in used:
                    word, counts[player] = event.text, counts[player] + 1
                    used.append(word)
                    if next(known.following(word, used), None) is None:
                        return
            _lived(club, events, together=together, crashes=crashes, twice=twice)
        (thread,) = club.read(Thread)
        names = {str(club.person(player).id): player for player in counts}

        assert list(thread.body["used"]) == used
        assert {names[who]: score[0] for who, score in thread.body["scores"].items()} == counts
        assert len(club.read(LedgerEntry, deed="win")) == len(counts)


@given(rounds=ROUNDS)
@settings(max_examples=12, deadline=None)
def test_no_item_is_ever_won_by_two(rounds: Rounds):
    with life(PACK.format(items=ITEMS, do="{game: quiz, pool: q, for: 1h}")) as club:
        club.enforce()
        club.wait(builders.EVENING + 30 * MINUTE)
        number, won = 1, Counter[str]()
        for moves, together, crashes, twice in rounds:
            club.now += 10_000
            events = [
                builders.message(f"果{number + choice // 2}", sender=player, at=club.now)
                for player, choice in moves
            ]
            for event in events:
                if event.text == f"果{number}" and number <= 6:
                    number += 1
                    won[event.sender] += 1
            _lived(club, events, together=together, crashes=crashes, twice=twice)
            if number > 6:
                break
        entries = club.read(LedgerEntry, deed="win")
        persons = {player: club.person(player).id for player in won}

        assert len({entry.source for entry in entries}) == len(entries) == sum(won.values())
        assert Counter(entry.person for entry in entries) == {
            persons[player]: count for player, count in won.items()
        }
