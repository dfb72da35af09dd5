"""The personal code of a member, which friends say (or open as a link) to tell who brought them.

It is short, of signs that cannot be mistaken, fit for an address, and somebody's for ever.
"""

import re
from typing import Any, Final

from handlers.people import people
from handlers.ports import Context
from sop.activities import codes
from sop.model import Person, PersonalCode

LENGTH: Final = 5

_CODE: Final = re.compile(r"[0-9A-Za-z]{5}")


def of(context: Context, seed: str, person: int = 0) -> str:
    """Return the code of a person, by default who acted; made of `seed` where they have none."""
    where: dict[str, Any] = {
        "community": context.community, "person": person or context.person_id
    }  # fmt: skip
    known = context.store.find(PersonalCode, order="code", limit=1, **where)
    if known:
        return known[0].code
    attempt = 0
    while True:
        code = codes.made_code(f"{seed}:{attempt}", length=LENGTH)
        if context.store.get(PersonalCode, context.community, code) is None:
            break
        attempt += 1
    context.store.put(PersonalCode(code=code, at=context.now, **where))
    return code


def owner(context: Context, code: str) -> Person | None:
    """Return whose code it is, however it is written; None for nobody's."""
    found = context.store.get(PersonalCode, context.community, code.upper())
    return people.current(context.store, context.community, found.person) if found else None


def split(argument: str) -> tuple[str, str]:
    """Return the code a text ends with, if it looks like one, and what stands before it."""
    head, _, last = argument.strip().rpartition(" ")
    return (last, head.strip()) if _CODE.fullmatch(last) else ("", argument)


def may_be_one(said: str) -> bool:
    """Tell whether somebody may mean a code that they got wrong: its signs, nearly as many."""
    bare = said.isascii() and said.isalnum()
    return bare and abs(len(said) - LENGTH) <= _WRONG_SIGNS


_WRONG_SIGNS: Final = 2
