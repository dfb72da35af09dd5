"""Steps that begin with what a member says: they answer at once, also in quiet hours."""

from handlers.ports import Context, Outcome
from handlers.posting.outbox import LATE_MS
from handlers.steps import runs
from handlers.timing import scheduling
from sop.actions import Action
from sop.events import MessageReceived
from sop.text import normalise


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Run every step whose words the message holds, for its sender."""
    group, person, spoken = context.group, context.person, context.book.spoken
    if not spoken or group is None or person is None:
        return Outcome()
    if group.paused or group.retired or context.now - event.at > LATE_MS:
        return Outcome()
    normal = normalise(event.text)
    lines: list[Action] = []
    for each in spoken:
        if scheduling.runs_in(each.step, group) and each.matches(normal):
            lines.extend(runs.answer(context, group, each.step, person, event.at))
    return Outcome(tuple(lines))
