"""Benefits that cost nothing: who may have one, and handing it over, never twice.

A code is given once for ever: the claims say which are gone, whatever becomes of the list.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from handlers import ledger, people, places, tasks
from handlers.ports import Context, Outcome
from handlers.replies import privately, stopping
from sop import codes, localtime, standing
from sop.actions import Action
from sop.events import MessageReceived
from sop.model import Claim, Person
from sop.pack_score import Benefit
from sop.text import normalise
from sop.texts import quoted, text

LONGEST_TITLE: Final = 200
"""Characters of an argument that may name a benefit."""


def claim(event: MessageReceived, context: Context, argument: str) -> Outcome:
    """Hand over the first benefit, or the one named, if it costs nothing and is open to them."""
    person = context.person
    assert person is not None
    benefit = _wanted(context, argument)
    if benefit is None:
        return stopping(privately(_nothing_found(context, person, argument)))
    groups = (context.group,) if context.group else places.own_groups(context)
    if not groups:
        return stopping(privately(text("commands.no-group")))
    obstacle = _obstacle(context, person, benefit)
    if obstacle:
        return stopping(privately(obstacle))
    assert groups[0] is not None
    give = _GIVERS[_way(benefit)]
    return stopping(*give(Handover(context, person, benefit, groups[0].id, event.key)))


def open_to(context: Context, person: Person) -> list[str]:
    """Return the titles of what the person could claim now."""
    return [
        benefit.title
        for benefit in context.book.pack.benefits
        if not benefit.price and not _obstacle(context, person, benefit)
    ]


def _wanted(context: Context, argument: str) -> Benefit | None:
    pack = context.book.pack
    name = _plain(argument[:LONGEST_TITLE])
    if not name:
        return pack.benefit(pack.first_benefit) if pack.first_benefit else None
    exact = [each for each in pack.benefits if name in (_plain(each.id), _plain(each.title))]
    part = [each for each in pack.benefits if name in _plain(each.title)]
    found = exact or part
    return found[0] if len(found) == 1 else None


def _plain(title: str) -> str:
    """Return a title without quotation marks and other signs, as people type it."""
    return "".join(char for char in normalise(title) if char.isalnum())


def _nothing_found(context: Context, person: Person, argument: str) -> str:
    titles = open_to(context, person)
    if not titles:
        return text("benefits.none")
    key = "benefits.unknown" if argument else "benefits.choose"
    return text(key, titles=text("people.joiner").join(titles))


def _obstacle(context: Context, person: Person, benefit: Benefit) -> str:
    """Why the person cannot have the benefit now, in words for them; empty if they can."""
    for hurdle in (_priced, _beyond_level, _reserved, _had_already, _sold_out):
        words = hurdle(context, person, benefit)
        if words:
            return words
    return ""


def _priced(context: Context, person: Person, benefit: Benefit) -> str:
    del context, person
    if not benefit.price:
        return ""
    return text("benefits.priced", title=quoted(benefit.title), price=benefit.price)


def _beyond_level(context: Context, person: Person, benefit: Benefit) -> str:
    if not benefit.levels:
        return ""
    levels = context.book.pack.levels
    reached = standing.level_for(levels, ledger.as_of_now(context, person.id).score)
    if reached is not None and reached.id in benefit.levels:
        return ""
    needed = [level.title for level in levels if level.id in benefit.levels]
    return text("benefits.level", title=quoted(benefit.title), level=needed[0] if needed else "")


def _reserved(context: Context, person: Person, benefit: Benefit) -> str:
    """Keep what is promised to a layer, to leaders or with a badge for them."""
    pack = context.book.pack
    layers = {layer for layer, ids in pack.layers.benefits.items() if benefit.id in ids}
    if benefit.layer:
        layers.add(benefit.layer)
    tiers = pack.leaders.tiers if pack.leaders else ()
    for_leaders = any(benefit.id in tier.benefits for tier in tiers)
    with_badge = any(benefit.id in badge.brings for badge in pack.badges)
    if not layers and not for_leaders and not with_badge:
        return ""
    if person.layer in layers or (for_leaders and person.role == "leader"):
        return ""
    key = "benefits.layer" if "core" in layers else "benefits.reserved"
    return text(key, title=quoted(benefit.title))


def _had_already(context: Context, person: Person, benefit: Benefit) -> str:
    rate = benefit.per_member
    since = -1 if rate.within_ms is None else context.now - rate.within_ms
    had = context.store.count(
        Claim, community=context.community, person=person.id, benefit=benefit.id, at__gt=since
    )
    if had < rate.count:
        return ""
    return text("benefits.already", name=people.shown(person), title=quoted(benefit.title))


def _sold_out(context: Context, person: Person, benefit: Benefit) -> str:
    del person
    if benefit.stock is None:
        return ""
    given = context.store.count(Claim, community=context.community, benefit=benefit.id)
    return text("benefits.sold-out", title=quoted(benefit.title)) if given >= benefit.stock else ""


@dataclass(frozen=True, slots=True)
class Handover:
    """A benefit about to be given: to whom, in which group's name, caused by which event."""

    context: Context
    person: Person
    benefit: Benefit
    group: str
    event_key: str

    def record(self, code: str = "") -> None:
        """Remember that the person has it now."""
        self.context.store.put(
            Claim(
                community=self.context.community,
                id=self.context.store.number(self.context.community, "claim"),
                benefit=self.benefit.id,
                person=self.person.id,
                at=self.context.now,
                code=code,
            )
        )

    def words(self, key: str, **values: object) -> str:
        """Return a text that names the person and the benefit."""
        return text(
            key, name=people.shown(self.person), title=quoted(self.benefit.title), **values
        )


