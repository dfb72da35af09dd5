"""Showing what was good: the best entries of a collection are quoted, and made into a book."""

from collections.abc import Sequence
from typing import Final

from handlers.collections import story_books
from handlers.people import voices
from handlers.polls import votes
from handlers.ports import Context
from handlers.posting import cards
from handlers.posting.rendering import say_words
from handlers.posting.step_run import Expanded, Run
from handlers.replies import excerpt
from handlers.shares.shares import FEATURED
from handlers.tasks import tasks
from handlers.threads import entries, shown
from sop.actions import Action
from sop.model import Group, Item
from sop.pack.pack_campaigns import BookAction, ShowcaseAction, VoteAction
from sop.standing import stars
from sop.texts import quoted, text
from sop.times import localtime

VOTED_ON: Final = 6
"""Entries among which the group chooses."""

VOTED_FOR: Final = "1d"
"""How long that is."""

OPTION: Final = 30
"""Characters of an entry that stand for it in a vote."""


def show(run: Run, action: ShowcaseAction) -> Expanded:
    """Quote the best entries not shown before; nothing where all were, or nothing was given."""
    context, group = run.context, run.group
    found = shown.fresh(context, group, action.of)
    found.sort(key=lambda each: (-voices.count(context, each.source), each.number))
    if action.by == "votes" and len(found) > action.pick:
        return _put_to_vote(run, action, found[:VOTED_ON]), run
    if action.by == "staff":
        featured = [each for each in found if each.status == FEATURED]
        if found and not featured:
            return _ask_staff(run, action), run
        found = featured
    return _quoted(run, action, found[: action.pick]), run


def _quoted(run: Run, action: ShowcaseAction, found: Sequence[Item]) -> tuple[Action, ...]:
    context, group = run.context, run.group
    if not found:
        return ()
    shown.mark(context, group, action.of, found)
    word = context.book.words.shown("like")
    lines = [
        text("showcase.heading", title=quoted(_title(context, group, action.of))),
        *(shown.quote(context, each) for each in found),
        text("showcase.like", say=say_words(context, group, f"{word} {found[0].number}")),
    ]
    expires_at = context.now + run.step.grace_ms
    return (
        Action(
            do="post", group=group.id, text="\n".join(lines), step=run.step.id,
            expires_at=expires_at, buttons=cards.likes(context, (each.number for each in found)),
        ),
    )  # fmt: skip


def _title(context: Context, group: Group, collection: str) -> str:
    times = entries.times(context, collection, group.id)
    return times[-1].title if times else collection


def _put_to_vote(run: Run, action: ShowcaseAction, found: Sequence[Item]) -> tuple[Action, ...]:
    """Let the group choose which entries are shown; they are quoted with the result."""
    context = run.context
    options = [
        text("showcase.option", name=entries.name(context, each), text=excerpt(each.text, OPTION))
        for each in found
    ]
    title = text("showcase.vote", title=_title(context, run.group, action.of))
    vote = VoteAction.model_validate({"title": title, "options": options, "for": VOTED_FOR})
    over = {"of": action.of, "pick": action.pick, "numbers": [each.number for each in found]}
    return votes.begin(context, run.group, run.step, vote, run.position, entries=over)


def _ask_staff(run: Run, action: ShowcaseAction) -> tuple[Action, ...]:
    title = quoted(_title(run.context, run.group, action.of))
    word = run.context.book.words.shown("feature")
    return tasks.open_task(
        run.context, kind="showcase", to="staff", group=run.group.id, step=run.step.id,
        about=f"showcase:{run.group.id}:{action.of}",
        words=lambda number: text(
            "showcase.staff-task", group=run.group.title or run.group.id, title=title, word=word,
            number=number,
        ),
    )  # fmt: skip


def book(run: Run, action: BookAction) -> Expanded:
    """Ask staff to print the month's book; nothing where nothing was given that may be shown."""
    context, group, zone = run.context, run.group, run.context.book.zone
    first, _ = stars.month_of(localtime.local_date(run.due_at, zone))
    month = first.isoformat()[: story_books.MONTH]
    found = story_books.book(context, action.book, group=group.id, month=month)
    if found is None or not found.stories:
        return (), run
    out = f"{action.book}-{month}.pdf"
    command = f"qunyun book {action.book} --group {group.id} --month {month} --out {out}"
    lines = tasks.open_task(
        context, kind="book", to="staff", group=group.id, step=run.step.id,
        about=f"book:{group.id}:{action.book}:{month}",
        words=lambda number: text(
            "books.task", group=group.title or group.id, title=quoted(found.title),
            span=found.span, count=len(found.stories), command=command, number=number,
        ),
    )  # fmt: skip
    return lines, run
