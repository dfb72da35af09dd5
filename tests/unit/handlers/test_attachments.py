"""Files that are not there: the words go out, and staff learn which file is missing, once."""

from sop.model import StepRun
from tests import builders
from tests.builders import EVENING, GROUP
from tests.lives import DAY, HOUR, life, of, texts

PACK = """
library: {poems: [{text: 第一首, image: one.png}, {image: two.png}, 第三首], gone: gone.csv}
steps:
  - {id: hello, when: "20:30 daily", do: [{post: 晚上好, image: hall.png}]}
  - {id: poem, when: "21:00 daily", do: [{drop: poems}]}
  - {id: lost, when: "21:30 daily", do: [{drop: gone}]}
  - {id: you, when: member.joined, do: [{dm: 你好, image: hall.png}]}
"""
MISSING = frozenset({"hall.png", "one.png", "two.png"})


def test_words_go_out_without_a_picture_that_is_missing():
    with life(PACK, missing=MISSING) as club:
        club.enforce()
        club.join("amy")
        lines = club.wait(EVENING + HOUR)

        assert [(line.text, line.image) for line in of(lines, "post")] == [
            ("晚上好", ""), ("第一首", ""),
        ]  # fmt: skip
        assert [(line.to, line.image) for line in of(lines, "dm")] == [("1", "")]
        assert [("hall.png" in line, "one.png" in line) for line in texts(lines, "task")] == [
            (True, False), (False, True),
        ]  # fmt: skip


def test_an_item_that_is_nothing_but_a_missing_picture_is_only_a_task():
    with life(PACK, missing=MISSING) as club:
        club.enforce()
        club.wait(EVENING + DAY)
        lines = club.wait(EVENING + DAY + HOUR)

        assert texts(lines, "post") == ["晚上好"]
        assert ["two.png" in line for line in texts(lines, "task")] == [True]


def test_what_is_there_goes_out_as_it_is():
    with life(PACK) as club:
        club.enforce()
        lines = club.wait(EVENING + HOUR)

        assert [line.image for line in of(lines, "post")] == ["hall.png", "one.png"]
        assert of(lines, "task") == []


def test_a_pool_whose_file_is_missing_is_a_task_and_no_crash():
    with life(PACK, groups=[builders.group()]) as club:
        club.enforce()
        club.wait(EVENING + HOUR)
        lines = club.wait(EVENING + 2 * HOUR)

        assert ["gone.csv" in line for line in texts(lines, "task")] == [True]
        assert of(lines, "post", "error") == []
        assert club.read(StepRun, step="lost") == []


def test_a_picture_alone_that_no_channel_carries_is_only_a_task():
    unseen = builders.group(channels={"link": GROUP, "aibot": GROUP})
    with life(PACK, groups=[unseen]) as club:
        club.enforce(unseen)
        club.wait(EVENING + DAY)
        lines = club.wait(EVENING + DAY + HOUR)

        assert texts(lines, "post") == ["晚上好"]
        assert ["请在" in line and "two.png" in line for line in texts(lines, "task")][-1]
