"""One person between the core group and the groups they are in: what is done, asked and told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from handlers.links import ways_in
from handlers.people import letters, people
from handlers.ports import Context
from handlers.posting.deliveries import AFTER_ADD
from handlers.tasks import tasks
from sop.actions import Action
from sop.model import Group, Person
from sop.texts import text


@dataclass(frozen=True, slots=True)
class Move:
    """Who moves, between the core group and the groups they are in, and which step says so."""

    context: Context
    person: Person
    core: Group
    present: tuple[Group, ...]
    step: str

    @property
    def homes(self) -> list[Group]:
        """The regular groups they are in."""
        return [each for each in self.present if each.kind == "regular"]

    def add(self, group: Group) -> Action:
        """Return the half that brings them into a group."""
        return Action(do="add", group=group.id, member=str(self.person.id), step=self.step)

    def remove(self, group: Group, beside: Iterable[Group], *, after: bool) -> Action:
        """Return the half that takes them out, once they are in one of those `beside` it."""
        reason = AFTER_ADD if after else ""
        others = tuple(each.id for each in beside)
        return replace(self.add(group), do="remove", reason=reason, beside=others)

    def by_hand(
        self, key: str, kind: str, groups: Iterable[Group], *, target: str, invited: bool = False
    ) -> tuple[Action, ...]:
        """Ask staff to do what no channel can, all of it in one task; `target` says it again.

        Who is `invited` has the address and some days to come by themselves.
        """
        person, core = self.person, self.core
        names = text("layers.groups-joiner").join(each.title or each.id for each in groups)

        def words(number: int) -> str:
            return text(
                key, name=people.shown(person), group=core.title or core.id, left=names,
                number=number,
            )  # fmt: skip

        return tasks.open_task(
            self.context, kind=kind, to="staff", group=core.id, step=self.step,
            person=person.id, about=f"{kind}:{core.id}:{person.id}", words=words, target=target,
            due_at=self.context.now + ways_in.PATIENCE_MS if invited else 0,
        )  # fmt: skip

    def invited(self, into: Sequence[Group]) -> bool:
        """Tell whether the person can be sent the way into these groups, in private."""
        named = (self.core.id, *(each.id for each in into))
        reached = letters.through(self.context, self.person, named)
        return bool(reached) and ways_in.invites(self.context, self.person, into)

    def tell(self, key: str, into: Sequence[Group] = ()) -> tuple[Action, ...]:
        """Say it to the person alone, unless they want nothing the bot starts.

        With how to come `into` groups that have an address.
        """
        title = self.core.title or self.core.id
        words = text(key, name=people.shown(self.person), group=title)
        words = "\n".join((words, *ways_in.shown(self.context, into)))
        more = (each.id for each in into)
        return letters.tell(self.context, self.person, words, self.core.id, *more)
