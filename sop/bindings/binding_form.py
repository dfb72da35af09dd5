"""The form of `groups.yaml`: what may be written where, before anything of it is looked up."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from sop.fields.pack_part import Part
from sop.fields.pack_types import DateText, Id, Items, Table, Word
from sop.pack.inheritance import Override
from sop.problems import Path

Kind = Literal["core", "regular"]


class GroupForm(Part):
    """A group with its chats, by channel kind."""

    id: Id
    title: str = ""
    channels: Annotated[Mapping[str, Word], Field(min_length=1)]
    starts: DateText | None = None
    override: Override = Override()


class CommunityForm(Part):
    """A community with its people in charge and its groups."""

    title: str = ""
    pack: Id
    owner: Word = ""
    staff: Items[Word] = ()
    override: Override = Override()
    core: GroupForm | None = None
    regular: Items[GroupForm] = ()


class FileForm(Part):
    """The whole file."""

    communities: Table[Id, CommunityForm]


@dataclass(frozen=True, slots=True)
class Place:
    """A group of the file with its path."""

    path: Path
    community: str
    kind: Kind
    group: GroupForm


def places(read: FileForm) -> Iterator[Place]:
    """Yield the groups, of each community the core group first."""
    for name, community in read.communities.items():
        base: Path = ("communities", name)
        if community.core is not None:
            yield Place((*base, "core"), name, "core", community.core)
        for index, group in enumerate(community.regular):
            yield Place((*base, "regular", index), name, "regular", group)
