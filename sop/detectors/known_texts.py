"""Texts and links people have decided about: what is nearly like one of them is judged alike.

Compared are the syllables of the words alone, without ids, numbers, links and signs, so that a
homophone, a spelling in letters, another number or a sentence in front makes no other text of it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from sop.detectors.detector_data import packaged
from sop.detectors.spoken_words import sound
from sop.detectors.unmasking import unmask
from sop.detectors.wording import bare
from sop.links.hosts import above, hosts, pages, within

LEAST: Final = 8
"""Syllables from which a text can be told again; of shorter ones nothing is kept."""

LONGEST: Final = 200
"""Characters of a text that are kept and compared."""

LINK: Final = "//"
"""What is kept of a link begins with it, so that it is no words."""

_MOST_LINKS: Final = 4
_KEPT_LINK: Final = re.compile(rf"{LINK}[!-~]{{1,{LONGEST}}}")

_LOOKED_AT: Final = 1_000
_PIECE: Final = 3
_CANDIDATES: Final = 5
_COMMON: Final = 2
_LONG: Final = 16
_ALIKE: Final = 70
_ALIKE_SHORT: Final = 80
_SAME: Final = 90
_UNHEARD: Final = re.compile("[ 0+]+")


@dataclass(frozen=True, slots=True)
class KnownText:
    """A text as it sounds, its number, and what people said that it is."""

    id: int
    is_advert: bool
    sound: str


class KnownTexts:
    """Texts that were decided about, to be found again; safe to share, since nothing changes.

    An advert is found also inside a longer text; what is fine only as a whole, and nearly as it
    was, since whoever adds to it says something else. Finding takes time in proportion to the
    text's first thousand syllables, however many texts there are. `links` are pages that are an
    advert by themselves, and sites that are fine to link to, as `linked` names them.
    """

    __slots__ = ("_links", "_texts", "_where")

    def __init__(
        self, texts: Iterable[KnownText], links: Mapping[str, KnownText] = MappingProxyType({})
    ) -> None:
        self._texts: Sequence[KnownText] = tuple(texts)
        self._links = links
        where: dict[str, list[int]] = defaultdict(list)
        for place, text in enumerate(self._texts):
            for piece in _pieces(text.sound):
                where[piece].append(place)
        self._where: Mapping[str, Sequence[int]] = dict(where)

    def __bool__(self) -> bool:
        """Tell whether there is anything to be found."""
        return bool(self._texts or self._links)

    def page(self, text: str, allowed: Collection[str] = ()) -> KnownText | None:
        """Return the advert that a page is to which a text links, but for `allowed` sites."""
        found = pages(text, packaged().endings) if self._links else ()
        strange = (each for each in found if not within(_host(each), allowed))
        known = (self._links.get(LINK + each) for each in strange)
        return next((each for each in known if each is not None and each.is_advert), None)

    def is_fine(self, host: str) -> bool:
        """Tell whether people have said that a site, or one it belongs to, is fine to link to."""
        known = (self._links.get(LINK + each) for each in above(host)) if self._links else ()
        return any(each is not None and not each.is_advert for each in known)

    def find(self, words: str) -> KnownText | None:
        """Return the known text most like these words (see `bare`), or None."""
        if not self._texts:
            return None
        heard = as_heard(words)[:_LOOKED_AT]
        if len(heard) < LEAST:
            return None
        found = [(_likeness(text, heard), text.id, text) for text in self._candidates(heard)]
        best = max(found, default=(0.0, 0, None))
        return best[2] if best[0] else None

    def kept(self, words: str) -> KnownText | None:
        """Return what is known of words or a link as they are kept."""
        return self._links.get(words) if words.startswith(LINK) else self.find(words)

    def _candidates(self, heard: str) -> Iterable[KnownText]:
        where = self._where
        shared = Counter(
            place for piece in _pieces(heard) if piece in where for place in where[piece]
        )
        likely = shared.most_common(_CANDIDATES)
        return (self._texts[place] for place, count in likely if count >= _COMMON)


NOTHING_KNOWN: Final = KnownTexts(())
"""Nobody has decided about anything."""


def words_of(text: str) -> str:
    """Return the words of a message that are kept, or nothing where they are too few."""
    words = bare(unmask(text).text).strip()[:LONGEST]
    return words if len(as_heard(words)) >= LEAST else ""


def linked(text: str, allowed: Collection[str], *, is_advert: bool) -> tuple[str, ...]:
    """Return what to keep of the links of a text, but for those to sites that are allowed anyway.

    Of an advert the pages, since much else may lie on the same site; of what is fine the sites.
    """
    endings = packaged().endings
    strange = {each for each in hosts(text, endings) if not within(each, allowed)}
    found = [each for each in pages(text, endings) if _host(each) in strange]
    kept = found if is_advert else map(_host, found)
    short = dict.fromkeys(LINK + each for each in kept if len(each) <= LONGEST)
    return tuple(short)[:_MOST_LINKS]


def is_link(text: str) -> bool:
    """Tell whether a text is what `linked` returns of one."""
    return _KEPT_LINK.fullmatch(text) is not None


def _host(page: str) -> str:
    return re.split("[/?]", page, maxsplit=1)[0]


def as_heard(words: str) -> str:
    """Return words as their syllables, one sign each, without blanks and numbers."""
    return _UNHEARD.sub("", sound(words)[0])


def _pieces(heard: str) -> set[str]:
    return {heard[at : at + _PIECE] for at in range(len(heard) - _PIECE + 1)}


def _likeness(text: KnownText, heard: str) -> float:
    """Return how alike they are, 0 below what counts."""
    from rapidfuzz import fuzz  # noqa: PLC0415 - see `sop.likeness`

    if not text.is_advert:
        return fuzz.ratio(text.sound, heard, score_cutoff=_SAME)
    least = _ALIKE if len(text.sound) >= _LONG else _ALIKE_SHORT
    if len(heard) < len(text.sound):
        return fuzz.ratio(text.sound, heard, score_cutoff=least)
    return fuzz.partial_ratio(text.sound, heard, score_cutoff=least)
