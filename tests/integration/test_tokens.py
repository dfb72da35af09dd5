"""Access tokens kept in the database, for every process of a deployment."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

from bot.channels.wecom.api import Token
from bot.intake.local import LocalIntake
from bot.intake.writer import Writer
from bot.tokens import StoredTokens
from storage.database import Database

ONE, TWO = Token(value="t0ken-1", expires_at=5), Token(value="t0ken-2", expires_at=1 << 45)


def play(folder: Path, story: Callable[[StoredTokens], Awaitable[None]]) -> None:
    async def main() -> None:
        database = Database(f"sqlite:///{folder / 'q.db'}")
        database.migrate()
        intake = LocalIntake(Writer(database), due_jobs=lambda _limit: ())
        intake.start()
        try:
            await story(StoredTokens(intake))
        finally:
            await intake.stop()
            database.close()

    asyncio.run(main())


def test_what_was_put_last_is_found_under_its_name_alone(tmp_path: Path):
    async def story(tokens: StoredTokens) -> None:
        assert await tokens.get("app") is None
        await tokens.put("app", ONE)
        await tokens.put("app", TWO)

        assert await tokens.get("app") == TWO
        assert await tokens.get("another") is None

    play(tmp_path, story)


def test_a_token_outlives_the_process(tmp_path: Path):
    async def before(tokens: StoredTokens) -> None:
        await tokens.put("app", ONE)

    async def after(tokens: StoredTokens) -> None:
        assert await tokens.get("app") == ONE

    play(tmp_path, before)
    play(tmp_path, after)


def test_an_ended_token_is_given_as_it_is_for_the_caller_to_judge(tmp_path: Path):
    async def story(tokens: StoredTokens) -> None:
        await tokens.put("app", ONE)

        assert await tokens.get("app") == ONE

    play(tmp_path, story)


def test_tokens_are_kept_and_found_while_the_queue_is_full(tmp_path: Path):
    async def story(tokens: StoredTokens) -> None:
        tokens._intake._limit = 0

        await tokens.put("app", ONE)
        assert await tokens.get("app") == ONE

    play(tmp_path, story)
