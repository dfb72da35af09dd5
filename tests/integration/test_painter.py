"""Pictures drawn by a process of its own: in time, of bounded size, and without the bot's help."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from bot.pictures import easel
from bot.pictures.painter import NO_FONT, Painter, Undrawn
from tests.unit.bot.pictures.faces import lettering

WISH = {"kind": "certificate", "title": "21 days", "name": "Amy"}

# The easel with fonts that are always there.
EASEL = """
import sys
from pathlib import Path
from bot.pictures import easel
from tests.unit.bot.pictures.faces import lettering
easel.serve(sys.stdin.buffer, sys.stdout.buffer, lettering(Path(sys.argv[1])))
"""
ECHO = """
import sys
for line in sys.stdin.buffer:
    sys.stdout.buffer.write(len(line).to_bytes(4, "big") + line)
    sys.stdout.buffer.flush()
"""
ONCE = ECHO.replace("    sys.stdout.buffer.flush()", "    break")
HUGE = "import sys; sys.stdin.readline(); sys.stdout.buffer.write(b'\\x7f' * 4)"
DEAF = "import sys; sys.stdin.read()"
SECRET = """
import os, sys
sys.stdin.readline()
names = ",".join(sorted(os.environ)).encode()
sys.stdout.buffer.write(len(names).to_bytes(4, "big") + names)
"""


def painting(
    script: str, story: Callable[[Painter], Awaitable[None]], *args: str, **options: Any
) -> None:
    async def main() -> None:
        painter = Painter((sys.executable, "-c", script, *args), **options)
        try:
            await story(painter)
        finally:
            await painter.close()

    asyncio.run(main())


def test_a_picture_is_the_one_that_the_easel_draws(tmp_path: Path):
    async def story(painter: Painter) -> None:
        found = await asyncio.gather(*(painter.draw(WISH) for _ in range(3)))
        assert found == [easel.draw(WISH, lettering(tmp_path))] * 3
        with pytest.raises(Undrawn):
            await painter.draw({"kind": "portrait"})

    painting(EASEL, story, str(tmp_path))


def test_what_takes_too_long_is_given_up_and_the_next_one_has_its_own_process():
    async def story(painter: Painter) -> None:
        for _ in range(2):
            with pytest.raises(Undrawn):
                await painter.draw(WISH)

    painting(DEAF, story, draw_s=0.05)


@pytest.mark.parametrize("script", [HUGE, "pass"])
def test_too_much_and_nothing_at_all_are_no_pictures(script: str):
    async def story(painter: Painter) -> None:
        with pytest.raises(Undrawn):
            await painter.draw(WISH)

    painting(script, story)


def test_a_process_that_has_ended_is_begun_anew():
    async def story(painter: Painter) -> None:
        for _ in range(2):
            assert await painter.draw(WISH)
            process = painter._process
            assert process is not None
            await process.wait()

    painting(ONCE, story)


def test_an_idle_process_ends_by_itself():
    async def story(painter: Painter) -> None:
        assert await painter.draw(WISH)
        process = painter._process
        assert process is not None
        assert await process.wait() == 0
        assert await painter.draw(WISH)

    painting(ECHO, story, idle_s=0.0)


def test_one_wish_given_up_half_way_is_not_the_next_one_s_answer():
    async def story(painter: Painter) -> None:
        waiting = asyncio.create_task(painter.draw(WISH))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        assert b"second" in await painter.draw({"kind": "second"})

    painting(ECHO, story)


def test_without_a_font_nobody_tries_again_and_again(caplog: pytest.LogCaptureFixture):
    async def story(painter: Painter) -> None:
        for _ in range(3):
            with pytest.raises(Undrawn):
                await painter.draw(WISH)

    painting(f"raise SystemExit({NO_FONT})", story)
    # asyncio may have a word of its own to say of a process that ended early.
    told = [each for each in caplog.records if each.name == "bot.pictures.painter"]
    assert len(told) == 1


def test_a_wish_that_is_too_long_is_refused():
    async def story(painter: Painter) -> None:
        with pytest.raises(Undrawn):
            await painter.draw({**WISH, "words": "长" * 6_000})

    painting(ECHO, story)


def test_the_process_knows_no_secret(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WECOM_APP_SECRET", "s3cret")

    async def story(painter: Painter) -> None:
        assert b"WECOM" not in await painter.draw(WISH)

    painting(SECRET, story)
