"""Prizes of games and collections: points at once, benefits as any other, else by people."""

from handlers.benefits import benefits, gifts
from handlers.benefits.gifts import Handover
from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group, Person, Thread
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text


def give(
    context: Context, group: Group, thread: Thread, person: int, source: str
) -> tuple[Action, ...]:
    """Hand the game's prize to a player; `source` pays it only once."""
    points, benefit_id = thread.body["points"], thread.body["benefit"]
    winner = people.current(context.store, context.community, person)
    if winner is None:
        return ()
    lines: tuple[Action, ...] = ()
    if points:
        lines = ledger.book_entry(
            context, winner.id, "award", points, score=points, source=source, step=thread.step
        )
    return (*lines, *give_benefit(context, group, thread, winner, benefit_id))


def title(context: Context, thread: Thread) -> str:
    """Return what there is to win, in words; empty where there is no prize."""
    points, benefit_id = thread.body["points"], thread.body["benefit"]
    benefit = context.book.pack.benefit(benefit_id) if benefit_id else None
    found = [text("games.points", points=points)] if points else []
    found += [quoted(benefit.title)] if benefit else []
    return text("people.joiner").join(found)


def give_benefit(
    context: Context, group: Group, thread: Thread, winner: Person, benefit_id: str
) -> tuple[Action, ...]:
    """Hand a benefit to who has won it: as a claim, within its stock, else by a task."""
    benefit = context.book.pack.benefit(benefit_id) if benefit_id else None
    if benefit is None:
        return ()
    stands_in_the_way = benefits.obstacle(context, winner, benefit, broke=True)
    if stands_in_the_way or gifts.lacking(context, benefit):
        return _by_people(context, group, thread, winner, benefit)
    number = context.store.number(context.community, "claim")
    cause = f"{thread.kind}:{thread.id}:{number}"
    # What was won was not paid for, so nothing of it can be paid back.
    won = benefit.model_copy(update={"price": 0})
    handover = Handover(context, winner, won, group.id, number, cause)
    gift = gifts.give(handover)
    if gift is None:
        return _by_people(context, group, thread, winner, benefit)
    handover.record("given", gift)
    told = Action(
        do="dm", group=group.id, to=str(winner.id), member=str(winner.id), text=gift.words,
        file=gift.file, step=thread.step,
    )  # fmt: skip
    return (*gift.tasks, told)


def _by_people(
    context: Context, group: Group, thread: Thread, winner: Person, benefit: Benefit
) -> tuple[Action, ...]:
    """Let staff keep the promise where the program cannot."""

    def words(number: int) -> str:
        return text(
            "games.prize-task", name=people.shown(winner), group=group.title or group.id,
            game=thread.title, title=quoted(benefit.title), number=number,
        )  # fmt: skip

    return tasks.open_task(
        context, kind="prize", to="staff", group=group.id, person=winner.id, step=thread.step,
        about=f"prize:{thread.id}:{winner.id}:{benefit.id}", words=words,
    )  # fmt: skip
