"""What is true of a pack in some of its groups only, told once for all of these."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sop.bindings.bindings import Binding
from sop.channels import can
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.yaml.schema_problems import Finding


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about a part of the pack in one group; `{where}` in it names the groups."""

    path: Path
    sentence: str


Look = Callable[[Subject, Binding], Iterator[Note]]


def together(looks: Sequence[Look], subject: Subject) -> Iterator[Finding]:
    """Yield what is noted of any group, with the groups it is true of."""
    where: dict[Note, list[str]] = {}
    for group in subject.groups:
        for look in looks:
            for note in look(subject, group):
                where.setdefault(note, []).append(group.id)
    for note, groups in where.items():
        yield warning(note.path, note.sentence.replace("{where}", _named(groups)))


def _named(groups: Sequence[str]) -> str:
    quoted = [f'"{each}"' for each in dict.fromkeys(groups)]
    if len(quoted) == 1:
        return f"in group {quoted[0]}"
    return f"in groups {', '.join(quoted[:-1])} and {quoted[-1]}"


def steps_in(subject: Subject, group: Binding) -> Iterator[tuple[Path, Step]]:
    """Yield the steps that run in the group."""
    for path, step in subject.placed:
        if step.in_ in {group.kind, "all"}:
            yield path, step


def heard(group: Binding) -> str:
    """Say what of its messages the group's channels let through."""
    if can(group.channels, "hear_mentions"):
        return "its channels hear mentions only"
    return "its channels hear no messages"
