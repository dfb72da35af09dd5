"""What a message that quotes another means for it: a like, a comment, and that it was seen."""

from handlers.likes import like_targets, likes
from handlers.likes.like_targets import Target
from handlers.ports import Context, Outcome
from handlers.questions import asked, comments
from handlers.recognition import recognising
from handlers.recognition.answers import is_answered
from handlers.recognition.recognition import addressed
from sop.actions import Action
from sop.activities import commands
from sop.events import MessageReceived
from sop.model import Group
from sop.text import visible_length


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take thanks for a like, a reason for a comment, and either for a word of recognition.

    A message without a quote and a mention costs nothing.
    """
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    if event.mentions:
        recognising.seen_by_name(event, context, group)
    if not (event.quote or event.quote_id):
        return Outcome()
    thanks = commands.is_thanks(event.text, context.book.words)
    if not (thanks or _wanted(event, context, group)):
        return Outcome()
    target = like_targets.quoted(event, context, group)
    if target is None:
        return _uncertain(event, context, group) if thanks and addressed(event) else Outcome()
    return _appreciated(event, context, group, target, thanks=thanks)


def _uncertain(event: MessageReceived, context: Context, group: Group) -> Outcome:
    """Tell who thanks somebody through the bot that it is not certain whom."""
    if is_answered(context):
        return Outcome()
    meant = like_targets.resolve(event, context, group, "")
    return Outcome((likes.explained(event, context, meant.problem),), stop=True)


def _wanted(event: MessageReceived, context: Context, group: Group) -> bool:
    """Tell whether a quote without thanks can mean anything here."""
    if context.book.pack.recognition is not None:
        return True
    return _is_long(event) and asked.last_number(context, group) > 0


def _is_long(event: MessageReceived) -> bool:
    return visible_length(event.text) >= comments.SHORTEST


def _appreciated(
    event: MessageReceived, context: Context, group: Group, target: Target, *, thanks: bool
) -> Outcome:
    recognising.seen(context, group, target.subject)
    lines: list[Action] = []
    spoken_to = addressed(event)
    long = _is_long(event)
    question = target.item is not None and target.item.kind == asked.QUESTION
    if thanks and not (question and long):
        lines.extend(likes.heard(event, context, group, target, answered=spoken_to))
    commented = long and not question and target.item is not None
    if commented and target.item is not None and not comments.is_own(context, target.item):
        lines.extend(comments.add(event, context, group, target.item, event.text))
        if spoken_to and not thanks:
            lines.extend(comments.thanked(event, context, target.item))
    # Whoever thanked somebody through the bot has got what they wanted.
    return Outcome(tuple(lines), stop=spoken_to and bool(lines or thanks))
