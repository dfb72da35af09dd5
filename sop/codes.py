"""Redeemable codes: those of a list file, and made ones."""

import csv
from collections.abc import Collection
from hashlib import blake2b
from typing import Final

HEADERS: Final = frozenset({"code", "codes"})
"""First rows that are a heading and no code."""

# Without look-alikes (0 O, 1 I L, U V): codes are read aloud and typed.
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTWXYZ"
_LENGTH: Final = 8


def read_codes(data: bytes) -> tuple[str, ...]:
    """Return the codes of a CSV file: the first column, each once, in order.

    UTF-8 with or without a byte-order mark; a heading, blank lines and unreadable characters
    are passed over. Never raises.
    """
    lines = data.decode("utf-8-sig", "replace").replace("\0", "").splitlines()
    try:
        cells = [row[0].strip() for row in csv.reader(lines) if row]
    except csv.Error:
        cells = [line.partition(",")[0].strip() for line in lines]
    if cells and cells[0].casefold() in HEADERS:
        cells = cells[1:]
    return tuple(dict.fromkeys(cell for cell in cells if cell and "\ufffd" not in cell))


def free_code(codes: Collection[str], given: Collection[str]) -> str:
    """Return the first code that was not given yet; empty where none is left."""
    taken = frozenset(given)
    return next((code for code in codes if code not in taken), "")


def made_code(seed: str, given: Collection[str]) -> str:
    """Return a new code that is the same for the same seed; as hard to guess as the seed is."""
    attempt = 0
    while True:
        digest = blake2b(f"{attempt}:{seed}".encode("utf-8", "surrogatepass"), digest_size=16)
        number = int.from_bytes(digest.digest(), "big")
        letters = []
        for _ in range(_LENGTH):
            number, index = divmod(number, len(_ALPHABET))
            letters.append(_ALPHABET[index])
        code = "".join(letters)
        if code not in given:
            return code
        attempt += 1
