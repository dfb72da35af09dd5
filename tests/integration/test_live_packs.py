from pathlib import Path

import pytest

from sop.model import Group, Occurrence, Version
from sop.times import localtime
from tests.integration.live import (
    ALPHA,
    BETA,
    COMMUNITY,
    CORE,
    DAY,
    HOUR,
    MINUTE,
    Live,
    bindings,
    pack,
    play,
    write,
)

ONLY_CORE = bindings(CORE)


def morning(at: str) -> str:
    return pack(f"  - {{id: tea, when: {at} daily, do: [{{post: 早安}}]}}\n")


async def put(live: Live, groups: str, text: str) -> bool:
    """Save the files as an operator does, and have them looked at."""
    write(live.folder, groups, {"club.yaml": text})
    return await live.bot.reloading.reload()


async def to(live: Live, clock_time: str) -> None:
    """Let time pass until the next local HH:MM."""
    hour, minute = map(int, clock_time.split(":"))
    zone = live.bot.library.shelf.books[COMMUNITY].zone
    now = live.clock.now()
    at = localtime.instant(localtime.local_date(now, zone), hour * 60 + minute, zone)
    await live.advance(at - now if at > now else at + DAY - now)


def test_a_broken_pack_keeps_the_last_good_one_and_healthz_tells(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        good = live.bot.library.shelf
        assert not await put(live, ONLY_CORE, morning("09:00").replace("post", "psot"))
        assert live.bot.library.shelf is good
        status, health = await live.get("/healthz")
        assert status == 200
        packs = health["components"]["packs"]
        assert (packs["state"], packs["in_force"]) == ("up", 1)
        assert packs["errors_in_folder"] > 0
        assert (await live.get("/readyz"))[0] == 200
        await to(live, "08:05")
        assert live.seen("post", "core") == ["早安"]

        assert await put(live, ONLY_CORE, morning("09:00"))
        assert (await live.get("/healthz"))[1]["components"]["packs"]["errors_in_folder"] == 0

    play(tmp_path, ONLY_CORE, story, morning("08:00"))


@pytest.mark.parametrize(
    "spoilt", [b"\xff\xfe", b"", b"communities: [", b"communities:\n  club: {pack: other}\n"]
)
def test_broken_bindings_keep_the_last_good_ones(tmp_path: Path, spoilt: bytes) -> None:
    async def story(live: Live) -> None:
        (live.folder / "groups.yaml").write_bytes(spoilt)
        assert not await live.bot.reloading.reload()
        (live.folder / "groups.yaml").unlink()
        assert not await live.bot.reloading.reload()
        await to(live, "08:05")
        assert live.seen("post", "core") == ["早安"]

    play(tmp_path, ONLY_CORE, story, morning("08:00"))


@pytest.mark.parametrize("later", ["09:00", "07:00", "08:00"])
def test_an_edited_time_does_not_run_twice_on_one_day(tmp_path: Path, later: str) -> None:
    async def story(live: Live) -> None:
        await to(live, "08:05")
        assert live.seen("post", "core") == ["早安"]
        assert await put(live, ONLY_CORE, morning("08:30"))
        assert await put(live, ONLY_CORE, morning(later))
        await to(live, "23:50")
        assert live.seen("post", "core") == ["早安"]
        await to(live, "23:50")
        assert live.seen("post", "core") == ["早安"] * 2

    play(tmp_path, ONLY_CORE, story, morning("08:00"))


def test_an_edit_that_is_taken_back_is_in_force_again(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await to(live, "07:00")
        for at in ("10:00", "08:00", "10:00", "08:00"):
            assert await put(live, ONLY_CORE, morning(at))
        pending = await live.rows(Occurrence, step="tea", status="pending")
        assert len(pending) == 1
        await to(live, "08:05")
        assert live.seen("post", "core") == ["早安"]
        await to(live, "23:50")
        assert live.seen("post", "core") == ["早安"]
        kept = await live.rows(Version, name="club.yaml", order="number")
        assert [each.number for each in kept] == [1, 2, 3, 4, 5]
        assert len({each.sha for each in kept}) == 2

    play(tmp_path, ONLY_CORE, story, morning("08:00"))


def test_a_group_that_is_added_works_and_one_that_is_removed_stops(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await live.speak("li", "签到", "alpha")
        assert "还没有接入" in live.seen("passive", "alpha")[0]

        assert await put(live, bindings(ALPHA, CORE), morning("08:00"))
        await live.speak("li", "签到", "alpha")
        assert "签到成功" in live.seen("passive", "alpha")[1]
        await to(live, "08:05")
        assert live.seen("post", "core") == ["早安"]

        assert await put(live, bindings(ALPHA), morning("08:00"))
        await live.speak("li", "签到", "core")
        assert "还没有接入" in live.seen("passive", "core")[0]
        await live.advance(2 * DAY)
        assert live.seen("post", "core") == ["早安"]
        assert await live.dead() == []

        assert await put(live, bindings(ALPHA, CORE), morning("08:00"))
        await live.advance(DAY)
        assert live.seen("post", "core") == ["早安"] * 2

    play(tmp_path, ONLY_CORE, story, morning("08:00"))


def test_a_community_that_is_removed_stops_and_comes_back_when_bound_again(tmp_path: Path) -> None:
    other = bindings(ALPHA, name="other", title="另一个群")

    async def story(live: Live) -> None:
        await live.speak("li", "签到", "core")
        assert await put(live, other, morning("08:00"))
        await live.advance(2 * DAY)
        assert live.seen("post", "core") == []
        assert await live.dead() == []

        async def ready() -> bool:
            return (await live.get("/readyz"))[0] == 200

        await live.until(ready)
        assert [each.retired for each in await live.rows(Group, community=COMMUNITY)] == [True]

        await live.speak("boss", "积分", None)
        assert "余额" in live.seen("passive", "")[0]

        assert await put(live, other + ONLY_CORE, morning("08:00"))
        await live.advance(DAY)
        assert live.seen("post", "core") == ["早安"]

    play(tmp_path, ONLY_CORE + other, story, morning("08:00"))


def test_the_folder_is_watched(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        write(live.folder, bindings(ALPHA, BETA), {"club.yaml": morning("08:00")})

        async def answered() -> bool:
            await live.speak("li", "签到", "beta")
            return "签到成功" in live.seen("passive", "beta")[-1]

        await live.until(answered)

    play(tmp_path, bindings(ALPHA), story)


def test_what_fell_due_while_the_program_was_down_is_not_all_made_up(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await to(live, "07:00")
        await live.stop()
        live.clock.skip(3 * DAY + 90 * MINUTE)
        await live.again()
        await live.settle()
        assert len(live.seen("post", "core")) <= 1
        before = len(live.seen("post", "core"))
        await live.advance(23 * HOUR + 30 * MINUTE)
        assert len(live.seen("post", "core")) == before + 1

    play(tmp_path, ONLY_CORE, story, morning("08:00"))
