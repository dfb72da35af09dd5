"""Games: how one opens, which messages are its moves, how it helps on, and how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from handlers.benefits import prizes
from handlers.games import chains, play, riddles
from handlers.limits import budgets
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging, summaries
from handlers.posting.outbox import LATE_MS
from handlers.posting.rendering import say_words
from handlers.recognition import answers, recognition
from handlers.replies import openly
from handlers.tasks import hosting
from handlers.threads import open_threads
from handlers.threads.open_threads import GAME
from handlers.timing import deadlines
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived, StepDue
from sop.games import games
from sop.model import Group, Occurrence, Thread
from sop.pack.pack_actions import GameAction
from sop.pack.pack_steps import Step
from sop.texts import length, text

NAMED: Final = 10
"""Players a summary names."""

KEPT_FREE: Final = 2
"""Posts of the budget that hints leave over: one for the summary, one for the day's next step."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one kind of game does."""

    begin: Callable[[Context, Group, str, GameAction], dict[str, Any] | None]
    opening: Callable[[dict[str, Any]], str]
    is_move: Callable[[Thread, int, str, int], bool]
    move: Callable[[MessageReceived, Context, Group, Thread], tuple[Action, ...] | None]
    help_on: Callable[[Context, Group, Thread], tuple[Action, ...]]
    over: Callable[[Thread], str]
    untold: Callable[[Thread], str]
    missed: Callable[[Thread, str, int], str]
    prize_at_end: bool


_RIDDLE: Final = Kind(
    riddles.begin, riddles.opening, riddles.is_move, riddles.move, riddles.help_on, riddles.over,
    riddles.untold, riddles.missed, prize_at_end=False,
)  # fmt: skip
_KINDS: Final[Mapping[str, Kind]] = {
    "idiom-chain": Kind(
        chains.begin, chains.opening, chains.is_move, chains.move, chains.help_on, chains.over,
        chains.untold, chains.missed, prize_at_end=True,
    ),
    "riddle": _RIDDLE,
    "quiz": _RIDDLE,
}  # fmt: skip


def _kind(thread: Thread) -> Kind:
    return _KINDS[thread.body["game"]]


def begin(
    context: Context, group: Group, step: Step, action: GameAction
) -> tuple[Action, ...] | None:
    """Open a game with its post; None where its pool has nothing left.

    What was begun by hand and runs still is not begun again. Where nothing can be heard, or no
    picture shown, people must hold it.
    """
    running = open_threads.open_at(context, group, context.now, GAME)
    if any(each.step == step.id for each in running):
        return ()
    title = step.title or text(f"actions.{action.game}")
    kind = _KINDS[action.game]
    heard = channels.hears(group.channels)
    body = kind.begin(context, group, step.id, action) if heard else None
    if body is None:
        if heard and not riddles.is_unseen(context, group, action):
            return None
        return hosting.by_hand(
            context, group, step, name="game", title=title, for_ms=action.for_ms,
            prepared=lambda: riddles.for_hosts(context, group, action),
        )  # fmt: skip
    prize = action.prize
    body |= {
        "points": prize.points or 0 if prize else 0, "grace": step.grace_ms,
        "benefit": str(prize.benefit or "") if prize else "",
    }  # fmt: skip
    lines = [text("games.open", title=title, length=length(action.for_ms)), kind.opening(body)]
    if not channels.hears_all(group.channels):
        say = say_words(context, group, text("games.your-answer"))
        lines.append(text("games.open-mentioned", say=say))
    words = "\n".join(lines)
    thread = open_threads.begin(
        context, group, step, kind=GAME, title=title, words=words, for_ms=action.for_ms, body=body
    )
    play.awake(context, thread)
    return (play.post(group, thread, words, image=body.get("item", {}).get("image", "")),)


def is_move(event: MessageReceived, context: Context) -> bool:
    """Tell whether a group message is a move in a running game."""
    group = context.group
    if group is None or not group.threads:
        return False
    return any(
        _kind(thread).is_move(thread, context.person_id, event.text, event.at)
        for thread in _running(event, context, group)
    )


def does_not_count(event: MessageReceived, context: Context) -> bool:
    """Tell whether flood and repeats pass the message over: a command, or a move in a game."""
    return recognition.is_command(event, context) or is_move(event, context)


def _running(event: MessageReceived, context: Context, group: Group) -> tuple[Thread, ...]:
    """Return the open games, the newest first; a message that comes late is no move in them."""
    if group.paused or group.retired or context.now - event.at > LATE_MS:
        return ()
    return open_threads.open_at(context, group, event.at, GAME)[::-1]


def moved(event: MessageReceived, context: Context, group: Group) -> tuple[Action, ...] | None:
    """Take a message as a move in the newest game in which it is one; None: in none."""
    for thread in _running(event, context, group):
        lines = _moved(event, context, group, thread)
        if lines is not None:
            return lines
    return None


