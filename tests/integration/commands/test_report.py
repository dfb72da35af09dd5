"""`qunyun report`: in words, as JSON and drawn, while a bot may be running."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENING, message
from tests.integration.commands.deployments import TWO_GROUPS, deployed
from tests.integration.commands.running import qunyun

PACK = """\
score: {earn: {message: {points: 1}}}
steps: []
"""
HOUR = 3_600_000


@pytest.fixture(autouse=True)
def lived(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder in which people have spoken; the command looks an hour later."""
    with deployed(folder, PACK, TWO_GROUPS) as bot:
        bot.enforce(EVENING)
        for name in ("li", "wang"):
            bot.handle(EVENING, message("早", community="club", group="alpha", sender=name))
    monkeypatch.setattr("bot.clock.wall.WallClock.now", lambda _clock: EVENING + HOUR)


def test_a_community_and_each_of_its_groups_are_told_in_words():
    told = qunyun("report")

    assert told.code == 0
    heads = [line for line in told.lines if "周报" in line]
    assert [line.split(" ")[0] for line in heads] == ["书友会", "晨读一群", "beta"]
    assert told.lines[2:4] == ["群的状态：刚开始", "各群：晨读一群 刚开始；beta 没人说话"]
    assert told.lines[4].startswith("发言 2 条，说过话的 2 人")
    assert told.lines[told.lines.index(heads[1]) + 1] == "接下来可以做的事："


def test_programs_get_all_figures_and_what_nobody_knows_is_null():
    told = qunyun("report", "--json", "--daily", "--group", "alpha")

    (alpha,) = json.loads(told.out)
    assert (alpha["group"], alpha["kind"]) == ("alpha", "daily")
    assert alpha["activity"]["messages"] == {
        "value": 2, "before": None, "least": False,
        "coverage": {"by": "words", "known": "all", "share": 1.0},
    }  # fmt: skip
    assert alpha["coverage"]["all_heard"] == 1
    assert len(alpha["activity"]["heat"]) == 7
    assert {"steps", "coming", "spreading", "cohorts", "segments", "advice"} <= alpha.keys()


@pytest.mark.parametrize(
    ("name", "begins"), [("week.png", b"\x89PNG"), ("week.svg", b"<svg xmlns")], ids=str
)
@pytest.mark.usefixtures("plain_font")
def test_it_is_drawn_for_the_chat_and_for_pages(folder: Path, name: str, begins: bytes):
    told = qunyun("report", "--picture", str(folder / name))

    assert told.code == 0
    stem, suffix = name.split(".")
    for number in ("", "-2", "-3"):
        assert (folder / f"{stem}{number}.{suffix}").read_bytes().startswith(begins)


def test_before_the_bot_has_run_there_is_nothing_to_tell(folder: Path):
    for file in (folder / "data").glob("qunyun.db*"):
        file.unlink()

    told = qunyun("report")
    assert (told.code, told.out) == (0, "")
    assert "nothing to tell yet" in told.err


def test_a_group_there_is_not_is_said():
    told = qunyun("report", "--group", "gamma")

    assert told.code == 2
    assert "there is no group gamma" in told.err
