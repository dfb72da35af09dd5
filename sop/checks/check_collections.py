"""Checks of collections: what nobody can win or give, and rules that contradict each other."""

import re
from collections.abc import Iterator
from typing import Final

from sop.activities import collecting
from sop.bindings.bindings import Binding
from sop.channels import can, hears_all
from sop.checks.check_bound import Note, heard, steps_in, together
from sop.checks.check_subject import Subject, warning
from sop.pack.pack import Pack
from sop.pack.pack_campaigns import CollectAction
from sop.pack.pack_steps import Step
from sop.problems import Path
from sop.yaml.schema_problems import Finding

ALWAYS: Final = frozenset({"story", "checkin"})
"""Deeds of collections that are earned without any, too."""

NAMELESS: Final = frozenset({"checkin", "photo", "snag"})
"""Kinds of entries that name nobody, so that nobody can be elected by them."""

_USERID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]*")


def uncollected(pack: Pack) -> frozenset[str]:
    """Return the deeds that only a collection brings, and no step of the pack collects."""
    kinds = {action.kind for action in pack.collections.values()}
    deeds = {kind for kind in collecting.KINDS if kind not in kinds} - ALWAYS
    return frozenset(deeds if "snag" in kinds else deeds | {"fixed"})


def deeds_nobody_does(subject: Subject) -> Iterator[Finding]:
    """Find what is paid and nothing collects."""
    nowhere = uncollected(subject.pack)
    for deed in map(str, subject.pack.score.earn):
        if deed in nowhere:
            kind = "snag" if deed == "fixed" else deed
            message = f"nothing brings it: add a step that collects kind: {kind}"
            yield warning(("score", "earn", deed), message)


def _collections(subject: Subject) -> Iterator[tuple[Path, Step, CollectAction]]:
    for path, step, action in subject.actions:
        if isinstance(action, CollectAction):
            yield (*path, action.UNDER), step, action


def odd_rules(subject: Subject) -> Iterator[Finding]:
    """Find rules of a collection that contradict each other, or that nothing follows from."""
    for path, _, action in _collections(subject):
        for find in (_of_nobody, _elections, _in_charge):
            yield from find(path, action)


def _of_nobody(path: Path, action: CollectAction) -> Iterator[Finding]:
    """What needs to know whose an entry is, and is asked of an anonymous collection."""
    if not action.anonymous:
        return
    if action.kind == "checkin":
        message = "a check-in is somebody's: nobody could have days in a row without a name"
        yield Finding(path=(*path, "anonymous"), message=message)
    why = "nobody knows whose an entry is"
    for index in range(len(action.prizes)):
        yield warning((*path, "prizes", index), f"nobody wins it: {why}")
    if action.team is not None:
        yield warning((*path, "team"), f"nobody is in a team: {why}")
    if action.per == "person":
        yield warning((*path, "per"), f"nobody is counted once: {why}")
    if action.nominate_ms is not None:
        yield warning((*path, "nominate"), f"nobody answers for whom they name: {why}")


def _elections(path: Path, action: CollectAction) -> Iterator[Finding]:
    if action.nominate_ms is None:
        return
    if action.kind in NAMELESS:
        message = f"entries of kind {action.kind} name nobody: collect thanks, or leave it out"
        yield warning((*path, "nominate"), message)
    if action.nominate_ms >= action.for_ms:
        message = "lasts to the end: nobody can like who was named; make it shorter than for"
        yield warning((*path, "nominate"), message)


def _in_charge(path: Path, action: CollectAction) -> Iterator[Finding]:
    if action.assign and action.kind != "snag":
        yield warning((*path, "assign"), "does nothing: only snags are given to somebody")
    for category, userid in action.assign.items():
        if not _USERID.fullmatch(userid):
            message = f'"{userid}" is no id: write the one WeCom knows them by, such as wang.wu'
            yield warning((*path, "assign", category), message)


def equal_titles(subject: Subject) -> Iterator[Finding]:
    """Find collections that members cannot tell apart: one command, one title."""
    seen: dict[tuple[str, str], str] = {}
    for path, step, action in _collections(subject):
        title = action.title or step.title
        key = collecting.command_of(action.kind), title.casefold()
        if title and key in seen:
            message = f'is called as "{seen[key]}": members say the title of what they mean'
            yield warning((*path, "title") if action.title else path, message)
        seen.setdefault(key, action.id or step.id)


def unheard(subject: Subject) -> Iterator[Finding]:
    """Find collections whose entries a group's channels cannot bring."""
    yield from together((_entries,), subject)


def _entries(subject: Subject, group: Binding) -> Iterator[Note]:
    if hears_all(group.channels) and can(group.channels, "dm"):
        return
    running = {id(step) for _, step in steps_in(subject, group)}
    for path, step, action in _collections(subject):
        found = _lost(group, action) if id(step) in running else ""
        if found:
            yield Note(path, found)


def _lost(group: Binding, action: CollectAction) -> str:
    """Say what cannot be given in the group; nothing where all is well."""
    private = can(group.channels, "dm")
    if action.anonymous and not private:
        return "people must hold it {where}: nobody can be written to in private"
    if not private and not can(group.channels, "hear_mentions"):
        lost = "neither entries nor the goal are" if action.goal else "no entry is"
        return f"people must hold it {{where}}, {lost} heard: {heard(group)}"
    if action.kind == "photo" and not hears_all(group.channels):
        return f"a picture must come with the words {{where}}: {heard(group)}"
    return ""
