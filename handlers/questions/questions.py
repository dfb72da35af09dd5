"""Asking, answering and accepting, by command, by an edge's button, or when time is up."""

from dataclasses import replace

from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.rendering import only_there, say_words
from handlers.questions import asked, caring, experts, unfound
from handlers.replies import aside, privately, stopping
from handlers.threads import open_threads, quotes
from handlers.timing import deadlines
from sop import channels
from sop.actions import Action
from sop.events import AnswerAccepted, MessageReceived, StepDue
from sop.model import Group, Item
from sop.texts import text
from sop.times.durations import DAY_MS

MOST_DIGITS = 9
"""Digits an item's number may have: longer ones are no numbers of ours."""

LISTED = 10
"""Answers listed at most when asking which is meant."""


def ask(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Record a question of the context's group; in an open slot it belongs to the slot."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    if not argument:
        how = text("threads.ask-form", say=_say(context, group, "ask", "…"))
        return stopping(privately(how))
    if not event.group:
        return _in_group(context, group, "ask")
    slots = open_threads.slots_at(context, group, event.at)
    return stopping(*asked.pose(context, event, argument, slots[-1] if slots else None))


def answer(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Answer the question of a number, or the quoted one."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    if not event.group:
        return _in_group(context, group, "answer")
    number, said = split_number(argument, context.book.words.separators)
    question = _numbered(context, group, number) if number else None
    if not number:
        question = _quoted(context, group, event)
    if not said or (question is None and not number):
        shown = f"{unfound.example(context, group)} …"
        how = text("threads.answer-form", say=_say(context, group, "answer", shown))
        return stopping(aside(event, context, unfound.questions(context, group, how)))
    if question is None or question.kind != asked.QUESTION:
        words = unfound.questions(context, group, text("threads.no-question"))
        return stopping(aside(event, context, words))
    if question.person == context.person_id:
        return stopping(privately(text("threads.own-question")))
    lines = asked.add_answer(context, event, question, said)
    more = text("threads.answered-more", number=question.number)
    return stopping(*lines or (privately(more),))


def accept(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Accept the answer of a number, or the quoted one; a question's number is its one answer."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    number, _ = split_number(argument, context.book.words.separators)
    found = _numbered(context, group, number) if number else _quoted(context, group, event)
    if found is None and not number:
        how = text("threads.accept-form", say=_say(context, group, "accept", "3"))
        return stopping(aside(event, context, unfound.answers(context, group, how)))
    if found is None:
        words = unfound.answers(context, group, text("threads.no-answer"))
        return stopping(aside(event, context, words))
    return stopping(*_accept(context, group, found))


def unsolved(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Keep a question open whose answer did not help the asker: by number, or quoted.

    The words alone are what people say: without a question of theirs they are no command. Said to
    the bot they mean their newest one of the day that was answered.
    """
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    number, _ = split_number(argument, context.book.words.separators)
    found = _numbered(context, group, number) if number else _quoted(context, group, event)
    if found is None and not number and event.mentions_bot:
        found = _newest_answered(context, group)
    if found is None and not number:
        return Outcome()
    if found is None or found.kind != asked.QUESTION:
        return stopping(privately(text("threads.no-question")))
    if found.person != context.person_id and not people.is_staff(context.person, group):
        return stopping(privately(text("threads.not-asker-unsolved")))
    if found.status not in ("known", "answered", caring.SEEN_TO):
        return stopping(privately(text(f"threads.unsolved-{found.status}", number=found.number)))
    return stopping(*asked.reopen(context, group, found))


def accept_event(event: AnswerAccepted, context: Context) -> Outcome:
    """Do what the command does; there is no message to reply to, so the words are sent anew."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    lines = _accept(context, group, _named(context, group, event))
    return Outcome(tuple(each for line in lines for each in _sent_anew(context, group, line)))


def escalate(event: StepDue, context: Context) -> Outcome:
    """Ask who may know, then staff, about a question that waited long enough without an answer.

    One with a grade goes to whom the pack names at once.
    """
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    if group is None or group.retired:
        return Outcome()
    question = asked.item(context, group, int(event.subject), asked.QUESTION)
    if question is None or question.status != "open":
        return Outcome()
    promised = caring.owed(context, group, question)
    if promised is None and caring.slot_of(context, question) is None:
        return Outcome()
    before = tuple(occurrence.body.get("asked", ()))
    graded = promised is not None and bool(promised.grade)
    lines = () if graded else experts.ask(context, group, question, before)
    return Outcome(lines or caring.hand_over(context, group, question))


def split_number(said: str, separators: str, *, alone: bool = False) -> tuple[int, str]:
    """Return the number a text begins with (0: none) and what follows it.

    With `alone`, something must part it from what follows: `3 maybe` has one, `3rd` and `3.5`
    have none.
    """
    said = said.strip()
    length = next((i for i, sign in enumerate(said) if not sign.isdecimal()), len(said))
    rest = said[length:].lstrip(separators).rstrip()
    if not 0 < length <= MOST_DIGITS:
        return 0, said
    if alone and (said[length : length + 1] not in separators or rest[:1].isdecimal()):
        return 0, said
    return int(said[:length]), rest


def _numbered(context: Context, group: Group, number: int) -> Item | None:
    found = asked.item(context, group, number)
    return found if found is not None and found.kind in (asked.QUESTION, asked.ANSWER) else None


def _quoted(context: Context, group: Group, event: MessageReceived) -> Item | None:
    if not (event.quote or event.quote_id):
        return None
    quoted = quotes.resolve(context, group, event)
    return asked.said_in(context, group, quoted) if quoted else None


def _newest_answered(context: Context, group: Group) -> Item | None:
    """Return the newest question of who acted that was answered, of the last day."""
    found = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.QUESTION,
        person=context.person_id, status__in=("known", "answered"), at__gt=context.now - DAY_MS,
        order="-number", limit=1,
    )  # fmt: skip
    return found[0] if found else None


def _named(context: Context, group: Group, event: AnswerAccepted) -> Item | None:
    """Return what an edge names: a message id, else a number, else one person's text."""
    found = asked.by_message(context, group, event.of)
    if found is not None:
        return found
    number, rest = split_number(event.of, "")
    if number and not rest:
        return _numbered(context, group, number)
    message = quotes.by_text(context, group, event.of, event.at)
    return asked.said_in(context, group, message) if message else None


def _accept(context: Context, group: Group, found: Item | None) -> tuple[Action, ...]:
    if found is None:
        return (privately(text("threads.no-answer")),)
    if found.kind == asked.QUESTION:
        return _accept_only(context, group, found)
    question = asked.item(context, group, found.parent, asked.QUESTION)
    if question is None:
        return (privately(text("threads.no-answer")),)
    refusal = _refusal(context, group, question, found)
    if refusal:
        return (privately(text(refusal)),)
    return asked.accept(context, question, found)


def _accept_only(context: Context, group: Group, question: Item) -> tuple[Action, ...]:
    """Take a question for its answer where it has exactly one; else list them."""
    answers = context.store.find(
        Item, community=context.community, group=group.id, kind=asked.ANSWER,
        parent=question.number, number__gt=question.number, order="status", limit=LISTED,
    )  # fmt: skip
    if not answers:
        return (privately(text("threads.not-answered", number=question.number)),)
    if len(answers) == 1 or question.status == "accepted":
        return _accept(context, group, answers[0])
    say = _say(context, group, "accept", str(answers[0].number))
    heading = text("threads.which-answer", number=question.number, say=say)
    listed = (unfound.candidate(context, each) for each in answers)
    return (privately("\n".join((heading, *listed))),)


def _refusal(context: Context, group: Group, question: Item, found: Item) -> str:
    """Why this person may not accept that answer, as the key of a text; empty if they may."""
    asker = question.person == context.person_id
    if not asker and not people.is_staff(context.person, group):
        return "threads.not-asker"
    if found.person == context.person_id:
        return "threads.own-answer"
    return "threads.accepted-already" if question.status == "accepted" else ""


def _sent_anew(context: Context, group: Group, line: Action) -> tuple[Action, ...]:
    """Turn a reply into a post, or (private) into a message where the group has a way."""
    if line.do != "reply":
        return (line,)
    if not line.private:
        return (replace(line, do="post", group=group.id),)
    if not channels.can(group.channels, "dm"):
        return ()
    to = str(context.person_id)
    return (replace(line, do="dm", group=group.id, to=to, member=to, private=False),)


def _say(context: Context, group: Group | None, name: str, rest: str) -> str:
    return say_words(context, group, f"{context.book.words.shown(name)} {rest}")


def _in_group(context: Context, group: Group, name: str) -> Outcome:
    """Say where to ask: what a group shall answer must be read by the group."""
    words = f"{context.book.words.shown(name)} …"
    return stopping(privately(only_there(context, group, "threads.in-group", words)))
