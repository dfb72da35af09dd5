"""The doctor: looks at everything a deployment needs and says, per thing, what to do."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.channels.wecom.api import Token, WeComApi
from bot.channels.wecom.errors import WeComError
from bot.channels.wecom.rosters import Roster
from bot.clock.theirs import TheirClock
from bot.clock.wall import WallClock
from bot.library.bound_groups import abilities_of
from bot.library.library import Library
from bot.operations import link_trial
from bot.settings import Settings, SettingsError, load_settings
from storage.database import HEAD, Database, SchemaError

LOOKED_AT: Final = 20
"""Groups of a kind asked about; what keeps the app from one keeps it from most."""

_CALLABLE: Final = (
    "the admin console must list the app among those that may call the customer contact API,"
    " and the group's owner must be in its visible scope (README, way 4)"
)
_NO_GROUP: Final = "the group was dismissed, or its id in groups.yaml is not WeCom's"
_NOT_MADE: Final = "only a group that this app made can be bound as appchat (README, way 3)"
_TRUSTED: Final = (
    "enter this server's address under 企业可信 IP of the app; it takes about a minute"
)

_OUTSIDE: Final = "put them into the app's visible scope (可见范围): else it cannot write to them"
UNTRUSTED: Final = 60020

UNREACHED: Final[Mapping[int, str]] = {
    60111: "owner and staff in groups.yaml are accounts (账号) of the address book, not names",
    **dict.fromkeys((60011, 60021), _OUTSIDE),
    UNTRUSTED: _TRUSTED,
}
"""What to do about an errcode of an owner or one of staff."""

Ask = Callable[[WeComApi, str], Awaitable[Roster]]

ASKED: Final[Mapping[str, tuple[str, Ask, Mapping[int, str]]]] = {
    "appchat": (
        "group",
        WeComApi.appchat_get,
        {**dict.fromkeys((40050, 86001, 86003), _NO_GROUP), 86008: _NOT_MADE, UNTRUSTED: _TRUSTED},
    ),
    "customer": (
        "customer group",
        WeComApi.customer_group,
        {
            **dict.fromkeys((48001, 48002, 60011, 84074), _CALLABLE),
            **dict.fromkeys((40050, 90501), _NO_GROUP),
            UNTRUSTED: _TRUSTED,
        },
    ),
}
"""The channels whose groups the app asks for: what they are called, by which call, and what to
do about an errcode where WeCom's own words do not say it."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    what: str
    good: bool
    says: str

    def __str__(self) -> str:
        return f"{'ok  ' if self.good else 'BAD '} {self.what}: {self.says}"

    def as_dict(self) -> dict[str, Any]:
        """Return it for `--json`."""
        return asdict(self)


class _OwnTokens:
    """Keeps tokens for one look: the doctor must not touch the database's."""

    def __init__(self) -> None:
        self._kept: dict[str, Token] = {}

    async def get(self, name: str) -> Token | None:
        return self._kept.get(name)

    async def put(self, name: str, token: Token) -> None:
        self._kept[name] = token


async def examine(environ: Mapping[str, str], env_file: Path) -> list[Finding]:
    """Return what was found; with unusable settings nothing else is looked at."""
    try:
        settings = load_settings(environ, env_file)
    except SettingsError as error:
        return [Finding("settings", good=False, says=str(error))]
    mode = "sandbox WeCom (no credentials set)" if settings.sandbox else "WeCom"
    heard = ", ".join(settings.hears) or "the playground"
    found = [Finding("settings", good=True, says=f"{mode}; hears by {heard}")]
    found.append(_database(settings))
    if not settings.sandbox:
        library = Library(settings.sop_dir, abilities_of(settings))
        found += _packs(library)
        found += await _wecom(settings, library)
    return found


