"""At start: codes whose key is gone are kept back, so that nobody pays for what cannot be read."""

import logging

from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from bot.vault import FILE, Vault
from handlers.benefits import code_lists

_log = logging.getLogger(__name__)


async def without_key(intake: LocalIntake, vault: Vault) -> None:
    """Keep back what no key opens, let go what one opens again, and say how many there are."""
    known = vault.locks()
    kept_back: int = await intake.submit(
        Job(run=lambda store: code_lists.keep_back(store, known)), bounded=False
    )
    if kept_back:
        _log.error(
            "%d codes are sealed with a secret that is gone and are kept back: write it as a "
            "line into %s in DATA_DIR, and start again",
            kept_back, FILE,
        )  # fmt: skip
