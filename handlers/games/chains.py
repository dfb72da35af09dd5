"""A chain of idioms: the first valid link counts, for one person; who is stuck gets a hint."""

from typing import Any, Final

from handlers.games import play
from handlers.ports import Context
from handlers.posting import acknowledging
from sop import channels
from sop.actions import Action
from sop.events import MessageReceived
from sop.games import games, idioms
from sop.model import Group, Thread
from sop.pack.pack_actions import GameAction
from sop.texts import text

GAME: Final = "idiom-chain"

SHOWN: Final = 2
"""Characters of an idiom that a hint shows."""


def begin(context: Context, group: Group, step: str, action: GameAction) -> dict[str, Any]:
    """Return what a chain remembers when it begins: the bot's idiom is the first."""
    number = context.store.number(context.community, f"game:{group.id}")
    word = idioms.packaged().opener(f"{context.community}:{group.id}:{step}:{number}")
    return play.fresh(
        context, GAME, sound=action.sound, word=word, before="", used=[word], refused=[], links=0
    )


def opening(body: dict[str, Any]) -> str:
    """Return the words that say how the chain begins."""
    return text("games.chain-open", word=body["word"], next=_next(body))


def _next(body: Any) -> str:
    key = "games.next-sound" if body["sound"] else "games.next"
    return text(key, last=body["word"][-1])


def is_move(thread: Thread, person: int, said: str, at: int) -> bool:
    """Tell whether the message is one for the chain, fast or slow, new or not."""
    if games.is_cooling(thread.body, person, at):
        return False
    return bool(games.judge(idioms.packaged(), thread.body, said)[0])


def move(
    event: MessageReceived, context: Context, group: Group, thread: Thread
) -> tuple[Action, ...] | None:
    """Take a message as a move; None where it is none."""
    verdict, word = games.judge(idioms.packaged(), thread.body, event.text)
    if not verdict:
        return None
    if games.is_cooling(thread.body, context.person_id, event.at) or verdict == "late":
        return ()
    if verdict == "repeat":
        return _refuse(context, group, thread, word)
    return _link(event, context, group, thread, word)


def _refuse(context: Context, group: Group, thread: Thread, word: str) -> tuple[Action, ...]:
    """Say kindly, once, that it was said before."""
    refused = thread.body["refused"]
    can_post = channels.way_for("post", group.channels) is not None
    if word in refused or (can_post and not acknowledging.has_room(context, group)):
        return ()
    play.save(context, thread, refused=[*refused, word])
    words = text("games.repeat", word=word, next=_next(thread.body))
    return (Action(do="reply", text=words, step=thread.step),)


def _link(
    event: MessageReceived, context: Context, group: Group, thread: Thread, word: str
) -> tuple[Action, ...]:
    body, person = thread.body, context.person_id
    first = str(person) not in body["scores"]
    count = body["links"] + 1
    thread = play.note_move(
        context, thread, person, event.at, links=count, stalled=0,
        scores=games.scored(body, person), **_after(thread, word),
    )  # fmt: skip
    lines = play.win(context, thread, person, f"game:{thread.id}") if first else ()
    words = text(
        "games.linked", name=play.name(context, person), word=word, count=count,
        next=_onward(thread, word),
    )  # fmt: skip
    return (*lines, *play.tell(context, group, thread, words))


def _after(thread: Thread, word: str) -> dict[str, Any]:
    """Return how the chain stands after a word; where nothing can follow, the bot begins anew."""
    body, known = thread.body, idioms.packaged()
    used = [*body["used"], word]
    if next(known.following(word, used, sound=body["sound"]), None) is not None:
        return {"word": word, "before": body["word"], "used": used}
    anew = known.opener(f"{thread.community}:{thread.id}:{len(used)}", used)
    return {"word": anew, "before": body["word"], "used": [*used, anew]}


def _onward(thread: Thread, word: str) -> str:
    onward = _next(thread.body)
    if thread.body["word"] == word:
        return onward
    return text("games.anew", word=thread.body["word"], next=onward)


def help_on(context: Context, group: Group, thread: Thread) -> tuple[Action, ...]:
    """Give a hint to who is stuck; who is stuck on gets the link from the bot."""
    body = thread.body
    way = next(idioms.packaged().following(body["word"], body["used"], sound=body["sound"]), "")
    if not way:
        return ()
    if not body["stalled"]:
        play.save(context, thread, stalled=1)
        words = text("games.chain-hint", shown=way[:SHOWN], length=len(way), next=_next(body))
    else:
        thread = play.save(context, thread, stalled=0, **_after(thread, way))
        words = text("games.bot-links", word=way, next=_onward(thread, way))
    return (play.post(group, thread, words),)


def missed(thread: Thread, said: str, _at: int) -> str:
    """Return what to say, as the key of a text, of an idiom that is no link; empty: it is none."""
    return "games.missed-link" if games.is_try(idioms.packaged(), thread.body, said) else ""


def untold(_thread: Thread) -> str:
    """Return nothing: a chain keeps nothing back."""
    return ""


def over(thread: Thread) -> str:
    """Return the first line of the summary."""
    return text("games.chain-over", title=thread.title, count=thread.body["links"])
