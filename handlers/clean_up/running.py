"""A clean-up that was confirmed: everybody is told in private, and a week later it ends.

Who says anything until then stays. Where no channel writes privately people tell them, and the
week begins when they have.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from handlers import overrides
from handlers.clean_up import silent
from handlers.people import people
from handlers.ports import Context, Outcome
from handlers.replies import privately
from handlers.tasks import task_checks, tasks
from handlers.timing import deadlines, scheduling
from sop import channels
from sop.actions import Action
from sop.activities import clean_up as policy
from sop.events import MessageReceived, StepDue
from sop.model import CleanUp, CleanUpNotice, Group, Member, Person, Task
from sop.texts import text
from sop.times import localtime, quiet
from sop.times.durations import DAY_MS

TELL: Final = "clean-up-tell"
"""The kind of occurrence at which members are told, and of the task by which people tell them."""

END: Final = "clean-up-end"
"""The kind of occurrence at which a clean-up ends."""

OUT: Final = "clean-up"
"""The kind of task to take members out, where no channel can."""

ACTIVE: Final = ("confirmed", "told")


def under_way(context: Context, group: Group) -> CleanUp | None:
    """Return the clean-up that is under way in the group, or None."""
    found = context.store.find(
        CleanUp, community=context.community, group=group.id, status__in=ACTIVE, order="-id",
        limit=1,
    )  # fmt: skip
    return found[0] if found else None


def begin(context: Context, group: Group, shown: CleanUp) -> tuple[tuple[Action, ...], int]:
    """Begin with those of the list who are silent still; returns how many, 0: nobody is left."""
    found, _ = silent.in_group(context, group, shown.days * DAY_MS)
    still = [each for each in found if each.person.id in shown.members]
    if not still:
        context.store.put(replace(shown, status="done"))
        return (), 0
    for each in still:
        context.store.put(
            CleanUpNotice(
                community=context.community, clean_up=shown.id, person=each.person.id,
                since=each.since,
            )
        )  # fmt: skip
    context.store.put(replace(shown, status="confirmed"))
    due = _by_day(context, group, context.now)
    scheduling.plan(context, group.id, TELL, due, subject=str(shown.id))
    if people.role_of(context.person, group) == "owner" or not group.owner:
        return (), len(still)
    words = text(
        "clean-up.owner", name=people.shown(context.person), group=_title(group),
        count=len(still), word=context.book.words.shown("clean_up"),
    )  # fmt: skip
    return _to_staff(group, "owner", words), len(still)


def _by_day(context: Context, group: Group, at: int) -> int:
    return quiet.quiet_end(overrides.quiet_of(context, group), at, context.book.zone)


def _to_staff(group: Group, to: str, words: str) -> tuple[Action, ...]:
    """Tell those who run the group, where a channel can; it stands in `清理` anyway."""
    if not channels.can(group.channels, "dm"):
        return ()
    return (Action(do="dm", group=group.id, to=to, text=words),)


def _notices(context: Context, found: CleanUp) -> Sequence[CleanUpNotice]:
    return context.store.find(
        CleanUpNotice, community=context.community, clean_up=found.id, order="person"
    )


def _of(event: StepDue, context: Context, status: str) -> tuple[CleanUp, Group] | None:
    """Return the clean-up an occurrence is about, as long as it is to go on."""
    found = context.store.get(CleanUp, context.community, int(event.subject))
    group = context.group
    if found is None or found.status != status or group is None or group.retired:
        return None
    return found, group


def tell(event: StepDue, context: Context) -> Outcome:
    """Tell everybody in private how to stay, and let the week begin; else people are to."""
    meant = _of(event, context, "confirmed") if deadlines.settle(event, context) else None
    if meant is None:
        return Outcome()
    found, group = meant
    if not channels.can(group.channels, "dm"):
        return Outcome(_by_hand(context, group, found))
    ends = _told(context, group, found)
    lines = tuple(
        Action(do="dm", group=group.id, to=to, member=to, text=_notice(context, group, each, ends))
        for each in _notices(context, found)
        for to in (str(each.person),)
    )
    return Outcome(lines)


def _told(context: Context, group: Group, found: CleanUp) -> int:
    """Note that everybody is told now; returns when it ends."""
    ends = _by_day(context, group, context.now + policy.AHEAD_MS)
    context.store.put(replace(found, status="told", told_at=context.now, ends_at=ends))
    scheduling.plan(context, group.id, END, ends, subject=str(found.id))
    return ends


def _notice(context: Context, group: Group, each: CleanUpNotice, ends: int) -> str:
    person = people.current(context.store, context.community, each.person)
    until = localtime.wall_time(ends, context.book.zone)
    return text(
        "clean-up.notice", name=people.addressed(person) if person else "",
        group=_title(group), month=until.month, day=until.day,
    )  # fmt: skip


def _by_hand(context: Context, group: Group, found: CleanUp) -> tuple[Action, ...]:
    persons = (context.store.get(Person, context.community, each.person) for each in
               _notices(context, found))  # fmt: skip
    names, prepared = people.named(persons), text("clean-up.notice-by-hand", group=_title(group))
    return tasks.open_task(
        context, kind=TELL, to="staff", group=group.id, about=f"{TELL}:{found.id}",
        target=str(found.id), prepared=prepared,
        words=lambda number: text(
            "clean-up.tell-task", group=_title(group), names=names, text=prepared, number=number
        ),
    )  # fmt: skip


def told_by_hand(context: Context, task: Task, choice: str) -> tuple[Action, ...]:
    """Let the week begin once people have told everybody."""
    del choice
    found = context.store.get(CleanUp, context.community, int(task.target))
    group = context.store.get(Group, context.community, task.group)
    if found is not None and group is not None and found.status == "confirmed":
        _told(context, group, found)
    return ()


def stay(event: MessageReceived, context: Context) -> Outcome:
    """Let stay whoever writes anything in private after they were told."""
    del event
    waiting = context.store.find(
        CleanUpNotice, community=context.community, person=context.person_id, status="waiting"
    )
    stays = [each for each in waiting if _is_told(context, each)]
    for each in stays:
        context.store.put(replace(each, status="stayed"))
    if not stays or any(line.do == "reply" for line in context.earlier):
        return Outcome()
    return Outcome((privately(text("clean-up.stays")),))


def _is_told(context: Context, notice: CleanUpNotice) -> bool:
    found = context.store.get(CleanUp, context.community, notice.clean_up)
    return found is not None and found.status == "told"


def stop(context: Context, found: CleanUp) -> tuple[Action, ...]:
    """Call it off; whoever was told hears that they need not do anything."""
    context.store.put(replace(found, status="cancelled"))
    tasks.void(context, f"{TELL}:{found.id}")
    group = context.store.get(Group, context.community, found.group)
    told = [each for each in _notices(context, found) if each.status == "waiting"]
    if found.status != "told" or group is None or not channels.can(group.channels, "dm"):
        return ()
    words = text("clean-up.called-off", group=_title(group))
    present = [each for each in told if _still(context, group, found, each) == "silent"]
    return tuple(
        Action(do="dm", group=group.id, to=str(each.person), member=str(each.person), text=words)
        for each in present
    )


def end(event: StepDue, context: Context) -> Outcome:
    """Take out who has been told and said nothing; nobody whose silence is not certain."""
    meant = _of(event, context, "told") if deadlines.settle(event, context) else None
    if meant is None:
        return Outcome()
    found, group = meant
    if context.now - event.due_at > policy.LATE_MS:
        # While it was down nobody was heard: everybody has another day.
        ends = _by_day(context, group, context.now + DAY_MS)
        context.store.put(replace(found, ends_at=ends))
        scheduling.plan(context, group.id, END, ends, subject=str(found.id))
        return Outcome()
    context.store.put(replace(found, status="done"))
    heard = silent.heard_since(context, group)
    if not heard or heard > found.told_at:
        return Outcome(_to_staff(group, "staff", text("clean-up.broken", group=_title(group))))
    outcomes = {each: _still(context, group, found, each) for each in _notices(context, found)}
    for each, status in outcomes.items():
        context.store.put(replace(each, status="removed" if status == "silent" else status))
    gone = [each.person for each, status in outcomes.items() if status == "silent"]
    count = Counter(outcomes.values())
    words = text(
        "clean-up.summary", group=_title(group), gone=len(gone), stayed=count["stayed"],
        spared=len(outcomes) - len(gone) - count["stayed"],
    )  # fmt: skip
    return Outcome((*_out(context, group, found, gone), *_to_staff(group, "staff", words)))


def _still(context: Context, group: Group, found: CleanUp, notice: CleanUpNotice) -> str:
    """Return what has become of somebody: silent, stayed, spared, gone or not told."""
    person = people.current(context.store, context.community, notice.person)
    number = person.id if person is not None else 0
    member = context.store.get(Member, context.community, group.id, number)
    if person is None or member is None or member.left_at:
        return "gone"
    if notice.status == "stayed" or silent.last_sign(context, member, person) > notice.since:
        return "stayed"
    if silent.is_spared(context, group, person) or person.id != notice.person:
        return "spared"
    return "not-told" if _undelivered(context, found, person) else "silent"


def _undelivered(context: Context, found: CleanUp, person: Person) -> bool:
    """Tell whether somebody was to be told by hand, because the message failed, and was not."""
    waiting = context.store.count(
        Task, community=context.community, status__in=("open", tasks.DECLINED), kind="copy",
        person=person.id, created_at__ge=found.told_at,
    )  # fmt: skip
    return waiting > 0


def _out(
    context: Context, group: Group, found: CleanUp, gone: Sequence[int]
) -> tuple[Action, ...]:
    if not gone:
        return ()
    if channels.can(group.channels, "remove_member"):
        return tuple(Action(do="remove", group=group.id, member=str(each)) for each in gone)
    names = people.named(context.store.get(Person, context.community, each) for each in gone)
    return tasks.open_task(
        context, kind=OUT, to="staff", group=group.id, about=f"{OUT}:{found.id}",
        target=task_checks.moves(out_of=[f"{group.id}:{each}" for each in gone]),
        words=lambda number: text(
            "clean-up.out-task", group=_title(group), names=names, number=number
        ),
    )  # fmt: skip


def _title(group: Group) -> str:
    return group.title or group.id
