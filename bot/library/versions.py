"""Versions of packs and bindings: each text that was in force, numbered, with time and author."""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from bot.library.authors import author_of
from handlers.ports import Store
from sop.bindings.bindings import masked
from sop.model import Version
from sop.yaml.yaml_tree import Tree

SHOWN: Final = 12
"""Characters of a text's fingerprint that are kept and shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A file's text as it is kept: no literal key in it; empty where one could not be masked."""

    name: str
    sha: str
    text: str
    author: str = ""


def pack_text(name: str, data: bytes) -> Text:
    """Return a pack's text; its fingerprint is the version of the pack."""
    return Text(name=name, sha=fingerprint(data), text=data.decode("utf-8-sig", "replace"))


def bindings_text(name: str, data: bytes, tree: Tree | None) -> Text:
    """Return the text of `groups.yaml`, read as `tree`, every literal key masked."""
    kept = masked(data, tree)
    return Text(name=name, sha=fingerprint(kept or data), text=kept.decode("utf-8-sig"))


def fingerprint(data: bytes) -> str:
    """Return what a text is known by."""
    return hashlib.sha256(data).hexdigest()[:SHOWN]


def signed(
    texts: Mapping[str, Text],
    known: Mapping[str, Text],
    folder: Path,
    author: Callable[[Path], str] = author_of,
) -> dict[str, Text]:
    """Return the texts with their authors; those in `known` have theirs, the rest are asked for.

    It may take a while: whoever asks does so beside the program's loop.
    """
    return {
        name: known[name]
        if name in known and known[name].sha == text.sha
        else replace(text, author=author(folder / name))
        for name, text in texts.items()
    }


def keep(store: Store, texts: Iterable[Text], now: int) -> None:
    """Keep the texts that come into force, each unless it was in force just before."""
    for each in texts:
        latest = newest(store, each.name)
        if latest is None or latest.sha != each.sha:
            store.put(numbered(each, latest, now))


def newest(store: Store, name: str) -> Version | None:
    """Return the version of that file that came into force last."""
    found = store.find(Version, name=name, order="-number", limit=1)
    return found[0] if found else None


def numbered(text: Text, latest: Version | None, now: int) -> Version:
    """Return a text as the version that follows the latest one."""
    return Version(
        name=text.name,
        number=latest.number + 1 if latest else 1,
        sha=text.sha,
        at=now,
        author=text.author,
        text=text.text,
    )
