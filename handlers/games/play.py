"""What all games share: what a running one remembers, how it answers, and its quiet moments.

A game is an open thread; everything it remembers is in the thread's body, so that it goes on
after a restart where it stood.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from handlers.ledger import ledger
from handlers.people import people
from handlers.ports import Context
from handlers.posting import acknowledging
from handlers.replies import openly
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.games import games
from sop.model import Group, Thread

TURN: Final = "game-turn"
"""The kind of occurrence at which a game looks whether it has to say something."""

QUIET_MS: Final = 2 * 60_000
"""After so long without a move the players are helped on."""

LATER_MS: Final = 10_000
"""How long an answer waits where the group was answered often enough in this minute."""

OWED: Final = "owed"
"""The cause of a turn at which an answer is made up for."""

MOST_HINTS: Final = 3
"""How often a game helps on by itself."""


def fresh(context: Context, game: str, **fields: Any) -> dict[str, Any]:
    """Return what a game remembers when it begins."""
    return {
        "game": game, "scores": {}, "last": {}, "hints": 0, "stalled": 0, "alive": True,
        "moved_at": context.now, "turn_at": 0, "owed": {}, **fields,
    }  # fmt: skip


def get(context: Context, thread: Thread) -> Thread:
    """Return the game as it is now."""
    return context.store.get(Thread, context.community, thread.id) or thread


def save(context: Context, thread: Thread, **changes: Any) -> Thread:
    """Remember what has changed in a game."""
    now = get(context, thread)
    now = replace(now, body={**now.body, **changes})
    context.store.put(now)
    return now


def tell(
    context: Context, group: Group, thread: Thread, words: str, *, image: str = ""
) -> tuple[Action, ...]:
    """Answer a move. Where the group was answered often enough in this minute, the newest
    answer follows in a moment. A picture goes out as a post of its own.
    """  # noqa: D205 - one thought in two sentences
    can_post = channels.way_for("post", group.channels) is not None
    prompted = replace(get(context, thread), text=words)
    context.store.put(prompted)
    if can_post and not acknowledging.has_room(context, group):
        _owe(context, thread, words, image)
        return ()
    save(context, thread, owed={})
    answer = replace(openly(words), step=thread.step)
    return (answer, *_picture(group, thread, image))


def _picture(group: Group, thread: Thread, image: str) -> tuple[Action, ...]:
    if not image:
        return ()
    return (
        Action(
            do="post", group=group.id, image=image, step=thread.step, expires_at=thread.closes_at
        ),
    )  # fmt: skip


def _owe(context: Context, thread: Thread, words: str, image: str) -> None:
    waiting = bool(get(context, thread).body["owed"])
    save(context, thread, owed={"words": words, "image": image})
    if not waiting:
        plan(context, thread, context.now + LATER_MS, OWED)


def make_up(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Say the answer that had to wait; as long as there is no room it waits on."""
    owed: Mapping[str, str] = thread.body["owed"]
    if not owed:
        return ()
    if not acknowledging.has_room(context, group):
        plan(context, thread, context.now + LATER_MS, OWED)
        return ()
    save(context, thread, owed={})
    return (post(group, thread, owed["words"], image=owed["image"]),)


def post(group: Group, thread: Thread, words: str, *, image: str = "") -> Action:
    """Return what a game says by itself; after its end nobody wants it any more."""
    return Action(
        do="post", group=group.id, text=words, image=image, step=thread.step,
        expires_at=thread.closes_at,
    )  # fmt: skip


def plan(context: Context, thread: Thread, due: int, cause: str = "") -> None:
    """Plan to look at the game again, unless it is over by then."""
    if due < thread.closes_at:
        scheduling.plan(
            context, thread.group, TURN, due, step=thread.step, subject=str(thread.id),
            cause=cause, version=thread.version,
        )  # fmt: skip


def note_move(context: Context, thread: Thread, person: int, at: int, **changes: Any) -> Thread:
    """Remember that a player has moved, and look again when it has been quiet for a while."""
    body = get(context, thread).body
    return awake(context, thread, last=games.moved(body, person, at), **changes)


def awake(context: Context, thread: Thread, **changes: Any) -> Thread:
    """Remember that the game lives, and look again when it has been quiet for a while."""
    turn_at = get(context, thread).body["turn_at"]
    if turn_at <= context.now:
        turn_at = context.now + QUIET_MS
        plan(context, thread, turn_at)
    return save(context, thread, alive=True, moved_at=context.now, turn_at=turn_at, **changes)


def win(context: Context, thread: Thread, person: int, source: str) -> tuple[Action, ...]:
    """Book what a move that counts earns."""
    return ledger.credit(context, person, "win", source=source, step=thread.step)


def name(context: Context, person: int) -> str:
    """Return the name of a player, who may be somebody else by now."""
    return people.shown(people.current(context.store, context.community, person))
