"""The days of a challenge as members do them: each counts once, some of the missed are made up.

A day is a check-in (its deed, its points) under the challenge's own word or that of a check-in.
What was said in the group is a numbered contribution; what was said in private stays there.
"""

from dataclasses import dataclass, replace
from typing import Final

from handlers.challenges import certificates, challenges
from handlers.challenges.enrolments import ACTIVE, Course, courses
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import say_words
from handlers.questions import contributions
from handlers.recognition import recognition
from handlers.replies import aside, can_whisper, openly, stopping
from sop.actions import Action
from sop.activities import commands
from sop.activities.challenges import added
from sop.events import MessageReceived
from sop.model import Enrolment, Group, Item
from sop.text import normalise, visible_length
from sop.texts import text

KIND: Final = "checkin"
"""The deed, and the kind of the numbered contribution."""


@dataclass(frozen=True, slots=True)
class Noted:
    """What a check-in is for somebody's challenges: words to add, and the item it became.

    `counted`: it is a day of one. `told` goes to the member alone.
    """

    words: str = ""
    counted: bool = False
    item: Item | None = None
    told: tuple[Action, ...] = ()


def is_talk(event: MessageReceived, context: Context) -> bool:
    """Tell whether a challenge's own word was only talk: of somebody who is in none."""
    if recognition.addressed(event):
        return False
    return bool(own_word(event, context)) and not courses(context, event.at)


def own_word(event: MessageReceived, context: Context) -> str:
    """Return the word that was said, if it is a challenge's and not one of a check-in."""
    command = commands.parse_command(event.text, context.book.words)
    if command is None or command.name != KIND:
        return ""
    word = command.raw_word
    return normalise(word) if challenges.is_own(context, word) else ""


def submit(event: MessageReceived, context: Context, said: str, *, kept: bool = False) -> Noted:
    """Take a check-in as a day of the challenge it is for; `kept`: it is an item already."""
    today = challenges.today(context, event.at)
    running = [
        each for each in courses(context, event.at)
        if each.enrolment.status == ACTIVE and challenges.plan_of(each.thread).number(today)
    ]  # fmt: skip
    word = own_word(event, context)
    fitting = _fitting(context, running, word)
    if len(fitting) == 1:
        return _day(event, context, fitting[0], said, kept=kept)
    if fitting:
        ways = (f"{each.thread.body['daily']} …" for each in fitting)
        return Noted(words=text("challenges.which-day", ways=text("people.joiner").join(ways)))
    return Noted(words=_invitation(event, context) if word else "")


def placed(event: MessageReceived, context: Context) -> Context:
    """Return the context in the group of the challenge somebody is in, if it is the only one."""
    if context.group is not None:
        return context
    found = {each.thread.group for each in courses(context, event.at)}
    return replace(context, group_id=found.pop()) if len(found) == 1 else context


def _fitting(context: Context, running: list[Course], word: str) -> list[Course]:
    """Return what the check-in may be for: by its word, else in this group, else anywhere."""
    if word:
        running = [each for each in running if normalise(each.thread.body["daily"]) == word]
    here = [each for each in running if each.thread.group == context.group_id]
    found = here or running
    plain = [each for each in found if not each.thread.body["own"]]
    return plain if len(plain) == 1 and not word else found


def _invitation(event: MessageReceived, context: Context) -> str:
    """Say to who is not in it how to join the challenge whose word they used."""
    group = context.group
    if group is None or not challenges.running(context, group, event.at):
        return ""
    say = say_words(context, group, context.book.words.shown("join_challenge"))
    return text("challenges.not-joined", say=say)


def _day(
    event: MessageReceived, context: Context, course: Course, said: str, *, kept: bool
) -> Noted:
    thread, mine = course.thread, course.enrolment
    plan, today = challenges.plan_of(thread), challenges.today(context, event.at)
    number = plan.number(today)
    if today.isoformat() in mine.days:
        return Noted(words=text("challenges.again", title=thread.title, number=number))
    if visible_length(said) < thread.body["min_chars"]:
        least = thread.body["min_chars"]
        return Noted(words=text("challenges.short", title=thread.title, least=least))
    mine = replace(mine, days=added(mine.days, today))
    item = None if kept else _item(event, context, course, said)
    words = text(
        "challenges.counted", title=thread.title, number=number, days=plan.days,
        done=len(mine.days) + mine.made_up,
    )  # fmt: skip
    if item is not None:
        words += text("challenges.numbered", number=item.number)
    told = _kept(event, context, course, mine)
    return Noted(
        words=words + _completed(told, event, context), counted=True, item=item, told=told
    )


