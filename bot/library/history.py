"""Reading and bringing back what was in force: kept versions of packs and bindings.

A version is a text alone. What it names (pictures, code lists, pool files) is as it is today.
"""

import contextlib
import difflib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.broken import Broken, usable
from bot.library.library import BINDINGS_FILE, contents
from bot.library.versions import Text, bindings_text, newest, numbered, pack_text
from bot.library.whole_files import write_whole
from bot.settings import Settings
from handlers.ports import Store
from sop.bindings.bindings import unmasked
from sop.checks.loader import read_pack
from sop.model import Version
from sop.problems import plain_line
from sop.yaml import yaml_source
from storage.database import HEAD, Database

SHORTEST: Final = 4
"""Characters of a fingerprint that are taken for one: fewer are a number."""


def is_there(settings: Settings) -> bool:
    """Tell whether there is a database, as far as that can be told without opening it."""
    path = settings.database_url.removeprefix("sqlite:///")
    return path == settings.database_url or Path(path).exists()


@contextlib.contextmanager
def opened(settings: Settings) -> Iterator[Database]:
    """Open the deployment's database as it is, or raise `Broken` with the reason."""
    if not is_there(settings):
        path = settings.database_url.removeprefix("sqlite:///")
        raise Broken(f"{path}: there is no database yet: it is made when the bot runs")
    with usable(), contextlib.closing(Database(settings.database_url)) as database:
        if database.revision() != HEAD:
            raise Broken("the database is another version's: start the bot once, then come again")
        yield database


def kept(database: Database) -> list[Version]:
    """Return the versions of all files, of each the newest first."""
    found = database.read(lambda store: list(store.find(Version, order="-number")))
    return sorted(found, key=lambda each: each.name)


def last_in_force(settings: Settings) -> dict[str, bytes]:
    """Return the texts that were in force last, by file name; none where that is not known."""
    with contextlib.suppress(Broken), opened(settings) as database:
        found: dict[str, bytes] = {}
        packs: set[str] = set()
        for each in sorted(kept(database), key=lambda version: -version.at):
            pack = "" if each.name == BINDINGS_FILE else read_pack(each.text.encode(), "").id
            if each.name not in found and pack not in packs:
                found[each.name] = restored(each, settings.sop_dir / each.name)
                packs |= {pack} - {""}
        return found
    return {}


def named(versions: Sequence[Version], wanted: str) -> Version | None:
    """Return the version of that number or (the newest) of that fingerprint's beginning."""
    if wanted.isdecimal() and len(wanted) < SHORTEST:
        return next((each for each in versions if each.number == int(wanted)), None)
    fits = (each for each in versions if len(wanted) >= SHORTEST and each.sha.startswith(wanted))
    return next(fits, None) or next(
        (each for each in versions if str(each.number) == wanted), None
    )  # fmt: skip


def difference(old: str, new: str, before: str, after: str) -> str:
    """Return the unified difference of two texts; empty where they are alike."""
    lines = difflib.unified_diff(
        old.splitlines(), new.splitlines(), fromfile=before, tofile=after, lineterm=""
    )
    return "\n".join(map(plain_line, lines))


def saved(path: Path) -> Text | None:
    """Return a file as it would be kept if it came into force now; None where it is not there."""
    try:
        data = contents(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Broken(f"{path}: cannot be read ({error.strerror})") from None
    return text_of(path.name, data)


def text_of(name: str, data: bytes) -> Text:
    """Return the bytes of a file as they are kept."""
    if name != BINDINGS_FILE:
        return pack_text(name, data)
    return bindings_text(name, data, yaml_source.compose(data, name)[0])


def restored(version: Version, path: Path) -> bytes:
    """Return the bytes to save for a version; keys that were masked are today's.

    Raises `Broken` where a key that is needed is in no file any more.
    """
    if not version.text:
        raise Broken(f"the text of version {version.number} was not kept: it spelled out a key")
    if version.name != BINDINGS_FILE:
        return version.text.encode()
    today = path.read_bytes() if path.is_file() else b""
    data, missing = unmasked(version.text.encode(), today)
    if missing:
        raise Broken(
            f"version {version.number} has keys that are masked and in no file any more "
            f"({', '.join(missing)}): write them as ${{ROBOT_KEY_…}} in today's file first"
        )
    return data


def bring_back(
    database: Database, files: Mapping[Path, bytes], author: str, now: int
) -> list[Version]:
    """Save texts in the files' places, signed, all or none; returns them as versions.

    What is recorded changes with the files: a running bot that sees them waits for the record.
    """
    batch = database.batch()
    try:
        with batch.event() as store:
            found = [_recorded(store, path, data, author, now) for path, data in files.items()]
        write_whole({path.resolve(): data for path, data in files.items()})
    except BaseException:
        batch.rollback()
        raise
    batch.commit()
    return found


def _recorded(store: Store, path: Path, data: bytes, author: str, now: int) -> Version:
    text = text_of(path.name, data)
    latest = newest(store, path.name)
    if latest is not None and latest.sha == text.sha:
        return latest
    version = numbered(replace(text, author=author), latest, now)
    store.put(version)
    return version
