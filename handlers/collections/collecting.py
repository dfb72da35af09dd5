"""A collection opens: what it is for, how members give an entry, and until when.

Everything its rules say is kept in the thread's body: it ends as it began, whatever was edited.
"""

from collections.abc import Iterator
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from handlers.posting.rendering import say_words
from handlers.questions import asked
from handlers.tasks import hosting
from handlers.threads import open_threads
from handlers.threads.open_threads import COLLECT
from handlers.timing import scheduling
from sop import channels
from sop.actions import Action
from sop.activities import collecting
from sop.model import Group, Item, Thread
from sop.pack.pack_campaigns import CollectAction, Prize
from sop.pack.pack_steps import Step
from sop.standing import streaks
from sop.texts import quoted, text
from sop.times import localtime
from sop.times.durations import DAY_MS

ELECTION: Final = "election"
"""The kind of occurrence at which nominating ends, and liking alone goes on."""

WISH: Final = "wish"
"""The kind whose entries are given in private, also where they are shown with a name."""

NOMINATE: Final = "nominate"
"""The command that puts somebody forward in an election."""


def begin(context: Context, group: Group, step: Step, action: CollectAction) -> tuple[Action, ...]:
    """Open the collection with its post; one that is open already is not opened again.

    Where nothing can be heard, or nobody could stay unknown, people must hold it.
    """
    name = action.id or step.id
    if any(each.name == name for each in open_now(context, group, context.now)):
        return ()
    title = action.title or step.title or text(f"collect.of-{action.kind}")
    if not _can_be_held(group, action):
        return hosting.by_hand(context, group, step, name=name, title=title, for_ms=action.for_ms)
    words = _opening(context, group, action, title)
    thread = open_threads.begin(
        context, group, step, kind=COLLECT, name=name, title=title, words=words,
        for_ms=action.for_ms, body=_body(context, group, step, action),
    )  # fmt: skip
    if action.nominate_ms is not None:
        scheduling.plan(
            context, group.id, ELECTION, context.now + action.nominate_ms, step=step.id,
            subject=str(thread.id), version=thread.version,
        )  # fmt: skip
    expires_at = context.now + min(step.grace_ms, action.for_ms)
    return (Action(do="post", group=group.id, text=words, step=step.id, expires_at=expires_at),)


def _can_be_held(group: Group, action: CollectAction) -> bool:
    private = channels.can(group.channels, "dm")
    return private or (not action.anonymous and channels.hears(group.channels))


def _body(context: Context, group: Group, step: Step, action: CollectAction) -> dict[str, Any]:
    """Return what the collection remembers: its rules, and how far it is.

    `count` is how many entries (or persons) count towards the goal, `told` how many halves of it
    were told; `won` has by prize who has it, `places` the prizes to hand over at the end.
    """
    ends = context.now + action.nominate_ms if action.nominate_ms is not None else 0
    return {
        "kind": action.kind, "anonymous": action.anonymous, "review": action.review,
        "per": action.per, "team": action.team.model_dump() if action.team else {},
        "categories": list(action.categories), "assign": dict(action.assign),
        "nominate": ends, "goal": action.goal or 0,
        "prizes": [each.model_dump() for each in action.prizes],
        "grace": step.grace_ms, "first": asked.last_number(context, group),
        "count": 0, "told": 0, "won": {}, "places": [],
    }  # fmt: skip


def open_now(context: Context, group: Group, at: int) -> tuple[Thread, ...]:
    """Return the group's collections that were open at that instant, the oldest first."""
    return open_threads.open_at(context, group, at, COLLECT)


def categories(thread: Thread) -> tuple[str, ...]:
    """Return what the entries of a collection may be of."""
    return tuple(thread.body["categories"] or thread.body["assign"])


def until(context: Context, at: int) -> str:
    """Return an instant in words: the day and the time."""
    moment = localtime.wall_time(at, context.book.zone)
    return text("collect.until", month=moment.month, day=moment.day, time=f"{moment:%H:%M}")


