"""The program on PostgreSQL: it runs, is killed and goes on, and the commands look at it alike."""

import asyncio
import signal
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest

from bot.broken import Broken
from bot.running import run_program
from bot.settings import load_settings
from sop.model import Message
from storage.database import Database
from tests.integration.commands.running import qunyun
from tests.integration.live import ALPHA, CORE, bindings, pack, write
from tests.integration.processes import environ_for, load, message, process, sandboxed


def kept(url: str) -> list[str]:
    with closing(Database(url)) as database:
        found = database.read(lambda store: store.find(Message, person__ne=0))
    return sorted(each.message_id for each in found)


def test_nothing_acknowledged_is_lost_and_nothing_is_there_twice(
    tmp_path: Path, postgresql_url: str
) -> None:
    given = {"DATABASE_URL": postgresql_url}

    async def main() -> None:
        write(tmp_path / "sop", bindings(ALPHA, CORE), {"club.yaml": pack()})
        async with sandboxed() as sandbox, aiohttp.ClientSession() as client:
            given.update(environ_for(sandbox, tmp_path))
            said = [message(sandbox.corp, "li", f"第{n}句话，读书真好") for n in range(40)]
            taken: set[str] = set()
            async with process(tmp_path, given) as first:
                await first.listening()
                await load(sandbox.corp, client, first, said[:30], taken)
                first.tell(signal.SIGKILL)
                await first.ended()
            assert len(taken) == 30
            assert taken <= set(kept(postgresql_url))

            async with process(tmp_path, given) as second:
                await second.listening()
                await load(sandbox.corp, client, second, said, taken)
                second.tell(signal.SIGTERM)
                assert (await second.ended())[0] == 0
            assert kept(postgresql_url) == sorted(each["msgid"] for each in said)

    asyncio.run(main())

    assert "ok   database: writable\n" in qunyun("doctor", env=given).out
    assert qunyun("verify", env=given).code == 0


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    write(tmp_path / "sop", bindings(ALPHA, CORE), {"club.yaml": pack()})
    given = {"DATABASE_URL": f"postgresql://bot:hunter2@/bot?host={tmp_path}"}

    async def main() -> None:
        async with sandboxed() as sandbox:
            given.update(environ_for(sandbox, tmp_path))

    asyncio.run(main())
    with pytest.raises(Broken) as broken:
        run_program(load_settings(given, None))
    found, told = qunyun("doctor", env=given), str(broken.value)

    assert "the database postgresql://***@" in told
    assert "BAD  database: " in found.out
    assert "hunter2" not in told + found.out + found.err
