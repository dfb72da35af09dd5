"""How ballots are cast: by 投票 with a number or an option, or by a number alone.

One each, the last counts. A secret one is cast in private, and nothing that is kept says what
it was for once the vote is over: neither its words nor its answer hold the choice.
"""

from collections.abc import Sequence
from typing import Final

from handlers.identity import messages
from handlers.ledger import facts
from handlers.people import people
from handlers.polls import vote_results, votes
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging
from handlers.posting.rendering import say_words
from handlers.recognition import recognition
from handlers.replies import aside, excerpt, privately, stopping
from handlers.threads import open_named, open_threads
from handlers.threads.open_named import Open
from sop.actions import Action
from sop.activities import votes as policy
from sop.events import MessageReceived
from sop.model import Ballot, Member, Thread
from sop.pack import conditions
from sop.text import normalise
from sop.texts import quoted, text

CLAIMING: Final = (
    open_threads.ASK, open_threads.QUESTIONS, open_threads.SHARE, open_threads.GAME,
)  # fmt: skip
"""Kinds of open things for which a number alone may be meant: there it is no ballot."""


def vote(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Cast the ballot that the command gives; what is not certain counts for nothing."""
    opened = open_named.opened(context, event.at, open_threads.VOTE)
    if not event.group and any(each.thread.body["secret"] for each in opened):
        messages.forget(event, context)
    if not opened:
        return _none(event, context)
    found, said = open_named.meant(event, context, argument, opened)
    found = _narrowed(found, said)
    certain = len(found) == 1
    if certain and _choice(found[0].thread, said):
        return _cast(event, context, found[0], said)
    late = open_named.lately(context, event.at, open_threads.VOTE)
    if late is not None and _is_of(late, said):
        return _over(event, context, late)
    if certain:
        return _cast(event, context, found[0], said)
    if not recognition.addressed(event) and not (found and policy.number_of(said)):
        return Outcome()
    return stopping(aside(event, context, _which(context, found or opened)))


def _which(context: Context, found: Sequence[Open]) -> str:
    """Ask which of several votes is meant."""
    example = open_named.again(found, context.book.words.shown("vote"), "1")
    return text("votes.which", titles=open_named.listed(found), example=example)


def _is_of(late: Thread, said: str) -> bool:
    """Tell whether a ballot was for a vote that is over: by its title, or an option's name."""
    named = said.casefold().startswith(late.title.casefold())
    return named or (not policy.number_of(said) and _choice(late, said) > 0)


def _choice(vote: Thread, said: str) -> int:
    """Return the option somebody chooses, also by another word for it; 0 for none."""
    found = policy.choice_of(vote.body["options"], said)
    return found or int(vote.body.get("words", {}).get(normalise(said).rstrip("!.~ "), 0))


def _narrowed(found: Sequence[Open], said: str) -> Sequence[Open]:
    """Of several votes, take the only one that has the option which is named."""
    if len(found) < 2 or policy.number_of(said):  # noqa: PLR2004 - several
        return found
    fitting = [each for each in found if _choice(each.thread, said)]
    return fitting if len(fitting) == 1 else found


def hear(event: MessageReceived, context: Context) -> Outcome:
    """Take a number alone for a ballot in the only vote, where nothing else may be meant.

    In a group that is never a secret vote.
    """
    if not policy.number_of(event.text) or context.person is None:
        return Outcome()
    group = context.group
    if group is not None and not group.threads:
        return Outcome()
    opened = open_named.opened(context, event.at, open_threads.VOTE)
    found, _ = open_named.meant(event, context, "", opened)
    if len(found) > 1 and not event.group:
        return stopping(privately(_which(context, found)))
    if len(found) != 1 or _is_claimed(event, context):
        return Outcome()
    secret = found[0].thread.body["secret"]
    unseen = secret and event.group and not recognition.addressed(event)
    if unseen or not _choice(found[0].thread, event.text):
        return Outcome()
    if secret and not event.group:
        messages.forget(event, context)
    return _cast(event, context, found[0], event.text)


def _is_claimed(event: MessageReceived, context: Context) -> bool:
    """Tell whether something else is open that a number may be said to; a quote decides."""
    if context.group is None or event.quote or event.quote_id:
        return False
    return bool(open_threads.open_at(context, context.group, event.at, *CLAIMING))


def _cast(event: MessageReceived, context: Context, opened: Open, said: str) -> Outcome:
    """Keep the choice as the person's ballot, if they may vote and it is one."""
    ballot = opened.thread
    choice = _choice(ballot, said)
    # What follows the command may be talk; a number is none, also where no option has it.
    if not (choice or recognition.addressed(event) or policy.number_of(said)):
        return Outcome()
    title = quoted(ballot.title)
    if ballot.body["secret"] and event.group:
        say = say_words(context, None, f"{context.book.words.shown('vote')} 1")
        return stopping(aside(event, context, text("votes.secret-here", title=title, say=say)))
    if not choice:
        return stopping(aside(event, context, _options(context, opened)))
    refusal = _refusal(context, opened)
    if refusal:
        return stopping(privately(text(refusal, title=title)))
    _keep(context, ballot, event.at, choice)
    return stopping(*_answer(event, context, opened, choice))


def _options(context: Context, opened: Open) -> str:
    """Say what there is to choose, and how."""
    group = None if opened.thread.body["secret"] else context.group
    say = say_words(context, group, f"{context.book.words.shown('vote')} 1")
    heading = text("votes.form", title=quoted(opened.thread.title), say=say)
    return "\n".join((heading, *vote_results.numbered(opened.thread.body["options"])))


def _refusal(context: Context, opened: Open) -> str:
    """Why the person has no vote here, as the key of a text; empty where they have."""
    if opened.thread.body.get("candidate"):
        return _electoral_refusal(context, opened)
    there = opened.under(context)
    known = facts.StoredFacts(there, opened.group, context.person)
    holds = conditions.ruling(votes.may_vote(there, opened.thread), known).holds
    return {True: "", False: "votes.not-yours", None: "votes.not-known"}[holds]


def _electoral_refusal(context: Context, opened: Open) -> str:
    """In a vote on a leader members of the group have a vote, and the candidate has none.

    Nor has who was seen to come when it was open already: nobody brings voters along.
    """
    person, vote = context.person, opened.thread
    candidate = people.current(context.store, context.community, vote.body["candidate"])
    member = context.store.get(
        Member, context.community, opened.group.id, person.id if person is not None else 0
    )
    if member is None or member.left_at:
        return "votes.not-member"
    if member.came_at > vote.opened_at:
        return "votes.too-new"
    return "votes.candidate" if candidate == person else ""


def _keep(context: Context, vote: Thread, at: int, choice: int) -> None:
    mark = policy.sealed(vote.id, at, choice) if vote.body["secret"] else str(choice)
    context.store.put(
        Ballot(
            community=context.community, thread=vote.id, person=context.person_id, choice=mark,
            at=at,
        )
    )  # fmt: skip


def _answer(
    event: MessageReceived, context: Context, opened: Open, choice: int
) -> tuple[Action, ...]:
    """Confirm a ballot; of a secret one the answer does not say what it is for."""
    vote, title = opened.thread, quoted(opened.thread.title)
    if vote.body["secret"]:
        return (privately(text("votes.noted-secret", title=title)),)
    option = excerpt(vote.body["options"][choice - 1], vote_results.OPTION)
    if not event.group:
        return (privately(text("votes.noted", title=title, number=choice, option=option)),)
    words = text("votes.noted-aloud", name=people.shown(context.person), option=option)
    return acknowledging.acknowledge(context, event, "vote", words)


def _none(event: MessageReceived, context: Context) -> Outcome:
    """Say that a vote is over, to who comes a moment too late or asks."""
    late = open_named.lately(context, event.at, open_threads.VOTE)
    if late is not None:
        return _over(event, context, late)
    if not recognition.addressed(event):
        return Outcome()
    return stopping(aside(event, context, text("votes.none")))


def _over(event: MessageReceived, context: Context, vote: Thread) -> Outcome:
    key = "votes.over-early" if vote.body.get(open_threads.EARLY) else "votes.over"
    return stopping(aside(event, context, text(key, title=quoted(vote.title))))
