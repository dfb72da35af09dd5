"""Which deployment a command is about: the one set up here, or the playground that was tried."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from bot.clock.wall import WallClock
from bot.library.bound_groups import Abilities, abilities_of
from bot.library.library import BINDINGS_FILE
from bot.settings import Settings
from handlers.ports import Store
from sop.model import SeenEvent

FOLDER: Final = "playground"
"""The playground's folder in `DATA_DIR`; its packs and database lie in it."""


def playground(settings: Settings) -> Settings:
    """Return the settings of the playground: packs and a database of its own."""
    folder = settings.data_dir / FOLDER
    return replace(
        settings,
        sop_dir=folder / "sop",
        database_url=f"sqlite:///{folder.resolve() / 'qunyun.db'}",
    )


def deployment(settings: Settings) -> tuple[Settings, Abilities]:
    """Return the settings and abilities of what runs here.

    That is the playground where nothing of WeCom is set up, no bindings are written, and the
    playground was started once.
    """
    tried = playground(settings)
    if not settings.sandbox or _bound(settings.sop_dir) or not _bound(tried.sop_dir):
        return settings, abilities_of(settings)
    # The archive is the sandbox's stand-in for a channel that hears everything.
    return tried, Abilities(
        app=True, archive=True, bot_name=settings.bot_name, public_url=settings.public_url
    )


def time_in(store: Store) -> int:
    """Return what time it is where the records come from: the playground's clock runs ahead."""
    newest = store.find(SeenEvent, order="-at", limit=1)
    return max([WallClock().now(), *(event.at for event in newest)])


def _bound(folder: Path) -> bool:
    return (folder / BINDINGS_FILE).is_file()
