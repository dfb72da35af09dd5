"""Who pays, told as a table: members found by platform id or whole name, all lines or none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from handlers.people import people
from handlers.ports import Context, Outcome
from sop.activities.payments import Payment
from sop.activities.tables import Fault
from sop.model import Person
from sop.text import normalise
from sop.times import localtime
from sop.told_events import PaymentsTold

Told = tuple[str, bool, int]
"""A platform id, whether its owner pays, and until when (ms, 0: no end)."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """What lines mean: what is to be told, how many of those change anything, and the faults."""

    told: tuple[Told, ...] = ()
    changed: int = 0
    faults: tuple[Fault, ...] = ()


def resolve(
    context: Context, payments: Iterable[Payment], *, new: bool, named: bool = True
) -> Resolved:
    """Find the member of each line; with `new`, whom nobody knows is taken for a platform id.

    Without `named` a line means a platform id alone, never somebody who is called so.
    """
    known = _Known(context, named=named)
    told: list[Told] = []
    faults: list[Fault] = []
    changed = 0
    seen: dict[str, int] = {}
    for each in payments:
        person = known.person(each)
        if isinstance(person, Fault) and not (new and known.is_free(each)):
            faults.append(person)
            continue
        userid = each.member if isinstance(person, Fault) else person.userid
        first = seen.setdefault(userid.casefold(), each.line)
        if first != each.line:
            faults.append(Fault(each.line, f"{each.member} is the member of line {first}"))
            continue
        until = _until(context, each)
        told.append((userid, each.paid, until))
        before = (False, 0) if isinstance(person, Fault) else (person.paid, person.paid_until)
        changed += before != (each.paid, until)
    return Resolved(tuple(told), changed, tuple(faults))


def _until(context: Context, payment: Payment) -> int:
    """Return the end of the last day that is paid for."""
    if payment.until is None or not payment.paid:
        return 0
    following = payment.until + timedelta(days=1)
    return localtime.local_midnight(following, context.book.zone)


class _Known:
    """The community's members by id and by name."""

    def __init__(self, context: Context, *, named: bool) -> None:
        self._context = context
        self._names: defaultdict[str, list[int]] = defaultdict(list)
        if not named:
            return
        rows = context.store.rows(
            Person, ("id", "name"), community=context.community, merged_into=0
        )
        for number, name in rows:
            if name:
                self._names[normalise(name)].append(number)

    def person(self, payment: Payment) -> Person | Fault:
        """Return whom a line means, or why that is not certain."""
        store, community = self._context.store, self._context.community
        found = people.find_person(store, community, payment.member)
        if found is not None:
            return found
        named = self._named(payment)
        if len(named) > 1:
            message = f"{len(named)} members are called {payment.member}: write the userid"
            return Fault(payment.line, message)
        person = store.get(Person, community, named[0]) if named else None
        return person or Fault(payment.line, f"no member has the id or name {payment.member}")

    def is_free(self, payment: Payment) -> bool:
        """Tell whether a line may be about somebody who is not known yet."""
        return not self._named(payment) and payment.member.isascii()

    def _named(self, payment: Payment) -> Sequence[int]:
        return self._names.get(normalise(payment.member), ())


def note(event: PaymentsTold, context: Context) -> Outcome:
    """Remember who pays."""
    for userid, value, until in event.payments:
        people.note_paid(context, userid, value, until)
    return Outcome()
