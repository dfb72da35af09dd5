"""A vote as it runs: opened with its options, counted once when it ends, told in figures.

How a ballot is cast is told by `ballots`. Who has left the group by the end is not counted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from handlers.polls import vote_results
from handlers.ports import Context
from handlers.posting import summaries
from handlers.posting.rendering import say_words
from handlers.shares import topics
from handlers.tasks import hosting, tasks
from handlers.threads import open_threads
from sop import channels
from sop.actions import Action, Button
from sop.activities import votes
from sop.model import Ballot, Group, Item, Member, Occurrence, Thread
from sop.pack.pack_campaigns import VoteAction
from sop.pack.pack_conditions import Conditions
from sop.pack.pack_steps import Step
from sop.texts import has, length, text


def begin(
    context: Context, group: Group, step: Step, action: VoteAction, place: int,
    *, entries: Mapping[str, Any] = MappingProxyType({}),
) -> tuple[Action, ...]:  # fmt: skip
    """Open a vote with its post; one that still runs is not opened again.

    `place` is that of the action in its step, `entries` what is shown of the collection `of` when
    it is over: the best `pick` of these `numbers`. Where nothing can be heard people must hold it.
    """
    if _runs(context, group, step, place):
        return ()
    title = action.title or step.title or text("actions.vote")
    proposed: Sequence[Item] = ()
    if action.topics is not None:
        proposed = topics.for_vote(context, group)
        if len(proposed) < 2:  # noqa: PLR2004 - a choice
            return _without_choice(context, group, step, action.topics, proposed)
    options = [each.text for each in proposed] or [*action.options]
    if not channels.hears(group.channels):
        return _by_hand(context, group, step, title, action, options)
    words = _opening(context, group, title, action, options)
    open_threads.begin(
        context, group, step, kind=open_threads.VOTE, title=title, words=words,
        for_ms=action.for_ms,
        body={
            "place": place, "options": options, "secret": action.secret,
            "quorum": action.quorum or 0, "topics": [each.number for each in proposed],
            "day": str(action.topics or ""), "entries": dict(entries), "grace": step.grace_ms,
        },
    )  # fmt: skip
    post = Action(
        do="post", group=group.id, text=words, step=step.id,
        expires_at=context.now + min(step.grace_ms, action.for_ms),
        buttons=() if action.secret else _ballots(context, title, options),
    )  # fmt: skip
    missed = out_of_reach(context, group, title, action.quorum or 0, about=step.id, step=step.id)
    return (post, *missed)


def _ballots(context: Context, title: str, options: Sequence[str]) -> tuple[Button, ...]:
    """Return a button for each option: whoever presses another one changes their ballot."""
    word = context.book.words.shown("vote")
    return tuple(
        Button(option, f"{word} {title} {number}", of=str(number))
        for number, option in enumerate(options, 1)
        if word
    )


def _runs(context: Context, group: Group, step: Step, place: int) -> bool:
    return any(
        each.step == step.id and each.body["place"] == place
        for each in open_threads.open_at(context, group, context.now, open_threads.VOTE)
    )


def _without_choice(
    context: Context, group: Group, step: Step, day: str, proposed: Sequence[Item]
) -> tuple[Action, ...]:
    """Take the only topic there is without a vote."""
    if not proposed:
        return (Action(do="dropped", group=group.id, step=step.id, reason="topics"),)
    topics.choose(context, group, day, proposed[0].number)
    words = text("topics.only-one", topic=proposed[0].text)
    expires_at = context.now + step.grace_ms
    return (Action(do="post", group=group.id, text=words, step=step.id, expires_at=expires_at),)


def _by_hand(
    context: Context, group: Group, step: Step, title: str, action: VoteAction,
    options: Sequence[str],
) -> tuple[Action, ...]:  # fmt: skip
    return hosting.by_hand(
        context, group, step, name="vote", title=text("votes.by-hand", title=title,
        options=text("people.joiner").join(options)), for_ms=action.for_ms,
    )  # fmt: skip


def _opening(
    context: Context, group: Group, title: str, action: VoteAction, options: Sequence[str]
) -> str:
    word = context.book.words.shown("vote")
    say = say_words(context, None if action.secret else group, f"{word} 1")
    lines = [
        text("votes.open", title=title, length=length(action.for_ms)),
        *vote_results.numbered(options),
        text("votes.how-secret" if action.secret else "votes.how", say=say),
    ]
    if action.quorum:
        lines.append(text("votes.quorum", count=action.quorum))
    if not action.who.is_empty:
        lines.append(text("votes.who", who=_described(action.who)))
    return "\n".join(lines)


def _described(who: Conditions) -> str:
    """Return who may vote, in words as far as a layer or role says it."""
    key = f"votes.who-{who.layer or who.role or ''}"
    return text(key if has(key) else "votes.who-some")


def out_of_reach(
    context: Context, group: Group, title: str, quorum: int, *, about: str, step: str = "",
    without: int = 0,
) -> tuple[Action, ...]:  # fmt: skip
    """Tell staff of a quorum above the number of members, where that is known.

    `without` of them have no vote.
    """
    if not quorum or not channels.knows_members(group.channels):
        return ()
    found = context.store.count(Member, community=context.community, group=group.id, left_at=0)
    there = found - without
    if there <= 0 or there >= quorum:
        return ()
    return tasks.open_task(
        context, kind="quorum", to="staff", group=group.id, step=step,
        about=f"quorum:{group.id}:{about}",
        words=lambda number: text(
            "votes.quorum-task", group=group.title or group.id, title=title, there=there,
            quorum=quorum, number=number,
        ),
    )  # fmt: skip


def may_vote(context: Context, vote: Thread) -> Conditions:
    """Return who may vote, by the pack under which the vote was opened."""
    step = context.book.step(vote.step)
    place = vote.body["place"]
    action = step.do[place] if step is not None and place < len(step.do) else None
    return action.who if isinstance(action, VoteAction) else Conditions()


def close(
    context: Context, occurrence: Occurrence, group: Group, vote: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Count the ballots once, and post the result when the group is awake."""
    if fresh:
        vote = counted(context, group, vote)
        _settle_topic(context, group, vote)
        vote_results.settle_entries(context, group, vote)
    return summaries.post(
        context, occurrence, group, vote,
        lambda: vote_results.words(context, group, vote),
        lambda: vote_results.picture(context, group, vote),
    )  # fmt: skip


