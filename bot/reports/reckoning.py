"""`python -m bot.reports.reckoning`: reckons a report from a snapshot of the database.

A line of JSON on stdin says of what: the database's URL and an action's `wish`; the figures are
JSON on stdout. The pack is the version that the wish names, as it is kept beside the records.
"""

import json
import sys
from contextlib import closing
from typing import Any, Final, TextIO

from bot.library.editions import read
from bot.modest import step_back
from handlers.figures import publishing
from handlers.ports import Context, Store
from sop.book import Book
from storage.database import Database

_MODEST: Final = 5


def reckon(wanted: dict[str, Any]) -> dict[str, Any]:
    """Return the figures that are wanted. Raises `LookupError` where the pack is not kept."""
    wish = wanted["wish"]

    def work(store: Store) -> dict[str, Any]:
        pack = read(store, wish["version"])
        if pack is None:
            raise LookupError(wish["version"])
        context = Context(
            store=store, book=Book(pack=pack, version=wish["version"]),
            community=wish["community"], now=wish["at"],
        )  # fmt: skip
        return publishing.reckoned(context, wish)

    with closing(Database(wanted["database"], as_found=True)) as database:
        return database.read(work)


def serve(wanted: TextIO, told: TextIO) -> None:
    """Answer the one question that is asked."""
    json.dump(reckon(json.loads(wanted.readline())), told)


if __name__ == "__main__":
    step_back(_MODEST)
    serve(sys.stdin, sys.stdout)
