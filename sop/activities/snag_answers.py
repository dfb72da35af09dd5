"""What who reported a snag says when asked whether it is right now. Pure functions."""

import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sop.text import normalise
from sop.yaml import yaml_source


def answer_of(said: str) -> str:
    """Return `approve` (it is right) or `reject` (not yet); empty where it is other talk."""
    words, bare = _words(), _bare(said)
    told = {bare, *(bare.removesuffix(each) for each in words["thanks"])}
    if not told.isdisjoint(words["no"]):
        return "reject"
    return "approve" if not told.isdisjoint(words["yes"]) else ""


def _bare(said: str) -> str:
    return "".join(sign for sign in normalise(said) if unicodedata.category(sign)[0] not in "PSZ")


@cache
def _words() -> Mapping[str, Sequence[str]]:
    data: Any = yaml_source.load_packaged("snag_answers.yaml")
    return {name: tuple(map(_bare, words)) for name, words in data.items()}
