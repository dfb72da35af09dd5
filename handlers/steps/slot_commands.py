"""Opening and closing by hand what a step would open: slots, share days, games, campaigns.

What is opened runs like any other occurrence of its step: quiet hours, budget and limits hold.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeVar

from handlers.challenges import challenges
from handlers.limits import gates
from handlers.people import leading, people
from handlers.ports import Context, Outcome
from handlers.recognition import recognition
from handlers.replies import openly, privately, stopping
from handlers.shares import share_days
from handlers.signups.signup_lists import EVENT
from handlers.threads import open_threads
from handlers.timing import scheduling
from handlers.traces import HELD
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Group, Thread
from sop.pack.pack_actions import GameAction, QuestionsAction, ShareDayAction
from sop.pack.pack_campaigns import ChallengeAction, CollectAction, SignupAction, VoteAction
from sop.pack.pack_steps import Step
from sop.text import normalise
from sop.texts import text

HOSTED: Final = (
    QuestionsAction, ShareDayAction, GameAction, CollectAction, VoteAction, SignupAction,
    ChallengeAction,
)  # fmt: skip
"""Actions that are opened by hand; each may have a title."""

KINDS: Final = (
    *open_threads.ASKED_IN, open_threads.GAME, open_threads.COLLECT, open_threads.VOTE,
    open_threads.SIGNUP, open_threads.CHALLENGE,
)  # fmt: skip
"""Conversations that are closed by hand: a prompt needs no end."""

LISTED: Final = 10
"""Titles named at most when asking which is meant."""

T = TypeVar("T", Step, Thread)


def start(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Open what the argument names now, or the only thing there is to open."""
    group = context.group
    if group is None:
        return Outcome()
    steps = [step for step in context.book.pack.steps if _is_hosted(step, group)]
    led = not people.is_staff(context.person, group)
    if led:
        steps = [step for step in steps if leading.may_open(context, step, HOSTED)]
    if led and not steps:
        return stopping(privately(text("commands.not-staff")))
    if not steps:
        return _unclear(event, argument, text("by-hand.start-none"))
    meant = _meant(steps, argument, lambda step: (step.id, _title(step)))
    if meant is None:
        return _unclear(event, argument, _which("by-hand.start-which", map(_title, steps)))
    if _runs(context, group, meant):
        return stopping(privately(text("by-hand.start-running", title=_title(meant))))
    if led and not leading.takes(context, meant, HOSTED):
        return stopping(privately(text("by-hand.start-enough", title=_title(meant))))
    share_days.allow_again(context, group, meant)
    scheduling.plan(
        context, group.id, scheduling.STEP, context.now, step=meant.id, cause=f"hand:{event.key}"
    )
    return stopping(_started(context, group, meant))


def _unclear(event: MessageReceived, argument: str, words: str) -> Outcome:
    """Tell what is missing; what names nothing, and was said to nobody in particular, is talk."""
    if argument and not recognition.addressed(event):
        return Outcome()
    return stopping(privately(words))


def _is_hosted(step: Step, group: Group) -> bool:
    hosted = any(isinstance(action, HOSTED) for action in step.do)
    return hosted and scheduling.runs_in(step, group)


def _runs(context: Context, group: Group, step: Step) -> bool:
    """Tell whether what the step opened runs still, or is a challenge that may not come again."""
    running = open_threads.open_at(context, group, context.now, *KINDS)
    if any(each.step == step.id and each.body.get("phase") != EVENT for each in running):
        return True
    hosted = [action for action in step.do if isinstance(action, HOSTED)]
    lasting = all(isinstance(action, ChallengeAction) for action in hosted)
    return lasting and not challenges.allowed_again(context, group, step)


def _title(step: Step) -> str:
    """Return what the step opens is called."""
    for action in step.do:
        if isinstance(action, GameAction):
            return step.title or text(f"actions.{action.game}")
        if isinstance(action, ChallengeAction):
            return challenges.title_of(step, action)
        title = str(getattr(action, "title", ""))
        if isinstance(action, HOSTED) and title:
            return title
    return step.title or step.id


def _started(context: Context, group: Group, step: Step) -> Action:
    shut = gates.closed(context, group, step, context.now)
    if shut is None:
        return openly(text("by-hand.started", title=_title(step)))
    key = "by-hand.start-later" if shut.verdict == HELD else "by-hand.start-closed"
    return privately(text(key, title=_title(step)))


def end(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Close what the argument names now, or the only thing that is open."""
    group = context.group
    if group is None:
        return Outcome()
    running = open_threads.open_at(context, group, event.at, *KINDS)
    if not running:
        return _unclear(event, argument, text("by-hand.end-none"))
    found = _named(running, argument, lambda thread: (thread.step, thread.title))
    if len({each.title for each in found}) != 1:
        titles = (thread.title for thread in running)
        return _unclear(event, argument, _which("by-hand.end-which", titles))
    # Of several by one name it is the oldest.
    open_threads.hasten(context, found[0])
    return stopping(openly(text("by-hand.ended", title=found[0].title)))


def _meant(found: Sequence[T], argument: str, names: Callable[[T], tuple[str, ...]]) -> T | None:
    """Return the one that is named, else the only one; None where that is not certain."""
    found = _named(found, argument, names)
    return found[0] if len(found) == 1 else None


def _named(
    found: Sequence[T], argument: str, names: Callable[[T], tuple[str, ...]]
) -> Sequence[T]:
    """Return those that are named, all where nothing is."""
    wanted = normalise(argument)
    if not wanted:
        return found
    return [each for each in found if wanted in map(normalise, names(each))]


def _which(key: str, titles: Iterable[str]) -> str:
    named = list(dict.fromkeys(titles))[:LISTED]
    return text(key, titles=text("people.joiner").join(named))
