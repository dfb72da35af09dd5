"""A share day as it runs: opened, and hosted from speaker to speaker.

Questions are numbered as in a questions slot. How it ends is told by `share_endings`.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers.overrides import quiet_of
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting.rendering import say_words
from handlers.questions import asked
from handlers.shares import share_places, share_summaries, topics
from handlers.tasks import tasks
from handlers.threads import open_threads
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import share_days
from sop.events import MessageReceived, StepDue
from sop.model import Counter, Group, Person, Thread
from sop.pack.pack_actions import ShareDayAction
from sop.pack.pack_steps import Step
from sop.text import visible_length
from sop.texts import length, text
from sop.times import localtime, quiet

HOST: Final = "host-share-day"
"""The kind of occurrence at which the bot hands over; its cause counts the speakers so far."""

REMEMBERED: Final = 100
"""Characters of a speaker's longest message that are kept: a deed may ask for a length."""


def open_day(
    context: Context, group: Group, step: Step, action: ShareDayAction, due_at: int
) -> tuple[Action, ...]:
    """Open the share day with its post; where nothing can be heard people must host it.

    One that runs already, or was opened by hand before its time, is not opened again.
    """
    if _runs(context, group, step):
        return ()
    day = _planned(context, group, step, due_at)
    if day is None and _opened_early(context, group, step, due_at):
        return ()
    speakers = share_places.speakers(context, group, day) if day is not None else ()
    if day is not None:
        share_places.release(context, day)
    title = share_places.title(context, step.id, group.id)
    topics.used(context, group, step.id)
    if not channels.hears(group.channels):
        if day is not None:
            context.store.put(replace(day, status="closed"))
        return _by_hand(context, group, step, title, action, speakers)
    words = _opening(context, group, title, action, speakers)
    day = _begun(context, group, step, day, action, due_at, title=title, words=words)
    day = _seated(context, day, speakers)
    _plan_turns(context, group, day, len(speakers))
    expires_at = context.now + min(step.grace_ms, action.for_ms)
    mention = tuple(str(each.id) for each in speakers)
    return (
        Action(
            do="post", group=group.id, text=words, step=step.id, mention=mention,
            expires_at=expires_at,
        ),
    )  # fmt: skip


def _runs(context: Context, group: Group, step: Step) -> bool:
    found = open_threads.open_at(context, group, context.now, open_threads.SHARE)
    return any(each.step == step.id for each in found)


def _planned(context: Context, group: Group, step: Step, due_at: int) -> Thread | None:
    """Return what was planned for that moment, or (opened by hand) for that day."""
    zone = context.book.zone
    today = localtime.local_date(due_at, zone)
    found = share_places.planned(context, group, step.id)
    return next(
        (each for each in found if localtime.local_date(each.body["due"], zone) == today), None
    )


def _opened_early(context: Context, group: Group, step: Step, due_at: int) -> bool:
    """Tell whether that day's share day was opened before."""
    found = context.store.get(Counter, context.community, _mark(group, step))
    if found is None or not found.value:
        return False
    zone = context.book.zone
    return localtime.local_date(found.value, zone) == localtime.local_date(due_at, zone)


def allow_again(context: Context, group: Group, step: Step) -> None:
    """Let the step's share day be opened once more on the same day: staff want it."""
    context.store.put(Counter(community=context.community, name=_mark(group, step), value=0))


def _mark(group: Group, step: Step) -> str:
    return f"share-day:{group.id}:{step.id}"


def _by_hand(
    context: Context,
    group: Group,
    step: Step,
    title: str,
    action: ShareDayAction,
    speakers: Sequence[Person],
) -> tuple[Action, ...]:
    def words(number: int) -> str:
        told = text(
            "tasks.host", group=group.title or group.id, title=title,
            length=length(action.for_ms), number=number,
        )  # fmt: skip
        return told + (_named("share-days.host-names", speakers) if speakers else "")

    return tasks.open_task(
        context, kind="host", to="staff", group=group.id, step=step.id,
        about=f"host:{group.id}:{step.id}:share-day", words=words,
    )  # fmt: skip


def _named(key: str, speakers: Sequence[Person]) -> str:
    return text(key, names=people.named(speakers))


def _opening(
    context: Context, group: Group, title: str, action: ShareDayAction, speakers: Sequence[Person]
) -> str:
    words = text("share-days.open", title=title, length=length(action.for_ms))
    ask = say_words(context, group, f"{context.book.words.shown('ask')} …")
    share = say_words(context, group, f"{context.book.words.shown('share')} …")
    if not speakers:
        return words + "\n" + text("share-days.open-mic", share=share, ask=ask)
    first = people.shown(speakers[0])
    lines = (_named("share-days.speakers", speakers), text("share-days.first", name=first))
    return "\n".join((words, *lines, text("share-days.how", ask=ask)))


