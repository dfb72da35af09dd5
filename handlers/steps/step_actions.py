"""What each action of a step becomes: one small function per kind, chosen by a table.

An action that this version cannot carry out by itself becomes a task for the people who can,
with the title and the length, so that the promise in the pack is kept by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from handlers.challenges import challenges
from handlers.collections import collecting, showcases
from handlers.figures import publishing
from handlers.games import games
from handlers.layers import layering
from handlers.leaders import leader_reviews
from handlers.ledger import ledger
from handlers.links import short_links
from handlers.offers import offering
from handlers.polls import votes
from handlers.pools import preparing
from handlers.ports import Context
from handlers.posting import attachments, mentions
from handlers.posting.rendering import render
from handlers.posting.step_run import Expanded, Run
from handlers.questions import slots
from handlers.recognition import badges, rollcall, stars
from handlers.shares import share_days
from handlers.signups import signups
from handlers.steps import step_items
from handlers.tasks import hosting, tasks
from sop.actions import Action
from sop.budgets import budget
from sop.model import Group, Person
from sop.pack import pack_actions as pack
from sop.pack.pack_campaigns import (
    BadgeAction,
    BookAction,
    ChallengeAction,
    CollectAction,
    ShowcaseAction,
    SignupAction,
    VoteAction,
    WallAction,
)
from sop.pack.pack_steps import ACTIONS, Step
from sop.pools import game_pools
from sop.texts import text


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What (a part of) a step has decided, in order.

    `lacking` names the pool that was found empty: then the step did not run, and only raised a
    task. `stopped` is the action at which the budget ended it, 0 where it is whole.
    """

    lines: tuple[Action, ...]
    lacking: str = ""
    stopped: int = 0

    @property
    def ran(self) -> bool:
        """Whether it counts as a run."""
        return not self.lacking


def expand(
    context: Context,
    group: Group,
    step: Step,
    subjects: Sequence[Person],
    *,
    due_at: int,
    start: int = 0,
    left: int | None = None,
) -> Part:
    """Return what the step's actions decide, from the action `start` on.

    `due_at` tells which occurrence it is: a person may have prepared something for it. At most
    `left` messages go to the group; the action that would be one more is not begun.
    """
    lacking = preparing.lacking(context, group, step, due_at) if not start else ""
    if lacking:
        run = Run(context, group, step, subjects, 0, due_at)
        return Part(lines=step_items.empty_pool(run, lacking), lacking=lacking)
    run = Run(context, group, step, subjects, _turn(context, group, step), due_at)
    lines: list[Action] = []
    for position in range(start, len(step.do)):
        posted = sum(1 for line in lines if line.do == "post")
        if left is not None and budget.posts(step, position) > left - posted:
            return Part(lines=tuple(lines), stopped=position)
        action = step.do[position]
        run = replace(run, position=position)
        done, run = _EXPANDERS.get(type(action), _by_hand)(run, action)
        lines.extend(attachments.present(context, group, done))
    return Part(lines=tuple(lines))


def _turn(context: Context, group: Group, step: Step) -> int:
    """How often the step has run before in the group, where its texts take turns."""
    if not _rotates(step):
        return 0
    return context.store.number(context.community, f"turn:{group.id}:{step.id}") - 1


def _rotates(step: Step) -> bool:
    texts = (
        getattr(action, "post", None) or getattr(action, "dm", None)
        or getattr(getattr(action, "ask", None), "texts", ())
        for action in step.do
    )  # fmt: skip
    return any(len(each) > 1 for each in texts if each)


def _post(run: Run, action: pack.PostAction) -> Expanded:
    mention, withheld = mentions.whom(
        run.context, run.group, run.step, run.subjects, action.mention
    )
    line = Action(
        do="post",
        group=run.group.id,
        text=_with_link(run, run.words(action.post), action.link, action.card),
        mention=mention,
        step=run.step.id,
        image=action.image or "",
        expires_at=run.context.now + run.step.grace_ms,
    )
    return (line, *withheld), run


def _with_link(run: Run, words: str, link: str | None, card: pack.Card | None) -> str:
    parts = [words]
    if card is not None:
        title = run.words((card.title,))
        parts.append("\n".join(filter(None, (title, card.text, card.url))))
    if link:
        parts.append(short_links.of_group(run.context, run.group, link) or link)
    return "\n".join(parts)


def _dm(run: Run, action: pack.DmAction) -> Expanded:
    lines = [
        Action(
            do="dm",
            group=run.group.id,
            to=str(person.id),
            member=str(person.id),
            text=_with_link(one, one.words(action.dm, aside=True), action.link, action.card),
            step=run.step.id,
            image=action.image or "",
            expires_at=run.context.now + run.step.grace_ms,
        )
        for person in run.subjects
        if mentions.reaches(run.step, person)
        for one in (replace(run, subjects=(person,)),)
    ]
    return tuple(lines), run