def counted(context: Context, group: Group, vote: Thread, *, without: int = 0) -> Thread:
    """Keep how many chose what; of a secret vote nothing remains that says who did.

    The ballots of who has left, and of the person `without`, count for nothing.
    """
    count, secret = len(vote.body["options"]), vote.body["secret"]
    ballots = context.store.find(Ballot, community=context.community, thread=vote.id)
    rows = context.store.rows(
        Member, ("person", "left_at"), community=context.community, group=group.id
    )
    left = {without, *(person for person, left_at in rows if left_at)}
    choices = (
        votes.unsealed(vote.id, each.at, each.choice, count) if secret else int(each.choice)
        for each in ballots
        if each.person not in left
    )
    counts = votes.tally(choices, count)
    for each in ballots if secret else ():
        context.store.put(replace(each, choice="", at=0))
    vote = context.store.get(Thread, *vote.key) or vote
    vote = replace(vote, body={**vote.body, "counts": counts})
    context.store.put(vote)
    return vote


def _settle_topic(context: Context, group: Group, vote: Thread) -> None:
    """Make the winner the next share day's topic; of equal ones that listed first."""
    winners, proposed = vote_results.found(vote).winners, vote.body["topics"]
    if winners and proposed:
        topics.choose(context, group, vote.body["day"], proposed[winners[0] - 1])
