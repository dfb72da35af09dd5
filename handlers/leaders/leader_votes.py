"""The members of a group vote on who wants to lead there: in secret, once, never the candidate.

A vote like any other (see `votes`, `ballots`), with two options. Who is elected is told to all,
who is not to nobody but themselves.
"""

from dataclasses import replace
from typing import Final

from handlers.leaders import leader_questions, leader_terms
from handlers.people import leader_records, letters, people
from handlers.people.leader_records import REFUSED, VOTING
from handlers.polls import vote_results, votes
from handlers.ports import Context, Outcome
from handlers.posting import announcing, summaries
from handlers.posting.rendering import say_words
from handlers.tasks import tasks
from handlers.threads import open_threads
from handlers.timing import deadlines, scheduling
from handlers.traces import HELD, Verdict
from sop import channels
from sop.actions import Action
from sop.activities.votes import FEWEST_SECRET
from sop.events import StepDue
from sop.model import Group, Leader, Occurrence, Person, Task, Thread
from sop.pack.pack_people import LeaderVote
from sop.standing import leaders
from sop.texts import length, text
from sop.times.durations import DAY_MS, HOUR_MS

KIND: Final = "leader-vote"
"""The kind of occurrence at which a vote opens: by day, and within the group's budget."""

BY_HAND: Final = leader_questions.BALLOT
"""The kind of task by which people hold the vote where the bot hears nobody."""

GRACE_MS: Final = DAY_MS
"""How long after its end a result may still be told."""


def plan(context: Context, leader: Leader) -> None:
    """Let the vote open as soon as the group may be spoken to."""
    context.store.put(replace(leader, status=VOTING, since=context.now))
    scheduling.plan(
        context, leader.group, KIND, context.now, subject=str(leader.person),
        version=context.book.version,
    )  # fmt: skip


def begin(event: StepDue, context: Context) -> Outcome:
    """Open the vote with its post; who is not there any more, or not a candidate, has none."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None:
        return Outcome()
    person = people.current(context.store, context.community, int(event.subject))
    leader = leader_records.of(context, person.id) if person is not None else None
    pack = context.book.pack.leaders
    wanted = pack.vote if pack is not None else None
    gone = group is None or group.retired or leader is None or leader.status != VOTING
    if gone or group is None or leader is None or person is None or wanted is None:
        deadlines.settle(event, context)
        return Outcome()
    if group.paused:
        held = Verdict(verdict=HELD, reason="paused", until=context.now + HOUR_MS)
        return Outcome((deadlines.hold(context, occurrence, held),))
    if not channels.hears(group.channels):
        deadlines.settle(event, context)
        return Outcome(_by_hand(context, group, leader, person, wanted))
    return Outcome(_opened(context, occurrence, group, leader, person, wanted))


def _opened(
    context: Context, occurrence: Occurrence, group: Group, leader: Leader, person: Person,
    wanted: LeaderVote,
) -> tuple[Action, ...]:  # fmt: skip
    title = text("leaders.vote-title", name=people.shown(person))
    options = [text("leaders.aye"), text("leaders.nay")]
    words = _words(context, title, options, wanted)
    lines = announcing.announce(
        context, occurrence, group, words, expires_at=context.now + wanted.for_ms
    )
    if lines[0].do != "post":
        return lines
    thread = Thread(
        community=context.community, id=context.store.number(context.community, "thread"),
        group=group.id, step="", kind=open_threads.VOTE, title=title, text=words,
        opened_at=context.now, closes_at=context.now + wanted.for_ms,
        version=context.book.version,
        body={
            "place": -1, "options": options, "secret": True, "quorum": wanted.quorum,
            "pass": wanted.pass_, "topics": [], "day": "", "entries": {}, "grace": GRACE_MS,
            "candidate": person.id,
            "words": {**_words_for("leaders.ayes", 1), **_words_for("leaders.nays", 2)},
        },
    )  # fmt: skip
    open_threads.enter(context, group, thread)
    line = leader_records.change(context, leader, "vote")
    # The candidate has no ballot.
    few = votes.out_of_reach(context, group, title, wanted.quorum, about=KIND, without=1)
    return (line, *lines, *few)


def _words_for(key: str, option: int) -> dict[str, int]:
    return dict.fromkeys(text(key).split(), option)


def _words(context: Context, title: str, options: list[str], wanted: LeaderVote) -> str:
    say = say_words(context, None, f"{context.book.words.shown('vote')} 1")
    lines = [
        text("votes.open", title=title, length=length(wanted.for_ms)),
        *vote_results.numbered(options),
        text("votes.how-secret", say=say),
    ]
    if wanted.quorum > 1:
        lines.append(text("votes.quorum", count=wanted.quorum))
    return "\n".join(lines)


def _by_hand(
    context: Context, group: Group, leader: Leader, person: Person, wanted: LeaderVote
) -> tuple[Action, ...]:
    line = leader_records.change(context, leader, "vote", reason="by-hand")
    opened = tasks.open_task(
        context, kind=BY_HAND, to=tasks.deciders(group), group=group.id,
        about=leader_questions.about(BY_HAND, person.id), person=person.id,
        due_at=context.now + wanted.for_ms,
        words=lambda number: text(
            "leaders.ballot-task", name=people.shown(person), group=group.title or group.id,
            quorum=wanted.quorum, share=round(100 * wanted.pass_), number=number,
        ),
    )  # fmt: skip
    return (line, *opened)


def decide_by_hand(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Act on what people say their own vote has brought."""
    person = people.current(context.store, context.community, task.person)
    leader = leader_records.of(context, person.id) if person is not None else None
    if person is None or leader is None or leader.status != VOTING:
        return ()
    if choice == "approve":
        return leader_terms.elect(context, leader, person, by=task.closed_by)
    return _not_elected(context, leader, person, "vote", by=task.closed_by)


