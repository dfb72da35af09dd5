import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.operations import maintenance
from bot.routes import ROUTES, Route, on
from handlers.ports import Context, Outcome
from sop.events import MessageReceived, StepDue
from sop.model import DeadEvent, LedgerEntry, Message, Occurrence
from tests.integration.live import (
    ALPHA,
    COMMUNITY,
    CORE,
    HOUR,
    MINUTE,
    Live,
    bindings,
    hasty,
    locked,
    pack,
    play,
)

ONLY_ALPHA = bindings(ALPHA)


def explode(event: MessageReceived, context: Context) -> Outcome:
    if "坏" in event.text:
        raise ZeroDivisionError(event.text)
    return Outcome()


def explode_due(event: StepDue, context: Context) -> Outcome:
    raise ZeroDivisionError(event.step)


ODD = (on(MessageReceived, explode), *ROUTES)


def test_a_message_that_kills_its_handler_is_kept_and_handled_once_the_fault_is_gone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(live: Live) -> None:
        bad = live.message("li", "签到 坏天气也读书")
        assert await live.post(bad) == (200, "")
        assert await live.post(bad) == (200, "")
        status, answer = await live.post(live.message("wang", "签到"))
        assert status == 200
        assert "签到成功" in answer

        dead = await live.dead()
        assert [each.community for each in dead] == [COMMUNITY]
        assert "坏天气" in dead[0].payload
        assert "ZeroDivisionError" in dead[0].error
        told = [each for each in caplog.records if "died" in each.getMessage()]
        assert [each.exc_info and each.exc_info[0] for each in told] == [ZeroDivisionError]
        heard = await live.rows(Message, person__ne=0)
        assert [each.text for each in heard] == ["签到"]
        status, health = await live.get("/healthz")
        assert (status, health["components"]["database"]["dead_events"]) == (200, 1)
        assert (await live.get("/readyz"))[0] == 200

        await live.stop()
        assert [each[1] for each in maintenance.replay_dead(live.settings)] == ["handled"]
        assert maintenance.replay_dead(live.settings) == []
        assert maintenance.verify_ledger(live.settings) == []
        await live.again()
        await live.skip(MINUTE)
        assert len(await live.rows(LedgerEntry, deed="checkin")) == 2
        assert len([text for text in live.shown() if "签到成功" in text]) == 1
        assert (await live.get("/healthz"))[1]["components"]["database"]["dead_events"] == 0

    play(tmp_path, ONLY_ALPHA, story, routing=ODD)


