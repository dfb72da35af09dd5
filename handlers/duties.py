"""Which function carries out which command: the whole list on one screen."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers.accounts import explanations, helping, own_page, self_service, standings
from handlers.benefits import redemption
from handlers.challenges import enrolments
from handlers.checkins import checking_in
from handlers.clean_up import cleaning
from handlers.collections import entering, withdrawing
from handlers.groups import group_switches
from handlers.identity import identity_commands
from handlers.invitations import invitations, invited, link_desk
from handlers.layers import layer_commands
from handlers.leaders import (
    circle_commands,
    leader_accounts,
    leader_applications,
    leader_terms,
    leading_asks,
    tagging,
)
from handlers.ledger import leaderboards
from handlers.likes import likes
from handlers.moderation import complaints, raids, reporting, strike_accounts
from handlers.polls import ballots
from handlers.ports import Context, Outcome
from handlers.questions import comments, questions
from handlers.recognition import badges
from handlers.relays import relay_desk
from handlers.shares import shares, topics
from handlers.signups import signup_commands
from handlers.staff import (
    advice_desk,
    batch_answers,
    confirming,
    quoted_verdicts,
    refunds,
    staff,
    task_commands,
    task_lists,
)
from handlers.steps import slot_commands
from sop.events import MessageReceived

Run = Callable[[MessageReceived, Context, str], Outcome]


@dataclass(frozen=True, slots=True)
class Duty:
    """Who carries out a command.

    in_group: it is about a group; in private the person's only one is taken, or asked for.
    of_task: with a task's number it is about the task's group, which need not be said then.
    aloud: what is answered may be read by all where nobody can be answered alone: in private the
    member would only be sent back to the group.
    staff: for owner and staff only; leaders: for leaders as well, as far as the pack lets them.
    """

    run: Run
    in_group: bool = False
    of_task: bool = False
    aloud: bool = False
    staff: bool = False
    leaders: bool = False


DUTIES: Final[Mapping[str, Duty]] = {
    "help": Duty(helping.help_),
    "charter": Duty(self_service.charter),
    "checkin": Duty(checking_in.check_in),
    "make_up": Duty(checking_in.make_up),
    "points": Duty(standings.points),
    "ledger": Duty(explanations.entries),
    "ranking": Duty(leaderboards.ranking),
    "growth": Duty(standings.growth),
    "my_page": Duty(own_page.tell),
    "badges": Duty(badges.mine),
    "invitation": Duty(invitations.mine),
    "invite_code": Duty(invited.tell),
    "my_link": Duty(link_desk.mine),
    "join_challenge": Duty(enrolments.join, in_group=True),
    "leave_challenge": Duty(enrolments.leave),
    "challenge": Duty(enrolments.mine),
    "why_warned": Duty(strike_accounts.why_warned),
    "claim": Duty(redemption.claim),
    "redeem": Duty(redemption.redeem),
    "appeal": Duty(complaints.appeal),
    "report": Duty(reporting.report, in_group=True),
    "do_not_disturb": Duty(self_service.toggle_nudges),
    "unlisted": Duty(self_service.toggle_ranked),
    "ask": Duty(questions.ask, in_group=True, aloud=True),
    "answer": Duty(questions.answer, in_group=True, aloud=True),
    "accept": Duty(questions.accept, in_group=True, aloud=True),
    "unsolved": Duty(questions.unsolved, in_group=True, aloud=True),
    "like": Duty(likes.like, in_group=True),
    "unlike": Duty(likes.unlike, in_group=True),
    "share": Duty(shares.share, in_group=True, aloud=True),
    "submit": Duty(entering.submit),
    "nominate": Duty(entering.nominate),
    "wish": Duty(entering.wish),
    "snag": Duty(entering.snag),
    "withdraw": Duty(withdrawing.withdraw),
    "signup": Duty(signup_commands.sign_up),
    "plus_one": Duty(signup_commands.plus_one),
    "cancel_signup": Duty(signup_commands.cancel),
    "roster": Duty(signup_commands.roster),
    "vote": Duty(ballots.vote),
    "apply": Duty(leader_applications.apply, in_group=True),
    "leader": Duty(leader_accounts.account),
    "step_down": Duty(leader_terms.step_down),
    "launch": Duty(leading_asks.launch, in_group=True),
    "tags": Duty(tagging.choose),
    "circle": Duty(circle_commands.circle, in_group=True),
    "propose": Duty(topics.propose, in_group=True, aloud=True),
    "comment": Duty(comments.comment, in_group=True, aloud=True),
    "feature": Duty(shares.feature, in_group=True, aloud=True),
    "warn": Duty(staff.warn, in_group=True, staff=True),
    # They are recognised where staff say them; an advert a member shows to the bot is a report.
    "advert": Duty(quoted_verdicts.advert),
    "fine": Duty(quoted_verdicts.fine),
    "layers": Duty(layer_commands.tell),
    "pardon": Duty(refunds.pardon, in_group=True, of_task=True, staff=True),
    "award": Duty(staff.award, in_group=True, staff=True),
    "remove": Duty(staff.remove, in_group=True, staff=True),
    "reveal": Duty(withdrawing.reveal, in_group=True, staff=True),
    "pause": Duty(group_switches.pause, in_group=True, staff=True),
    "raid": Duty(raids.start, in_group=True, staff=True),
    "raid_over": Duty(raids.stop, in_group=True, staff=True),
    "open_group": Duty(group_switches.open_group, in_group=True, staff=True),
    "adopt": Duty(group_switches.adopt, in_group=True, staff=True),
    "start_slot": Duty(slot_commands.start, in_group=True, aloud=True, staff=True, leaders=True),
    "end_slot": Duty(slot_commands.end, in_group=True, aloud=True, staff=True),
    "merge": Duty(identity_commands.merge, in_group=True, staff=True),
    "split": Duty(identity_commands.split, in_group=True, staff=True),
    "make_link": Duty(link_desk.make, in_group=True, staff=True),
    "stop_link": Duty(link_desk.stop, in_group=True, staff=True),
    "relay": Duty(relay_desk.bring, in_group=True, staff=True),
    # It knows its group by the list that was brought.
    "nickname": Duty(relay_desk.nickname),
    # It knows its group by its number.
    "advice": Duty(advice_desk.answer),
    # Tasks have their own rule: one may be given to a member.
    "clean_up": Duty(cleaning.clean_up, in_group=True, staff=True),
    # It knows its group by what was asked.
    "confirm": Duty(confirming.confirm),
    "tasks": Duty(task_lists.listed),
    "take": Duty(task_commands.take),
    "done": Duty(task_commands.done),
    "approve": Duty(batch_answers.approve),
    "reject": Duty(batch_answers.reject),
}
"""All commands there are, each with who carries it out."""