def _item(event: MessageReceived, context: Context, course: Course, said: str) -> Item | None:
    group = context.group
    if not event.group or group is None or not said or course.thread.group != group.id:
        return None
    return contributions.record(
        context, group, KIND, said, person=context.person_id, at=event.at,
        message_id=event.message_id, thread=course.thread.id,
    )  # fmt: skip


def _kept(
    event: MessageReceived, context: Context, course: Course, mine: Enrolment
) -> tuple[Action, ...]:
    """Keep what has been done; who has come through by it is congratulated."""
    plan, today = challenges.plan_of(course.thread), challenges.today(context, event.at)
    if plan.standing(mine.days, mine.made_up, today) != challenges.COMPLETED:
        context.store.put(mine)
        return ()
    mine = replace(mine, status=challenges.COMPLETED)
    context.store.put(mine)
    return (certificates.given(context, course.thread, mine),)


def _completed(told: tuple[Action, ...], event: MessageReceived, context: Context) -> str:
    """Say aloud that it is done; where nothing can be said in private, how to ask for it."""
    if not told:
        return ""
    if can_whisper(event, context):
        return text("challenges.completed")
    mine = say_words(context, None, context.book.words.shown("challenge"))
    return text("challenges.completed-ask", say=mine)


def whispered(event: MessageReceived, context: Context, noted: Noted) -> tuple[Action, ...]:
    """Return what goes to the member alone, where that is possible."""
    return noted.told if can_whisper(event, context) else ()


def takes_part(event: MessageReceived, context: Context) -> bool:
    """Tell whether who acted is in a challenge that is on."""
    return any(each.enrolment.status == ACTIVE for each in courses(context, event.at))


def make_up(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Make up for a missed day of the oldest challenge that has one."""
    found = [each for each in courses(context, event.at) if each.enrolment.status == ACTIVE]
    here = [each for each in found if each.thread.group == context.group_id]
    missing = [each for each in here or found if _missed(event, context, each)]
    if not missing:
        return stopping(aside(event, context, text("challenges.nothing-missed")))
    return _made_up(event, context, missing[0], argument)


def _missed(event: MessageReceived, context: Context, course: Course) -> int:
    plan, mine = challenges.plan_of(course.thread), course.enrolment
    return plan.missed(mine.days, mine.made_up, challenges.today(context, event.at))


def _made_up(event: MessageReceived, context: Context, course: Course, said: str) -> Outcome:
    thread, mine = course.thread, course.enrolment
    plan = challenges.plan_of(thread)
    if not plan.left(mine.made_up):
        return stopping(aside(event, context, text("challenges.no-grace", count=plan.grace)))
    least = max(thread.body["min_chars"], 1)
    group = context.store.get(Group, context.community, thread.group)
    if visible_length(said) < least:
        say = say_words(context, group, f"{context.book.words.shown('make_up')} …")
        form = text("challenges.make-up-form", say=say, least=least)
        return stopping(aside(event, context, form))
    mine = replace(mine, made_up=mine.made_up + 1)
    _item(event, context, course, said)
    told = _kept(event, context, course, mine)
    left = plan.left(mine.made_up)
    words = text(
        "challenges.made-up" if left else "challenges.made-up-last",
        name=people.shown(context.person), title=thread.title,
        done=len(mine.days) + mine.made_up, days=plan.days, left=left,
    ) + _completed(told, event, context)  # fmt: skip
    answer = acknowledging.acknowledge(context, event, KIND, words) if event.group else (
        openly(words),
    )  # fmt: skip
    return stopping(*answer, *(told if can_whisper(event, context) else ()))
