import logging
from dataclasses import replace
from pathlib import Path

import pytest

from sop.model import Outgoing
from tests.integration.live import (
    COMMUNITY,
    HOUR,
    MINUTE,
    SECOND,
    Live,
    bindings,
    hasty,
    impatient,
    locked,
    pack,
    play,
)

WEBHOOK = '{id: alpha, title: 一群, channels: {robot: wrkALPHA, webhook: "${ROBOT_KEY_ALPHA}"}}'
BOTH = '{id: alpha, title: 一群, channels: {aibot: wrkALPHA, webhook: "${ROBOT_KEY_ALPHA}"}}'
CORE = "{id: core, title: 核心群, channels: {appchat: core, aibot: wrkCORE}}"

# The first post travels in the answer; the others go out by the group's channel.
TEA_STEP = (
    "  - {id: tea, when: {says: [下午茶]}, do: [{post: 好}, {post: 茶来了}, {post: 点心也来了}]}\n"
)
TEA = pack(TEA_STEP)
WANTED = ["茶来了", "点心也来了"]


async def tea(live: Live, chat: str = "alpha") -> None:
    await live.speak("li", "下午茶", chat)
    await live.settle()


async def posts(live: Live) -> list[Outgoing]:
    return [each for each in await live.outgoing() if each.klass == "step"]


async def statuses(live: Live) -> list[str]:
    return [each.status for each in await posts(live)]


@pytest.mark.parametrize(("errcode", "grows"), [(-1, 8), (45033, 2)])
def test_a_busy_wecom_is_asked_again_later_and_later_and_order_holds(
    tmp_path: Path, errcode: int, grows: int
) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", errcode=errcode, times=3)
        await tea(live, "core")
        assert live.seen("post", "core") == []

        waits = []
        for _ in range(3):
            first = (await posts(live))[0]
            waits.append(first.not_before - first.attempted_at)
            assert first.status == "pending"
            await live.skip(waits[-1] + 50)
        assert live.seen("post", "core") == WANTED
        assert await statuses(live) == ["sent", "sent"]
        for number, wait in enumerate(waits):
            assert 0.7 * SECOND <= wait / grows**number <= 1.3 * SECOND + 100

    play(tmp_path, bindings(CORE), story, TEA)


@pytest.mark.parametrize(("errcode", "calls"), [(-1, 4), (45033, 8)])
def test_a_wecom_that_stays_busy_is_asked_as_often_as_it_allows_then_people_take_over(
    tmp_path: Path, errcode: int, calls: int
) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", errcode=errcode, times=99)
        await tea(live, "core")
        for _ in range(30):
            await live.skip(10 * SECOND)

        first = (await posts(live))[0]
        assert (first.status, first.attempts) == ("failed", calls)
        assert any("茶来了" in task.text for task in await live.tasks())

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_full_window_is_waited_for_longer_each_time(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", errcode=45009, times=3)
        await tea(live, "core")
        for window in (MINUTE, 5 * MINUTE, HOUR):
            await live.skip(window - 2 * SECOND)
            assert live.seen("post", "core") == []
            await live.skip(3 * SECOND)
        assert live.seen("post", "core") == WANTED

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_webhook_that_is_gone_becomes_a_task_for_staff_at_once(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.remove_robot("keyalpha")
        await tea(live)

        assert "failed" in await statuses(live)
        texts = [task.text for task in await live.tasks()]
        assert any("茶来了" in text for text in texts)
        assert all("keyalpha" not in text for text in texts)
        # Staff learn of it privately, since the app can reach them.
        assert set(live.who("dm")) == {"helper"}

    play(tmp_path, bindings(BOTH), story, TEA)


def test_the_log_says_why_a_delivery_went_wrong_and_not_what_it_said(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "bot.delivery")

    async def story(live: Live) -> None:
        for errcode in (-1, 60020):
            live.corp.fail_next("appchat/send", errcode=errcode)
        await tea(live, "core")
        await live.skip(10 * SECOND)

        told = [vars(each) for each in caplog.records if "went wrong" in each.message]
        assert [each["levelname"] for each in told] == ["INFO", "ERROR"]
        assert [each["group"] for each in told] == ["core", "core"]
        assert "trusted list" in told[1]["reason"]
        assert all("茶" not in str(each) for each in told)

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_post_whose_answer_was_lost_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, 0.1)

    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", hang=0.3)
        await tea(live, "core")
        await live.skip(10 * MINUTE)

        assert live.seen("post", "core") == WANTED
        assert await statuses(live) == ["unknown", "sent"]
        tasks = await live.tasks()
        assert [task.kind for task in tasks] == ["unknown"]
        assert "茶来了" in tasks[0].text

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_private_message_whose_answer_was_lost_is_repeated_and_seen_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, 0.1)

    async def story(live: Live) -> None:
        live.corp.fail_next("message/send", hang=0.3)
        await live.speak("li", "积分", "core")
        await live.settle()
        await live.skip(5 * SECOND)

        assert len(live.seen("dm")) == 1
        assert len(live.seen("swallowed")) == 1
        assert [each.status for each in await live.outgoing()] == ["sent"]
        assert await live.tasks() == []

    play(tmp_path, bindings(CORE), story)


