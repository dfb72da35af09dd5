"""The list of human tasks: what is somebody's turn, page by page, and one task in full."""

from dataclasses import replace
from datetime import timedelta

from handlers.figures import task_figures
from handlers.people import people, places
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from handlers.staff import consequences
from handlers.tasks import task_turns, tasks
from sop.actions import Button
from sop.activities import tasks as policy
from sop.activities.tasks import Query
from sop.events import MessageReceived
from sop.model import Group, Person, Task
from sop.texts import text
from sop.times import localtime


def listed(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Show the open tasks that are the person's turn, of the group or (in private) of all.

    Owner, staff and leaders see those of their duties, and may ask for all, by view, family and
    page; a member sees what was given to them. A number shows that task whole.
    """
    del event
    query = policy.parse(argument)
    if query is None:
        return stopping(privately(text("tasks.list-form", word=_word(context))))
    if query.number:
        words, buttons = _one(context, query)
        return stopping(privately(words, buttons=buttons))
    groups = _groups(context)
    found = _seen_by(context, tasks.open_of(context, groups, context.person_id))
    if not groups and not found:
        return stopping(privately(text("commands.not-staff")))
    if query.view == "figures":
        return stopping(privately(_figures(context, groups)))
    return stopping(privately(_list(context, query, found)))


def has_any(context: Context) -> bool:
    """Tell whether who acted has a list of tasks, by their duty or by what was given to them."""
    return bool(_groups(context) or tasks.open_of(context, (), context.person_id))


def _groups(context: Context) -> list[str]:
    """Return the groups whose tasks are the person's to see: owner's, staff's, leaders' own."""
    if context.group is not None:
        here = people.duties_of(context, context.person, context.group)
        return [context.group.id] if here else []
    own = (*places.own_groups(context, staff=True), *places.own_groups(context))
    able = (group for group in own if people.duties_of(context, context.person, group))
    return list(dict.fromkeys(group.id for group in able))


def _seen_by(context: Context, found: list[Task]) -> list[Task]:
    return [task for task in found if tasks.may_answer(context, task, context.person_id)]


def _figures(context: Context, groups: list[str]) -> str:
    run = [
        name
        for name in groups
        if people.is_staff(context.person, context.store.get(Group, context.community, name))
    ]
    return task_figures.told(context, run) if run else text("commands.not-staff")


def _one(context: Context, query: Query) -> tuple[str, tuple[Button, ...]]:
    """Return a task in full, and what may be pressed under it."""
    task = tasks.find_task(context, str(query.number), "")
    if task is None or not tasks.may_answer(context, task, context.person_id):
        return text("tasks.unknown-number", number=query.number), ()
    if query.verbatim:
        return task.prepared or text("tasks.no-words", number=task.id), ()
    if task.status != "open":
        return text("tasks.already", number=task.id), ()
    decided = task.kind in consequences.TABLE
    how = text("tasks.how-decide" if decided else "tasks.how", number=task.id)
    copy = text("tasks.how-copy", word=_word(context), number=task.id) if task.prepared else ""
    words = "\n".join(filter(None, (task.text, _state(context, task), how + copy)))
    return words, tasks.buttons_of(context, task)


def _list(context: Context, query: Query, found: list[Task]) -> str:
    mine = [task.id for task in found if _is_mine(context, task)]
    if query.view == "mine" and not query.family and found and not mine:
        query = replace(query, view="all")
    shown = policy.shown(found, query, context.now, context.book.zone, mine)
    elsewhere = len(found) - len(mine) if query.view == "mine" and not query.family else 0
    more = text("tasks.elsewhere", count=elsewhere, word=_word(context)) if elsewhere else ""
    if not shown:
        return text("tasks.none-here" if found else "tasks.none")
    page, number, pages = policy.page_of(shown, query.page)
    lines = [_line(context, task) for task in page]
    title = query.family or text(f"tasks.view-{query.view}")
    head = text("tasks.heading", title=title, count=len(shown))
    turn = ""
    if pages > 1:
        asked = _asked(context, query, number % pages + 1)
        turn = text("tasks.page", page=number, pages=pages, say=asked)
    how = text("tasks.list-how", word=_word(context), number=page[0].id)
    return "\n".join(filter(None, (head, *lines, turn, more, how)))


def _asked(context: Context, query: Query, page: int) -> str:
    """Return the words that ask for another page of the same list."""
    view = text(f"tasks.ask-{query.view}") if query.view != "mine" else ""
    words = (_word(context), view, query.family, text("tasks.page-words", page=page))
    return " ".join(filter(None, words))


def _is_mine(context: Context, task: Task) -> bool:
    group = context.store.get(Group, context.community, task.group)
    duties = people.duties_of(context, context.person, group)
    return policy.is_for(task, duties, context.person_id)


def _line(context: Context, task: Task) -> str:
    state = _state(context, task)
    return text("tasks.listed", number=task.id, text=state + task_turns.brief(task))


def _state(context: Context, task: Task) -> str:
    """Return when a task is due, and who has it, as far as there is something to say."""
    told = [_due(context, task)] if task.due_at else []
    if task.taken_by:
        mine = task.taken_by == context.person_id
        taker = context.store.get(Person, context.community, task.taken_by)
        name = text("people.me") if mine else people.shown(taker)
        told.append(text("tasks.state-taken", name=name))
    return text("tasks.state", told=text("people.joiner").join(told)) if told else ""


def _due(context: Context, task: Task) -> str:
    if policy.is_overdue(task, context.now):
        return text("tasks.state-overdue")
    zone = context.book.zone
    moment, today = localtime.wall_time(task.due_at, zone), localtime.local_date(context.now, zone)
    key = {today: "today", today + timedelta(days=1): "tomorrow"}.get(moment.date(), "day")
    return text(f"tasks.due-{key}", time=f"{moment:%H:%M}", month=moment.month, day=moment.day)


def _word(context: Context) -> str:
    return context.book.words.shown("tasks")