def command_of(thread: Thread) -> str:
    """Return the command by which an entry of a collection is given."""
    return NOMINATE if thread.body["nominate"] else collecting.command_of(thread.body["kind"])


def how(context: Context, group: Group, thread: Thread, more: str = "…") -> str:
    """Return what a member does to give an entry."""
    body = thread.body
    private = bool(body["anonymous"] or body["review"]) or body["kind"] == WISH
    return _how(context, group, command_of(thread), more, private=private)


def _how(context: Context, group: Group, command: str, more: str, *, private: bool) -> str:
    word = context.book.words.shown(command)
    return say_words(context, None if private else group, f"{word} {more}".strip())


def _opening(context: Context, group: Group, action: CollectAction, title: str) -> str:
    ends = until(context, context.now + action.for_ms)
    # In private a member may have to name the collection; whoever only hears of one need not.
    private = action.anonymous or action.review or action.kind == WISH
    lines = [text("collect.open", title=quoted(title), until=ends)]
    if action.nominate_ms is None:
        command = collecting.command_of(action.kind)
        how_ = _how(context, group, command, "…", private=private)
        lines.append(text(f"collect.how-{action.kind}", how=how_))
    else:
        how_ = _how(context, group, NOMINATE, text("collect.at-name"), private=private)
        named = until(context, context.now + action.nominate_ms)
        lines.append(text("collect.nominate-how", how=how_, until=named))
    lines.extend(_rules(context, group, action))
    return "\n".join(lines)


def _rules(context: Context, group: Group, action: CollectAction) -> list[str]:
    """Say what else holds, each in a line of its own."""
    lines = [*_terms(action)]
    lines.extend(filter(None, (_prize(context, each) for each in action.prizes)))
    if any(each.top for each in action.prizes):
        lines.append(text("collect.rule-tie"))
    if action.kind == "checkin":
        count = streaks.make_ups(action.for_ms / DAY_MS)
        say = _how(context, group, "make_up", "", private=False)
        lines.append(text("collect.rule-make-up", say=say, count=count))
    if action.kind not in ("checkin", "snag"):
        # Where nobody can be answered alone it is only done in private.
        private = not channels.hears_all(group.channels)
        say = _how(context, group, "withdraw", text("collect.number"), private=private)
        lines.append(text("collect.rule-withdraw", say=say))
    return lines


def _terms(action: CollectAction) -> Iterator[str]:
    if action.anonymous:
        yield text("collect.rule-anonymous")
    if action.review:
        yield text("collect.rule-review")
    named = action.categories or tuple(action.assign)
    if named:
        yield text("collect.rule-categories", names=text("people.joiner").join(named))
    if action.team is not None:
        yield text("collect.rule-team", by=action.team.by, size=action.team.size)
    if action.goal:
        unit = "persons" if action.per == "person" else "entries"
        yield text(f"collect.rule-goal-{unit}", goal=action.goal)


def _prize(context: Context, prize: Prize) -> str:
    benefit = context.book.pack.benefit(prize.benefit)
    if benefit is None:
        return ""
    if prize.top is not None:
        key = "collect.prize-first" if prize.top == 1 else "collect.prize-top"
        return text(key, top=prize.top, title=quoted(benefit.title))
    if prize.likes is not None:
        return text("collect.prize-likes", likes=prize.likes, title=quoted(benefit.title))
    return ""


def make_ups(thread: Thread) -> int:
    """Return how many missed days each may make up."""
    return streaks.make_ups((thread.closes_at - thread.opened_at) / DAY_MS)


def nominee(context: Context, found: Item) -> int:
    """Return whom an entry nominates, as they are known now; 0 where it nominates nobody."""
    thread = context.store.get(Thread, context.community, found.thread) if found.about else None
    if thread is None or thread.kind != COLLECT or not thread.body["nominate"]:
        return 0
    person = people.current(context.store, context.community, found.about)
    return person.id if person else 0


def titles(found: tuple[Thread, ...]) -> str:
    """Return the numbered list of collections one may be chosen from."""
    return "\n".join(
        text("collect.candidate", place=place, title=thread.title)
        for place, thread in enumerate(found, 1)
    )
