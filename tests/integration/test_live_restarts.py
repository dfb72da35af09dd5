"""A bot that is killed between what it has decided and what the group sees of it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.sandbox.corp import Corp
from bot.clock.wall import WallClock
from sop.model import Outgoing
from tests.integration.live import HOUR, MINUTE, SECOND, Live, bindings, pack, play
from tests.integration.test_live_appchat import polled

CORE = "{id: core, title: 核心群, channels: {appchat: core, aibot: wrkCORE}}"
SHANGHAI = timedelta(hours=8)


def _local(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC) + SHANGHAI


def _in(minutes: int) -> str:
    """The local wall time so many minutes from now, to the minute."""
    return f"{_local(WallClock().now()) + timedelta(minutes=minutes):%H:%M}"


def _without_two(corp: Corp) -> None:
    corp.change_chat("core", userlist=("boss", "helper", "li"))


async def _die_and_wake(live: Live, ms: int) -> None:
    await live.die()
    live.clock.skip(ms)
    await live.again()
    await live.settle()


def test_a_held_post_goes_out_once_after_a_kill(tmp_path: Path) -> None:
    quiet = f'quiet: "{_in(-5)}-{_in(60)}"\n'
    step = f'  - {{id: tea, when: "{_in(2)} daily", do: [{{post: 茶来了}}]}}\n'

    async def story(live: Live) -> None:
        await live.skip(3 * MINUTE)
        assert live.seen("post", "core") == []

        await _die_and_wake(live, MINUTE)
        assert live.seen("post", "core") == []

        await _die_and_wake(live, 70 * MINUTE)
        assert live.seen("post", "core") == ["茶来了"]

        await _die_and_wake(live, HOUR)
        assert live.seen("post", "core") == ["茶来了"]

    play(tmp_path, bindings(CORE), story, pack(step, quiet))


def test_newcomers_that_wait_for_each_other_are_welcomed_once_after_a_kill(tmp_path: Path) -> None:
    step = "  - {id: hi, when: member.joined, batch: 10m, do: [{post: '欢迎 {{ members }}'}]}\n"

    async def story(live: Live) -> None:
        await polled(live, "boss", "helper", "li")
        live.sandbox.people.join("core", "wang")
        await polled(live, "boss", "helper", "li", "wang")
        await _die_and_wake(live, MINUTE)
        live.sandbox.people.join("core", "zhao")
        await polled(live, "boss", "helper", "li", "wang", "zhao")
        await live.skip(MINUTE)
        assert live.seen("post", "core") == []

        await _die_and_wake(live, 15 * MINUTE)
        await _die_and_wake(live, 15 * MINUTE)
        assert live.seen("post", "core") == ["欢迎 王五、赵六"]

    play(tmp_path, bindings(CORE), story, pack(step), prepare=_without_two, roster_s=0.02)


def test_an_open_preparation_outlives_a_kill(tmp_path: Path) -> None:
    library = "library: {news: [旧闻一, 旧闻二]}\n"
    step = (
        f'  - {{id: news, when: "{_in(40)} daily", do: [{{drop: {{pool: news, '
        "prepare: {by: staff, before: 30m}, fallback: news}}]}\n"
    )

    async def story(live: Live) -> None:
        await live.skip(15 * MINUTE)
        asked = await live.tasks()
        assert len(asked) == 1

        await _die_and_wake(live, MINUTE)
        assert len(await live.tasks()) == 1
        await live.speak("helper", f"完成 {asked[0].id} 今天的新闻", None)
        await live.settle()
        await _die_and_wake(live, MINUTE)
        await live.skip(30 * MINUTE)
        await _die_and_wake(live, SECOND)

        assert live.seen("post", "core") == ["今天的新闻"]
        steps = [each for each in await live.rows(Outgoing) if each.klass == "step"]
        assert [each.status for each in steps if each.do == "post"] == ["sent"]

    play(tmp_path, bindings(CORE), story, pack(step, library))


def test_a_days_bundle_is_one_task_after_kills(tmp_path: Path) -> None:
    bundle = f'bundle: {{at: "{_in(30)}", max: 1/day}}\n'
    steps = "".join(
        f'  - {{id: s{at}, when: "{_in(at)} daily", do: [{{post: 第{at}条}}]}}\n' for at in (5, 10)
    )
    shop = "{id: shop, title: 一店, channels: {customer: wrSHOP}}"

    async def story(live: Live) -> None:
        await live.skip(6 * MINUTE)
        await _die_and_wake(live, 5 * MINUTE)
        assert await live.tasks() == []

        await _die_and_wake(live, 25 * MINUTE)
        await _die_and_wake(live, MINUTE)
        (task,) = await live.tasks()
        assert "第5条" in task.text
        assert "第10条" in task.text

    play(tmp_path, bindings(shop), story, pack(steps, bundle))
