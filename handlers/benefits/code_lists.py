"""The codes there are for a benefit: those brought and kept sealed, those of a list, made ones.

A code is given once for ever: claims and stored codes say which are gone, whatever becomes of
a list. Nothing here sees a sealed code in plain words.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

from handlers.ports import Context, Store
from sop.activities import codes
from sop.book import Book
from sop.model import LOCKED, Claim, Code, Record
from sop.pack.pack_score import Benefit

AT_ONCE: Final = 64
"""Codes that are looked up in one statement."""


class Removing(Store, Protocol):
    """A store from which records can be taken."""

    def remove(self, kind: type[Record], /, **where: Any) -> int:
        """Delete the matching records; returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Sealed:
    """A code that is brought: its marks (the one in use first) and what may be kept of it."""

    line: int
    marks: tuple[str, ...]
    sealed: str
    tail: str


@dataclass(frozen=True, slots=True)
class Taken:
    """A code on its way to a person: as it is kept, and what may be shown of it for ever."""

    code: str
    tail: str


def give_code(context: Context, benefit: Benefit, claim: int, seed: str) -> Taken | None:
    """Take a code for a claim: a brought one, else of the list, else (without either) made.

    None where none is left. `seed` is what a made code is made of.
    """
    brought = _brought(context, benefit, claim)
    if brought is not None:
        return brought
    if benefit.codes is not None:
        code = _free_of_list(context, benefit)
        return Taken(code, codes.tail_of(code)) if code else None
    if has_brought(context, benefit):
        return None
    code = _made(context, benefit, seed)
    return Taken(code, codes.tail_of(code))


def has_brought(context: Context, benefit: Benefit) -> bool:
    """Tell whether codes were ever brought for the benefit: then none is made up."""
    return bool(context.store.find(Code, **_own(context, benefit), limit=1))


def is_counted(context: Context, benefit: Benefit) -> bool:
    """Tell whether there are only so many codes; of a list that is not there, nobody knows."""
    return benefit.codes in context.book.files or has_brought(context, benefit)


def left(context: Context, benefit: Benefit) -> int:
    """Return how many codes are left to give, those for waiting claims taken off."""
    own = _own(context, benefit)
    free = context.store.count(Code, claim=0, **own)
    listed = beside(context.book, benefit)
    if listed:
        free += max(0, len(listed) - _given_in_plain_words(context, benefit))
    return max(0, free - context.store.count(Claim, status="waiting", **own))


def beside(book: Book, benefit: Benefit) -> tuple[str, ...]:
    """Return the codes of the list beside the pack; none where it is not there."""
    data = book.files.get(benefit.codes) if benefit.codes else None
    return codes.read_codes(data) if data is not None else ()


def _given_in_plain_words(context: Context, benefit: Benefit) -> int:
    own = _own(context, benefit)
    given = context.store.count(Claim, code__ne="", **own)
    return given - context.store.count(Code, claim__gt=0, **own)


def _own(context: Context, benefit: Benefit) -> dict[str, Any]:
    return {"community": context.community, "benefit": benefit.id}


def _brought(context: Context, benefit: Benefit, claim: int) -> Taken | None:
    found = context.store.find(Code, claim=0, order="number", limit=1, **_own(context, benefit))
    if not found:
        return None
    context.store.put(replace(found[0], claim=claim))
    return Taken(codes.in_text(found[0].sealed), found[0].tail)


def _free_of_list(context: Context, benefit: Benefit) -> str:
    """Return a code of the list that nobody was given, the first one as long as it stays."""
    listed = beside(context.book, benefit)
    own = _own(context, benefit)
    # They are given in order: where as many are gone as were given, the next ones are free.
    start = _given_in_plain_words(context, benefit) % max(1, len(listed))
    for chunk in _chunks((*listed[start:], *listed[:start])):
        given = {each.code for each in context.store.find(Claim, code__in=chunk, **own)}
        code = codes.free_code(chunk, given)
        if code:
            return code
    return ""


