"""Taking a benefit: asked for, paid, approved where the pack wants it, handed over, never twice.

Everything is answered in private. The points go in the same transaction in which the benefit
is set aside; what somebody has to agree to first is set aside meanwhile.
"""

from collections.abc import Sequence

from handlers.benefits import benefit_stock, benefits, gifts, returns
from handlers.benefits.gifts import Handover
from handlers.ledger import ledger
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Claim, Group, Person, Task
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text
from sop.times.durations import DAY_MS

REMIND_MS = DAY_MS
"""Who is to agree, or to do something, is reminded after this time."""


def claim(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Hand over the first benefit, or the one named, if it costs nothing and is open to them."""
    person = _asking(context)
    first = context.book.pack.first_benefit
    benefit, _ = benefits.named(context, argument)
    if first and not benefits.plain(argument):
        benefit = context.book.pack.benefit(first)
    if benefit is None:
        return stopping(privately(_nothing_found(context, person, argument)))
    if benefit.price:
        return stopping(privately(_offer(context, person, benefit, "benefits.priced")))
    return _take(event, context, person, benefit)


def redeem(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Exchange points for the benefit named, or tell what there is and what it costs.

    A title that is only begun costs nothing yet: the person is asked first.
    """
    person = _asking(context)
    benefit, certain = benefits.named(context, argument)
    if benefit is None:
        return stopping(privately(_catalogue(context, person, argument)))
    if benefit.price and not certain:
        return stopping(privately(_offer(context, person, benefit, "benefits.meant")))
    return _take(event, context, person, benefit)


def _asking(context: Context) -> Person:
    person = context.person
    assert person is not None
    return person


def _nothing_found(context: Context, person: Person, argument: str) -> str:
    titles = benefits.open_to(context, person)
    if not titles:
        return benefits.after_trial(context, person, priced=False) or text("benefits.none")
    key = "benefits.unknown" if argument else "benefits.choose"
    return text(key, titles=text("people.joiner").join(titles))


def _offer(context: Context, person: Person, benefit: Benefit, key: str) -> str:
    """Say what a benefit costs and how to have it, or why not now."""
    obstacle = benefits.obstacle(context, person, benefit)
    if obstacle:
        return obstacle
    return text(
        key, title=quoted(benefit.title), price=benefit.price, balance=person.balance,
        word=context.book.words.shown("redeem"), name=benefit.title,
    )  # fmt: skip


def _catalogue(context: Context, person: Person, argument: str) -> str:
    found = benefits.priced(context, person)
    if not found:
        return benefits.after_trial(context, person, priced=True) or _later(context, person)
    word, balance = context.book.words.shown("redeem"), person.balance
    if argument:
        return text("benefits.priced-unknown", titles=_with_prices(found), word=word)
    enough = [each for each in found if each.price <= balance]
    dearer = [each for each in found if each.price > balance]
    lines = []
    if enough:
        titles = _with_prices(enough)
        lines.append(text("benefits.catalogue", titles=titles, balance=balance, word=word))
    if dearer:
        key = "benefits.catalogue-dearer" if enough else "benefits.catalogue-saving"
        lines.append(text(key, titles=_with_prices(dearer), balance=balance))
    return "\n".join(lines)


def _later(context: Context, person: Person) -> str:
    """Say what the next level opens to who can exchange nothing yet, or when it is open again."""
    level, missing, found = benefits.ahead(context, person)
    if not found:
        priced = (each for each in context.book.pack.benefits if each.price)
        had = (benefits.had_already(context, person, each) for each in priced)
        return next(filter(None, had), "") or text(
            "benefits.nothing-priced", balance=person.balance
        )
    return text(
        "benefits.priced-later", level=level, titles=_with_prices(found), missing=missing,
        balance=person.balance,
    )  # fmt: skip


def _with_prices(found: Sequence[Benefit]) -> str:
    return text("people.joiner").join(
        text("benefits.with-price", title=each.title, price=each.price) for each in found
    )


def _take(event: MessageReceived, context: Context, person: Person, benefit: Benefit) -> Outcome:
    group, question = _place(context, benefit)
    if group is None:
        return stopping(privately(question))
    obstacle = benefits.obstacle(context, person, benefit)
    if obstacle:
        return stopping(privately(obstacle))
    lacking = gifts.lacking(context, benefit)
    if lacking:
        return stopping(*gifts.being_prepared(context, person, benefit, group.id, lacking))
    number = context.store.number(context.community, "claim")
    handover = Handover(context, person, benefit, group.id, number, event.key)
    return stopping(*_handed(handover), *benefit_stock.warn_if_low(context, benefit, group.id))


def in_question(context: Context, benefit: Benefit) -> tuple[Group, ...]:
    """Return the person's groups where it must be said which of them is meant, else none.

    That is where people there have to do something.
    """
    by_people = benefit.fulfil == "task" or benefit.approve != "auto"
    groups = places.own_groups(context) if by_people else ()
    return groups if len(groups) > 1 else ()


def _place(context: Context, benefit: Benefit) -> tuple[Group | None, str]:
    """Return the group in whose name it is given, or what to say instead."""
    if context.group is not None:
        return context.group, ""
    if in_question(context, benefit):
        word = f"{context.book.words.shown('redeem')} {benefit.title}"
        return None, places.only_one(context, staff=False, word=word)[1]
    groups = places.own_groups(context)
    return (groups[0], "") if groups else (None, places.nowhere(context))


def _handed(handover: Handover) -> tuple[Action, ...]:
    """Set the benefit aside, book its price, and hand it over or ask who must agree."""
    if handover.benefit.approve != "auto":
        handover.record("waiting")
        asked = _ask(handover)
        return (*_pay(handover), *asked, privately(handover.words("benefits.asked")))
    gift = gifts.give(handover)
    if gift is None:
        return (privately(handover.words("benefits.sold-out")),)
    handover.record("given", gift)
    paid = _pay(handover)
    return (*paid, *gift.tasks, privately(_with_receipt(handover, gift.words), file=gift.file))


def ask_again(context: Context, claim: Claim, person: Person) -> tuple[Action, ...]:
    """Take up a claim that was given back, at its price, or say in private why that cannot be."""
    benefit = context.book.pack.benefit(claim.benefit)
    if benefit is None:
        return ()
    to = str(person.id)
    obstacle = benefits.obstacle(context, person, benefit)
    if obstacle or gifts.lacking(context, benefit):
        words = obstacle or text("benefits.gone", name=people.shown(person), title=claim.title)
        return (Action(do="dm", group=claim.group, to=to, member=to, text=words),)
    number = context.store.number(context.community, "claim")
    handover = Handover(context, person, benefit, claim.group, number, f"{claim.cause}:{number}")
    if benefit.approve != "auto":
        handover.record("waiting")
        return (*_pay(handover), *_ask(handover))
    gift = gifts.give(handover)
    if gift is None:
        return ()
    handover.record("given", gift)
    return (*_pay(handover), *gift.tasks)


def _pay(handover: Handover) -> tuple[Action, ...]:
    """Book the price: the balance falls, the standing does not."""
    price = handover.benefit.price
    if not price:
        return ()
    return ledger.book_entry(
        handover.context, handover.person.id, "redeem", -price, score=0,
        source=returns.source_of(handover.number),
    )  # fmt: skip


def _with_receipt(handover: Handover, words: str) -> str:
    price = handover.benefit.price
    if not price:
        return words
    balance = handover.person.balance - price
    receipt = text("benefits.paid", price=price, balance=balance, number=handover.number)
    return f"{words}\n{receipt}"


def _ask(handover: Handover) -> tuple[Action, ...]:
    benefit, context = handover.benefit, handover.context
    return tasks.open_task(
        context, kind="approve-claim", group=handover.group,
        to=gifts.who(context, handover.group, benefit.approve, handover.person),
        person=handover.person.id, target=str(handover.number),
        about=returns.asking(handover.number), due_at=context.now + REMIND_MS,
        words=lambda number: handover.words("benefits.approve", number=number),
    )  # fmt: skip


def decide(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Hand over what was agreed to, or give everything back; a settled claim stays as it is.

    A benefit that was taken out of the pack meanwhile is honoured under the pack it was asked
    for in; where that is not known any more, it is given back with a kind word.
    """
    found = context.store.get(Claim, context.community, int(task.target or 0))
    if found is None or found.status != "waiting":
        return ()
    if choice == "reject":
        return returns.give_back(context, found, "benefits.rejected")
    benefit = _as_asked(context, found)
    person = context.store.get(Person, context.community, found.person)
    if benefit is None or person is None:
        return returns.give_back(context, found, "benefits.withdrawn")
    handover = Handover(context, person, benefit, found.group, found.id, found.cause)
    gift = None if gifts.lacking(context, benefit) else gifts.give(handover)
    if gift is None:
        return returns.give_back(context, found, "benefits.gone")
    context.store.put(gifts.given(found, gift))
    told = Action(
        do="dm", group=found.group, to=str(person.id), member=str(person.id), text=gift.words,
        file=gift.file,
    )  # fmt: skip
    return (*gift.tasks, told)


def _as_asked(context: Context, claim: Claim) -> Benefit | None:
    """The benefit as the pack had it that day, else as it has it now."""
    then = context.under(claim.version).book.pack.benefit(claim.benefit)
    return then or context.in_force.pack.benefit(claim.benefit)