def _database(settings: Settings) -> Finding:
    path = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database_url.startswith("sqlite") and not path.exists():
        # A start makes DATA_DIR, and no other folder.
        if path.parent != settings.data_dir and not path.parent.is_dir():
            return Finding(
                "database", good=False, says=f"there is no folder {path.parent}: make it"
            )
        return Finding("database", good=True, says=f"{path} will be made at the first start")
    database = Database(settings.database_url, as_found=True)
    try:
        revision = database.revision()
        good = database.writable()
    except (SchemaError, Exception) as error:  # noqa: BLE001 - said to a person, whatever it is
        return Finding("database", good=False, says=str(getattr(error, "orig", error)))
    finally:
        database.close()
    if not good:
        return Finding("database", good=False, says="locked or read-only")
    later = "" if revision == HEAD else f"; the next start brings it to revision {HEAD}"
    return Finding("database", good=True, says=f"writable{later}")


def _packs(library: Library) -> list[Finding]:
    good = library.reload()
    found = [Finding("sop", good=problem.severity != "error", says=str(problem))
             for problem in library.problems]  # fmt: skip
    if good:
        groups = sum(len(groups) for groups in library.shelf.groups.values())
        says = f"{len(library.shelf.books)} community(ies), {groups} group(s)"
        found.append(Finding("sop", good=True, says=says))
    return found


async def _wecom(settings: Settings, library: Library) -> list[Finding]:
    theirs = TheirClock(WallClock(), settings.wecom_api_base, settings.wecom_aibot_ws)
    async with aiohttp.ClientSession(trace_configs=[theirs.tracing()]) as session:
        found = await _app(settings, library, session)
        if settings.wecom_aibot_id:
            good, says = await link_trial.tried(settings, session)
            found.append(Finding("link", good=good, says=says))
    if theirs.known:
        wrong = theirs.told()
        found.append(Finding("clock", good=not wrong, says=wrong or "agrees with WeCom's"))
    return found


async def _app(
    settings: Settings, library: Library, session: aiohttp.ClientSession
) -> list[Finding]:
    if not settings.wecom_app_secret:
        return [Finding("wecom", good=True, says="no app: no private messages, no app groups")]
    api = WeComApi(
        session, settings.wecom_api_base, settings.wecom_corp_id, settings.wecom_app_secret,
        _OwnTokens(), WallClock().now,
    )  # fmt: skip
    try:
        await api.gettoken()
    except WeComError as error:
        return [Finding("wecom", good=False, says=str(error))]
    found = [Finding("wecom", good=True, says="the app's secret gives an access token")]
    found += await _accounts(api, library)
    for kind in ASKED:
        bound = islice(_groups(library, kind), LOOKED_AT)
        found += [await _group(api, kind, *each) for each in bound]
    if any(_groups(library, "customer")) and not settings.wecom_app_token:
        says = "without the app's callback address joins and leaves are seen a minute late"
        found.append(Finding("customer groups", good=True, says=says))
    return found


async def _accounts(api: WeComApi, library: Library) -> list[Finding]:
    """Ask for owners and staff, until one shows what keeps the app from all of them."""
    named = (
        account
        for groups in library.shelf.groups.values()
        for group in groups
        for account in (group.owner, *group.staff)
        if account
    )
    found: list[Finding] = []
    asked = list(islice(dict.fromkeys(named), LOOKED_AT))
    for account in asked:
        try:
            await api.user_get(account)
        except WeComError as error:
            says = _advised(error, UNREACHED)
            found.append(Finding(f"account {account}", good=False, says=says))
            if error.errcode not in UNREACHED or error.errcode == UNTRUSTED:
                break
    if asked and not found:
        says = f"{len(asked)} owner(s) and staff are in the app's visible scope"
        found.append(Finding("accounts", good=True, says=says))
    return found


def _advised(error: WeComError, advised: Mapping[int, str]) -> str:
    advice = advised.get(error.errcode, "")
    return f"{error}{advice and f'; {advice}'}"


def _groups(library: Library, kind: str) -> Iterator[tuple[str, str]]:
    for groups in library.shelf.groups.values():
        for group in groups:
            if kind in group.channels:
                yield group.id, group.channels[kind]


async def _group(api: WeComApi, kind: str, name: str, chat_id: str) -> Finding:
    """Ask for the roster once: whether the app may is known in no other way."""
    called, ask, advised = ASKED[kind]
    what = f"{called} {name}"
    try:
        roster = await ask(api, chat_id)
    except WeComError as error:
        return Finding(what, good=False, says=_advised(error, advised))
    return Finding(what, good=True, says=f"{len(roster.members)} member(s)")
