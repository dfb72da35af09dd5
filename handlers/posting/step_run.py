"""One run of a step while its actions are carried out, one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.ports import Context
from handlers.posting.rendering import render
from sop.actions import Action
from sop.model import Group, Person
from sop.pack.pack import Item
from sop.pack.pack_steps import Step


@dataclass(frozen=True)
class Run:
    """One run of a step: for whom, its action at hand, and the pool item dropped so far in it."""

    context: Context
    group: Group
    step: Step
    subjects: Sequence[Person]
    turn: int
    due_at: int
    position: int = 0
    item: Item | None = None

    @property
    def person(self) -> Person | None:
        """The step's member, where it has exactly one."""
        return self.subjects[0] if len(self.subjects) == 1 else None

    def words(self, choices: Sequence[str], *, aside: bool = False) -> str:
        """The text whose turn it is, rendered; `aside` for who reads it in private."""
        template = choices[self.turn % len(choices)]
        return render(
            self.context, template, self.group, person=self.person, joined=self.subjects,
            aside=aside,
        )  # fmt: skip


Expanded = tuple[tuple[Action, ...], Run]
"""What an action decides, and the run as it goes on."""
