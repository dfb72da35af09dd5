"""Files saved while the program runs: what is sound comes into force, what is not is told."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.broken import Broken
from bot.channels.sandbox.corp import Corp
from sop.model import LedgerEntry, Task, Thread, Version
from sop.times import localtime
from tests.integration.live import CORE, HOUR, Live, bindings, pack, play, write
from tests.integration.test_live_appchat import polled

ONLY_CORE = bindings(CORE)
GOOD = pack("  - {id: tea, when: 08:00 daily, do: [{post: 早安}]}\n")
WRONG = GOOD.replace("post", "psot")


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody who waits for a test needs the patience of an operator."""
    waits = {"ROUND_S": 0.02, "STILL_S": 0.02, "PATIENCE_S": 0.05, "POLL_S": 0.05}
    for name, seconds in waits.items():
        monkeypatch.setattr(f"bot.library.reloading.{name}", seconds)
    monkeypatch.setattr("bot.library.watching.AGAIN_S", 0.02)
    monkeypatch.setattr("bot.library.watching.STEP_MS", 10)


def save(live: Live, text: str, name: str = "club.yaml") -> None:
    """Save as most editors do: a new file in the old one's place."""
    new = live.folder / f".{name}.swp"
    new.write_text(text, "utf-8")
    new.replace(live.folder / name)


def title(live: Live) -> str:
    return str(live.bot.library.shelf.books["club"].pack.title)


def errors(live: Live) -> int:
    return sum(each.severity == "error" for each in live.bot.library.problems)


async def told(live: Live) -> list[Task]:
    return [each for each in await live.rows(Task, order="id") if each.kind == "edit"]


def playing(folder: Path, story: Callable[[Live], Awaitable[None]]) -> None:
    play(folder, ONLY_CORE, story, GOOD)


