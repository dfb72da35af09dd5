"""Checks of actions: settings that bring nothing, and prompts with nothing behind them."""

from collections.abc import Iterator

from sop.checks.check_subject import Subject, warning
from sop.pack.pack import Pool
from sop.pack.pack_actions import AskAction, DropAction, GameAction, TagAction, TaskAction
from sop.pack.pack_campaigns import CollectAction, VoteAction
from sop.pack.pack_conditions import Conditions
from sop.problems import Path, suggestion
from sop.yaml.schema_problems import Finding


def prompts_of_nothing(subject: Subject) -> Iterator[Finding]:
    """Find prompts from an item where no item of the pool dropped before has one."""
    for path, step in subject.placed:
        pool: Pool | None = None
        for index, action in enumerate(step.do):
            if isinstance(action, DropAction):
                pool = subject.pack.library.get(action.pool)
            asks = isinstance(action, AskAction) and action.ask.from_
            if asks and pool and pool.items and not any(item.ask for item in pool.items):
                message = "no item of that pool has an ask: nothing will be asked"
                yield warning((*path, "do", index, "ask"), message)


def starters_too_late(subject: Subject) -> Iterator[Finding]:
    """Find threads that are over before somebody would prime them."""
    for path, _, action in subject.actions:
        starter = action.starter if isinstance(action, AskAction) else None
        if starter and isinstance(action, AskAction) and starter.after_ms >= action.for_ms:
            message = "comes when the thread is over: make it shorter than for"
            yield warning((*path, "starter", "after"), message)


def odd_games(subject: Subject) -> Iterator[Finding]:
    """Find settings of games that belong to another game."""
    for path, _, action in subject.actions:
        if not isinstance(action, GameAction):
            continue
        if action.sound and action.game != "idiom-chain":
            yield warning((*path, "sound"), "belongs to idiom-chain: it does nothing here")
        if action.pool and action.game == "idiom-chain":
            message = "an idiom chain takes its idioms from a dictionary: the pool is not used"
            yield warning((*path, "pool"), message)
        if action.prize and action.prize.points is None and action.prize.benefit is None:
            yield warning((*path, "prize"), "is empty: name points or a benefit")


def odd_campaigns(subject: Subject) -> Iterator[Finding]:
    """Find prizes nobody wins, and persons in charge of no category."""
    for path, _, action in subject.actions:
        if isinstance(action, CollectAction):
            yield from _odd_collection((*path, "collect"), action)


def _odd_collection(path: Path, action: CollectAction) -> Iterator[Finding]:
    for index, prize in enumerate(action.prizes):
        if prize.top is None and prize.likes is None:
            yield warning((*path, "prizes", index), "says neither top nor likes: nobody wins it")
    for name in action.assign if action.categories else ():
        if name not in action.categories:
            near = suggestion(name, action.categories)
            yield warning((*path, "assign", name), f'"{name}" is none of the categories', near)


def equal_options(subject: Subject) -> Iterator[Finding]:
    """Find options of a poll that are there twice."""
    for path, _, action in subject.actions:
        options = action.options if isinstance(action, VoteAction) else ()
        for index, option in enumerate(options):
            if option in options[:index]:
                yield warning((*path, "vote", "options", index), f'"{option}" is there already')


def tasks_for_nobody(subject: Subject) -> Iterator[Finding]:
    """Find tasks for leaders in a pack that has none."""
    if subject.pack.leaders is not None:
        return
    for path, _, action in subject.actions:
        if isinstance(action, TaskAction) and action.to == "leader":
            yield warning((*path, "task", "to"), "the pack has no leaders: say owner or staff")


def unnamed_tags(subject: Subject) -> Iterator[Finding]:
    """Find conditions on tags that the pack's list of tags does not have."""
    given = {action.tag for _, _, action in subject.actions if isinstance(action, TagAction)}
    known = {*subject.pack.tags, *given, *(circle.tag for circle in subject.pack.circles)}
    if not subject.pack.tags:
        return
    for path, value in subject.parts:
        if isinstance(value, Conditions) and value.tag and value.tag not in known:
            message = f'"{value.tag}" is none of the tags'
            yield warning((*path, "tag"), message, suggestion(value.tag, known))
