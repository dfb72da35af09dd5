"""What operators do with benefits from outside a chat; the bot may be running meanwhile."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from bot.broken import Broken
from bot.clock.wall import WallClock
from bot.dispatcher import Dispatcher, Handled
from bot.intake.writer import Job, Writer
from bot.library import history
from bot.library.bound_groups import Abilities
from bot.library.editions import Editions
from bot.library.library import Library
from bot.routes import ROUTES
from bot.settings import Settings
from bot.vault import Vault
from handlers.benefits import benefit_figures, benefit_stock, code_lists
from handlers.benefits.code_lists import Count, Sealed
from handlers.ports import Context, Store
from sop.activities.benefit_terms import Forecast
from sop.activities.codes import Listed, Wrong, tail_of
from sop.book import Book
from sop.model import Claim
from sop.pack.pack_score import Benefit
from sop.problems import suggestion
from sop.told_events import BenefitRefunded

MOST: Final = 100_000
"""Codes in one file: they are taken over in one transaction, or not at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Meant:
    """A benefit and the community whose it is."""

    community: str
    book: Book
    benefit: Benefit


@dataclass(frozen=True)
class Desk:
    """A deployment's database and packs, opened for one command."""

    library: Library
    writer: Writer
    vault: Vault
    now: int

    @property
    def books(self) -> Mapping[str, Book]:
        """The packs in force, by community."""
        return self.library.shelf.books

    def meant(self, name: str, community: str) -> Meant:
        """Return the benefit of that id; `Broken` with what was meant, or where several fit."""
        books = self.chosen(community)
        pairs = ((where, book, book.pack.benefit(name)) for where, book in books.items())
        found = [(where, book, benefit) for where, book, benefit in pairs if benefit]
        if len(found) > 1:
            where = " or ".join(f"--community {each[0]}" for each in found)
            raise Broken(f"{name} is a benefit of several communities: say {where}")
        if not found:
            known = sorted({each.id for book in books.values() for each in book.pack.benefits})
            near = suggestion(name, known)
            hint = f" (did you mean {near}?)" if near else f": there are {', '.join(known)}"
            raise Broken(f"there is no benefit {name}{hint if known else ''}")
        ((where, book, benefit),) = found
        return Meant(community=where, book=book, benefit=benefit)

    def chosen(self, community: str) -> Mapping[str, Book]:
        """Return all packs in force, or that of one community; `Broken` where it is not known."""
        if not community:
            return self.books
        if community not in self.books:
            raise Broken(f"there is no community {community}: there are {', '.join(self.books)}")
        return {community: self.books[community]}

    def bring(self, meant: Meant, listed: Sequence[Listed]) -> tuple[Wrong, ...]:
        """Take all of these codes over, or none: returns what speaks against it."""
        if not benefit_stock.gives_code(meant.benefit):
            raise Broken(f"{meant.benefit.id} gives no code: its kind is {meant.benefit.kind}")
        if len(listed) > MOST:
            raise Broken(f"more than {MOST:,} codes: bring them in several files")
        brought = [self._sealed(meant.community, each) for each in listed]
        found: tuple[Wrong, ...] = self._done(
            partial(_bring, meant=meant, listed=listed, brought=brought, now=self.now)
        )
        return found

    def withdraw(self, meant: Meant) -> int:
        """Forget the codes of a benefit that nobody was given yet; returns how many."""
        found: int = self._done(
            lambda store: code_lists.withdraw(store, meant.community, meant.benefit.id)
        )
        return found

    def _sealed(self, community: str, each: Listed) -> Sealed:
        try:
            marks, sealed = self.vault.marks(community, each.code), self.vault.seal(each.code)
        except OSError as error:
            raise Broken(f"{error.filename}: no key can be kept ({error.strerror})") from error
        return Sealed(each.line, marks, sealed, tail_of(each.code))

    def count(self, meant: Meant) -> Count:
        """Count the codes that are kept for a benefit."""
        known, where, benefit = self.vault.locks(), meant.community, meant.benefit.id
        found: Count = self._done(lambda store: code_lists.counted(store, where, benefit, known))
        return found

    def forecast(self, community: str) -> Forecast:
        """Return what a community's benefits promise and what there is."""
        book = self.books[community]

        def look(store: Store) -> Forecast:
            return benefit_figures.forecast(
                Context(store=store, book=book, community=community, now=self.now)
            )

        found: Forecast = self._done(look)
        return found

    def refund(self, number: int, community: str) -> Claim:
        """Give a claim back as staff would; returns it as it is then. `Broken` where it cannot."""
        books = self.chosen(community)
        if len(books) > 1:
            names = ", ".join(books)
            raise Broken(f"there are several communities: say --community, one of {names}")
        (where,) = books
        before = self._done(lambda store: store.get(Claim, where, number))
        group = before.group if before else ""
        event = BenefitRefunded(
            key=f"refund:{where}:{number}:{self.now}", community=where, group=group, at=self.now,
            claim=number,
        )  # fmt: skip
        editions = Editions(self.library.book_of)
        dispatcher = Dispatcher(ROUTES, self.library.book_of, lambda: self.now, editions)
        handled: Handled = self._done(lambda store: dispatcher.handle(store, event))
        reasons = [line.reason for line in handled.actions if line.do == "error"]
        if reasons:
            raise Broken(_REFUSALS[reasons[0]].format(number=number))
        after: Claim = self._done(lambda store: store.get(Claim, where, number))
        return after

    def _done(self, work: Any) -> Any:
        done = self.writer.run([Job(run=work)])[0]
        if done.error is not None:
            raise done.error
        return done.result


_REFUSALS: Final[Mapping[str, str]] = {
    "unknown-claim": "there is no claim {number}",
    "refunded-already": "claim {number} was given back already",
}


def _bring(
    store: Store, *, meant: Meant, listed: Sequence[Listed], brought: Sequence[Sealed], now: int
) -> tuple[Wrong, ...]:
    community, benefit = meant.community, meant.benefit.id
    beside = code_lists.beside(meant.book, meant.benefit)
    wrong = code_lists.in_plain_words(store, community, benefit, listed, beside)
    return wrong or code_lists.take_over(store, community, benefit, brought, now)


@contextmanager
def opened(settings: Settings, abilities: Abilities) -> Iterator[Desk]:
    """Open what a deployment has, or raise `Broken` with the reason."""
    library = Library(settings.sop_dir, abilities)
    if not library.reload():
        raise Broken("\n".join(each.told() for each in library.problems))
    with history.opened(settings) as database:
        yield Desk(library, Writer(database), Vault.of(settings), WallClock().now())
