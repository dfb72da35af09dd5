"""Riddles and quizzes: the first right answer to an item wins it, and the next one follows."""

from typing import Any, Final

from handlers.benefits import prizes
from handlers.games import play
from handlers.pools import pools
from handlers.ports import Context
from handlers.posting.rendering import render
from handlers.threads import open_threads
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived
from sop.games import games
from sop.model import Group, Thread
from sop.pack.pack import Item
from sop.pack.pack_actions import GameAction
from sop.pools import game_pools
from sop.texts import text
from sop.times import localtime

HANDED: Final = 5
"""Items that people get who hold the game."""

MOST_TRIED: Final = 100
"""Different wrong guesses at one item that are taken for moves."""


def begin(context: Context, group: Group, step: str, action: GameAction) -> dict[str, Any] | None:
    """Return what the game remembers when it begins; None where its pool has nothing left."""
    del step
    pool = game_pools.of(action)
    item = _draw(context, group, pool)
    if item is None:
        return None
    return play.fresh(context, action.game, pool=pool, number=1, **_fresh(context, item))


def _fresh(
    context: Context, item: dict[str, Any], before: dict[str, Any] | None = None
) -> dict[str, Any]:
    return {
        "item": item, "before": before or {}, "asked_at": context.now, "tried": [], "out": [],
        "stalled": 0,
    }  # fmt: skip


def is_unseen(context: Context, group: Group, action: GameAction) -> bool:
    """Tell whether there are items, though none of which the group can get the picture."""
    if channels.can(group.channels, "images") or action.game not in game_pools.NAMES:
        return False
    today = localtime.local_date(context.now, context.book.zone)
    return pools.left(context, group, pools.Need((game_pools.of(action),)), today) != 0


def for_hosts(context: Context, group: Group, action: GameAction) -> str:
    """Return the next items with their answers, for people who hold the game: they are used."""
    pool = game_pools.of(action) if action.game in game_pools.NAMES else ""
    lines: list[str] = []
    while pool and len(lines) < HANDED:
        found = pools.draw(context, group, pool, games.playable)
        if found is None:
            break
        ask, number = render(context, found.ask or "", group), len(lines) + 1
        lines.append(text("games.handed", number=number, ask=ask, beside=_beside(found)))
    return "\n".join(lines)


def _beside(item: Item) -> str:
    """Return what stands beside a question for who asks it: options, answer, picture."""
    options = text("people.joiner").join(item.options)
    known = {"options": options, "answer": item.answer[0], "image": item.image or ""}
    found = (text(f"games.handed-{name}", value=value) for name, value in known.items() if value)
    return text("leaders.joiner").join(found)


def _draw(context: Context, group: Group, pool: str) -> dict[str, Any] | None:
    seen = channels.can(group.channels, "images")

    def wanted(item: Item) -> bool:
        return games.playable(item) and (seen or not item.image)

    found = pools.draw(context, group, pool, wanted)
    if found is None:
        return None
    return {
        "ask": render(context, found.ask or "", group), "answers": list(found.answer),
        "options": list(found.options), "hint": found.hint, "image": found.image or "",
    }  # fmt: skip


def opening(body: dict[str, Any]) -> str:
    """Return the words that say how the game begins."""
    return text("games.riddle-open", item=_shown(body))


def _shown(body: Any) -> str:
    item = body["item"]
    lines = [text("games.item", number=body["number"], ask=item["ask"])]
    lines += [
        text("games.option", letter=letter.upper(), option=option)
        for letter, option in zip(games.LETTERS, item["options"], strict=False)
    ]
    return "\n".join(lines)


def _riddle(thread: Thread) -> games.Riddle:
    return games.Riddle(**thread.body["item"])


