"""Handing a benefit over: what the person gets to read, and what is kept of it, by its kind."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from handlers.benefits import benefit_stock, code_lists, returns
from handlers.people import people
from handlers.ports import Context
from handlers.replies import privately
from handlers.tasks import tasks
from sop.actions import Action
from sop.activities import benefit_terms
from sop.model import Claim, Group, Member, Person
from sop.pack.pack_score import Benefit
from sop.texts import quoted, text
from sop.times import localtime
from sop.times.durations import DAY_MS


@dataclass(frozen=True, slots=True)
class Gift:
    """What is handed over: words and a file for the person, a code to be kept, tasks."""

    words: str
    file: str = ""
    code: str = ""
    tail: str = ""
    expires_at: int = 0
    tasks: tuple[Action, ...] = ()


@dataclass(frozen=True, slots=True)
class Handover:
    """A benefit about to be given: to whom, in which group's name, as which claim.

    `cause` is what a made code is made of, together with whose it is.
    """

    context: Context
    person: Person
    benefit: Benefit
    group: str
    number: int
    cause: str

    def words(self, key: str, **values: object) -> str:
        """Return a text that names the person and the benefit."""
        return text(
            key, name=people.shown(self.person), title=quoted(self.benefit.title), **values
        )

    def record(self, status: str, gift: Gift | None = None) -> None:
        """Remember that the person has it now, or will."""
        claim = Claim(
            community=self.context.community,
            id=self.number,
            benefit=self.benefit.id,
            person=self.person.id,
            at=self.context.now,
            status=status,
            title=self.benefit.title,
            price=self.benefit.price,
            cost=self.benefit.cost,
            group=self.group,
            version=self.context.book.version,
            cause=self.cause,
        )
        self.context.store.put(given(claim, gift) if gift is not None else claim)


def given(claim: Claim, gift: Gift) -> Claim:
    """Return the claim as it is once the gift was handed over."""
    return replace(
        claim, status="given", code=gift.code, tail=gift.tail, expires_at=gift.expires_at
    )


def give(handover: Handover) -> Gift | None:
    """Take what is to be handed over from where it is kept; None where nothing is left."""
    return _GIVERS[_way(handover.benefit)](handover)


def lacking(context: Context, benefit: Benefit) -> str:
    """Return the file that must be beside the pack before this can be given, and is not."""
    way = _way(benefit)
    wanted = (
        benefit.value if way == "file" else benefit.codes if way in benefit_stock.CODED else None
    )
    if not wanted or wanted in context.book.files:
        return ""
    if way in benefit_stock.CODED and code_lists.has_brought(context, benefit):
        return ""
    return wanted


def being_prepared(
    context: Context, person: Person, benefit: Benefit, group: str, file: str
) -> tuple[Action, ...]:
    """Ask staff once for a file that is not there; the member may ask again later."""
    opened = tasks.open_task(
        context, kind="missing-file", to="staff", group=group, about=f"file:{file}",
        words=lambda number: text(
            "tasks.missing-file", step=quoted(benefit.title), file=file, number=number
        ),
    )  # fmt: skip
    word = context.book.words.shown("redeem" if benefit.price else "claim")
    words = text(
        "benefits.being-prepared",
        name=people.shown(person),
        title=quoted(benefit.title),
        word=word,
    )
    return (*opened, privately(words))


def who(context: Context, group: str, wanted: str, asking: Person) -> str:
    """Return whom to ask: a leader of the group by number, never the one who asks; else a role.

    What somebody of the staff asks for is the owner's.
    """
    where = context.store.get(Group, context.community, group)
    helpers = "owner" if people.role_of(asking, where) == "staff" else "staff"
    if wanted != "leader":
        return helpers if wanted == "staff" else wanted
    members = context.store.find(
        Member, community=context.community, group=group, left_at=0, order="person"
    )
    for member in members:
        person = context.store.get(Person, context.community, member.person)
        if person is not None and person.role == "leader" and person.id != asking.id:
            return str(person.id)
    return helpers


def _way(benefit: Benefit) -> str:
    if benefit.fulfil == "task":
        return "task"
    is_web = (benefit.value or "").startswith(("http://", "https://"))
    return "link" if benefit.kind == "file" and is_web else benefit.kind


def _file(handover: Handover) -> Gift:
    words = _referring(handover, handover.words("benefits.given-file"))
    return Gift(words, file=handover.benefit.value or "")


def _link(handover: Handover) -> Gift:
    value = handover.benefit.value or ""
    address = handover.context.book.pack.link(value) or value
    return Gift(_referring(handover, handover.words("benefits.given", value=address)))


def _code(handover: Handover) -> Gift | None:
    context, benefit = handover.context, handover.benefit
    seed = f"{context.community}:{benefit.id}:{handover.person.id}:{handover.cause}"
    taken = code_lists.give_code(context, benefit, handover.number, seed)
    if taken is None:
        return None
    words = _referring(handover, handover.words("benefits.given", value=taken.code))
    if benefit.valid is None:
        return Gift(words, code=taken.code, tail=taken.tail)
    end = context.now + benefit.valid.for_ms
    until = localtime.local_date(end, context.book.zone)
    words = f"{words}\n{text('benefits.valid', month=until.month, day=until.day)}"
    return Gift(words, code=taken.code, tail=taken.tail, expires_at=end)


def _by_hand(handover: Handover) -> Gift:
    context, benefit = handover.context, handover.benefit
    opened = tasks.open_task(
        context, kind="claim", group=handover.group, person=handover.person.id,
        to=who(context, handover.group, benefit.by or "staff", handover.person),
        target=benefit.id, about=returns.by_hand(handover.number),
        due_at=context.now + DAY_MS,
        words=lambda number: handover.words("benefits.task", number=number),
    )  # fmt: skip
    return Gift(_referring(handover, handover.words("benefits.promised")), tasks=opened)


def _referring(handover: Handover, words: str) -> str:
    """Add what the benefit points to (a link by its name, an address or a word) and its time."""
    lines = [words]
    refers, when = handover.benefit.refers, handover.benefit.calendar
    if refers:
        what = handover.context.book.pack.link(refers) or refers
        lines.append(text("benefits.refers", what=what))
    if when and benefit_terms.opening(when) is None:
        lines.append(text("benefits.when", when=when))
    return "\n".join(lines)


_GIVERS: Final[Mapping[str, Callable[[Handover], Gift | None]]] = {
    "task": _by_hand,
    "file": _file,
    "link": _link,
    "code": _code,
    # A place or a service is shown by a code as well, unless a person sees to it.
    "quota": _code,
    "service": _code,
}
