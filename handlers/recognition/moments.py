"""What follows from decided lines: steps that begin when a level, a score or likes are reached.

Standing is a person's, so each of these begins once, in one group: where it happened if the
step runs there, else in the group that heard of the person last.
"""

from collections import Counter

from handlers.people.homes import home_of, last_heard
from handlers.ports import Context
from handlers.recognition import badges, praise
from handlers.timing import scheduling
from sop import model
from sop.actions import Action
from sop.model import Person
from sop.pack.pack_steps import Step
from sop.triggers import triggers


def follow(context: Context, actions: tuple[Action, ...]) -> None:
    """Plan the steps that the lines of one event have set off, also of one in private."""
    badges.follow(context, actions)
    for action in actions:
        if action.do == "level" and action.reason == "up":
            _risen(context, int(action.member), action.group, action.text)
    points = [action for action in actions if action.do == "points"]
    if not points or not _of_score(context):
        return
    gained: Counter[int] = Counter()
    for action in points:
        gained[int(action.member)] += action.standing
    for person, group in {int(action.member): action.group for action in points}.items():
        known = context.store.get(Person, context.community, person)
        if known is not None:
            before = known.score - gained[person]
            crossed(context, person, before, known.score, group=group)


def crossed(context: Context, person: int, before: int, score: int, *, group: str = "") -> None:
    """Plan the steps whose score this person has reached from below, wherever that came from."""
    for step in _of_score(context):
        if isinstance(step.when, triggers.ScoreCrossed) and before < step.when.n <= score:
            _plan(context, step, person, group, f"score:{context.now}")


def liked(
    context: Context, group: str, *, author: int, item: str, likes: int, by: int, given: int,
    people: int,
) -> None:  # fmt: skip
    """Plan the steps that one more counted like sets off, each once per item or giver.

    `item` is whatever names the liked message, entry or answer for ever, `likes` how many it
    has now; `by` has given `given` counted likes to `people` persons so far.
    """
    for step in context.book.pack.steps:
        if isinstance(step.when, triggers.Likes) and likes >= step.when.n:
            if _first(context, f"likes:{step.id}:{step.when.n}:{item}"):
                _plan(context, step, author, group, f"likes:{item}")
        elif isinstance(step.when, triggers.LikesGiven):
            enough = given >= step.when.n and people >= step.when.distinct
            if enough and _first(context, f"given:{step.id}:{step.when.n}:{by}"):
                _plan(context, step, by, group, "likes-given")


def _risen(context: Context, person: int, group: str, level: str) -> None:
    """Plan the steps of a pack that says itself what it says then; else it is told in private."""
    steps = [
        step
        for step in context.book.pack.steps
        if isinstance(step.when, triggers.MemberMoment) and step.when.name == "level-up"
    ]
    for step in steps:
        _plan(context, step, person, group, f"level-up:{context.now}")
    known = context.store.get(Person, context.community, person)
    if known is not None and not steps:
        home = group or context.group_id or last_heard(context, person)
        praise.plan_level(context, known, level, group=home)


def _of_score(context: Context) -> tuple[Step, ...]:
    steps = context.book.pack.steps
    return tuple(step for step in steps if isinstance(step.when, triggers.ScoreCrossed))


def _first(context: Context, name: str) -> bool:
    """Tell whether nobody has asked for this name before, ever; a repeat costs one look."""
    if context.store.get(model.Counter, context.community, name) is not None:
        return False
    return context.store.number(context.community, name) == 1


def _plan(context: Context, step: Step, person: int, group: str, cause: str) -> None:
    home = home_of(context, person, step, group or context.group_id)
    if home is not None:
        scheduling.plan(
            context, home.id, scheduling.STEP, context.now, step=step.id, subject=str(person),
            cause=cause,
        )  # fmt: skip
