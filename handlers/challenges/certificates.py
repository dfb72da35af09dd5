"""Certificates of challenges: given in private to who came through, and again when asked for."""

from dataclasses import replace
from typing import Any

from handlers.challenges import challenges
from handlers.people import people
from handlers.ports import Context
from handlers.replies import privately
from sop.actions import Action
from sop.model import Enrolment, Thread
from sop.texts import text


def given(context: Context, thread: Thread, enrolment: Enrolment) -> Action:
    """Return the private answer that congratulates somebody, with the picture where promised."""
    plan = challenges.plan_of(thread)
    words = text(
        "challenges.completed-private", name=people.shown(context.person), title=thread.title,
        days=plan.days,
    )  # fmt: skip
    answer = privately(words)
    if not thread.body["certificate"]:
        return answer
    return replace(answer, picture=_picture(context, thread, enrolment))


def _picture(context: Context, thread: Thread, enrolment: Enrolment) -> dict[str, Any]:
    plan, days = challenges.plan_of(thread), len(enrolment.days)
    figures = [[plan.days, text("challenges.figure-days")]]
    if enrolment.made_up:
        figures += [
            [days, text("challenges.figure-done")],
            [enrolment.made_up, text("challenges.figure-made-up")],
        ]
    last = plan.last
    return {
        "kind": "certificate", "community": context.book.pack.title, "title": thread.title,
        "award": text("challenges.award"), "name": people.shown(context.person),
        "words": text("challenges.award-words", title=thread.title, days=plan.days),
        "figures": figures, "seal": text("challenges.seal"),
        "date": text("challenges.date", year=last.year, month=last.month, day=last.day),
    }  # fmt: skip


def latest(context: Context) -> Action | None:
    """Return once more what who acted was given last, or None."""
    found = context.store.find(
        Enrolment, community=context.community, person=context.person_id,
        status=challenges.COMPLETED, order="-thread", limit=1,
    )  # fmt: skip
    thread = context.store.get(Thread, context.community, found[0].thread) if found else None
    return given(context, thread, found[0]) if thread is not None else None
