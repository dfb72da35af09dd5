"""What members ask for themselves: help, the rules, a check-in, and being left in peace."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from handlers.people import people, voices
from handlers.ports import Context, Outcome
from handlers.posting.rendering import say_words
from handlers.recognition import recognition
from handlers.replies import can_whisper, discreetly, openly, privately, stopping
from sop.actions import Action
from sop.events import MessageReceived
from sop.pack.pack_actions import ShareDayAction, StepAction
from sop.pack.pack_campaigns import ChallengeAction, SignupAction, VoteAction
from sop.texts import text

OFFERED: Final = (
    "charter", "checkin", "join_challenge", "challenge", "make_up", "leave_challenge", "claim",
    "invitation", "invite_code", "my_link", "redeem", "share", "submit", "wish", "snag",
    "withdraw",
    "like", "unlike", "comment", "feature", "propose", "vote", "signup", "cancel_signup", "roster",
    "ask", "answer", "accept", "unsolved", "points", "ledger", "growth", "badges", "ranking",
    "why_warned", "appeal", "report", "do_not_disturb", "unlisted",
)  # fmt: skip
"""What help lists, in this order."""

STAFF_OFFERED: Final = (
    "tasks", "done", "approve", "reject", "warn", "pardon", "award", "remove", "pause",
    "open_group", "adopt", "merge", "split", "reveal", "relay", "nickname",
    "make_link", "stop_link",
)  # fmt: skip
"""What help lists for owner and staff."""


def _has(context: Context, kind: type[StepAction]) -> bool:
    """Tell whether a step of the pack begins something of that kind."""
    return any(isinstance(action, kind) for step in context.book.pack.steps for action in step.do)


def _has_challenges(context: Context) -> bool:
    return _has(context, ChallengeAction)


POSSIBLE: Final[Mapping[str, Callable[[Context], bool]]] = {
    "feature": lambda context: voices.has_duty(context, context.group),
    "checkin": lambda context: (
        "checkin" in context.book.pack.score.earn
        or _collects(context, "checkin")
        or _has_challenges(context)
    ),
    "make_up": lambda context: _collects(context, "checkin") or _has_challenges(context),
    "wish": lambda context: _collects(context, "wish"),
    "snag": lambda context: _collects(context, "snag"),
    **dict.fromkeys(
        ("invitation", "invite_code"), lambda context: "invite" in context.book.pack.score.earn
    ),
    **dict.fromkeys(("join_challenge", "challenge", "leave_challenge"), _has_challenges),
    "claim": lambda context: any(not each.price for each in context.book.pack.benefits),
    "redeem": lambda context: any(each.price for each in context.book.pack.benefits),
    "appeal": lambda context: context.book.pack.rules.appeal is not None,
    **dict.fromkeys(
        ("signup", "cancel_signup", "roster"), lambda context: _has(context, SignupAction)
    ),
    "vote": lambda context: _has(context, VoteAction),
    "propose": lambda context: _has(context, ShareDayAction),
    "my_link": lambda context: bool(context.book.public_url and context.book.pack.links),
    "badges": lambda context: bool(context.book.pack.badges),
    "why_warned": lambda context: bool(context.book.pack.rules.checks),
}
"""When a command makes sense under a pack; the others always do."""


def _collects(context: Context, kind: str) -> bool:
    return any(each.kind == kind for each in context.book.pack.collections.values())


def help_(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Tell what works here and how it must be said; staff learn their words privately."""
    del argument
    lines = [
        _help_line(event, context, name)
        for name in OFFERED
        if context.book.words.shown(name) and (name not in POSSIBLE or POSSIBLE[name](context))
    ]
    answer = openly("\n".join((text("commands.help-heading"), *lines)))
    return stopping(answer, *_staff_help(event, context))


def _help_line(event: MessageReceived, context: Context, name: str) -> str:
    private = name in recognition.SECRET and not can_whisper(event, context)
    here = None if private or not event.group else context.group
    say = say_words(context, here, context.book.words.shown(name))
    return text("commands.help-line", say=say, what=text(f"help.{name}"))


def _staff_help(event: MessageReceived, context: Context) -> tuple[Action, ...]:
    if not people.is_staff(context.person, context.group) or not can_whisper(event, context):
        return ()
    lines = [
        text("commands.help-staff-line", word=word, what=text(f"help.{name}"))
        for name in STAFF_OFFERED
        if (word := context.book.words.shown(name))
    ]
    return (privately("\n".join((text("commands.help-staff"), *lines))),)


def charter(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the rules."""
    del event, argument
    return stopping(openly(context.book.pack.rules.charter.strip() or text("rules.none")))


def toggle_nudges(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Stop, or allow again, everything the bot would start by itself for this person."""
    del argument
    person = context.person
    assert person is not None
    context.store.put(replace(person, nudges_off=not person.nudges_off))
    key = "commands.nudges-on" if person.nudges_off else "commands.nudges-off"
    return stopping(discreetly(event, context, text(key)))


def toggle_ranked(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Leave the ranking, or come back to it."""
    del argument
    person = context.person
    assert person is not None
    context.store.put(replace(person, unranked=not person.unranked))
    key = "commands.ranked" if person.unranked else "commands.unranked"
    return stopping(discreetly(event, context, text(key)))