def moved_in(
    event: MessageReceived, context: Context, group: Group, thread: Thread
) -> tuple[Action, ...] | None:
    """Take a message as a move in that game; None where it is none."""
    if thread not in _running(event, context, group):
        return None
    return _moved(event, context, group, thread)


def _moved(
    event: MessageReceived, context: Context, group: Group, thread: Thread
) -> tuple[Action, ...] | None:
    return _kind(thread).move(event, context.under(thread.version), group, thread)


def miss(event: MessageReceived, context: Context) -> Outcome:
    """Tell who spoke to the bot that it was meant for a running game, and brought nothing."""
    group = context.group
    if group is None or not group.threads or not recognition.addressed(event):
        return Outcome()
    if answers.is_answered(context):
        return Outcome()
    for thread in _running(event, context, group):
        key = _kind(thread).missed(thread, event.text, event.at)
        if key:
            fast = games.is_too_fast(thread.body, context.person_id, event.at)
            return Outcome((openly(text("games.too-fast" if fast else key)),))
    return Outcome()


def turn(event: StepDue, context: Context) -> Outcome:
    """Make up for an answer that had to wait, or help on after a quiet while."""
    group = context.group
    if not deadlines.settle(event, context) or group is None:
        return Outcome()
    thread = context.store.get(Thread, context.community, int(event.subject))
    if thread is None or thread.status != "open" or context.now >= thread.closes_at:
        return Outcome()
    if group.paused or group.retired:
        play.save(context, thread, turn_at=0)
        return Outcome()
    context = context.under(thread.version)
    if event.cause == play.OWED:
        return Outcome(play.make_up(context, group, thread))
    return Outcome(_quiet(context, group, thread))


def _quiet(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Help on who is there, a few times; where nobody has won anything yet, once."""
    due = thread.body["moved_at"] + play.QUIET_MS
    if context.now < due:
        play.plan(context, thread, due)
        play.save(context, thread, turn_at=due)
        return ()
    may = _may_help(context, group, thread)
    again = context.now + play.QUIET_MS if may else 0
    thread = play.save(context, thread, turn_at=again)
    if not may:
        return ()
    thread = play.save(
        context, thread, hints=thread.body["hints"] + 1, moved_at=context.now,
        alive=bool(thread.body["scores"]) and not thread.body["stalled"],
    )  # fmt: skip
    play.plan(context, thread, again)
    lines = _kind(thread).help_on(context, group, thread)
    if lines:
        budgets.spend_post(context, group)
    return lines


def _may_help(context: Context, group: Group, thread: Thread) -> bool:
    """Tell whether the bot may speak up by itself: what else the day brings keeps its place."""
    body = thread.body
    if not body["alive"] or body["hints"] >= play.MOST_HINTS or body["owed"]:
        return False
    if channels.way_for("post", group.channels) is None:
        return False
    left = budgets.left(context, group)
    return acknowledging.sleeping(context, group) is None and (left is None or left > KEPT_FREE)


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Give the prize when the game ends, and post who has played when the group is awake."""
    context = context.under(thread.version)
    prize = _prize(context, group, thread) if fresh else ()
    return (
        *prize,
        *summaries.post(context, occurrence, group, thread, lambda: _summary(context, thread)),
    )


def _standings(context: Context, thread: Thread) -> list[tuple[int, int]]:
    """Return the players with their points, the best first; who turned out one is one.

    Who left before the end has none.
    """
    gone = people.gone(context, thread.closes_at)
    scores: dict[int, list[int]] = {}
    for number, (points, turn_) in thread.body["scores"].items():
        person = people.current(context.store, context.community, int(number))
        if person is not None and person.id not in gone:
            known = scores.get(person.id, [0, 0])
            scores[person.id] = [known[0] + points, max(known[1], turn_)]
    return games.standings(scores)


def _prize(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    found = _standings(context, thread)
    if not found or not _kind(thread).prize_at_end:
        return ()
    return prizes.give(context, group, thread, found[0][0], f"prize:{thread.id}")


def _summary(context: Context, thread: Thread) -> str:
    """Say who has played, if anybody has; who does not want to be ranked is not named."""
    found = _standings(context, thread)
    if not found:
        return ""
    ranked = [
        (person, points)
        for number, points in found
        if (person := people.current(context.store, context.community, number)) is not None
        and not person.unranked
    ]
    lines = [_kind(thread).over(thread)]
    lines += [
        text("games.player", place=place, name=people.shown(person), points=points)
        for place, (person, points) in enumerate(ranked[:NAMED], 1)
    ]
    if len(found) > len(ranked[:NAMED]):
        lines.append(text("games.others", count=len(found) - len(ranked[:NAMED])))
    prize = prizes.title(context, thread)
    if prize and _kind(thread).prize_at_end:
        named = ranked and ranked[0][0].id == found[0][0]
        winner = people.shown(ranked[0][0]) if named else text("games.somebody")
        lines.append(text("games.winner", name=winner, prize=prize))
    return "\n".join(filter(None, (*lines, _kind(thread).untold(thread))))
