"""Access tokens shared through the database: one row per app secret."""

from bot.channels.wecom.api import Token
from bot.intake.local import LocalIntake
from bot.intake.writer import Job
from sop import model


class StoredTokens:
    """Satisfies `bot.channels.wecom.api.TokenStore` with rows of the database."""

    def __init__(self, intake: LocalIntake) -> None:
        self._intake = intake

    async def get(self, name: str) -> Token | None:
        """Return what was last put under the name."""
        row: model.Token | None = await self._intake.submit(
            Job(run=lambda store: store.get(model.Token, name)), bounded=False
        )
        return Token(value=row.value, expires_at=row.expires_at) if row else None

    async def put(self, name: str, token: Token) -> None:
        """Keep the token for every process."""
        row = model.Token(name=name, value=token.value, expires_at=token.expires_at)
        await self._intake.submit(Job(run=lambda store: store.put(row)), bounded=False)
