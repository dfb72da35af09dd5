"""`qunyun merge` and `split`: from the command line, beside a bot that may be running."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers.people import people
from storage.database import Database
from tests.builders import EVENING, message
from tests.integration.commands.deployments import TWO_COMMUNITIES, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {earn: {message: {points: 1}}}
steps: []
"""


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    said = [
        message("早上好", community="club", group="alpha", sender="li"),
        message("早上好", community="club", group="alpha", sender="wmOTHER", key="2"),
        message("早上好", community="shop", group="beta", sender="li", key="3"),
        message("早上好", community="shop", group="beta", sender="zhao", key="4"),
        message("签到", community="club", group="alpha", sender="boss", key="5"),
    ]
    with deployed(folder, PACK, TWO_COMMUNITIES) as bot:
        bot.enforce(EVENING)
        bot.handle(EVENING, *said)
        yield bot.database


def balance(database: Database, userid: str, community: str = "club") -> int:
    return database.read(lambda store: people.person_of(store, community, userid).balance)


def test_a_merge_is_told_first_done_with_yes_and_undone_again(database: Database):
    told = qunyun("merge", "wmOTHER", "into", "li")
    assert told.code == 0
    assert "balance: 1 + 1 = 2" in told.out
    assert "add --yes" in told.out
    assert qunyun("merge", "wmOTHER", "INTO", "li", "--yes", "--dry-run").code == 0
    assert balance(database, "wmOTHER") == 1

    done = qunyun("merge", "wmOTHER", "li", "--yes")
    assert "done; qunyun split wmOTHER undoes it" in done.out
    assert balance(database, "wmOTHER") == balance(database, "li") == 2
    assert balance(database, "li", "shop") == 1
    assert qunyun("verify").code == 0
    again = qunyun("merge", "wmOTHER", "li", "--yes")
    assert (again.code, again.err.strip()) == (2, "wmOTHER and li are one person already")

    assert "add --yes" in qunyun("split", "wmOTHER").out
    assert qunyun("split", "wmOTHER", "--yes").code == 0
    assert [balance(database, each) for each in ("li", "wmOTHER")] == [1, 1]
    never = qunyun("split", "wmOTHER", "--yes")
    assert (never.code, never.err.strip()) == (
        2, "wmOTHER was never merged with anybody",
    )  # fmt: skip


def test_of_several_merges_the_one_that_is_named_is_undone_or_none(database: Database):
    assert qunyun("merge", "wmOTHER", "into", "li", "--community", "club", "--yes").code == 0
    assert qunyun("merge", "boss", "into", "li", "--community", "club", "--yes").code == 0

    refused = qunyun("split", "wmOTHER", "--yes")
    assert (refused.code, balance(database, "wmOTHER")) == (2, 2)
    assert "split boss first" in refused.err
    assert [qunyun("split", each, "--yes").code for each in ("boss", "wmOTHER")] == [0, 0]
    assert balance(database, "wmOTHER") == 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (("merge", "li"), "say: qunyun merge ID into ID"),
        (("merge", "li", "wmOTHR"), "nobody has the id wmOTHR (did you mean wmOTHER?)"),
        (("merge", "li", "zhao", "--community", "nope"), "there is no community nope"),
        (("merge", "zhao", "wmOTHER"), "nobody has the id"),
        (("split", "nobody"), "nobody has the id nobody"),
    ],
)
def test_what_is_not_known_is_told(database: Database, line: tuple[str, ...], problem: str):
    told = qunyun(*line)

    assert told.code == 2
    assert problem in told.err