def _share_day(run: Run, action: pack.ShareDayAction) -> Expanded:
    return share_days.open_day(run.context, run.group, run.step, action, run.due_at), run


def _game(run: Run, action: pack.GameAction) -> Expanded:
    lines = games.begin(run.context, run.group, run.step, action)
    if lines is None:
        return step_items.empty_pool(run, game_pools.of(action)), run
    return lines, run


def _vote(run: Run, action: VoteAction) -> Expanded:
    return votes.begin(run.context, run.group, run.step, action, run.position), run


def _task(run: Run, action: pack.TaskAction) -> Expanded:
    words = render(run.context, action.text, run.group, person=run.person, joined=run.subjects)
    subject = run.person.id if run.person else 0
    lines = tasks.open_task(
        run.context, kind="step", to=action.to, group=run.group.id, step=run.step.id,
        about=f"step:{run.group.id}:{run.step.id}:{subject}:{run.context.now}:{run.position}",
        person=subject, due_at=run.context.now + action.due_ms if action.due_ms else 0,
        words=lambda number: f"{number}. {words}",
    )  # fmt: skip
    return lines, run


def _report(run: Run, action: pack.ReportAction) -> Expanded:
    return (publishing.wanted(run.context, run.group, run.step, action),), run


def _review(run: Run, action: pack.ReviewAction) -> Expanded:
    if action.review == "layers":
        return layering.review(run.context, run.step), run
    return leader_reviews.review(run.context, run.step), run


def _award(run: Run, action: pack.AwardAction) -> Expanded:
    source = f"step:{run.group.id}:{run.step.id}:{run.context.now}:{run.position}"
    lines: list[Action] = []
    for person in run.subjects:
        lines.extend(
            ledger.book_entry(
                run.context,
                person.id,
                "award",
                action.award,
                score=action.award,
                source=source,
                step=run.step.id,
            )
        )
    return tuple(lines), run


def _tag(run: Run, action: pack.TagAction) -> Expanded:
    for person in run.subjects:
        if action.tag not in person.tags:
            run.context.store.put(replace(person, tags=(*person.tags, action.tag)))
    return (), run


def _badge(run: Run, action: BadgeAction) -> Expanded:
    """Give the badge to the step's members; a step without any gives it to who has earned it."""
    found = [each for each in run.context.book.pack.badges if each.id == action.badge]
    for badge in found:
        for person in run.subjects:
            badges.give(run.context, person, badge, group=run.group.id, step=run.step.id)
        if not run.subjects:
            rollcall.plan(run.context, run.context.now)
    return (), run


def _wall(run: Run, action: WallAction) -> Expanded:
    return stars.wall(run) if action.wall == stars.WALL else _by_hand(run, action)


def _by_hand(run: Run, action: Any) -> Expanded:
    lines = hosting.by_hand(
        run.context, run.group, run.step, name=type(action).__name__,
        title=getattr(action, "title", "") or run.step.title or _kind_of(action),
        for_ms=getattr(action, "for_ms", 0),
    )  # fmt: skip
    return lines, run


def _kind_of(action: pack.StepAction) -> str:
    """What an action is called in words."""
    name = next(key for key, model in ACTIONS.items() if isinstance(action, model))
    return text(f"actions.{name}")


Expander = Callable[[Run, Any], Expanded]


def _opening(begin: Callable[[Context, Group, Step, Any], tuple[Action, ...]]) -> Expander:
    """Return how an action is carried out that opens something by itself."""
    return lambda run, action: (begin(run.context, run.group, run.step, action), run)


_EXPANDERS: Final[Mapping[type[pack.StepAction], Expander]] = {
    pack.PostAction: _post,
    pack.DmAction: _dm,
    pack.DropAction: step_items.drop,
    pack.AskAction: step_items.ask,
    pack.QuestionsAction: _opening(slots.begin),
    pack.ShareDayAction: _share_day,
    pack.GameAction: _game,
    pack.TaskAction: _task,
    pack.OfferAction: offering.make,
    pack.ReviewAction: _review,
    pack.ReportAction: _report,
    pack.AwardAction: _award,
    pack.TagAction: _tag,
    BadgeAction: _badge,
    ChallengeAction: _opening(challenges.begin),
    WallAction: _wall,
    CollectAction: _opening(collecting.begin),
    VoteAction: _vote,
    ShowcaseAction: showcases.show,
    BookAction: showcases.book,
    SignupAction: _opening(signups.begin),
}
