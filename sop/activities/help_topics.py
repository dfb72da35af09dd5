"""What help tells about: topics of commands, and which words ask for one (`help_topics.yaml`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sop.activities.commands import Words, command_name
from sop.text import normalise
from sop.yaml import yaml_source


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Commands that belong together, in the order in which they are told."""

    title: str
    also: tuple[str, ...]
    commands: tuple[str, ...]
    staff: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """All of help. `first` are the commands of its first answer, of which `most` are told.

    `everything` and `desk` are the words that ask for all topics, and for all of the staff's.
    """

    first: tuple[str, ...]
    most: int
    topics: tuple[Topic, ...]
    everything: frozenset[str]
    desk: frozenset[str]


@cache
def contents() -> Contents:
    """Return what help tells."""
    data: Mapping[str, Any] = yaml_source.load_packaged("help_topics.yaml")
    return Contents(
        first=tuple(data["first"]),
        most=data["first-at-most"],
        topics=(*_topics(data["members"]), *_topics(data["staff"], staff=True)),
        everything=frozenset(map(normalise, data["everything"])),
        desk=frozenset(map(normalise, data["desk"])),
    )


def _topics(rows: Sequence[Mapping[str, Any]], *, staff: bool = False) -> tuple[Topic, ...]:
    return tuple(
        Topic(
            title=row["title"], also=tuple(row["also"]), commands=tuple(row["commands"]),
            staff=staff,
        )
        for row in rows
    )  # fmt: skip


def asked_for(said: str, words: Words) -> tuple[Topic, ...]:
    """Return the topics that the words ask for, most often one; none where they ask for nothing.

    `words` are the pack's: a command is known by what it is called there, too.
    """
    known, wanted = contents(), normalise(said)
    if wanted in known.everything:
        return known.topics
    if wanted in known.desk:
        return tuple(topic for topic in known.topics if topic.staff)
    titled = [each for each in known.topics if wanted in map(normalise, _names(each))]
    name = _command(wanted, words)
    return tuple(titled or [each for each in known.topics if name in each.commands])


def _names(topic: Topic) -> tuple[str, ...]:
    return (topic.title, *topic.also)


def _command(wanted: str, words: Words) -> str:
    """Return the command that is called so, in the pack or by the program."""
    for name, spoken in words.names.items():
        if wanted in map(normalise, spoken):
            return name
    return command_name(wanted)