def _chunks(found: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(found), AT_ONCE):
        yield found[start : start + AT_ONCE]


def _made(context: Context, benefit: Benefit, seed: str) -> str:
    refused: list[str] = []
    while True:
        code = codes.made_code(seed, refused)
        if not context.store.count(Claim, code=code, **_own(context, benefit)):
            return code
        refused.append(code)


def withdraw(store: Removing, community: str, benefit: str) -> int:
    """Forget the codes of a benefit that nobody was given; returns how many."""
    return store.remove(Code, community=community, benefit=benefit, claim__le=0)


def keep_back(store: Store, known: Collection[str]) -> int:
    """Keep back the codes not given yet that none of the known locks opens; returns how many.

    Those kept back before that one opens again are free. Nobody pays for what cannot be read.
    """
    free = store.count(Code, claim=0)
    locked = store.count(Code, claim=LOCKED)
    if not locked and free == store.count(Code, claim=0, lock__in=known):
        return 0
    waiting = store.find(Code, claim__le=0)
    for each in waiting:
        claim = 0 if each.lock in known else LOCKED
        if each.claim != claim:
            store.put(replace(each, claim=claim))
    return sum(each.lock not in known for each in waiting)


def take_over(
    store: Store, community: str, benefit: str, brought: Sequence[Sealed], now: int
) -> tuple[codes.Wrong, ...]:
    """Keep codes for a benefit, all or none: returns the lines whose code is kept already.

    A code belongs to a community once, whichever benefit it was brought for.
    """
    known = _known(store, community, (mark for each in brought for mark in each.marks))
    wrong = tuple(
        codes.Wrong(each.line, f"this code is kept already, for the benefit {known[mark]}")
        for each in brought
        for mark in each.marks
        if mark in known
    )
    for each in () if wrong else brought:
        store.put(
            Code(
                community=community, mark=each.marks[0], benefit=benefit, sealed=each.sealed,
                lock=codes.lock_of(each.sealed),
                number=store.number(community, "code"), tail=each.tail, added_at=now,
            )
        )  # fmt: skip
    return wrong


def _known(store: Store, community: str, marks: Iterable[str]) -> dict[str, str]:
    """The benefits of those marks that are kept already."""
    found: dict[str, str] = {}
    for chunk in _chunks(tuple(marks)):
        kept = store.find(Code, community=community, mark__in=chunk)
        found.update((each.mark, each.benefit) for each in kept)
    return found


def in_plain_words(
    store: Store,
    community: str,
    benefit: str,
    listed: Sequence[codes.Listed],
    others: Iterable[str] = (),
) -> tuple[codes.Wrong, ...]:
    """Return the lines whose code somebody was given before, from a list or made up.

    `others` are those of the list beside the pack, which go to others later.
    """
    known = frozenset(others)
    wrong = [
        codes.Wrong(each.line, "this code is in the file beside the pack, too")
        for each in listed
        if each.code in known
    ]
    lines = {each.code: each.line for each in listed if each.code not in known}
    for chunk in _chunks(tuple(lines)):
        given = store.find(Claim, community=community, benefit=benefit, code__in=chunk)
        wrong += (codes.Wrong(lines[each.code], "somebody has this code") for each in given)
    return tuple(wrong)


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many codes of a benefit are kept: in all, given, and of the others not to be opened."""

    kept: int
    given: int
    locked: int

    @property
    def free(self) -> int:
        """How many can still be given."""
        return self.kept - self.given - self.locked


def counted(store: Store, community: str, benefit: str, known: Collection[str]) -> Count:
    """Count the codes kept for a benefit; `known` are the locks that can be opened."""
    own: dict[str, Any] = {"community": community, "benefit": benefit}
    kept, given = store.count(Code, **own), store.count(Code, claim__gt=0, **own)
    to_open = store.count(Code, claim__le=0, lock__in=known, **own)
    return Count(kept=kept, given=given, locked=kept - given - to_open)