def is_one(thread: Thread) -> bool:
    """Tell whether an open thing is a vote on a leader."""
    return thread.kind == open_threads.VOTE and "candidate" in thread.body


def close(
    context: Context, occurrence: Occurrence, group: Group, vote: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """Count the ballots once; the group is told of whom it has elected, and of nothing else."""
    context = context.under(vote.version)
    person = people.current(context.store, context.community, vote.body["candidate"])
    if person is None:
        return ()
    lines = _settled(context, group, vote, person) if fresh else ()
    vote = context.store.get(Thread, *vote.key) or vote
    return (
        *lines,
        *summaries.post(context, occurrence, group, vote, lambda: _result(vote, person)),
    )


def _settled(context: Context, group: Group, vote: Thread, person: Person) -> tuple[Action, ...]:
    vote = votes.counted(context, group, vote, without=person.id)
    leader = leader_records.of(context, person.id)
    if leader is None or leader.status != VOTING:
        return ()
    ayes, nays = vote.body["counts"]
    won = leaders.elected(
        ayes, ayes + nays, quorum=vote.body["quorum"], pass_=vote.body["pass"]
    )  # fmt: skip
    context.store.put(replace(vote, body={**vote.body, "elected": won}))
    if won:
        return leader_terms.elect(context, leader, person)
    few = ayes + nays < vote.body["quorum"]
    return _not_elected(context, leader, person, "quorum" if few else "vote")


def _not_elected(
    context: Context, leader: Leader, person: Person, reason: str, *, by: int = 0
) -> tuple[Action, ...]:
    line = leader_records.change(context, leader, "rejected", reason=reason, by=by, status=REFUSED)
    words = text(f"leaders.rejected-{reason}", name=people.addressed(person))
    return (line, *letters.tell(context, person, words, leader.group))


def _result(vote: Thread, person: Person) -> str:
    """Say that somebody was elected, with figures where they tell nobody's ballot."""
    if not vote.body.get("elected"):
        return ""
    ayes, nays = vote.body["counts"]
    words = text("leaders.elected-aloud", name=people.shown(person))
    if ayes + nays < FEWEST_SECRET or not nays:
        return words
    return words + text("leaders.elected-figures", ayes=ayes, ballots=ayes + nays)
