"""A running bot's own days, rehearsed beside it: nothing of it is touched."""

import asyncio
import hashlib
from pathlib import Path
from typing import Any

from bot.library.bound_groups import abilities_of
from bot.rehearsal import plays
from bot.rehearsal.deployment import books_in_force, past_of
from bot.rehearsal.difference import differences
from sop.book import Book
from sop.model import LedgerEntry, Person
from tests import builders
from tests.integration.live import ALPHA, DAY, HOUR, Live, bindings, pack, play

PACK = pack('  - {id: tea, when: "12:00 daily", do: [{post: 喝茶}]}\n')


def rehearsed(live: Live, other: Book) -> tuple[Any, list[dict[str, Any]]]:
    """What the last day would have been under another pack; read as a process of its own would."""
    books = books_in_force(live.settings, abilities_of(live.settings))
    past, old = past_of(live.settings, books, "alpha", last_ms=DAY, until=live.clock.now() + 1)
    before, after = plays.both(plays.of_past(past), old, other, lambda _cue: None)
    return past, list(differences(before, after))


def contents(live: Live) -> str:
    path = Path(live.settings.database_url.removeprefix("sqlite:///"))
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_day_is_played_again_while_the_bot_is_running(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        for who in ("li", "wang", "li"):
            await live.speak(who, f"签到 {who} 今天也来了")
            await live.advance(HOUR)
        await live.settle()
        before, booked = contents(live), len(await live.rows(LedgerEntry))

        same = Book(pack=builders.pack(PACK[PACK.index("score:") :]), version="same")
        past, found = await asyncio.to_thread(rehearsed, live, same)

        assert [cue.fields["from"] for cue in past.cues] == ["li", "wang", "li"]
        assert not past.coverage.hears_all
        assert found == []

        richer = PACK.replace("checkin: {points: 2", "checkin: {points: 7")
        other = Book(pack=builders.pack(richer[richer.index("score:") :]), version="other")
        _, found = await asyncio.to_thread(rehearsed, live, other)

        people = {each["member"]: each for each in found if each["change"] == "person"}
        assert set(people) == {"li", "wang"}
        real = {person.userid: person.balance for person in await live.rows(Person)}
        assert {who: each["old"]["balance"] for who, each in people.items()} == {
            who: real[who] for who in people
        }
        # Twice a check-in where midnight came between.
        more = {each["new"]["balance"] - each["old"]["balance"] for each in people.values()}
        assert more <= {5, 10}
        assert contents(live) == before
        assert len(await live.rows(LedgerEntry)) == booked

    play(tmp_path, bindings(ALPHA), story, PACK)
