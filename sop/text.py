"""What two texts have in common: one normal form, its fingerprint, likeness, and safe names."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache, lru_cache
from hashlib import blake2b
from importlib import resources
from itertools import groupby, islice

from sop import likeness

LIMIT = 10_000
"""Characters of a text that are looked at; what follows them is ignored."""

NAME_LENGTH = 20
"""Characters a shown name may have."""

_ASKED_AGAIN = 500
"""Longest text whose normal form is remembered: each handler of a message asks for it."""

_MAX_ROUNDS = 4
"""Marks that unfold into two are thinned again in a second round; the rest is for the unknown."""

_MAX_MARKS = 8
"""Combining marks kept on one letter: sorting a longer run takes quadratic time."""

_IGNORED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
_SURROGATES = re.compile("[\ud800-\udfff]")
_SIMPLE = re.compile(
    "[\t\n\r -~\xb7\u200d\u2014\u2018\u2019\u201c\u201d\u2026\u3000-\u3029\u3041-\u3096"
    "\u30a1-\u30fa\u4e00-\u9fff\ufe0f\uff01-\uff5e\U0001f300-\U0001faff]*"
)
_PLAIN = re.compile("[!-~\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uff01-\uff9d]*")

_UNSEEN = frozenset({"Mn", "Me", "Mc", "Cf", "Cc", "Cs", "Zs", "Zl", "Zp"})
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_PICTURE = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3030"
    "\u303d\u3297\u3299\U0001f000-\U0001f1e5\U0001f200-\U0001f3fa\U0001f400-\U0001faff]"
)
_DRESS = "[\ufe0f\u20e3\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
_EMOJI = re.compile(
    f"[\U0001f1e6-\U0001f1ff]{{2}}|{_PICTURE}{_DRESS}(?:\u200d{_PICTURE}{_DRESS})*"
)

_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff0-\ufffb\ud800-\udfff]+"
)
_WIDE_OFFSET = 0xFEE0
_WIDE_MARKUP = {ord(c): chr(ord(c) + _WIDE_OFFSET) for c in "\\`*_~[](){}<>#|!&@$"}


def normalise(text: str) -> str:
    """Return the form texts are matched in: NFKC, case-folded, simplified, blanks single.

    Zero-width and control characters are gone, lone surrogates are U+FFFD. Holds for every
    str: never raises, is idempotent, and has at most `LIMIT` characters. Han characters are
    simplified one by one, so that a word inside a text has the same form as the word alone.
    """
    return _remembered(text) if len(text) <= _ASKED_AGAIN else _normal(text[:LIMIT])


def _normal(head: str) -> str:
    if _SIMPLE.fullmatch(head):
        return " ".join(head.translate(_table()).split())[:LIMIT].rstrip()
    for _ in range(_MAX_ROUNDS):
        folded = _fold(head)
        if folded == head:
            break
        head = folded
    return head


_remembered = lru_cache(maxsize=1_024)(_normal)


def hash_normal(normal: str) -> str:
    """Return the fingerprint of a text that is normalised already (16 hex digits)."""
    return blake2b(normal.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def fingerprint(text: str) -> str:
    """Return 16 hex digits equal for texts of one normal form, on every machine and release."""
    return hash_normal(normalise(text))


def similar(a: str, b: str) -> float:
    """Return how alike two texts are after normalising, from 0.0 to 1.0 (equal)."""
    return likeness.ratio(normalise(a), normalise(b))


def visible_length(text: str) -> int:
    """Count the characters a reader sees, blanks left out.

    A letter with its marks is one, so is an emoji joined from several, a flag, or a keycap;
    zero-width, control and blank-looking characters are none. Takes linear time.
    """
    solid = "".join(text.split())
    if _PLAIN.fullmatch(solid):
        return len(solid)
    composed = unicodedata.normalize("NFC", _thinned(solid))
    return sum(map(_is_seen, _EMOJI.sub("x", composed)))


def safe_name(name: str) -> str:
    """Return a member's name fit for any message: one line, no markup, no mention, no bidi.

    At most `NAME_LENGTH` characters; may be empty. Markup characters become their full-width
    twins, since WeCom's markdown knows no escape and plain text would show one.
    """
    shown = unicodedata.normalize("NFC", _thinned(name[:LIMIT]))
    shown = " ".join(_UNSAFE.sub(" ", shown).split()).translate(_WIDE_MARKUP)
    shown = shown[:NAME_LENGTH].strip(" \u200d")
    return shown if visible_length(shown) else ""


def simplify(text: str) -> str:
    """Turn each traditional Han character, capital and full-width sign into its plain twin."""
    return text.translate(_table())


def plain_signs() -> Mapping[int, str]:
    """Return the table of `simplify`; not to be changed."""
    return _table()


def _fold(text: str) -> str:
    bare = _SURROGATES.sub("\ufffd", _IGNORED.sub("", text))
    folded = unicodedata.normalize("NFKC", _thinned(bare)).casefold()
    composed = _IGNORED.sub("", unicodedata.normalize("NFKC", folded))
    return " ".join(composed.translate(_table()).split())[:LIMIT].rstrip()


def _thinned(text: str) -> str:
    if len(text) <= _MAX_MARKS or text.isascii():
        return text
    return "".join(
        "".join(islice(run, _MAX_MARKS) if marks else run)
        for marks, run in groupby(text, key=_is_mark)
    )


def _is_mark(character: str) -> bool:
    return unicodedata.combining(character) != 0


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and character not in _BLANK_LETTERS


@cache
def _table() -> dict[int, str]:
    table = _simplified()
    table.update({code: chr(code - _WIDE_OFFSET).lower() for code in range(0xFF01, 0xFF5F)})
    table.update({code: chr(code).lower() for code in range(ord("A"), ord("Z") + 1)})
    return table | {0x2026: "...", 0x200D: "", 0xFE0F: ""}


def _simplified() -> dict[int, str]:
    """Read the table that `benchmarks/simplify_table.py` makes, each character before its twin."""
    written = resources.files("sop").joinpath("words", "simplified.txt").read_text("utf-8")
    pairs = "".join(written.split())
    return dict(zip(map(ord, pairs[::2]), pairs[1::2], strict=True))
