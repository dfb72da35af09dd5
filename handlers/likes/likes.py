"""Likes by command, and taking one back."""

from collections.abc import Mapping, Sequence
from typing import Final

from handlers.likes import like_targets, liking
from handlers.likes.like_norms import norm
from handlers.likes.like_targets import Target
from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.replies import can_whisper, discreetly, openly, privately, stopping
from sop.actions import Action
from sop.activities.commands import numbers_in
from sop.events import MessageReceived
from sop.model import Group, Like
from sop.standing import fair_play
from sop.texts import text

MOST: Final = 10
"""Numbers that are liked with one message."""

WORDS: Final[Mapping[str, str]] = {
    "again": "likes.again",
    "withdrawn": "likes.withdrawn",
    "self": "likes.self",
    "per-day": "likes.per-day",
    "pair": "likes.pair",
    "held": "likes.held",
}
"""What the giver alone hears of a like that does not count, or not yet."""


def like(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Like the contribution of a number, what is quoted, or somebody by name."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    several = numbers_in(argument)[:MOST]
    if len(several) > 1:
        return _several(event, context, group, several)
    meant = like_targets.resolve(event, context, group, argument)
    if meant.target is None:
        bare = not (argument or event.quote or event.quote_id)
        if bare and can_whisper(event, context):
            return stopping(privately(f"{meant.problem}\n{_account(context)}"))
        return stopping(explained(event, context, meant.problem))
    given = liking.give(context, group, meant.target)
    if given.status == "counted":
        return stopping(*given.lines, *_thanked(event, context, meant.target))
    if _is_known(event, context, given.status):
        return stopping(*given.lines)
    return stopping(*given.lines, discreetly(event, context, text(WORDS[given.status])))


def _is_known(event: MessageReceived, context: Context, status: str) -> bool:
    """Tell whether the giver heard today that their likes wait: once is enough in open talk."""
    if status != "held" or event.mentions_bot or not event.group:
        return False
    waiting = context.store.count(
        Like, community=context.community, giver=context.person_id, status="held",
        day=like_targets.today(context),
    )  # fmt: skip
    return waiting > 1


def _several(
    event: MessageReceived, context: Context, group: Group, numbers: Sequence[int]
) -> Outcome:
    """Like each of several numbers; what does not count is told once for all of them."""
    lines: list[Action] = []
    told: list[str] = []
    for number in numbers:
        meant = like_targets.resolve(event, context, group, str(number))
        given = liking.give(context, group, meant.target) if meant.target else None
        if meant.target is None or given is None:
            told.append(meant.problem)
            continue
        lines.extend(given.lines)
        if given.status == "counted":
            lines.extend(_thanked(event, context, meant.target))
        else:
            told.append(text(WORDS[given.status]))
    words = "\n".join(dict.fromkeys(told))
    return stopping(*lines, *((discreetly(event, context, words),) if words else ()))


def _account(context: Context) -> str:
    """Tell what somebody's likes weigh, and why some weigh less."""
    day = like_targets.today(context)
    given = voices.standing(context, day, giver=context.person_id)
    return text(
        "likes.account", days=fair_play.WINDOW, given=len(given),
        bears=sum(1 for each in given if each.bears), most=norm(context, day).allowance,
    )  # fmt: skip


def explained(event: MessageReceived, context: Context, problem: str) -> Action:
    """Say what is not certain: aside if possible; what there is to choose from is no secret."""
    return privately(problem) if can_whisper(event, context) else openly(problem)


def heard(
    event: MessageReceived, context: Context, group: Group, target: Target, *, answered: bool
) -> tuple[Action, ...]:
    """Take thanks that quote something for a like; `answered` says that somebody spoke to us.

    Thanks are also talk: what does not count is only mentioned to who asked for it.
    """
    given = liking.give(context, group, target)
    if given.status == "counted":
        return (*given.lines, *_thanked(event, context, target))
    tell = answered or (given.status == "held" and can_whisper(event, context))
    if not tell or _is_known(event, context, given.status):
        return given.lines
    return (*given.lines, discreetly(event, context, text(WORDS[given.status])))


def _thanked(event: MessageReceived, context: Context, target: Target) -> tuple[Action, ...]:
    author = people.current(context.store, context.community, target.author)
    words = text("likes.counted", name=people.shown(context.person), author=people.shown(author))
    return acknowledging.acknowledge(context, event, "like", words, about=(target.author,))


def unlike(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Take a like back; what it had brought is reversed."""
    group = context.group
    if group is None or context.person is None:
        return Outcome()
    meant = like_targets.resolve(event, context, group, argument)
    if meant.target is None:
        return stopping(explained(event, context, meant.problem))
    known = context.store.get(Like, context.community, meant.target.key, context.person_id)
    if known is None or known.status in ("withdrawn", "refused"):
        return stopping(discreetly(event, context, text("likes.nothing")))
    lines = liking.withdraw(context, known)
    return stopping(*lines, discreetly(event, context, text("likes.taken-back")))
