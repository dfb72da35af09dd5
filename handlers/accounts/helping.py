"""Help: a few words first, the rest by topic, and only what works under this pack."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from handlers.people import leading, people, places, voices
from handlers.ports import Context, Outcome
from handlers.posting.rendering import say_there, say_words
from handlers.recognition import recognition
from handlers.replies import can_whisper, openly, privately, stopping
from sop import channels
from sop.actions import Action
from sop.activities import help_topics
from sop.activities.help_topics import Topic
from sop.events import MessageReceived
from sop.model import Group
from sop.pack.pack_actions import ShareDayAction, StepAction
from sop.pack.pack_campaigns import ChallengeAction, SignupAction, VoteAction
from sop.standing import tags
from sop.texts import text


def help_(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell what works here: a few words and the topics, or the lines of the topic asked for.

    What is for staff is told to them alone.
    """
    if not argument:
        return stopping(_first_answer(event, context), *_desk(event, context))
    asked = help_topics.asked_for(argument, context.book.words)
    if not asked and not recognition.addressed(event):
        return Outcome()
    told = [_told(event, context, topic) for topic in asked if not topic.staff]
    public = "\n".join(filter(None, told))
    aside = _staff_lines(event, context, [topic for topic in asked if topic.staff])
    if not public and not aside:
        return stopping(_first_answer(event, context, text("helping.no-topic")))
    return stopping(*((openly(public),) if public else ()), *aside)


def _first_answer(event: MessageReceived, context: Context, heading: str = "") -> Action:
    known = help_topics.contents()
    first = [name for name in known.first if _works(context, name)][: known.most]
    lines = [_line(event, context, name) for name in first]
    titles = [topic.title for topic in known.topics if not topic.staff and _of(context, topic)]
    word = text("helping.ask", word=context.book.words.shown("help"), topic=titles[-1])
    say = say_words(context, context.group if event.group else None, word)
    more = text("helping.more", titles=text("people.joiner").join(titles), say=say)
    return openly("\n".join((heading or text("helping.heading"), *lines, more)))


def _of(context: Context, topic: Topic) -> list[str]:
    """Return the commands of a topic that work here."""
    return [name for name in topic.commands if _works(context, name)]


def _works(context: Context, name: str) -> bool:
    possible = POSSIBLE.get(name)
    if not context.book.words.shown(name) or (name in ALOUD and not _hearing(context)):
        return False
    return possible is None or possible(context)


def _hearing(context: Context) -> Sequence[Group]:
    """Return the groups whose members hear what is said there, and so does the bot."""
    own = (context.group,) if context.group is not None else places.own_groups(context)
    return [each for each in own if channels.hears(each.channels)]


def _told(event: MessageReceived, context: Context, topic: Topic) -> str:
    lines = [_line(event, context, name) for name in _of(context, topic)]
    return "\n".join((text("helping.topic", title=topic.title), *lines)) if lines else ""


def _line(event: MessageReceived, context: Context, name: str) -> str:
    private = name in recognition.SECRET and not can_whisper(event, context)
    here = None if private or not event.group else context.group
    word = context.book.words.shown(name)
    say = say_words(context, here, word)
    if not event.group and name in ALOUD:
        say = _say_aloud(context, word)
    return text("helping.line", say=say, what=text(f"help.{name}"))


def _say_aloud(context: Context, word: str) -> str:
    """Tell somebody in private what is for a group to read, and so is said there."""
    first, *others = _hearing(context)
    if not others:
        return say_there(context, first, word)
    return text("say.in-group", say=say_words(context, first, word))


def _desk(event: MessageReceived, context: Context) -> tuple[Action, ...]:
    """Tell owner and staff how to ask for their words."""
    if not _is_for_desk(event, context):
        return ()
    titles = [topic.title for topic in help_topics.contents().topics if topic.staff]
    word = context.book.words.shown("help")
    told = text(
        "helping.desk", titles=text("people.joiner").join(titles), topic=titles[0], word=word
    )
    return (privately(told),)


def _staff_lines(
    event: MessageReceived, context: Context, topics: list[Topic]
) -> tuple[Action, ...]:
    if not topics or not _is_for_desk(event, context):
        return ()
    lines = [line for topic in topics for line in (_head(topic), *_staff_words(context, topic))]
    return (privately("\n".join(lines)),)


def _head(topic: Topic) -> str:
    return text("helping.topic", title=topic.title)


def _staff_words(context: Context, topic: Topic) -> list[str]:
    words = context.book.words
    return [
        text("helping.staff-line", word=words.shown(name), what=text(f"help.{name}"))
        for name in _of(context, topic)
    ]


def _is_for_desk(event: MessageReceived, context: Context) -> bool:
    """Tell whether who asks is staff, here or (in private) of any group, and alone hears it."""
    if not event.group:
        return bool(places.own_groups(context, staff=True))
    return people.is_staff(context.person, context.group) and can_whisper(event, context)


def _has(context: Context, kind: type[StepAction]) -> bool:
    """Tell whether a step of the pack begins something of that kind."""
    return any(isinstance(action, kind) for step in context.book.pack.steps for action in step.do)


def _has_elections(context: Context) -> bool:
    leaders = context.book.pack.leaders
    return leaders is not None and leaders.vote is not None


def _has_challenges(context: Context) -> bool:
    return _has(context, ChallengeAction)


ALOUD: Final = frozenset({"share", "ask", "answer", "comment", "propose", "launch"})
"""What makes sense in a group alone: its members are to read it."""

POSSIBLE: Final[Mapping[str, Callable[[Context], bool]]] = {
    "feature": lambda context: voices.has_duty(context, context.group),
    "checkin": lambda context: (
        "checkin" in context.book.pack.score.earn
        or _collects(context, "checkin")
        or _has_challenges(context)
    ),
    "make_up": lambda context: _collects(context, "checkin") or _has_challenges(context),
    "wish": lambda context: _collects(context, "wish"),
    "snag": lambda context: _collects(context, "snag"),
    "nominate": lambda context: any(
        each.nominate_ms is not None for each in context.book.pack.collections.values()
    ),
    **dict.fromkeys(
        ("invitation", "invite_code"), lambda context: "invite" in context.book.pack.score.earn
    ),
    **dict.fromkeys(("join_challenge", "challenge", "leave_challenge"), _has_challenges),
    "claim": lambda context: any(not each.price for each in context.book.pack.benefits),
    "redeem": lambda context: any(each.price for each in context.book.pack.benefits),
    "appeal": lambda context: context.book.pack.rules.appeal is not None,
    **dict.fromkeys(
        ("signup", "cancel_signup", "roster"), lambda context: _has(context, SignupAction)
    ),
    "vote": lambda context: _has(context, VoteAction) or _has_elections(context),
    **dict.fromkeys(("apply", "leader"), lambda context: context.book.pack.leaders is not None),
    **dict.fromkeys(("step_down", "launch"), leading.is_leader),
    "tags": lambda context: bool(tags.offered(context.book.pack)),
    "circle": lambda context: bool(context.book.pack.circles),
    "propose": lambda context: _has(context, ShareDayAction),
    "my_link": lambda context: bool(context.book.public_url and context.book.pack.links),
    "my_page": lambda context: bool(context.book.public_url),
    "badges": lambda context: bool(context.book.pack.badges),
    "why_warned": lambda context: bool(context.book.pack.rules.checks),
}
"""When a command makes sense under a pack; the others always do."""


def _collects(context: Context, kind: str) -> bool:
    return any(each.kind == kind for each in context.book.pack.collections.values())
