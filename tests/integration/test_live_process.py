import asyncio
import contextlib
import signal
import socket
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.broken import Broken
from bot.running import run_program
from bot.settings import load_settings
from tests.integration.live import ALPHA, CORE, bindings, pack, until, write
from tests.integration.processes import Process, environ_for, load, message, process, sandboxed


def test_sigterm_ends_it_within_ten_seconds_and_nothing_acknowledged_is_lost(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        write(tmp_path / "sop", bindings(ALPHA, CORE), {"club.yaml": pack()})
        async with sandboxed() as sandbox, aiohttp.ClientSession() as client:
            environ = environ_for(sandbox, tmp_path)
            said = [message(sandbox.corp, "li", f"第{n}句话，读书真好") for n in range(600)]
            taken: set[str] = set()
            async with process(tmp_path, environ) as first:
                await first.listening()
                sending = asyncio.ensure_future(load(sandbox.corp, client, first, said, taken))
                await until(lambda: len(taken) >= 100)
                first.tell(signal.SIGTERM)
                started = time.monotonic()
                code, errors = await first.ended()
                assert (code, time.monotonic() - started < 10) == (0, True)
                assert "Traceback" not in errors
                await sending
            assert 100 <= len(taken) < 600
            kept = _kept(tmp_path)
            assert taken <= set(kept)
            assert len(kept) == len(set(kept))

            # WeCom sends again what was not acknowledged, and may send again what was.
            async with process(tmp_path, environ) as second:
                await second.listening()
                await load(sandbox.corp, client, second, said, taken)
                assert len(taken) == 600
                second.tell(signal.SIGINT)
                assert (await second.ended())[0] == 0
            assert sorted(_kept(tmp_path)) == sorted(each["msgid"] for each in said)

    asyncio.run(main())


def _kept(folder: Path) -> list[str]:
    with contextlib.closing(sqlite3.connect(folder / "qunyun.db")) as database:
        rows = database.execute("SELECT message_id FROM message WHERE person <> 0").fetchall()
    return [str(row[0]) for row in rows]


def wrong_settings(environ: dict[str, str], _folder: Path) -> str:
    environ["WECOM_APP_AES_KEY"] = "short"
    del environ["ADMIN_PASSWORD"]
    return "WECOM_APP_AES_KEY"


def broken_pack(_environ: dict[str, str], folder: Path) -> str:
    (folder / "sop" / "club.yaml").write_text("pack: [", encoding="utf-8")
    return "club.yaml"


def no_bindings(_environ: dict[str, str], folder: Path) -> str:
    (folder / "sop" / "groups.yaml").unlink()
    return "groups.yaml"


def no_such_folder_for_the_database(environ: dict[str, str], folder: Path) -> str:
    environ["DATABASE_URL"] = f"sqlite:///{folder}/nowhere/qunyun.db"
    return "the database"


def a_folder_as_database(environ: dict[str, str], folder: Path) -> str:
    (folder / "qunyun.db").mkdir()
    return "the database"


def no_database(environ: dict[str, str], folder: Path) -> str:
    (folder / "qunyun.db").write_bytes(b"this is no database at all" * 100)
    return "the database"


def no_data_folder(environ: dict[str, str], folder: Path) -> str:
    environ["DATA_DIR"] = "/proc/qunyun"
    environ["SOP_DIR"] = str(folder / "sop")
    return "/proc/qunyun"


def a_database_that_stays_locked(environ: dict[str, str], folder: Path) -> str:
    other = sqlite3.connect(folder / "qunyun.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=WAL")
    other.execute("BEGIN IMMEDIATE")
    LOCKS.append(other)
    return "the database"


LOCKS: list[sqlite3.Connection] = []

SPOILERS = (
    broken_pack,
    no_bindings,
    no_such_folder_for_the_database,
    a_folder_as_database,
    no_database,
    no_data_folder,
    a_database_that_stays_locked,
)


@pytest.mark.parametrize("spoil", SPOILERS)
def test_what_keeps_it_from_starting_is_said_in_one_readable_message(
    spoil: Callable[[dict[str, str], Path], str],
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    environ = asyncio.run(_laid_out(tmp_path))
    named = spoil(environ, tmp_path)

    try:
        with pytest.raises(Broken) as broken:
            run_program(load_settings(environ, None))
    finally:
        while LOCKS:
            LOCKS.pop().close()

    _readable(f"{broken.value}\n{capfd.readouterr().err}{caplog.text}", named, environ)


@pytest.mark.parametrize("spoil", [wrong_settings, broken_pack])
def test_a_program_that_does_not_start_says_that_and_nothing_else(
    spoil: Callable[[dict[str, str], Path], str], tmp_path: Path
) -> None:
    async def main() -> None:
        environ = await _laid_out(tmp_path)
        named = spoil(environ, tmp_path)
        async with process(tmp_path, environ) as bot:
            code, said = await bot.ended(60)
        assert code == 2
        _readable(said, named, environ)

    asyncio.run(main())


async def _laid_out(folder: Path) -> dict[str, str]:
    write(folder / "sop", bindings(ALPHA), {"club.yaml": pack()})
    async with sandboxed() as sandbox:
        return environ_for(sandbox, folder)


def _readable(said: str, named: str, environ: dict[str, str]) -> None:
    assert named in said
    assert "Traceback" not in said
    assert "sqlalche.me" not in said
    assert len(said.splitlines()) <= 4, said
    assert "another long one" not in said
    assert environ["WECOM_APP_SECRET"] not in said


def _names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


@pytest.mark.parametrize("real", [True, False])
def test_a_taken_port_is_told_before_anything_is_touched(tmp_path: Path, *, real: bool) -> None:
    environ = asyncio.run(_laid_out(tmp_path))
    given = environ if real else {"DATA_DIR": str(tmp_path)}

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        with pytest.raises(Broken, match=f"127.0.0.1:{port}"):
            run_program(load_settings({**given, "PORT": port}, None))

    assert _names(tmp_path) == ["sop"]


def test_the_playground_runs_a_day_in_order(tmp_path: Path) -> None:
    async def main() -> None:
        async with (
            process(tmp_path, {"PORT": "0", "DATA_DIR": str(tmp_path)}) as bot,
            aiohttp.ClientSession() as client,
        ):
            await bot.listening()

            await until(lambda: _founded(client, bot))
            before = await _look(client, bot)
            said = {"as": "li.si", "group": before["groups"][0]["id"]}
            assert await _do(client, bot, "say", {**said, "text": "签到", "mention": True}) == 200
            assert await _do(client, bot, "advance", {"days": 7}) == 200
            after = await _look(client, bot)
            assert after["now"] - before["now"] >= 7 * 86_400_000
            posts = [each for each in after["conversation"] if each["kind"] == "post"]
            assert len(posts) > 5
            times = [each["at"] for each in posts]
            assert times == sorted(times)
            assert len({(each["at"], each["text"]) for each in posts}) == len(posts)
            await until(lambda: _ready(client, bot))
            bot.tell(signal.SIGTERM)
            code, errors = await bot.ended(10)
            assert (code, "Traceback" in errors) == (0, False), errors

    asyncio.run(main())


async def _ready(client: aiohttp.ClientSession, bot: Process) -> bool:
    async with client.get(f"{bot.origin}/readyz") as answer:
        return answer.status == 200


async def _founded(client: aiohttp.ClientSession, bot: Process) -> bool:
    """Tell whether there is a group; before its first message the page is told to wait for it."""
    async with client.get(f"{bot.origin}/play/state") as answer:
        told = await answer.json()
    assert answer.status == 200 or (answer.status, told["error"]) == (503, "starting")
    assert answer.status == 503 or told["groups"]
    return answer.status == 200


async def _look(client: aiohttp.ClientSession, bot: Process) -> dict[str, Any]:
    async with client.get(f"{bot.origin}/play/state") as answer:
        assert answer.status == 200
        found: dict[str, Any] = await answer.json()
        return found


async def _do(client: aiohttp.ClientSession, bot: Process, what: str, body: dict[str, Any]) -> int:
    async with client.post(f"{bot.origin}/play/{what}", json=body) as answer:
        return answer.status
