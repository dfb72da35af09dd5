"""What is known about a member, read from the state when a condition asks for it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from handlers.ledger.ledger import as_of_now
from handlers.people import people
from handlers.ports import Context
from sop import channels
from sop.model import Group, Item, LedgerEntry, Like, Member, Person, StepRun, Strike
from sop.pack.pack_actions import DropAction, ShareDayAction
from sop.pack.pack_conditions import Conditions
from sop.standing import segments, standing
from sop.times import localtime


@dataclass(frozen=True)
class StoredFacts:
    """Facts of `person` in `group` as of `context.now`; satisfies `sop.pack.conditions.Facts`.

    Where a step has no member, `person` is None: counts are 0 and nothing is held.
    """

    context: Context
    group: Group | None
    person: Person | None

    def layer(self) -> str:
        """Core or regular."""
        return self.person.layer if self.person else "regular"

    def level_reached(self, level: str) -> bool:
        """Whether the score reaches that level."""
        wanted = [each.at for each in self.context.book.pack.levels if each.id == level]
        return bool(wanted) and self.score() >= wanted[0]

    def role(self) -> str:
        """Owner, staff, leader or member."""
        return people.role_of(self.person, self.group)

    def has_tag(self, tag: str) -> bool:
        """Whether the member carries the tag."""
        return self.person is not None and tag in self.person.tags

    def paid(self) -> bool:
        """Whether the member is known to pay."""
        return self.person is not None and standing.pays(self.person, self.context.now)

    def score(self) -> int:
        """The standing, computed now."""
        return as_of_now(self.context, self.person.id).score if self.person else 0

    def balance(self) -> int:
        """The spendable points."""
        if self.person is None:
            return 0
        now = self.context.store.get(Person, self.context.community, self.person.id)
        return now.balance if now else 0

    def active_days(self, within_ms: int | None) -> int | None:
        """Local days with a message that was not struck; unknown where not all is heard."""
        if self.person is None or not self._hears_all():
            return None
        if within_ms is None:
            return len(self.person.active)
        today = localtime.local_date(self.context.now, self.context.book.zone)
        first = (today - timedelta(milliseconds=within_ms)).isoformat()
        return sum(1 for day in self.person.active if day > first)

    def introduced(self) -> bool | None:
        """Whether the member introduced themselves; not knowing is not the same as no."""
        member = self._member()
        if member is not None and member.introduced_at:
            return True
        return False if self._hears_all() else None

    def strikes(self, within_ms: int | None) -> int:
        """Strikes that count, in the window."""
        if self.person is None:
            return 0
        return self.context.store.count(
            Strike,
            community=self.context.community,
            person=self.person.id,
            observed=False,
            reversed_at=0,
            at__gt=self._since(within_ms),
        )

    def value_posts(self, within_ms: int | None) -> int:
        """Drops, shares and accepted answers this group received."""
        if self.group is None:
            return 0
        since = self._since(within_ms)
        steps = [step.id for step in self.context.book.pack.steps if _gives_value(step.do)]
        where = {"community": self.context.community, "group": self.group.id, "at__gt": since}
        store = self.context.store
        return (
            store.count(StepRun, step__in=steps, **where)
            + store.count(Item, kind="share", **where)
            + store.count(Item, kind="answer", status="accepted", **where)
        )

    def recognised(self, within_ms: int) -> bool:
        """Whether something of this member was liked or accepted lately."""
        return self.deeds("accepted", within_ms) + self._likes(within_ms) > 0

    def step_done(self, step: str) -> bool:
        """Whether the step ran in this group (for this member, where it is a member's)."""
        if self.group is None:
            return False
        people_meant = [0, self.person.id] if self.person else [0]
        found = self.context.store.count(
            StepRun,
            community=self.context.community,
            group=self.group.id,
            step=step,
            person__in=people_meant,
        )
        return found > 0

    def tenure(self) -> int:
        """How long the membership lasts, in ms."""
        member = self._member()
        return self.context.now - member.joined_at if member else 0

    def last_seen(self) -> int | None:
        """How long ago the member spoke (or joined), in ms; unknown where not all is heard."""
        member = self._member()
        if member is None or not self._hears_all():
            return None
        return self.context.now - max(member.last_at, member.joined_at)

    def deeds(self, deed: str, within_ms: int | None) -> int:
        """How many awards of a deed stand in the window."""
        if self.person is None:
            return 0
        store = self.context.store
        own: dict[str, Any] = {"community": self.context.community, "person": self.person.id}
        counted = {**own, "deed": deed, "at__gt": self._since(within_ms)}
        booked = store.count(LedgerEntry, **counted)
        if not booked:
            return 0
        undone = [each.reversal_of for each in store.find(LedgerEntry, deed="reversal", **own)]
        return booked - (store.count(LedgerEntry, id__in=undone, **counted) if undone else 0)

    def liked_in(self, tag: str, within_ms: int | None) -> int:
        """Counted likes received by a member who carries the tag."""
        return self._likes(within_ms) if self.has_tag(tag) else 0

    def _likes(self, within_ms: int | None) -> int:
        """Counted likes this person has received."""
        if self.person is None:
            return 0
        return self.context.store.count(
            Like, community=self.context.community, author=self.person.id, status="counted",
            counts=True, at__gt=self._since(within_ms),
        )  # fmt: skip

    def segment(self, name: str) -> Conditions:
        """The definition of a segment."""
        return segments.definition(self.context.book.pack, name)

    def unheard(self) -> str:
        """Why something cannot be known: there is nobody, or not all of them is heard."""
        if self.person is None:
            return "the step has no member"
        if self.group is None or self._hears_all():
            return "no membership is known"
        if channels.can(self.group.channels, "hear_mentions"):
            return "this group's channels hear mentions only"
        return "this group's channels hear nothing"

    def _since(self, within_ms: int | None) -> int:
        return -1 if within_ms is None else self.context.now - within_ms

    def _hears_all(self) -> bool:
        return self.group is not None and channels.hears_all(self.group.channels)

    def _member(self) -> Member | None:
        if self.group is None or self.person is None:
            return None
        return self.context.store.get(
            Member, self.context.community, self.group.id, self.person.id
        )


def _gives_value(actions: tuple[object, ...]) -> bool:
    return any(isinstance(action, DropAction | ShareDayAction) for action in actions)