def _begun(
    context: Context,
    group: Group,
    step: Step,
    day: Thread | None,
    action: ShareDayAction,
    due_at: int,
    *,
    title: str,
    words: str,
) -> Thread:
    due = day.body["due"] if day is not None else due_at
    body = {
        **(day.body if day is not None else {"due": due_at}),
        "first": asked.last_number(context, group), "grace": step.grace_ms, "escalate": 0,
        "spoke": {},
    }  # fmt: skip
    context.store.put(Counter(community=context.community, name=_mark(group, step), value=due))
    if day is None:
        return open_threads.begin(
            context, group, step, kind=open_threads.SHARE, title=title, words=words,
            for_ms=action.for_ms, body=body,
        )  # fmt: skip
    begun = replace(
        day, title=title, text=words, opened_at=context.now, status="open", body=body,
        closes_at=context.now + action.for_ms, version=context.book.version,
    )  # fmt: skip
    open_threads.enter(context, group, begun)
    return begun


def _seated(context: Context, day: Thread, speakers: Sequence[Person]) -> Thread:
    """Keep who is to speak, in order."""
    day = replace(day, body={**day.body, "speakers": [each.id for each in speakers]})
    context.store.put(day)
    return day


def _plan_turns(context: Context, group: Group, day: Thread, speakers: int) -> None:
    for number, at in enumerate(share_days.turns(day.opened_at, day.closes_at, speakers), 1):
        scheduling.plan(
            context, group.id, HOST, at, step=day.step, subject=str(day.id), cause=str(number),
            version=day.version,
        )  # fmt: skip


def host(event: StepDue, context: Context) -> Outcome:
    """Thank who has spoken and hand over to the next one; after the last come the questions.

    After a time of absence only the newest turn is announced.
    """
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired or group.paused:
        return Outcome()
    day = share_places.day_of(context, int(event.subject))
    if day is None or day.status != "open" or context.now >= day.closes_at:
        return Outcome()
    seats, number = day.body["speakers"], int(event.cause)
    turns = share_days.turns(day.opened_at, day.closes_at, len(seats))
    if number < len(turns) and turns[number] <= context.now:
        return Outcome()
    asleep = quiet.is_quiet(quiet_of(context, group), context.now, context.book.zone)
    if asleep:
        return Outcome()
    thanks = _thanks(context, group, day, seats[number - 1])
    mention: tuple[str, ...] = ()
    if number < len(seats):
        words = text("share-days.next", thanks=thanks, name=_shown(context, seats[number]))
        mention = (str(seats[number]),)
    else:
        words = share_summaries.question_time(context, group, day, thanks)
    line = Action(
        do="post", group=group.id, text=words, step=day.step, mention=mention,
        expires_at=day.closes_at,
    )  # fmt: skip
    return Outcome((line,))


def _thanks(context: Context, group: Group, day: Thread, seat: int) -> str:
    """Thank whose turn it was; nothing where everything is heard and they said nothing."""
    if channels.hears_all(group.channels) and str(seat) not in day.body["spoke"]:
        return ""
    return text("share-days.thanks", done=_shown(context, seat))


def _shown(context: Context, person: int) -> str:
    return people.shown(people.current(context.store, context.community, person))


def note_speech(event: MessageReceived, context: Context, group: Group) -> bool:
    """Note that a speaker of an open share day has spoken; tells whether it was one.

    What they say then is their share, and no question.
    """
    spoke = False
    for day in open_threads.open_at(context, group, event.at, open_threads.SHARE):
        seat = _seat_of(context, day)
        if seat:
            spoke = True
            _note(context, day, str(seat), event.text)
    return spoke


def _seat_of(context: Context, day: Thread) -> int:
    """Return under which number who acted was seated: a person may have become another's since."""
    seats: Sequence[int] = day.body["speakers"]
    if context.person_id in seats:
        return context.person_id
    found = ((each, people.current(context.store, context.community, each)) for each in seats)
    return next((each for each, now in found if now and now.id == context.person_id), 0)


def _note(context: Context, day: Thread, seat: str, said: str) -> None:
    known = str(day.body["spoke"].get(seat, ""))
    if seat not in day.body["spoke"] or (
        len(known) < REMEMBERED and visible_length(said) > visible_length(known)
    ):
        spoke = {**day.body["spoke"], seat: said[:REMEMBERED]}
        context.store.put(replace(day, body={**day.body, "spoke": spoke}))
