"""The whole routing on one screen: which handlers see an event, in which order.

Guard before account before answer: a message is heard, judged, taken as a command, offered to
open threads, scored, and answered at last. A handler that ends the matter stops the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from handlers import commands
from handlers.admission import admitting, asking
from handlers.challenges import challenge_evenings, challenges
from handlers.clean_up import running, silent
from handlers.collections import (
    bulk_answers,
    elections,
    everyday,
    progress,
    review_queue,
    snag_answers,
)
from handlers.figures import publishing
from handlers.games import games, play
from handlers.groups import groups, moves, rosters
from handlers.identity import identities
from handlers.invitations import clicks, code_desk
from handlers.leaders import circle_news, leader_terms, leader_votes, tagging, volunteers
from handlers.ledger import hidden_authors, recounting, scoring, seasons
from handlers.likes import appreciation, like_reviews
from handlers.moderation import amends, learning, observing, raids, reviewing
from handlers.offers import offer_orders
from handlers.people import birthdays, payments, people
from handlers.polls import ballots
from handlers.pools import preparing, stocktaking
from handlers.ports import Context, Outcome
from handlers.posting import acknowledging, editing, showing
from handlers.questions import caring, questions
from handlers.recognition import answers, badges, praise, recognising, rollcall
from handlers.relays import relay_desk
from handlers.shares import share_answers, share_days, share_invitations, share_reminders, signals
from handlers.signups import signup_firsts, signup_lists, signups
from handlers.staff import refunds, staff, task_handover
from handlers.steps import closing, enforcement, failures, hearing, nights, says, steps, threads
from handlers.tasks import task_checks, task_turns, tasks
from handlers.threads import open_threads
from handlers.timing import absences, ahead
from sop.events import (
    AnswerAccepted,
    DeliveryFailed,
    Event,
    GroupAdopted,
    GroupCreated,
    LinkOpened,
    MemberJoined,
    MemberLeft,
    MessageReceived,
    PackEnforced,
    PackMended,
    PackRefused,
    ReportMade,
    RosterFetched,
    RosterHinted,
    StepDue,
    TaskAnswered,
)
from sop.told_events import (
    BenefitRefunded,
    BirthdayTold,
    IdentitiesMerged,
    IdentitiesSplit,
    LearningReverted,
    MemberPaid,
    OrdersTold,
    PaymentsTold,
    PointsRecounted,
    RoleChanged,
    TextsTaught,
)

E = TypeVar("E", bound=Event)


def always(_event: Any) -> bool:
    """Every event of the kind."""
    return True


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the map: this kind of event, if it `accepts` it, goes to that handler."""

    name: str
    handler: Callable[[Any, Context], Outcome]
    accepts: Callable[[Any], bool] = always


def on(
    event: type[E], handler: Callable[[E, Context], Outcome], accepts: Callable[[E], bool] = always
) -> tuple[type[Event], Route]:
    """Pair an event type with a handler and a filter that fit it; mypy holds them together."""
    return event, Route(f"{handler.__module__}.{handler.__name__}", handler, accepts)


def in_group(event: MessageReceived) -> bool:
    """The message was said in a group."""
    return bool(event.group)


def in_private(event: MessageReceived) -> bool:
    """The message was said to the bot alone."""
    return not event.group


def due(kind: str) -> Callable[[StepDue], bool]:
    """The occurrence is of that kind."""
    return lambda event: event.kind == kind