def test_a_private_message_that_died_is_replayed_too(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("boss", "积分 坏了", None)
        assert len(await live.dead()) == 1
        await live.stop()

        assert [each[1] for each in maintenance.replay_dead(live.settings)] == ["handled"]
        await live.again()

    play(tmp_path, ONLY_ALPHA, story, routing=ODD)


def test_a_step_that_kills_its_handler_is_kept_and_runs_when_replayed(tmp_path: Path) -> None:
    steps = "  - {id: tea, when: 08:00 daily, do: [{post: 早}]}\n"
    routing = [
        (kind, Route("odd", explode_due) if kind is StepDue else route) for kind, route in ROUTES
    ]

    async def story(live: Live) -> None:
        await live.advance(24 * HOUR)
        rows = await live.rows(Occurrence, step="tea")
        assert [row.status for row in rows] == ["dead"]
        await live.stop()

        outcomes = maintenance.replay_dead(live.settings)
        assert {outcome for _, outcome in outcomes} == {"handled"}
        live.options.pop("routing")
        await live.again()
        await live.settle()
        kept = await live.rows(Occurrence, step="tea", due_at=rows[0].due_at)
        assert [row.status for row in kept] == ["done"]
        assert await live.dead() == []
        before = len(live.seen("post", "core"))
        await live.advance(24 * HOUR)
        assert len(live.seen("post", "core")) == before + 1

    play(tmp_path, bindings(CORE), story, pack(steps), routing=routing)


def test_a_daily_step_that_died_once_runs_the_next_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.library.reloading.ROUND_S", 0.01)
    steps = "  - {id: tea, when: 08:00 daily, do: [{post: 早}]}\n"
    died: list[str] = []

    def explode_once(event: StepDue, context: Context) -> Outcome:
        if event.step == "tea" and not died:
            died.append(event.key)
            raise ZeroDivisionError
        return Outcome()

    async def story(live: Live) -> None:
        await live.advance(24 * HOUR)
        assert len(died) == 1
        assert live.seen("post", "core") == []

        await live.until(lambda: not live.bot.enforcement.lagging())
        await live.advance(24 * HOUR)
        assert live.seen("post", "core") == ["早"]

    routing = (on(StepDue, explode_once), *ROUTES)
    play(tmp_path, bindings(CORE), story, pack(steps), routing=routing)


def test_what_lacks_an_id_is_kept_and_cannot_be_replayed(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        said = live.message("li", "签到")
        del said["msgid"]
        assert await live.post(said) == (200, "")
        assert len(await live.dead()) == 1
        await live.stop()

        outcomes = maintenance.replay_dead(live.settings)
        assert len(outcomes) == 1
        assert "no id" in outcomes[0][1]
        await live.again()

    play(tmp_path, ONLY_ALPHA, story)


def test_a_full_queue_refuses_at_once_and_what_comes_again_counts_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        said = [live.message("li", f"第{number}句话，读书真好") for number in range(40)]
        with locked(live):
            taking = [asyncio.ensure_future(live.post(each)) for each in said]
            # Five wait, and up to five more were taken into the transaction that is stuck.
            await live.until(lambda: sum(each.done() for each in taking) >= 30)
            assert not all(each.done() for each in taking)
            early = [each.result() for each in taking if each.done()]
            assert {status for status, _ in early} == {503}
        answers = await asyncio.gather(*taking)
        assert {status for status, _ in answers} == {200, 503}

        again = [await live.post(each) for each in said]
        assert {status for status, _ in again} == {200}
        assert len(await live.rows(Message, person=1)) == 40
        assert len(await live.rows(LedgerEntry, deed="message")) == 40
        assert len({each.message_id for each in await live.rows(Message, person=1)}) == 40

    play(tmp_path, ONLY_ALPHA, story, waiting=5)


def test_a_database_that_stays_locked_is_told_and_ends_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)
    monkeypatch.setattr("bot.library.reloading.ROUND_S", 0.01)
    monkeypatch.setattr("bot.upkeep.AGAIN_S", 0.01)

    async def story(live: Live) -> None:
        with locked(live):
            assert await live.post(live.message("li", "签到")) == (503, "")
            assert (await live.get("/healthz"))[0] == 200
            status, health = await live.get("/readyz")
            assert status == 503
            assert health["reasons"] == ["database not writable"]
            # The folder changes while nothing can be written.
            text = pack(
                "  - {id: tea, when: {says: [下午茶]}, do: [{post: 好}, {post: 茶来了}]}\n"
            )
            (live.folder / "club.yaml").write_text(text, encoding="utf-8")
            await live.until(lambda: live.bot.library.shelf.books[COMMUNITY].pack.steps)
            await asyncio.sleep(0.05)

        await live.until(lambda: not live.bot.enforcement.lagging())
        assert all(not task.done() for task in live.bot._running)
        await live.speak("li", "下午茶")
        await live.skip(30_000)
        assert "好" in live.shown()
        assert (await live.get("/readyz"))[0] == 200

    play(tmp_path, ONLY_ALPHA, story)


def test_it_ends_in_time_while_wecom_hangs_and_the_database_is_locked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasty(monkeypatch)
    monkeypatch.setattr("bot.app.DRAIN_S", 0.4)

    async def story(live: Live) -> None:
        live.corp.fail_next("message/send", hang=20)
        await live.speak("li", "积分", "core")
        await live.until(lambda: live.bot.courier._tasks)
        await live.speak("li", "签到")
        with locked(live):
            async with asyncio.timeout(2):
                await live.bot.stop()
        await live.again()

    play(tmp_path, bindings(ALPHA, CORE), story)


def test_an_unknown_type_is_taken_without_effect(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        said: dict[str, Any] = {**live.message("li", "签到"), "msgtype": "hologram"}
        assert await live.post(said) == (200, "")
        assert await live.rows(DeadEvent) == []
        assert await live.rows(Message) == []

    play(tmp_path, ONLY_ALPHA, story)
