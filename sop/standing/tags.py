"""Interest tags in what people write: chosen from those a pack offers, never made up."""

from collections.abc import Iterable

from sop.pack.pack import Pack
from sop.text import normalise


def offered(pack: Pack) -> tuple[str, ...]:
    """Return the tags members may choose: the pack's, and those of its circles."""
    return tuple(dict.fromkeys((*pack.tags, *(circle.tag for circle in pack.circles))))


def chosen(
    said: str, tags: Iterable[str], parted_by: str
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return which of the tags are named, and what is named besides and is none of them.

    `parted_by` holds the characters between several.
    """
    known = {normalise(each): each for each in tags}
    if normalise(said) in known:
        return (known[normalise(said)],), ()
    signs = str.maketrans(dict.fromkeys(f"{parted_by}/|", " "))
    words = said.translate(signs).split()
    found = [known[normalise(each)] for each in words if normalise(each) in known]
    rest = tuple(each for each in words if normalise(each) not in known)
    return tuple(dict.fromkeys(found)), rest


def mentioned(said: str, tags: Iterable[str]) -> tuple[str, ...]:
    """Return the tags whose words are in the text, in their order."""
    normal = normalise(said)
    return tuple(each for each in tags if normalise(each) and normalise(each) in normal)
