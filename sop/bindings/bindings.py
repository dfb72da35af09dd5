"""`groups.yaml`: which communities there are, which pack each runs, and its groups' channels."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from sop.bindings.binding_form import CommunityForm, FileForm, Kind, Place, places
from sop.bindings.check_bindings import VARIABLE, findings
from sop.fields.pack_types import plain_text
from sop.pack.inheritance import Override, merged, plain
from sop.problems import Path, Problem, in_order
from sop.yaml import yaml_source
from sop.yaml.cutting import Rest
from sop.yaml.partial import placed, problem_at, typed
from sop.yaml.schema_problems import Finding
from sop.yaml.yaml_tree import Tree

_KEPT_OF_A_KEY: Final = 4
_MASK: Final = "\u2022" * 8
"""Dots: stars would be an alias of YAML's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One group: `channels` maps channel kind to the chat's id there, or a webhook's key or URL.

    Keys are expanded and secret: they are left out of `repr`. `override` is what the group's
    own lines say, `inherited` that together with its community's, in the form records keep.
    """

    id: str
    title: str
    kind: Kind
    channels: Mapping[str, str] = field(repr=False)
    starts: date | None = None
    override: Override = field(default_factory=Override)
    inherited: Mapping[str, Any] = field(default_factory=dict)
    path: Path = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Community:
    """A community, its people in charge by platform id, and its groups, the core group first."""

    id: str
    title: str
    pack: str
    owner: str
    staff: tuple[str, ...]
    groups: tuple[Binding, ...]
    override: Override = field(default_factory=Override)
    inherited: Mapping[str, Any] = field(default_factory=dict)

    @property
    def path(self) -> Path:
        """Where it stands in the file."""
        return ("communities", self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bindings:
    """All communities, in the order of the file."""

    communities: tuple[Community, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """What could be read of the file: `rest` is what was typed, `form` what was wrong with it."""

    tree: Tree
    rest: Rest
    read: FileForm
    form: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingsDraft:
    """`groups.yaml` read once, to be checked when the packs are known; `told`: faults of form."""

    file: str
    told: tuple[Problem, ...]
    body: _Body | None = None

    @property
    def tree(self) -> Tree | None:
        """The plain data with the place of every value, where there is any."""
        return self.body.tree if self.body else None

    def checked(
        self, packs: Collection[str], environ: Mapping[str, str]
    ) -> tuple[Bindings | None, tuple[Problem, ...]]:
        """Return the bindings, unless there is an error, and every problem; as `load_bindings`."""
        if self.body is None:
            return None, in_order(self.told)
        told = (*self.told, *self.placed(findings(self.body.read, packs, environ)))
        if any(problem.severity == "error" for problem in told):
            return None, in_order(told)
        return _bindings(self.body.read, self.body.rest.data, environ), in_order(told)

    def placed(self, found: Iterable[Finding]) -> tuple[Problem, ...]:
        """Return what was found later as problems of the file."""
        body = self.body
        if body is None:
            return ()
        return tuple(placed(found, body.rest, body.form, body.tree, self.file))


def read_bindings(data: bytes, file: str) -> BindingsDraft:
    """Read the bytes of `groups.yaml`. Never raises, whatever the bytes."""
    tree, problems = yaml_source.compose(data, file)
    if tree is None or not isinstance(tree.data, dict):
        message = "groups.yaml is a mapping with the key communities"
        nothing = Problem(file=file, line=1, column=1, path="", message=message, fatal=True)
        return BindingsDraft(file=file, told=problems or (nothing,))
    rest, read, form = typed(FileForm, tree.data, {"communities": {}})
    told = (*problems, *(problem_at(each, each.path, tree, file) for each in form))
    body = None if read is None else _Body(tree=tree, rest=rest, read=read, form=form)
    return BindingsDraft(file=file, told=told, body=body)


def load_bindings(
    data: bytes, file: str, packs: Collection[str], environ: Mapping[str, str]
) -> tuple[Bindings | None, tuple[Problem, ...]]:
    """Return the bindings, unless there is an error, and every problem in order of the file.

    `packs` are the ids of the packs there are; `environ` gives the values of `${ROBOT_KEY_…}`.
    Whether overrides fit their packs is `sop.checks.check_overrides`'s to tell. Never raises,
    whatever the bytes.
    """
    return read_bindings(data, file).checked(packs, environ)


def masked(data: bytes, tree: Tree | None) -> bytes:
    """Return the file, read as `tree`, with every literal webhook key masked, to be kept.

    Of a file that cannot be read, or spells a key with escapes, nothing is returned: it might
    be anywhere in it.
    """
    if tree is None:
        return b""
    text = data.decode()
    for key in _literal_keys(tree.data):
        if key not in text:
            return b""
        text = text.replace(key, _mask(key))
    return text.encode()


def unmasked(data: bytes, today: bytes) -> tuple[bytes, tuple[str, ...]]:
    """Return a masked file with the literal keys of today's file, and the masks left without one.

    A key fits a mask by its last characters; where several do, none is taken.
    """
    masks, _ = yaml_source.compose(data, "")
    known, _ = yaml_source.compose(today, "")
    text = data.decode()
    missing: list[str] = []
    keys = set(_literal_keys(known.data)) if known else set()
    for mask in _literal_keys(masks.data) if masks else ():
        fits = [key for key in keys if mask == _mask(key)]
        if mask.startswith(_MASK) and len(fits) == 1:
            text = text.replace(mask, fits[0])
        elif mask.startswith(_MASK):
            missing.append(mask)
    return text.encode(), tuple(missing)


def _mask(key: str) -> str:
    return _MASK + key[-_KEPT_OF_A_KEY:]


def _literal_keys(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        key = plain_text(data.get("webhook"))
        if isinstance(key, str) and len(key) > _KEPT_OF_A_KEY and not VARIABLE.search(key):
            yield key
        for value in data.values():
            yield from _literal_keys(value)
    elif isinstance(data, list):
        for value in data:
            yield from _literal_keys(value)


def _bindings(read: FileForm, data: Any, environ: Mapping[str, str]) -> Bindings:
    bound: dict[str, list[Binding]] = {name: [] for name in read.communities}
    shared = {name: _written(data, ("communities", name)) for name in read.communities}
    for place in places(read):
        own = _written(data, place.path)
        inherited = plain(merged(shared[place.community], own))
        bound[place.community].append(_binding(place, inherited, environ))
    communities = (
        _community(name, community, tuple(bound[name]), plain(shared[name]))
        for name, community in read.communities.items()
    )
    return Bindings(communities=tuple(communities))


def _written(data: Any, path: Path) -> Mapping[str, Any]:
    """The override at a path, as it is written."""
    for part in path:
        data = data[part]
    return data.get("override") or {}


def _community(
    name: str, community: CommunityForm, groups: tuple[Binding, ...], inherited: Mapping[str, Any]
) -> Community:
    return Community(
        id=name,
        title=community.title or name,
        pack=community.pack,
        owner=community.owner,
        staff=community.staff,
        groups=groups,
        override=community.override,
        inherited=inherited,
    )


def _binding(place: Place, inherited: Mapping[str, Any], environ: Mapping[str, str]) -> Binding:
    def value(match: re.Match[str]) -> str:
        return environ.get(match[1], "")

    group = place.group
    channels = {
        kind: VARIABLE.sub(value, chat) if kind == "webhook" else chat
        for kind, chat in group.channels.items()
    }
    return Binding(
        id=group.id,
        title=group.title or group.id,
        kind=place.kind,
        channels=channels,
        starts=group.starts,
        override=group.override,
        inherited=inherited,
        path=place.path,
    )
