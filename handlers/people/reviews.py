"""What reviews of people have in common: once for all groups, and told in figures."""

from typing import Final

from handlers.ports import Context
from sop import texts
from sop.model import Occurrence
from sop.pack.pack_steps import Step
from sop.standing import layers

SAME_REVIEW_MS: Final = 10 * 60_000
"""A step runs in every group of its kind, but its review is one for the community: runs this
close together are the same review."""


def first_of_its_review(context: Context, step: Step) -> bool:
    """Tell whether the step has not been run for another group a moment ago, and note that."""
    key = (context.community, "", "review", step.id, "", "", 0)
    last = context.store.get(Occurrence, *key)
    if last is not None and 0 <= context.now - last.run_at < SAME_REVIEW_MS:
        return False
    context.store.put(
        Occurrence(
            community=context.community, group="", kind="review", step=step.id, subject="",
            cause="", due_at=0, run_at=context.now, status="done",
        )
    )  # fmt: skip
    return True


def figure_words(context: Context, figure: layers.Figure) -> str:
    """Say what was found about one condition, and what is wanted."""
    key = f"layers.figure-{figure.name}"
    if figure.days and texts.has(f"{key}-recent"):
        key = f"{key}-recent"
    titles = {level.id: level.title for level in context.book.pack.levels}
    detail = titles.get(figure.detail, figure.detail) if figure.name == "level" else figure.detail
    if figure.name == "deeds" and texts.has(f"deeds.{detail}"):
        detail = texts.text(f"deeds.{detail}")
    return texts.text(
        key, found=figure.found, wanted=figure.wanted, days=figure.days, detail=detail
    )
