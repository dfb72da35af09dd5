"""Pools in files, as a running bot posts from them."""

from pathlib import Path

from tests.integration.live import CORE, Live, bindings, pack, play
from tests.integration.test_live_packs import to

NOTES = pack(
    '  - {id: note, when: "08:00 daily", do: [{drop: notes}]}\n', "library: {notes: notes}\n"
)


def note(live: Live, name: str, text: str) -> None:
    folder = live.folder / "notes"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")


def test_a_note_goes_out_with_its_picture_and_a_missing_pool_is_a_task(tmp_path: Path) -> None:
    async def story(live: Live) -> None:
        await to(live, "08:05")
        assert live.seen("post", "core") == []
        assert any("notes" in task.text for task in await live.tasks())

        note(live, "1.md", "---\nimage: sea.png\n---\n第一篇")
        (live.folder / "notes" / "sea.png").write_bytes(b"\x89PNG\r\n\x1a\n")
        assert live.bot.library.changed()
        assert await live.bot.reloading.reload()
        await to(live, "08:05")
        assert live.seen("post", "core") == ["第一篇", "[image] sea.png"]

        note(live, "2.md", "---\nimge: sea.png\n---\n第二篇")
        assert not await live.bot.reloading.reload()
        note(live, "2.md", "第二篇")
        assert await live.bot.reloading.reload()
        await to(live, "08:05")
        assert live.seen("post", "core")[2:] == ["第二篇"]

    play(tmp_path, bindings(CORE), story, NOTES)
