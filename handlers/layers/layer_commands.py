"""Words of owner and staff about the layers: how they stand, and taking a change back."""

from handlers.layers import layer_digest, layering
from handlers.layers.layer_survey import Survey
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.tasks import tasks
from sop.events import MessageReceived
from sop.model import Person, Task
from sop.texts import text


def tell(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell who is in the core, what is to be decided, who moves, and who waits for what."""
    del event, argument
    core = context.book.pack.layers.core
    if not places.own_groups(context, staff=True):
        return stopping(privately(text("commands.not-staff")))
    if core is None:
        return stopping(privately(text("layers.none-set")))
    found = Survey(context, None, core)
    return stopping(privately(layer_digest.standing(found, layering.who_waits(found))))


def undo(event: MessageReceived, context: Context, number: int) -> Outcome:
    """Take back the change of layer that was agreed to with the task of that number."""
    del event
    task = context.store.get(Task, context.community, number)
    if task is None or not tasks.may_answer(context, task, context.person_id):
        return stopping(privately(text("tasks.unknown-number", number=number)))
    lines = layering.undo(context, task)
    if lines is None:
        return stopping(privately(text("layers.undone-late", number=number)))
    name = people.shown(context.store.get(Person, context.community, task.person))
    return stopping(*lines, privately(text("layers.undone-done", number=number, name=name)))
