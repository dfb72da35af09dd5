"""Which settings belong together: the ways to WeCom, each whole or absent."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Settings that work only together: any of `marks` asks for all of them and for `needs`.

    `hears` is the name of the way by which members' words come in; empty if none do.
    """

    marks: tuple[str, ...]
    needs: tuple[str, ...] = ()
    hears: str = ""


_APP: Final = Family(marks=("WECOM_CORP_ID", "WECOM_APP_AGENT_ID", "WECOM_APP_SECRET"))
_AIBOT: Final = Family(marks=("WECOM_AIBOT_TOKEN", "WECOM_AIBOT_AES_KEY"), hears="aibot")
_LINK: Final = Family(marks=("WECOM_AIBOT_ID", "WECOM_AIBOT_SECRET"), hears="link")

# An app may send without a callback, so its callback is a family of its own.
FAMILIES: Final = (
    _APP,
    Family(marks=("WECOM_APP_TOKEN", "WECOM_APP_AES_KEY"), needs=_APP.marks, hears="app"),
    _AIBOT,
    _LINK,
    Family(marks=("WECOM_ROBOT_TOKEN", "WECOM_ROBOT_AES_KEY"), hears="robot"),
)

_EXCLUSIVE: Final = (
    f"exclude {' and '.join(_AIBOT.marks)}: WeCom gives an AI bot either the long connection"
    " or the callback URL; keep one pair"
)
_DEAF: Final = (
    "nothing that is set lets the bot hear: set WECOM_AIBOT_ID and WECOM_AIBOT_SECRET"
    " (no public address needed), or the TOKEN and AES_KEY of an app, AI bot or robot"
)

CREDENTIALS: Final = (
    *(key for family in FAMILIES for key in family.marks),
    "WECOM_ARCHIVE_SECRET",
    "WECOM_ARCHIVE_KEYS",
)
"""Any of these switches from the sandbox to the real WeCom."""


def problems_between(given: Collection[str]) -> Iterator[tuple[str, str]]:
    """Tell, as (key, sentence), what is missing beside or excluded by the `given` keys."""
    if not any(key in given for key in CREDENTIALS):
        return
    missing = {key: mark for family in FAMILIES for mark, key in _gaps(family, given)}
    yield from ((key, f"is missing: {mark} works only with it") for key, mark in missing.items())
    for key in ("ADMIN_PASSWORD", "SESSION_SECRET"):
        if key not in given:
            yield key, "is missing: it is required as soon as a WECOM_ credential is set"
    if _marked(_AIBOT, given) and _marked(_LINK, given):
        yield " and ".join(_LINK.marks), _EXCLUSIVE
    if not any(_marked(family, given) for family in FAMILIES if family.hears):
        yield "WECOM_*", _DEAF


def _marked(family: Family, given: Collection[str]) -> bool:
    return any(key in given for key in family.marks)


def _gaps(family: Family, given: Collection[str]) -> Iterator[tuple[str, str]]:
    mark = next((key for key in family.marks if key in given), None)
    if mark is not None:
        wanted = (*family.marks, *family.needs)
        yield from ((mark, key) for key in wanted if key not in given)