def _way(benefit: Benefit) -> str:
    if benefit.fulfil == "task":
        return "task"
    is_web = (benefit.value or "").startswith(("http://", "https://"))
    return "link" if benefit.kind == "file" and is_web else benefit.kind


def _give_file(handover: Handover) -> tuple[Action, ...]:
    name = handover.benefit.value or ""
    if name not in handover.context.book.files:
        return _missing(handover, name)
    handover.record()
    return (privately(handover.words("benefits.given-file"), file=name),)


def _give_link(handover: Handover) -> tuple[Action, ...]:
    value = handover.benefit.value or ""
    address = handover.context.book.pack.links.get(value, value)
    handover.record()
    return (privately(handover.words("benefits.given", value=address)),)


def _give_code(handover: Handover) -> tuple[Action, ...]:
    context, benefit = handover.context, handover.benefit
    claims = context.store.find(
        Claim, community=context.community, benefit=benefit.id, code__ne=""
    )
    given = [each.code for each in claims]
    if benefit.codes is None:
        seed = f"{context.community}:{benefit.id}:{handover.person.id}:{handover.event_key}"
        return _give_this_code(handover, codes.made_code(seed, given))
    data = context.book.files.get(benefit.codes)
    if data is None:
        return _missing(handover, benefit.codes)
    code = codes.free_code(codes.read_codes(data), given)
    if not code:
        return (privately(handover.words("benefits.sold-out")),)
    return _give_this_code(handover, code)


def _give_this_code(handover: Handover, code: str) -> tuple[Action, ...]:
    handover.record(code)
    words = handover.words("benefits.given", value=code)
    valid = handover.benefit.valid
    if valid is not None:
        end = handover.context.now + valid.for_ms
        until = localtime.local_date(end, handover.context.book.zone)
        words = f"{words}\n{text('benefits.valid', month=until.month, day=until.day)}"
    return (privately(words),)


def _give_by_hand(handover: Handover) -> tuple[Action, ...]:
    handover.record()
    benefit = handover.benefit
    opened = tasks.open_task(
        handover.context, kind="claim", to=benefit.by or "staff", group=handover.group,
        person=handover.person.id, target=benefit.id,
        about=f"claim:{benefit.id}:{handover.person.id}:{handover.event_key}",
        words=lambda number: handover.words("benefits.task", number=number),
    )  # fmt: skip
    return (*opened, privately(handover.words("benefits.promised")))


def _missing(handover: Handover, file: str) -> tuple[Action, ...]:
    """Ask staff once for a file that is not there; the member may ask again later."""
    opened = tasks.open_task(
        handover.context, kind="missing-file", to="staff", group=handover.group,
        about=f"file:{file}",
        words=lambda number: text(
            "tasks.missing-file", step=quoted(handover.benefit.title), file=file, number=number
        ),
    )  # fmt: skip
    return (*opened, privately(handover.words("benefits.being-prepared")))


_GIVERS: Final[Mapping[str, Callable[[Handover], tuple[Action, ...]]]] = {
    "task": _give_by_hand,
    "file": _give_file,
    "link": _give_link,
    "code": _give_code,
    # A place or a service is shown by a code as well, unless a person sees to it.
    "quota": _give_code,
    "service": _give_code,
}
