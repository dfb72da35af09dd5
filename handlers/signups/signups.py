"""A sign-up as it runs: opened, for everybody after a while, closed with its list, and the event.

Its second phase, the event, is an open thing of its own: names are no longer taken in it, but
called off, and who is there says the code. How people sign up is told by `signup_commands`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from handlers.overrides import quiet_of
from handlers.ports import Context, Outcome
from handlers.posting import announcing, summaries
from handlers.posting.rendering import say_words
from handlers.signups import attendance, signup_firsts, signup_lists
from handlers.signups.signup_lists import EVENT
from handlers.tasks import hosting
from handlers.threads import open_threads
from handlers.threads.open_threads import SIGNUP
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import share_days, signups
from sop.events import StepDue
from sop.model import Counter, Group, Occurrence, Thread
from sop.pack.pack_campaigns import SignupAction
from sop.pack.pack_steps import Step
from sop.texts import length, text
from sop.times import quiet

REMIND: Final = "remind-signup"
"""The kind of occurrence at which the group is reminded of tomorrow."""

MENTIONED: Final = 50
"""People a reminder mentions."""


def begin(context: Context, group: Group, step: Step, action: SignupAction) -> tuple[Action, ...]:
    """Open a sign-up with its post; one that still runs, or whose event is over, is not opened.

    Where nothing can be heard people must hold it.
    """
    name = action.id or step.id
    at = action.at.instant(context.now, context.book.zone) if action.at else 0
    if _runs(context, group, name):
        return ()
    if 0 < at <= context.now:
        return (Action(do="dropped", group=group.id, step=step.id, reason="missed"),)
    title = action.title or step.title or text("actions.signup")
    until = signups.closes_at(context.now, action.for_ms, at)
    if not channels.hears(group.channels):
        return hosting.by_hand(
            context, group, step, name=SIGNUP, title=title, for_ms=until - context.now
        )
    body = _body(context, step, action, at)
    words = _opening(context, group, title, body)
    thread = open_threads.begin(
        context, group, step, kind=SIGNUP, name=name, title=title, words=words,
        for_ms=until - context.now, body=body,
    )  # fmt: skip
    _plan(context, group, thread)
    expires_at = context.now + min(step.grace_ms, until - context.now)
    return (
        Action(do="post", group=group.id, text=words, step=step.id, expires_at=expires_at),
        *attendance.hand_out(context, group, thread),
    )


def _runs(context: Context, group: Group, name: str) -> bool:
    found = open_threads.open_at(context, group, context.now, SIGNUP)
    return any(each.name == name for each in found)


def _body(context: Context, step: Step, action: SignupAction, at: int) -> dict[str, Any]:
    first = action.first
    heard = context.store.get(Counter, context.community, "message")
    code = signups.code(context.community, step.id, context.now, heard.value if heard else 0)
    return {
        "phase": SIGNUP, "at": at, "places": action.places or 0, "waitlist": action.waitlist,
        "companions": action.companions, "code": code if action.checkin else "",
        "first": {"layer": first.layer, "until": context.now + first.for_ms} if first else {},
        "grace": step.grace_ms,
    }  # fmt: skip


def _opening(context: Context, group: Group, title: str, body: Mapping[str, Any]) -> str:
    def say(name: str, rest: str = "") -> str:
        return say_words(context, group, f"{context.book.words.shown(name)} {rest}".strip())

    at, first = body["at"], body["first"]
    lines = [text("signups.open", title=title)]
    if at:
        lines.append(text("signups.at", when=signup_lists.moment(context, at)))
    if body["places"]:
        key = "signups.places-waitlist" if body["waitlist"] else "signups.places"
        lines.append(text(key, count=body["places"]))
    lines.append(text("signups.how", say=say("signup"), cancel=say("cancel_signup")))
    if body["companions"]:
        guest = text("signups.guest-example")
        lines.append(
            text("signups.how-guests", say=say("signup", guest), count=body["companions"])
        )
    if first:
        lines.append(
            text(
                "signups.first", length=length(first["until"] - context.now),
                who=text(f"votes.who-{first['layer']}"),
            )
        )  # fmt: skip
    return "\n".join(lines)


def _plan(context: Context, group: Group, thread: Thread) -> None:
    first, at = thread.body["first"], thread.body["at"]
    planned = {}
    if first and first["until"] < thread.closes_at:
        planned[signup_firsts.FOR_ALL] = first["until"]
    if at:
        evening = share_days.evening_before(at, context.book.zone)
        evening = quiet.quiet_end(quiet_of(context, group), evening, context.book.zone)
        planned |= {REMIND: evening} if context.now < evening < at else {}
    for kind, due in planned.items():
        scheduling.plan(
            context, group.id, kind, due, step=thread.step, subject=str(thread.id),
            version=thread.version,
        )  # fmt: skip


def live(context: Context, number: int) -> Thread | None:
    """Return the sign-up of that number in the phase it is in; None where all of it is over."""
    thread = context.store.get(Thread, context.community, number)
    if thread is not None and thread.body.get("event"):
        thread = context.store.get(Thread, context.community, thread.body["event"])
    return thread if thread is not None and thread.status == "open" else None


def remind(event: StepDue, context: Context) -> Outcome:
    """Remind the group of tomorrow's event, if somebody comes and the budget has room."""
    occurrence, group = deadlines.pending(event, context), context.group
    if occurrence is None or group is None:
        return Outcome()
    context.store.put(replace(occurrence, status="done"))
    thread = live(context, int(event.subject))
    if thread is None or context.now >= thread.body["at"] or group.retired or group.paused:
        return Outcome()
    coming = signup_lists.rows(context, thread, "in")
    if not coming:
        return Outcome()
    cancel = say_words(context, group, context.book.words.shown("cancel_signup"))
    words = text(
        "signups.reminder", title=thread.title, when=signup_lists.when(context, thread),
        count=len(coming), cancel=cancel,
    )  # fmt: skip
    people = dict.fromkeys(str(each.person) for each in coming if not each.guest)
    return Outcome(
        announcing.announce(
            context, occurrence, group, words, step=thread.step, expires_at=thread.body["at"],
            mention=tuple(people)[:MENTIONED],
        )
    )  # fmt: skip


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell somebody in the morning that they have moved up at night, if they still have."""
    group = context.group
    if not deadlines.settle(event, context) or group is None or group.retired:
        return Outcome()
    thread = live(context, int(event.subject))
    if thread is None:
        return Outcome()
    found = [
        each
        for each in signup_lists.rows(context, thread, "in")
        if str(each.number) == event.cause
    ]
    lines = (signup_lists.moved_up(context, group, thread, each) for each in found)
    return Outcome(tuple(line for each in lines for line in each))


def close(
    context: Context, occurrence: Occurrence, group: Group, thread: Thread, *, fresh: bool
) -> tuple[Action, ...]:
    """End a phase once: the sign-up with who comes, the event with who was there."""
    if thread.body["phase"] == EVENT:
        return attendance.close(context, occurrence, group, thread, fresh=fresh)
    if fresh:
        signup_lists.place_noted(context, replace(thread, status="closed"))
        begins = 0 < thread.body["at"] <= context.now
        if not begins and _is_off(context, group, thread):
            attendance.call_off(context, thread)
        else:
            _begin_event(context, group, thread)
    return summaries.post(
        context, occurrence, group, thread, lambda: _coming(context, group, thread)
    )


def _is_off(context: Context, group: Group, thread: Thread) -> bool:
    """Tell whether nobody comes, as far as everybody could be heard."""
    return channels.hears_all(group.channels) and not signup_lists.count(context, thread, "in")


def _begin_event(context: Context, group: Group, thread: Thread) -> None:
    """Open the second phase, where there is something to wait for in it."""
    at = thread.body["at"]
    if thread.body["code"]:
        ends_at = signups.ends_at(context.now, at)
    elif at > context.now:
        ends_at = at
    else:
        return
    number = context.store.number(context.community, "thread")
    opened = replace(
        thread, id=number, text="", opened_at=context.now, closes_at=ends_at, status="open",
        body={**thread.body, "phase": EVENT, "signup": thread.id},
    )  # fmt: skip
    open_threads.enter(context, group, opened)
    ended = context.store.get(Thread, *thread.key) or thread
    context.store.put(replace(ended, body={**ended.body, "event": number}))


def _coming(context: Context, group: Group, thread: Thread) -> str:
    """Say who comes; that nobody does is only said where everybody could be heard."""
    coming = signup_lists.rows(context, thread, "in")
    if not coming:
        off = _is_off(context, group, thread)
        return text("signups.nobody", title=thread.title) if off else ""
    waiting = signup_lists.rows(context, thread, "waiting")
    lines = [
        text(
            "signups.coming", title=thread.title, count=len(coming),
            when=signup_lists.when(context, thread), names=signup_lists.names(context, coming),
        )
    ]  # fmt: skip
    if waiting and thread.body["at"] > context.now:
        lines.append(text("signups.in-line", names=signup_lists.names(context, waiting)))
    elif waiting:
        lines.append(text("signups.no-room", count=len(waiting)))
    return "\n".join(lines)