def test_a_private_answer_whose_outcome_is_lost_is_repeated_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    impatient(monkeypatch, 0.1)

    async def story(live: Live) -> None:
        with locked(live):
            await live.speak("boss", "积分", None)
        live.corp.fail_next("message/send", drop=True)
        await live.settle()
        await live.skip(30 * SECOND)
        await live.skip(5 * SECOND)

        assert len(live.seen("dm")) == 1
        assert len(live.seen("swallowed")) == 1
        assert [each.status for each in await live.outgoing()] == ["sent"]

    play(tmp_path, bindings(CORE), story, answer_s=0.05)


def test_a_token_that_ends_early_is_renewed_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def story(live: Live) -> None:
        await tea(live, "core")
        asked, give = [], live.corp.tokens.get

        def counted() -> tuple[str, int]:
            asked.append(1)
            return give()

        monkeypatch.setattr(live.corp.tokens, "get", counted)
        live.corp.expire_token()
        await live.speak("li", "下午茶", "core")
        await live.speak("wang", "积分", "core")
        await live.settle()

        assert live.seen("post", "core") == WANTED * 2
        assert len(live.seen("dm")) == 1
        assert asked == [1]

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_group_whose_deliveries_keep_failing_does_not_hold_up_another(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("webhook/send", status=502, times=99)
        await tea(live)
        for _ in range(5):
            await tea(live, "core")

        assert live.seen("post", "alpha") == []
        assert live.seen("post", "core") == WANTED * 5

    play(tmp_path, bindings(BOTH, CORE), story, TEA)


def test_hundreds_waiting_in_one_group_do_not_hold_up_another(tmp_path: Path) -> None:
    talk = ", ".join(f"{{post: 第{number:03}条}}" for number in range(60))
    many = f"  - {{id: many, when: {{says: [开讲]}}, do: [{talk}]}}\n"

    async def story(live: Live) -> None:
        live.corp.fail_next("webhook/send", status=502, times=99)
        for _ in range(10):
            await live.speak("li", "开讲")
        await live.settle()
        await tea(live, "core")

        assert live.seen("post", "core") == WANTED

    play(tmp_path, bindings(BOTH, CORE), story, pack(many + TEA_STEP))


def test_what_was_being_sent_when_the_process_died_is_unknown(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", hang=0.5)
        live.corp.fail_next("message/send", hang=0.5)
        await live.speak("li", "下午茶", "core")
        await live.speak("wang", "积分", "core")

        async def under_way() -> bool:
            rows = await live.rows(Outgoing, status="sending")
            return len(rows) == 2 and bool(live.seen("dm") and live.seen("post"))

        await live.until(under_way)
        await live.die()
        await live.again()
        await live.skip(5 * SECOND)

        assert live.seen("post", "core") == WANTED
        assert live.who("dm") == ["wang", "helper"]
        assert live.who("swallowed") == ["wang"]
        assert [task.kind for task in await live.tasks()] == ["unknown"]
        assert await statuses(live) == ["unknown", "sent"]
        assert {each.status for each in await live.rows(Outgoing, do="dm")} == {"sent"}

    play(tmp_path, bindings(CORE), story, TEA)


def test_a_task_that_a_crash_kept_from_being_opened_is_opened_at_the_next_start(
    tmp_path: Path,
) -> None:
    async def story(live: Live) -> None:
        await tea(live, "core")
        sent = (await posts(live))[0]
        now = live.clock.now()
        failed = replace(sent, status="failed", error="93000", done_at=now)
        await live.read(lambda store: store.put(failed))
        await live.die()
        await live.again()
        await live.settle()
        assert [task.kind for task in await live.tasks()] == ["failed"]

        await live.die()
        await live.again()
        await live.settle()
        assert len(await live.tasks()) == 1

    play(tmp_path, bindings(CORE), story, TEA)


def test_an_outcome_that_meets_a_locked_database_is_kept_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hasty(monkeypatch)

    async def story(live: Live) -> None:
        live.corp.fail_next("appchat/send", hang=0.1)
        await live.speak("li", "下午茶", "core")
        await live.until(lambda: live.seen("post", "core"))
        with locked(live):
            await live.until(lambda: "cannot be used" in caplog.text)
        await live.settle()

        assert await statuses(live) == ["sent", "sent"]
        assert live.seen("post", "core") == WANTED

    play(tmp_path, bindings(CORE), story, TEA)


def test_whoever_is_to_be_called_is_called_by_a_channel_that_can(tmp_path: Path) -> None:
    steps = "  - {id: call, when: {says: [集合]}, do: [{post: 集合了, mention: all}]}\n"

    async def story(live: Live) -> None:
        await live.speak("li", "集合")
        await live.settle()

        posts = [each for each in live.corp.transcript if each["kind"] == "post"]
        assert [(each["channel"], each["mentions"]) for each in posts] == [("webhook", ["@all"])]

    play(tmp_path, bindings(BOTH), story, pack(steps))


def test_what_waits_for_a_group_that_is_unbound_does_not_go_out(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        live.corp.fail_next("webhook/send", errcode=45009)
        await tea(live)
        text = (live.folder / "groups.yaml").read_text(encoding="utf-8")
        kept = "\n".join(line for line in text.splitlines() if "alpha" not in line)
        (live.folder / "groups.yaml").write_text(kept, encoding="utf-8")
        assert await live.bot.reloading.reload()
        await live.skip(2 * MINUTE)

        assert live.seen("post", "alpha") == []
        assert COMMUNITY in live.bot.library.shelf.books

    play(tmp_path, bindings(BOTH, CORE), story, TEA)
