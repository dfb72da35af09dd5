"""A report on its way: reckoned by a process of its own, told once, whatever breaks."""

import asyncio
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.channels.wecom.attempts import Result
from bot.reports.reckoner import Reckoner
from sop.model import Outgoing
from tests.integration.live import CORE, SECOND, Live, bindings, pack, play

STEPS = """\
  - {id: week, when: {says: [周报]}, do: [{report: {kind: weekly, to: group}}]}
"""


REPORT = "本周小结"


async def ask(live: Live) -> None:
    await live.speak("li", "来一份周报", "core")
    await live.settle()
    await live.skip(3 * SECOND)


def test_a_report_is_reckoned_elsewhere_and_posted(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await ask(live)

        posts = [text for text in live.seen("post", "core") if REPORT in text]
        assert len(posts) == 1
        (wanted,) = await live.rows(Outgoing, do="reckon")
        assert (wanted.status, wanted.channel) == ("sent", "")

    play(tmp_path, bindings(CORE), story, pack(STEPS))


def test_figures_that_cannot_be_reckoned_become_a_task(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.bot.reckoner = Reckoner("sqlite://", (sys.executable, "-c", "raise SystemExit(1)"))
        await ask(live)

        assert not any(REPORT in text for text in live.seen("post", "core"))
        tasks = [each for each in await live.tasks() if each.kind == "failed"]
        assert len(tasks) == 1

    play(tmp_path, bindings(CORE), story, pack(STEPS))


def reckoned(script: str, **options: Any) -> Result:
    reckoner = Reckoner("sqlite://", (sys.executable, "-c", script), **options)
    return asyncio.run(reckoner.reckon({"group": "g"}))


SECRET = "import json, os, sys; sys.stdin.readline(); json.dump(sorted(os.environ), sys.stdout)"


def test_the_process_knows_no_secret_of_the_bots(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SESSION_SECRET", "s")
    found = reckoned(SECRET)

    assert found.status == "sent"
    assert "SESSION_SECRET" not in str(found.answer)


@pytest.mark.parametrize(
    ("script", "status"),
    [
        pytest.param("print('no figures')", "failed", id="something else"),
        pytest.param("import sys; print('{}'); sys.exit(3)", "failed", id="it died"),
        pytest.param("import time; time.sleep(60)", "wait", id="it takes too long"),
    ],
)
def test_what_goes_wrong_is_in_the_result(script: str, status: str) -> None:
    assert reckoned(script, reckon_s=2.0).status == status


def test_a_report_is_told_once_although_the_bot_is_killed_while_it_is_reckoned(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        asked = asyncio.Event()

        class Slow(Reckoner):
            async def reckon(self, _wish: Mapping[str, Any]) -> Result:
                asked.set()
                return await asyncio.Future()

        live.bot.reckoner = Slow("sqlite://")
        await live.speak("li", "来一份周报", "core")
        await asyncio.wait_for(asked.wait(), 10)
        await live.die()
        await live.again()
        await live.skip(3 * SECOND)

        assert len([text for text in live.seen("post", "core") if REPORT in text]) == 1

    play(tmp_path, bindings(CORE), story, pack(STEPS))
