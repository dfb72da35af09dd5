"""`groups.yaml`: which communities there are, which pack each runs, and its groups' channels."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from sop import yaml_source
from sop.channels import CAPABILITIES, EXTERNAL, INTERNAL
from sop.pack_budget import Budget, Bundle
from sop.pack_part import Part
from sop.pack_types import DateText, Days, Id, Items, SpanText, Table, Word, plain_text
from sop.partial import placed, problem_at, typed
from sop.problems import Path, Problem, in_order, suggestion
from sop.schema_problems import Finding

_VARIABLE: Final = re.compile(r"\$\{([^}]*)\}")
_VARIABLE_NAME: Final = re.compile(r"ROBOT_KEY_[A-Z0-9_]+", re.ASCII)
_KEPT_OF_A_KEY: Final = 4


class Override(Part):
    """What a group may have otherwise than its pack; None or empty: as in the pack."""

    quiet: SpanText | None = None
    budget: Budget | None = None
    bundle: Bundle | None = None
    skip: Items[Days] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One group: `channels` maps channel kind to the chat's id there, or a webhook's key or URL.

    Keys are expanded and secret: they are left out of `repr`.
    """

    id: str
    title: str
    kind: Literal["core", "regular"]
    channels: Mapping[str, str] = field(repr=False)
    starts: date | None = None
    override: Override = field(default_factory=Override)


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community, its people in charge by platform id, and its groups, the core group first."""

    id: str
    title: str
    pack: str
    owner: str
    staff: tuple[str, ...]
    groups: tuple[Binding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """All communities, in the order of the file."""

    communities: tuple[Community, ...] = ()


class _Group(Part):
    id: Id
    title: str = ""
    channels: Annotated[Mapping[str, Word], Field(min_length=1)]
    starts: DateText | None = None
    override: Override = Override()


class _Community(Part):
    title: str = ""
    pack: Id
    owner: Word = ""
    staff: Items[Word] = ()
    core: _Group | None = None
    regular: Items[_Group] = ()


class _File(Part):
    communities: Table[Id, _Community]


@dataclass(frozen=True, slots=True)
class _Place:
    """A group of the file with its path."""

    path: Path
    community: str
    kind: Literal["core", "regular"]
    group: _Group


def load_bindings(
    data: bytes, file: str, packs: Collection[str], environ: Mapping[str, str]
) -> tuple[Bindings | None, tuple[Problem, ...]]:
    """Return the bindings, unless there is an error, and every problem in order of the file.

    `packs` are the ids of the packs there are; `environ` gives the values of `${ROBOT_KEY_…}`.
    Never raises, whatever the bytes.
    """
    tree, problems = yaml_source.compose(data, file)
    if tree is None or not isinstance(tree.data, dict):
        message = "groups.yaml is a mapping with the key communities"
        nothing = Problem(file=file, line=1, column=1, path="", message=message, fatal=True)
        return None, problems or (nothing,)

    rest, read, form = typed(_File, tree.data, {"communities": {}})
    told = [*problems, *(problem_at(each, each.path, tree, file) for each in form)]
    if read is not None:
        told += placed(_findings(read, packs, environ), rest, form, tree, file)
    if read is None or any(problem.severity == "error" for problem in told):
        return None, in_order(told)
    return _bindings(read, environ), in_order(told)


def masked(data: bytes, file: str = "") -> bytes:
    """Return the file with every literal webhook key masked, to be kept as a version.

    Of a file that cannot be read nothing is returned: a key might be anywhere in it.
    """
    tree, _ = yaml_source.compose(data, file)
    if tree is None:
        return b""
    text = data.decode()
    for key in _literal_keys(tree.data):
        text = text.replace(key, "*" * 8 + key[-_KEPT_OF_A_KEY:])
    return text.encode()


def _literal_keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        key = plain_text(data.get("webhook"))
        if isinstance(key, str) and len(key) > _KEPT_OF_A_KEY and not _VARIABLE.search(key):
            yield key
        for value in data.values():
            yield from _literal_keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _literal_keys(value)


def _places(read: _File) -> Iterator[_Place]:
    for name, community in read.communities.items():
        base: Path = ("communities", name)
        if community.core is not None:
            yield _Place((*base, "core"), name, "core", community.core)
        for index, group in enumerate(community.regular):
            yield _Place((*base, "regular", index), name, "regular", group)


def _findings(
    read: _File, packs: Collection[str], environ: Mapping[str, str]
) -> Iterator[Finding]:
    places = tuple(_places(read))
    yield from _unknown_packs(read, packs)
    yield from _repeated(places)
    for place in places:
        yield from _channels(place)
        for kind, chat in place.group.channels.items():
            path = (*place.path, "channels", kind)
            yield from _webhook(path, chat, environ) if kind == "webhook" else _chat(path, chat)


def _unknown_packs(read: _File, packs: Collection[str]) -> Iterator[Finding]:
    for name, community in read.communities.items():
        if community.pack not in packs:
            yield Finding(
                path=("communities", name, "pack"),
                message=f'there is no pack "{community.pack}" beside this file',
                suggestion=suggestion(community.pack, packs),
            )


def _repeated(places: tuple[_Place, ...]) -> Iterator[Finding]:
    ids: set[tuple[str, str]] = set()
    chats: set[tuple[str, str]] = set()
    for place in places:
        if (place.community, place.group.id) in ids:
            message = f'"{place.group.id}" is the id of another group of this community'
            yield Finding(path=(*place.path, "id"), message=message)
        ids.add((place.community, place.group.id))
        for chat in place.group.channels.items():
            if chat in chats:
                path = (*place.path, "channels", chat[0])
                yield Finding(path=path, message="this chat is bound to another group already")
            chats.add(chat)


def _channels(place: _Place) -> Iterator[Finding]:
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
    if _VARIABLE.search(chat):
        yield Finding(path=path, message="${…} works in webhook only: write the chat's id")


def _webhook(path: Path, key: str, environ: Mapping[str, str]) -> Iterator[Finding]:
    variables = _VARIABLE.findall(key)
    for name in variables:
        if not _VARIABLE_NAME.fullmatch(name):
            yield Finding(path=path, message="only variables named ROBOT_KEY_… are filled in")
        elif not environ.get(name):
            yield Finding(path=path, message=f"the environment has no {name}: set it")
    if not variables:
        message = "a robot's key is a secret: write ${ROBOT_KEY_…} and set it in the environment"
        yield Finding(path=path, message=message, severity="warning")


def _bindings(read: _File, environ: Mapping[str, str]) -> Bindings:
    bound: dict[str, list[Binding]] = {name: [] for name in read.communities}
    for place in _places(read):
        bound[place.community].append(_binding(place, environ))
    communities = (
        _community(name, community, tuple(bound[name]))
        for name, community in read.communities.items()
    )
    return Bindings(communities=tuple(communities))


def _community(name: str, community: _Community, groups: tuple[Binding, ...]) -> Community:
    return Community(
        id=name,
        title=community.title or name,
        pack=community.pack,
        owner=community.owner,
        staff=community.staff,
        groups=groups,
    )


def _binding(place: _Place, environ: Mapping[str, str]) -> Binding:
    def value(match: re.Match[str]) -> str:
        return environ.get(match[1], "")

    group = place.group
    channels = {
        kind: _VARIABLE.sub(value, chat) if kind == "webhook" else chat
        for kind, chat in group.channels.items()
    }
    return Binding(
        id=group.id,
        title=group.title or group.id,
        kind=place.kind,
        channels=channels,
        starts=group.starts,
        override=group.override,
    )
