"""Where points come from: the newest entries in plain words, what is full, and what pays now."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

from handlers.accounts.standings import missing
from handlers.benefits import returns
from handlers.ledger import reinstating
from handlers.ledger.ledger import as_of_now
from handlers.moderation import earned, reasons
from handlers.people import people, places, voices
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.threads.whose import whose
from sop import texts
from sop.activities.tasks import page_named
from sop.checks.check_notes import later
from sop.events import MessageReceived
from sop.model import Claim, LedgerEntry, Person, Strike
from sop.pack.pack_score import Earn
from sop.standing import standing
from sop.text import normalise
from sop.texts import text
from sop.times import localtime

ENTRIES: Final = 10
"""Ledger entries shown."""

MOST_PAGES: Final = 50
"""Pages of them that a member leafs through in a chat."""

WAYS: Final = 3
"""Deeds named that bring the next level nearer."""


def entries(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the newest entries with what each was for, what is full, and what pays now.

    Older ones are shown page by page.
    """
    whom, page = _page(argument)
    about = whose(event, context, whom, "ledger")
    if about.person is None:
        return stopping(privately(about.problem))
    person = as_of_now(context, about.person.id)
    newest = list(
        context.store.find(
            LedgerEntry, community=context.community, person=person.id, order="-id",
            limit=page * ENTRIES + 1,
        )
    )  # fmt: skip
    found = newest[(page - 1) * ENTRIES : page * ENTRIES]
    name = people.shown(person) if about.other else ""
    lines = [_heading(name, page), *_told(context, found)] if found else [_none(page)]
    if len(newest) > page * ENTRIES and page < MOST_PAGES:
        word = " ".join(filter(None, (context.book.words.shown("ledger"), whom)))
        lines.append(text("explain.older", word=word, page=page + 1))
    if page == 1:
        lines.extend(_outlook(context, person))
    return stopping(privately("\n".join(lines)))


def _heading(name: str, page: int) -> str:
    if page > 1:
        return text("explain.heading-older", page=page)
    return text("explain.heading-of", name=name) if name else text("explain.heading")


def _none(page: int) -> str:
    return text("explain.empty" if page == 1 else "explain.none-older")


def _page(argument: str) -> tuple[str, int]:
    """Return whom an argument names, and which page."""
    whom, _, last = argument.rpartition(" ")
    page = page_named(normalise(last))
    return (whom.strip(), min(page, MOST_PAGES)) if page else (argument, 1)


def _told(context: Context, found: list[LedgerEntry]) -> Iterator[str]:
    several = len({entry.group for entry in found if entry.group}) > 1
    undone = _undone(context, found)
    for entry in found:
        day = localtime.local_date(entry.at, context.book.zone)
        where = ""
        if several and entry.group:
            where = text("explain.where", group=places.title(context, entry.group))
        yield text(
            "explain.line", month=day.month, day=day.day, why=_why(context, entry, undone),
            where=where, points=f"{entry.points:+d}",
        )  # fmt: skip


def _undone(context: Context, found: list[LedgerEntry]) -> dict[int, LedgerEntry]:
    """Return what the reversals among entries took back, by id."""
    known = {entry.id: entry for entry in found}
    wanted = [entry.reversal_of for entry in found if entry.reversal_of]
    lost = [number for number in wanted if number not in known]
    if lost:
        older = context.store.find(
            LedgerEntry, community=context.community, person=found[0].person, id__in=lost
        )
        known |= {entry.id: entry for entry in older}
    return {number: known[number] for number in wanted if number in known}


def _why(context: Context, entry: LedgerEntry, undone: Mapping[int, LedgerEntry]) -> str:
    """Say in plain words what an entry was for."""
    origin = undone.get(entry.reversal_of)
    if origin is not None:
        return text(_how_undone(entry, origin), what=_what(context, origin))
    if earned.is_given_back(context, entry):
        return text("explain.given-back", what=_what(context, entry))
    return _what(context, entry)


def _how_undone(entry: LedgerEntry, origin: LedgerEntry) -> str:
    """Name the text that says how what an entry booked was undone."""
    if origin.deed == returns.DEED:
        return "explain.refunded"
    if reinstating.is_withdrawal(entry):
        return "explain.withdrawn"
    return "explain.taken-back" if earned.is_taking(entry) else "explain.corrected"


