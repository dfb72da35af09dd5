"""Checks against the bound groups: what their channels cannot do, so that people must."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sop.bindings.bindings import Binding
from sop.budgets import budget
from sop.channels import can
from sop.checks.check_bound import Note, steps_in, together
from sop.checks.check_subject import Subject, warning
from sop.pack.pack_actions import GameAction, PostAction
from sop.pack.pack_campaigns import ChallengeAction
from sop.pack.pack_steps import Step
from sop.pools import game_pools
from sop.problems import Path
from sop.yaml.schema_problems import Finding


def by_people(subject: Subject) -> Iterator[Finding]:
    """Find what becomes a task for people, and what a message loses on its way."""
    yield from together((_ladder, _moves, _messages, _certificates), subject)
    if subject.groups and not any(group.kind == "core" for group in subject.groups):
        yield from _no_core_group(subject)


_NAMED: Final = 4
_RUNGS: Final[Mapping[str, tuple[str, str]]] = {
    "remove": ("remove_member", "cannot remove members"),
    "remind-privately": ("dm", "cannot write to members first"),
}


def _ladder(subject: Subject, group: Binding) -> Iterator[Note]:
    if not subject.pack.rules.checks:
        return
    for index, rung in enumerate(subject.pack.rules.ladder):
        needed, lack = _RUNGS.get(rung, ("", ""))
        if needed and not can(group.channels, needed):
            what = f"{rung} becomes a task {{where}}: its channels {lack}"
            yield Note(("rules", "ladder", index), what)


def _moves(subject: Subject, group: Binding) -> Iterator[Note]:
    core = subject.pack.layers.core
    if core is None:
        return
    if group.kind == "core" and not can(group.channels, "add_member"):
        what = "bringing a member in is a task {where}: its channels cannot add members"
        yield Note(("layers", "core"), what)
    if group.kind != "core" and not core.keep_regular and not can(group.channels, "remove_member"):
        what = "taking a promoted member out is a task {where}: its channels cannot remove members"
        yield Note(("layers", "core"), what)


def _messages(subject: Subject, group: Binding) -> Iterator[Note]:
    """Note once for all steps what no channel can send, for each what a message loses."""
    running = [(path, step) for path, step in steps_in(subject, group)]
    if not can(group.channels, "post"):
        posting = [(path, step) for path, step in running if budget.posts_from(step)]
        yield from _for_all(posting, "what {steps} post", "cannot speak first")
    if not can(group.channels, "dm"):
        writing = [(path, step) for path, step in running if budget.letters(step)]
        yield from _for_all(
            writing, "the private messages of {steps}", "cannot write to members first"
        )
    for path, step in running if can(group.channels, "post") else ():
        for index, action in enumerate(step.do):
            if isinstance(action, PostAction):
                yield from _lost((*path, "do", index), action, group)
            elif isinstance(action, GameAction) and _has_pictures(subject, action):
                what = "{where} items with a picture are not asked: its channels carry none"
                if not can(group.channels, "images"):
                    yield Note((*path, "do", index, "game"), what)


def _has_pictures(subject: Subject, action: GameAction) -> bool:
    if action.game not in game_pools.NAMES:
        return False
    pool = subject.pack.library.get(game_pools.of(action))
    return pool is not None and any(item.image for item in pool.items)


def _for_all(found: Sequence[tuple[Path, Step]], what: str, lack: str) -> Iterator[Note]:
    if found:
        listed = ", ".join(step.id for _, step in found[:_NAMED])
        named = listed if len(found) <= _NAMED else f"{listed} and {len(found) - _NAMED} more"
        said = what.replace("{steps}", named)
        sentence = f"{said}: a task for people {{where}}: its channels {lack}"
        yield Note((*found[0][0], "do"), sentence)


def _lost(path: Path, action: PostAction, group: Binding) -> Iterator[Note]:
    for key, needed in (("mention", "mention"), ("image", "images")):
        if getattr(action, key) and not can(group.channels, needed):
            what = f"{{where}} the {key} is left out: its channels carry none"
            yield Note((*path, key), what)


def _certificates(subject: Subject, group: Binding) -> Iterator[Note]:
    if can(group.channels, "dm") and can(group.channels, "images"):
        return
    for path, step in steps_in(subject, group):
        for index, action in enumerate(step.do):
            if isinstance(action, ChallengeAction) and action.certificate:
                what = "certificates are words alone {where}: no channel sends members pictures"
                yield Note((*path, "do", index, "challenge", "certificate"), what)


def _no_core_group(subject: Subject) -> Iterator[Finding]:
    for path, step in subject.placed:
        if step.in_ == "core":
            yield warning((*path, "in"), "runs nowhere: groups.yaml binds no core group")
    if subject.pack.layers.core is not None:
        message = "groups.yaml binds no core group: a promotion moves nobody"
        yield warning(("layers", "core"), message)
