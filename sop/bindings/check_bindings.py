"""Checks of `groups.yaml`: what does not exist, is bound twice, is no account or no secret."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from sop.bindings.binding_form import FileForm, Place, places
from sop.channels import CAPABILITIES, EXTERNAL, INTERNAL
from sop.problems import Path, suggestion
from sop.yaml.schema_problems import Finding

VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
"""A place where a value of the environment is filled in."""

_NAME: Final = re.compile(r"ROBOT_KEY_[A-Z0-9_]+", re.ASCII)
_ACCOUNT: Final = re.compile(r"(?!@all\Z)[!-{}~]{1,128}", re.IGNORECASE)
"""All of ASCII that can be seen, except what WeCom puts between several accounts."""


def findings(
    read: FileForm, packs: Collection[str], environ: Mapping[str, str]
) -> Iterator[Finding]:
    """Yield what is wrong with what is bound, by path in the file."""
    bound = tuple(places(read))
    yield from _unknown_packs(read, packs)
    yield from _strangers(read)
    yield from _repeated(bound)
    yield from _namesakes(read, bound)
    for place in bound:
        yield from _channels(place)
        for kind, chat in place.group.channels.items():
            path = (*place.path, "channels", kind)
            yield from _webhook(path, chat, environ) if kind == "webhook" else _chat(path, chat)


def _unknown_packs(read: FileForm, packs: Collection[str]) -> Iterator[Finding]:
    for name, community in read.communities.items():
        if community.pack not in packs:
            yield Finding(
                path=("communities", name, "pack"),
                message=f'there is no pack "{community.pack}" beside this file',
                suggestion=suggestion(community.pack, packs),
            )


def _strangers(read: FileForm) -> Iterator[Finding]:
    """Tell who in charge would have no rights: a name as people are called by is no account."""
    for name, community in read.communities.items():
        base: Path = ("communities", name)
        owner = [((*base, "owner"), community.owner)] if community.owner else []
        staff = [((*base, "staff", at), each) for at, each in enumerate(community.staff)]
        for path, account in (*owner, *staff):
            if not _ACCOUNT.fullmatch(account):
                message = (
                    f'"{account}" is no account (账号): copy it from the address book (通讯录)'
                )
                yield Finding(path=path, message=message)


def _namesakes(read: FileForm, bound: tuple[Place, ...]) -> Iterator[Finding]:
    """Tell of titles that do not tell apart: in private they say which one is meant."""
    titled: list[tuple[str, str, Path]] = [
        ("community", each.title, ("communities", name)) for name, each in read.communities.items()
    ]
    titled += [(f"group of {each.community}", each.group.title, each.path) for each in bound]
    seen: set[tuple[str, str]] = set()
    for what, title, path in titled:
        if title and (what, title) in seen:
            message = f'another {what} has the title "{title}": in private neither can be meant'
            yield Finding(path=(*path, "title"), message=message, severity="warning")
        seen.add((what, title))


def _repeated(bound: tuple[Place, ...]) -> Iterator[Finding]:
    ids: set[tuple[str, str]] = set()
    chats: set[tuple[str, str]] = set()
    for place in bound:
        if (place.community, place.group.id) in ids:
            message = f'"{place.group.id}" is the id of another group of this community'
            yield Finding(path=(*place.path, "id"), message=message)
        ids.add((place.community, place.group.id))
        for chat in place.group.channels.items():
            if chat in chats:
                path = (*place.path, "channels", chat[0])
                yield Finding(path=path, message="this chat is bound to another group already")
            chats.add(chat)


def _channels(place: Place) -> Iterator[Finding]:
    kinds = tuple(place.group.channels)
    for kind in kinds:
        if kind not in CAPABILITIES:
            known = ", ".join(sorted(CAPABILITIES))
            yield Finding(
                path=(*place.path, "channels", kind),
                message=f"there is no such channel: known are {known}",
                suggestion=suggestion(kind, CAPABILITIES),
                at_key=True,
            )
    bounds = [kind for kind in kinds if kind in INTERNAL or kind in EXTERNAL]
    mixed = [kind for kind in bounds if (kind in INTERNAL) != (bounds[0] in INTERNAL)]
    if mixed:
        message = f"{bounds[0]} and {mixed[0]} cannot be one group: it is internal or external"
        yield Finding(path=(*place.path, "channels", mixed[0]), message=message, at_key=True)


def _chat(path: Path, chat: str) -> Iterator[Finding]:
    if VARIABLE.search(chat):
        yield Finding(path=path, message="${…} works in webhook only: write the chat's id")


def _webhook(path: Path, key: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    variables = VARIABLE.findall(key)
    for name in variables:
        if not _NAME.fullmatch(name):
            yield Finding(path=path, message="only variables named ROBOT_KEY_… are filled in")
        elif not environ.get(name):
            yield Finding(path=path, message=f"the environment has no {name}: set it")
    if not variables:
        message = "a robot's key is a secret: write ${ROBOT_KEY_…} and set it in the environment"
        yield Finding(path=path, message=message, severity="warning")