ROUTES: Final = (
    on(MessageReceived, hearing.hear),
    on(MessageReceived, reviewing.review, in_group),
    on(MessageReceived, share_answers.hear, in_private),
    on(MessageReceived, snag_answers.hear, in_private),
    on(MessageReceived, relay_desk.hear, in_private),
    on(MessageReceived, relay_desk.hear_openly, in_group),
    on(MessageReceived, tagging.suggest_of_share, in_group),
    on(MessageReceived, commands.run_command),
    on(MessageReceived, everyday.hear, in_group),
    on(MessageReceived, asking.hear, in_private),
    on(MessageReceived, running.stay, in_private),
    on(MessageReceived, task_checks.heard, in_group),
    on(MessageReceived, threads.hear, in_group),
    on(MessageReceived, ballots.hear),
    on(MessageReceived, scoring.credit_message, in_group),
    on(MessageReceived, recognising.introduced, in_group),
    on(MessageReceived, tagging.suggest, in_group),
    on(MessageReceived, says.hear, in_group),
    on(MessageReceived, appreciation.hear, in_group),
    on(MessageReceived, code_desk.hear, in_private),
    on(MessageReceived, games.miss, in_group),
    on(MessageReceived, answers.answer),
    on(MemberJoined, groups.welcome_member),
    on(MemberJoined, task_checks.look),
    on(MemberLeft, groups.farewell_member),
    on(MemberLeft, admitting.left),
    on(MemberLeft, task_checks.look),
    on(MemberLeft, task_handover.look),
    on(RosterFetched, rosters.compare),
    on(RosterFetched, admitting.left),
    on(RosterFetched, task_checks.look),
    on(RosterFetched, task_handover.look),
    on(RosterHinted, rosters.hint),
    on(GroupCreated, groups.start_group),
    on(GroupAdopted, groups.adopt_group),
    on(LinkOpened, clicks.opened),
    on(StepDue, steps.run_due_step, due("step")),
    on(StepDue, steps.run_silence, due("silence")),
    on(StepDue, closing.close, due(open_threads.CLOSE)),
    on(StepDue, threads.start, due("starter")),
    on(StepDue, games.turn, due(play.TURN)),
    on(StepDue, questions.escalate, due(caring.ESCALATE)),
    on(StepDue, caring.pass_on, due(caring.LATE)),
    on(StepDue, absences.look, due(absences.LOOK)),
    on(StepDue, preparing.ask, due(ahead.PREPARE)),
    on(StepDue, share_invitations.invite, due(ahead.INVITE)),
    on(StepDue, share_invitations.unanswered, due(share_invitations.ANSWER)),
    on(StepDue, share_reminders.remind, due(share_invitations.REMIND)),
    on(StepDue, share_days.host, due(share_days.HOST)),
    on(StepDue, showing.tell, due(showing.KIND)),
    on(StepDue, review_queue.tell, due(review_queue.QUEUE)),
    on(StepDue, bulk_answers.go_on, due(bulk_answers.MORE)),
    on(StepDue, progress.tell, due(progress.KIND)),
    on(StepDue, elections.tell, due(elections.KIND)),
    on(StepDue, hidden_authors.book, due(hidden_authors.KIND)),
    on(StepDue, challenge_evenings.evening, due(challenges.EVENING)),
    on(StepDue, signup_firsts.for_all, due(signup_firsts.FOR_ALL)),
    on(StepDue, signups.remind, due(signups.REMIND)),
    on(StepDue, signups.tell, due(signup_lists.TELL)),
    on(StepDue, birthdays.celebrate, due(birthdays.KIND)),
    on(StepDue, nights.nightly, due("daily")),
    on(StepDue, nights.anew, due(nights.ANEW)),
    on(StepDue, rollcall.look, due(rollcall.KIND)),
    on(StepDue, badges.look, due(badges.KIND)),
    on(StepDue, praise.tell, due(praise.KIND)),
    on(StepDue, stocktaking.tell, due(stocktaking.KIND)),
    on(StepDue, seasons.turn, due(seasons.KIND)),
    on(StepDue, acknowledging.tell, due(acknowledging.KIND)),
    on(StepDue, like_reviews.settle_more, due(like_reviews.MORE)),
    on(StepDue, recognising.due, due(recognising.KIND)),
    on(StepDue, signals.look, due(signals.KIND)),
    on(StepDue, asking.due, due(asking.ASK)),
    on(StepDue, admitting.end_trial, due(admitting.TRIAL_END)),
    on(StepDue, leader_votes.begin, due(leader_votes.KIND)),
    on(StepDue, circle_news.tell, due(circle_news.KIND)),
    on(StepDue, leader_terms.probation_over, due(leader_terms.KIND)),
    on(StepDue, volunteers.term_over, due(volunteers.TERM)),
    on(StepDue, raids.over, due(raids.OVER)),
    on(StepDue, observing.tell, due(observing.KIND)),
    on(StepDue, running.tell, due(running.TELL)),
    on(StepDue, running.end, due(running.END)),
    on(StepDue, task_turns.remind, due(tasks.REMINDER)),
    on(StepDue, task_turns.escalate, due(task_turns.ESCALATE)),
    on(PackEnforced, enforcement.enforce),
    on(PackEnforced, moves.follow_bindings),
    on(PackEnforced, silent.note_hearing),
    on(PackEnforced, task_handover.look),
    on(PackEnforced, stocktaking.refilled),
    on(PackRefused, editing.refuse),
    on(PackMended, editing.mend),
    on(DeliveryFailed, failures.take_over),
    on(ReportMade, publishing.publish),
    on(TaskAnswered, staff.answer_task),
    on(AnswerAccepted, questions.accept_event),
    on(BenefitRefunded, refunds.take_back),
    on(RoleChanged, people.set_role),
    on(RoleChanged, leader_terms.appointed),
    on(RoleChanged, task_handover.look),
    on(MemberPaid, people.set_paid),
    on(PaymentsTold, payments.note),
    on(OrdersTold, offer_orders.note),
    on(PointsRecounted, recounting.book),
    on(TextsTaught, learning.teach_all),
    on(LearningReverted, amends.revert),
    on(BirthdayTold, people.set_birthday),
    on(BirthdayTold, birthdays.told),
    on(IdentitiesMerged, identities.merged_event),
    on(IdentitiesSplit, identities.split_event),
)
