"""Checks of content: items and games with nothing in them."""

from collections.abc import Iterator

from sop.checks.check_subject import Subject
from sop.pack.pack import Item
from sop.pack.pack_actions import DropAction, GameAction
from sop.pools import game_pools
from sop.problems import Path
from sop.yaml.schema_problems import Finding


def empty_items(subject: Subject) -> Iterator[Finding]:
    """Find items that show nothing, and pools that hold none."""
    spared = _spared(subject)
    for name, pool in subject.pack.library.items():
        if not pool.items and not pool.from_ and name not in spared:
            message = "holds no items: what drops from it will be a task"
            yield Finding(path=("library", name), message=message, severity="warning")
        for index, item in enumerate(pool.items):
            if not any((item.text, item.ask, item.image, item.video, item.file)):
                message = "needs a text, ask, image, video or file"
                yield Finding(path=("library", name, "items", index), message=message)


def _spared(subject: Subject) -> set[str]:
    """Return the pools that may well be empty: all that is taken from them has a fallback."""
    drops = [action for _, _, action in subject.actions if isinstance(action, DropAction)]
    relied = {str(action.pool) for action in drops if not action.fallback}
    return {str(action.pool) for action in drops if action.fallback} - relied


def games_without_answers(subject: Subject) -> Iterator[Finding]:
    """Find games whose pool has items that nobody can answer."""
    told: set[str] = set()
    for action in _games(subject):
        name = game_pools.of(action)
        pool = subject.pack.library.get(name)
        if pool and name not in told:
            told.add(name)
            for index, item in enumerate(pool.items):
                yield from _unanswerable(("library", name, "items", index), item)


def _games(subject: Subject) -> Iterator[GameAction]:
    for _, _, action in subject.actions:
        if isinstance(action, GameAction) and action.game in game_pools.NAMES:
            yield action


def _unanswerable(path: Path, item: Item) -> Iterator[Finding]:
    if not (item.ask and item.answer):
        yield Finding(path=path, message="an item of a game needs ask and answer")
