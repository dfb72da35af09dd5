"""A bound group looked up by its name, in the bindings beside a pack or in SOP_DIR."""

import re
from collections.abc import Iterator
from pathlib import Path

from bot.library.bound_groups import Abilities, group_of
from bot.library.library import BINDINGS_FILE, contents, pack_files
from sop.bindings.bindings import Bindings, load_bindings
from sop.checks.loader import read_pack
from sop.model import Group
from sop.problems import suggestion

_KEYS = re.compile(rb"ROBOT_KEY_[A-Z0-9_]+")


class NoSuchGroup(Exception):
    """The group cannot be found; the message says what is there instead."""


def named_group(name: str, pack: str, folders: list[Path], abilities: Abilities) -> Group:
    """Return the group of that id (`alpha` or `reading/alpha`) that runs the pack.

    The first of `folders` that has bindings is asked; `abilities` say which channels it really
    has. Raises `NoSuchGroup`.
    """
    file = next((each for each in _files(folders)), None)
    if file is None:
        looked = ", ".join(str(folder / BINDINGS_FILE) for folder in folders)
        raise NoSuchGroup(f"there are no bindings: looked for {looked}")
    groups = list(_groups(_bindings(file), pack, abilities))
    found = [group for group in groups if name in (group.id, f"{group.community}/{group.id}")]
    if len(found) == 1:
        return found[0]
    raise NoSuchGroup(_sentence(name, pack, file, found or groups, several=bool(found)))


def _files(folders: list[Path]) -> Iterator[Path]:
    return (folder / BINDINGS_FILE for folder in folders if (folder / BINDINGS_FILE).is_file())


def _bindings(file: Path) -> Bindings:
    try:
        data = contents(file)
        drafts = [read_pack(contents(path), str(path)) for path in pack_files(file.parent)]
    except OSError as error:
        raise NoSuchGroup(f"{error.filename}: cannot be read ({error.strerror})") from None
    # What is looked at needs no secrets: whether a robot's key is set is nothing to it.
    keys = {key.decode(): "x" for key in _KEYS.findall(data)}
    packs = [draft.id for draft in drafts if draft.id]
    bindings, problems = load_bindings(data, str(file), packs, keys)
    if bindings is None:
        raise NoSuchGroup("\n".join(map(str, problems)))
    return bindings


def _groups(bindings: Bindings, pack: str, abilities: Abilities) -> Iterator[Group]:
    for community in bindings.communities:
        if community.pack == pack:
            for binding in community.groups:
                yield group_of(community, binding, abilities)


def _sentence(name: str, pack: str, file: Path, groups: list[Group], *, several: bool) -> str:
    names = [f"{group.community}/{group.id}" for group in groups]
    if several:
        return f"{name} is the id of several groups: write {' or '.join(names)}"
    if not names:
        return f"{file}: no group runs the pack {pack}"
    near = suggestion(name, [*(group.id for group in groups), *names])
    hint = f"did you mean {near}?" if near else f"there are {', '.join(names)}"
    return f"{file}: no group {name} runs the pack {pack} ({hint})"