def test_a_save_comes_into_force_by_itself(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        save(live, GOOD.replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")

        (live.folder / "club.yaml").write_text(GOOD, "utf-8")
        await live.until(lambda: title(live) == "书友会")

        async def kept() -> bool:
            return len(await live.rows(Version, name="club.yaml")) == 3

        await live.until(kept)

    playing(tmp_path, story)


def test_a_wrong_save_is_told_once_and_again_when_it_is_right(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        shelf = live.bot.library.shelf
        save(live, WRONG)

        async def is_told() -> bool:
            return bool(await told(live))

        await live.until(is_told)
        for _ in range(3):
            save(live, WRONG)
            await live.until(lambda: not live.bot.library.changed())
            await asyncio.sleep(0.05)
        assert live.bot.library.shelf is shelf
        (task,) = await told(live)
        assert "club.yaml 第 10 行" in task.text
        assert "steps[0].do[0]: names no action" in task.text
        await live.settle()
        assert sum("club.yaml 第 10 行" in each for each in live.seen("dm")) == 1
        assert set(live.who("dm")) == {"helper"}
        health = (await live.get("/healthz"))[1]["components"]["packs"]
        assert any("club.yaml:10:" in each for each in health["problems"])
        assert not any(
            "psot" in each for each in health["problems"] if "psot" in each.split(":")[3]
        )

        save(live, GOOD.replace("书友会", "晨读社"))

        async def is_mended() -> bool:
            return (await told(live))[0].status == "void"

        await live.until(is_mended)
        assert title(live) == "晨读社"
        await live.settle()
        assert "新版本已经生效" in live.seen("dm")[-1]

        save(live, WRONG)

        async def is_told_anew() -> bool:
            return len(await told(live)) == 2

        await live.until(is_told_anew)

    playing(tmp_path, story)


def test_what_is_put_right_at_once_is_told_to_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.library.reloading.PATIENCE_S", 5.0)

    async def story(live: Live) -> None:
        save(live, GOOD[: len(GOOD) // 2] + "\n\t")
        await live.until(lambda: errors(live) > 0)
        save(live, GOOD.replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")
        await live.settle()

        assert await told(live) == []
        assert live.seen("dm") == []

    playing(tmp_path, story)


def test_the_people_of_another_pack_are_not_bothered(tmp_path: Path) -> None:
    other = bindings("{id: alpha, channels: {aibot: wrkALPHA}}", name="other").replace(
        "pack: club", "pack: other"
    )

    async def story(live: Live) -> None:
        write(live.folder, ONLY_CORE + other, {"other.yaml": GOOD.replace(": club", ": other")})
        await live.until(lambda: len(live.bot.library.shelf.books) == 2)
        save(live, WRONG.replace(": club", ": other"), "other.yaml")

        async def is_told() -> bool:
            return bool(await told(live))

        await live.until(is_told)
        save(live, "communities: [", "groups.yaml")

        async def all_are_told() -> bool:
            return len({each.community for each in await told(live)}) == 2

        assert [each.community for each in await told(live)] == ["other"]
        await live.until(all_are_told)

    playing(tmp_path, story)


def remove(live: Live) -> None:
    (live.folder / "club.yaml").unlink()


def unreadable(live: Live) -> None:
    (live.folder / "club.yaml").chmod(0)


def loop(live: Live) -> None:
    (live.folder / "club.yaml").unlink()
    (live.folder / "club.yaml").symlink_to("club.yaml")


def pipe(live: Live) -> None:
    (live.folder / "club.yaml").unlink()
    os.mkfifo(live.folder / "club.yaml")


def folder(live: Live) -> None:
    (live.folder / "club.yaml").unlink()
    (live.folder / "club.yaml").mkdir()


def twin(live: Live) -> None:
    (live.folder / "twin.yaml").write_text(GOOD, "utf-8")


def huge(live: Live) -> None:
    with (live.folder / "club.yaml").open("r+b") as file:
        file.truncate(3 << 30)


def no_text(live: Live) -> None:
    (live.folder / "club.yaml").write_bytes(b"\x00\xff\xfe" * 1_000)


def no_bindings(live: Live) -> None:
    (live.folder / "groups.yaml").unlink()


def gone(live: Live) -> None:
    live.folder.rename(live.folder.with_name("elsewhere"))


@pytest.mark.parametrize(
    "spoil",
    [
        remove,
        pytest.param(unreadable, marks=pytest.mark.skipif(os.geteuid() == 0, reason="root")),
        loop, pipe, folder, twin, huge, no_text, no_bindings, gone,
    ],
)  # fmt: skip
def test_whatever_becomes_of_the_folder_the_last_good_stays_and_it_recovers(
    tmp_path: Path, spoil: Callable[[Live], None]
) -> None:
    async def story(live: Live) -> None:
        shelf = live.bot.library.shelf
        spoil(live)
        await live.until(lambda: errors(live) > 0)
        assert live.bot.library.shelf is shelf
        await live.speak("li", "签到", "core")
        assert "签到成功" in live.seen("passive", "core")[-1]

        clear(live.folder)
        write(live.folder, ONLY_CORE, {"club.yaml": GOOD.replace("书友会", "晨读社")})
        await live.until(lambda: title(live) == "晨读社")
        assert errors(live) == 0
        save(live, GOOD)
        await live.until(lambda: title(live) == "书友会")
        assert await live.dead() == []

    playing(tmp_path, story)


def clear(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()


def test_a_pack_that_is_renamed_stays_in_force(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        (live.folder / "club.yaml").rename(live.folder / "verein.yaml")
        await live.until(lambda: "verein.yaml" in live.bot.library.shelf.versions)

        assert errors(live) == 0
        assert title(live) == "书友会"

    playing(tmp_path, story)


def test_a_folder_that_leads_into_itself_is_no_trouble(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        (live.folder / "again").symlink_to(live.folder)
        await live.until(lambda: not live.bot.library.changed())
        save(live, GOOD.replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")

    playing(tmp_path, story)


def test_a_folder_that_is_exchanged_for_another_is_the_one_that_counts(tmp_path: Path) -> None:
    """As deployments do it that keep each release in a folder of its own."""

    async def story(live: Live) -> None:
        first, second = tmp_path / "first", tmp_path / "second"
        live.folder.rename(first)
        live.folder.symlink_to(first)
        for number, name in enumerate(("晨读社", "夜读社", "午读社")):
            there = (second, first)[number % 2]
            write(there, ONLY_CORE, {"club.yaml": GOOD.replace("书友会", name)})
            new = tmp_path / "new"
            new.symlink_to(there)
            new.replace(live.folder)
            await live.until(lambda name=name: title(live) == name)  # type: ignore[misc]
        assert errors(live) == 0

    playing(tmp_path, story)


def test_pools_in_folders_below_are_watched_too(tmp_path: Path) -> None:
    steps = "  - {id: tea, when: 08:00 daily, do: [{drop: notes}]}\n"
    text = pack(steps, "library: {notes: {from: notes}}\n")

    async def story(live: Live) -> None:
        (live.folder / "notes").mkdir()
        (live.folder / "notes" / "one.md").write_text("第一篇", "utf-8")
        save(live, text)

        def items() -> list[str | None]:
            library = live.bot.library.shelf.books["club"].pack.library
            return [each.text for each in library["notes"].items] if library else []

        await live.until(lambda: items() == ["第一篇"])
        (live.folder / "notes" / "two.md").write_text("第二篇", "utf-8")
        await live.until(lambda: items() == ["第一篇", "第二篇"])

    playing(tmp_path, story)


def test_where_the_system_tells_nothing_the_folder_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_paths: object, **_options: object) -> None:
        raise OSError("no watches are left")

    monkeypatch.setattr("bot.library.watching.watch", refused)

    async def story(live: Live) -> None:
        save(live, GOOD.replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")

    playing(tmp_path, story)


def test_a_program_that_starts_on_a_broken_folder_goes_on_with_what_was_in_force(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def story(live: Live) -> None:
        save(live, GOOD.replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")

        async def kept() -> bool:
            return len(await live.rows(Version, name="club.yaml")) == 2

        await live.until(kept)
        await live.stop()
        save(live, WRONG)
        await live.again()

        assert title(live) == "晨读社"
        assert "what was in force last" in capsys.readouterr().err
        assert len(await live.rows(Version, name="club.yaml")) == 2
        await live.speak("li", "签到", "core")
        assert "签到成功" in live.seen("passive", "core")[-1]

        async def is_told() -> bool:
            return bool(await told(live))

        await live.until(is_told)
        save(live, GOOD)
        await live.until(lambda: title(live) == "书友会")

    playing(tmp_path, story)


def test_a_program_that_never_ran_does_not_start_on_a_broken_folder(tmp_path: Path) -> None:
    async def story(_live: Live) -> None:
        raise AssertionError("it started")

    with pytest.raises(Broken, match="names no action"):
        play(tmp_path, ONLY_CORE, story, WRONG)


def asking(points: int, hours: int) -> str:
    steps = f"  - {{id: ask, when: 08:00 daily, do: [{{ask: 读到哪了？, for: {hours}h}}]}}\n"
    return pack(steps).replace("earn:\n", f"earn:\n    reply: {{points: {points}}}\n")


def test_what_is_open_keeps_its_rules_over_an_edit_and_a_restart(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        save(live, asking(3, 12))
        await live.until(lambda: live.bot.library.shelf.books["club"].pack.steps[0].id == "ask")
        await live.until(lambda: not live.bot.enforcement.lagging())
        zone = live.bot.library.shelf.books["club"].zone
        today = localtime.local_date(live.clock.now(), zone)
        mornings = (today + timedelta(days=ahead) for ahead in (0, 1))
        instants = (localtime.instant(day, 8 * 60 + 1, zone) for day in mornings)
        due = next(instant for instant in instants if instant > live.clock.now())
        await live.advance(due - live.clock.now())
        assert "读到哪了？" in live.seen("post", "core")

        save(live, pack("", "levels: []\n"))
        await live.until(lambda: not live.bot.library.shelf.books["club"].pack.steps)
        await live.until(lambda: not live.bot.enforcement.lagging())
        await live.stop()
        await live.again()
        await live.speak("li", "我读到了第三章", "core")
        await live.settle()

        found = [each for each in await live.rows(LedgerEntry) if each.deed == "reply"]
        assert [each.points for each in found] == [3]
        await live.advance(13 * HOUR)
        assert [each.status for each in await live.rows(Thread)] == ["closed"]
        assert await live.dead() == []

    playing(tmp_path, story)


def test_a_step_that_is_added_comes_for_who_has_joined_already(tmp_path: Path) -> None:
    step = (
        "  - {id: settled, when: member.joined + 2h, do: [{post: '{{ members }} 住得惯吗？'}]}\n"
    )

    async def story(live: Live) -> None:
        await polled(live, "boss", "helper", "li", "zhao")
        live.sandbox.people.join("core", "wang")
        await polled(live, "boss", "helper", "li", "zhao", "wang")
        save(live, pack(step).replace("书友会", "晨读社"))
        await live.until(lambda: title(live) == "晨读社")
        await live.skip(HOUR)
        assert live.seen("post", "core") == []

        await live.skip(2 * HOUR)
        assert live.seen("post", "core") == ["王五 住得惯吗？"]

    play(tmp_path, ONLY_CORE, story, GOOD, prepare=_without_wang, roster_s=0.02)


def _without_wang(corp: Corp) -> None:
    corp.change_chat("core", userlist=("boss", "helper", "li", "zhao"))