def _what(context: Context, entry: LedgerEntry) -> str:
    """Name what an entry booked, and what it was about."""
    name = deed_name(entry.deed)
    kind, _, rest = entry.source.partition(":")
    which = _DETAILS[kind](context, rest) if kind in _DETAILS else _by_itself(context, entry)
    return text("explain.about", what=name, which=which) if which else name


def deed_name(deed: str) -> str:
    """Return what people call a deed."""
    key = f"deeds.{deed}"
    return text(key) if texts.has(key) else deed


def _by_itself(context: Context, entry: LedgerEntry) -> str:
    """Say what staff gave it for, else which step did."""
    own = reasons.given(context, entry.source) if entry.deed == "award" else ""
    if own:
        return own
    step = context.in_force.step(entry.step) if entry.step else None
    return step.title if step is not None else ""


def _strike(context: Context, rest: str) -> str:
    found = context.store.get(Strike, context.community, int(rest)) if rest.isdecimal() else None
    return reasons.of_strike(context, found) if found is not None else ""


def _guest(context: Context, rest: str) -> str:
    guest = context.store.get(Person, context.community, int(rest)) if rest.isdecimal() else None
    return people.shown(guest) if guest is not None else ""


def _question(_context: Context, rest: str) -> str:
    return text("explain.question", number=rest.rpartition(":")[2])


def _item(_context: Context, rest: str) -> str:
    return text("explain.item", number=rest.rpartition(":")[2])


def _claim(context: Context, rest: str) -> str:
    claim = context.store.get(Claim, context.community, int(rest)) if rest.isdecimal() else None
    return claim.title if claim is not None else ""


def _recomputed(_context: Context, rest: str) -> str:
    return deed_name(rest.partition(":")[0])


_DETAILS: Final[Mapping[str, Callable[[Context, str], str]]] = {
    "strike": _strike,
    "invite": _guest,
    "question": _question,
    "item": _item,
    "claim": _claim,
    "recompute": _recomputed,
}
"""What more there is to say of an entry, by the word its source begins with."""


def _outlook(context: Context, person: Person) -> Iterator[str]:
    """Yield what is full, how far the next level is, and what would pay now."""
    yield from _resting(context, person)
    if voices.weigh_little(context, person.id):
        yield text("explain.light-likes")
    earn = context.in_force.pack.score.earn
    zone = context.in_force.zone
    full: dict[str, Earn] = {
        deed: spec for deed, spec in earn.items()
        if standing.capped(spec, person, deed, context.now, zone)
    }  # fmt: skip
    for period, key in (("day", "explain.full-today"), ("week", "explain.full-week")):
        named = [_full(deed, spec) for deed, spec in full.items() if _period(spec) == period]
        if named:
            yield text(key, deeds=_joined(named))
    further = missing(context, person)
    yield from further
    yield from _ways(context, person, full) if further else ()


def _period(spec: Earn) -> str:
    return spec.cap.period if spec.cap is not None else ""


def _full(deed: str, spec: Earn) -> str:
    most = spec.cap.n if spec.cap is not None else 0
    return text("explain.full", deed=deed_name(deed), count=most, most=most)


def _joined(words: list[str]) -> str:
    return text("people.joiner").join(words)


def _resting(context: Context, person: Person) -> Iterator[str]:
    if person.muted_until > context.now:
        until = localtime.wall_time(person.muted_until, context.book.zone)
        yield text("explain.resting", month=until.month, day=until.day, time=f"{until:%H:%M}")


def _ways(context: Context, person: Person, full: Mapping[str, Earn]) -> Iterator[str]:
    """Yield the deeds that would pay most now."""
    dormant = later()["deeds"]
    open_now = [
        (spec.points, deed)
        for deed, spec in context.in_force.pack.score.earn.items()
        if deed not in full and deed not in dormant and spec.points
        and not (spec.once and deed in person.lifetime)
    ]  # fmt: skip
    best = sorted(open_now, key=lambda each: -each[0])[:WAYS]
    if best:
        named = [text("explain.way", deed=deed_name(deed), points=count) for count, deed in best]
        yield text("explain.ways", ways=_joined(named))
