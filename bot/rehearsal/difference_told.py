"""What differs between two packs, as people read it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any, Final

from bot.rehearsal import told, wording
from bot.rehearsal.told import MARGIN, Piece, Timeline
from bot.rehearsal.wording import Names

MARKS: Final[Mapping[str, str]] = {"appears": "green", "disappears": "red", "changes": "yellow"}


def tell(differences: Iterable[Mapping[str, Any]], old: str, names: Names) -> Iterator[Piece]:
    """Yield the lines to print; `old` is what the pack compared with is called."""
    yield Piece(wording.words("difference", "heading", old=old), "white")
    days = Timeline(names)
    counted: Counter[str] = Counter()
    for found in differences:
        change = found["change"]
        counted[change] += 1
        if change == "person":
            if counted[change] == 1:
                yield Piece(wording.words("difference", "people"), "white")
            yield from _person(found, names)
        else:
            yield from days.heading(found)
            yield from _line(found, names)
    yield Piece(_figures(counted))


def _figures(counted: Counter[str]) -> str:
    if not counted:
        return wording.words("difference", "same")
    named = {name: counted[name] for name in MARKS}
    return wording.words("difference", "figures", people=counted["person"], **named)


def _line(found: Mapping[str, Any], names: Names) -> Iterator[Piece]:
    change = found["change"]
    newest = {**found, **found.get("new", {})}
    head = told.head(newest, names)
    yield Piece(wording.words("difference", change, entry=head), MARKS[change])
    if change != "changes":
        yield from (Piece(words) for words in told.body(found))
        return
    if "text" not in found["new"]:
        yield from (Piece(words) for words in islice(told.body(found), 1))
    for side, word in (("old", "was"), ("new", "is")):
        for value in _values(found[side], names):
            yield Piece(MARGIN + wording.words("difference", word, value=value))


def _values(side: Mapping[str, Any], names: Names) -> Iterator[str]:
    for name, value in side.items():
        shown = value
        if name == "at":
            shown = f"{value[5:10]} {value[11:16]}"
        elif name == "reason":
            shown = wording.reason(value)
        elif name == "mention":
            shown = names.mentioned(value)
        yield str(shown).replace("\n", f"\n{MARGIN}")


def _person(found: Mapping[str, Any], names: Names) -> Iterator[Piece]:
    none = wording.words("difference", "none")
    figures = []
    for name, value in found["new"].items():
        show = names.title if name == "level" else str
        old, new = (show(each) or none for each in (found["old"][name], value))
        figures.append(wording.words("difference", name, old=old, new=new))
    who = names.who(found["member"])
    yield Piece(wording.words("difference", "person", name=who, figures=wording.joined(figures)))