def is_move(thread: Thread, person: int, said: str, at: int) -> bool:
    """Tell whether the message is a right answer, or a guess that nobody has made before."""
    if not thread.body["item"] or games.is_cooling(thread.body, person, at):
        return False
    riddle, tried = _riddle(thread), thread.body["tried"]
    if games.is_right(riddle, said) or games.is_late(thread.body, said, at):
        return True
    return (
        games.is_guess(riddle, said)
        and len(tried) < MOST_TRIED
        and games.mark_of(said) not in tried
    )


def move(
    event: MessageReceived, context: Context, group: Group, thread: Thread
) -> tuple[Action, ...] | None:
    """Take a message as an answer; None where it is none."""
    body, person = thread.body, context.person_id
    if not is_move(thread, person, event.text, event.at):
        return None
    riddle = _riddle(thread)
    out_already = riddle.options and person in body["out"]
    if out_already or games.is_late(body, event.text, event.at):
        return ()
    if games.is_right(riddle, event.text):
        return _solve(event, context, group, thread)
    tried = [*body["tried"], games.mark_of(event.text)]
    out = [*body["out"], person] if riddle.options else body["out"]
    play.note_move(context, thread, person, event.at, tried=tried, out=out)
    return ()


def _solve(
    event: MessageReceived, context: Context, group: Group, thread: Thread
) -> tuple[Action, ...]:
    person, number = context.person_id, thread.body["number"]
    answer = thread.body["item"]["answers"][0]
    scores = games.scored(thread.body, person)
    thread = play.note_move(context, thread, person, event.at, scores=scores)
    lines = (
        *play.win(context, thread, person, f"game:{thread.id}:{number}"),
        *prizes.give(context, group, thread, person, f"prize:{thread.id}:{number}"),
    )
    head = text("games.solved", name=play.name(context, person), answer=answer)
    words, image = _go_on(context, group, thread, head)
    return (*lines, *play.tell(context, group, thread, words, image=image))


def _go_on(context: Context, group: Group, thread: Thread, head: str) -> tuple[str, str]:
    """Return the head with the next item, and its picture; without one the game is over."""
    item = _draw(context, group, thread.body["pool"])
    if item is None:
        play.save(context, thread, **_fresh(context, {}))
        open_threads.hasten(context, play.get(context, thread))
        return text("games.no-more", head=head), ""
    number = thread.body["number"] + 1
    fresh = _fresh(context, item, before=thread.body["item"])
    thread = play.save(context, thread, number=number, **fresh)
    return text("games.next-item", head=head, item=_shown(thread.body)), item["image"]


def help_on(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Give a hint to who is stuck; later the answer, and the next item.

    Among options a first character would be the answer: without a hint of its own there is none.
    """
    item = thread.body["item"]
    if not item:
        return ()
    if not thread.body["stalled"]:
        play.save(context, thread, stalled=1)
        if item["options"] and not item["hint"]:
            return ()
        first = games.plain(item["answers"][0])[:1]
        hint = item["hint"] or text("games.first-character", first=first)
        words = text("games.riddle-hint", hint=hint, ask=item["ask"])
        return (play.post(group, thread, words),)
    head = text("games.revealed", answer=item["answers"][0])
    words, image = _go_on(context, group, thread, head)
    return (play.post(group, thread, words, image=image),)


def missed(thread: Thread, said: str, at: int) -> str:
    """Return what to say, as the key of a text, of a guess that won nothing; empty: it is none."""
    if thread.body["item"] and games.is_late(thread.body, said, at):
        return "games.late"
    if not thread.body["item"] or not games.is_guess(_riddle(thread), said):
        return ""
    return "games.missed-choice" if thread.body["item"]["options"] else "games.missed"


def untold(thread: Thread) -> str:
    """Return the answer to the item that nobody has got when the game ends."""
    item = thread.body["item"]
    return text("games.last-revealed", answer=item["answers"][0]) if item else ""


def over(thread: Thread) -> str:
    """Return the first line of the summary."""
    won = sum(score[0] for score in thread.body["scores"].values())
    return text("games.riddle-over", title=thread.title, count=won)
