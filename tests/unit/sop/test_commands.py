"""Command words: what is a command, what is talk."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sop.activities import commands
from sop.activities.commands import parse_command, words_for

WORDS = words_for()


def parsed(text: str) -> tuple[str, str] | None:
    command = parse_command(text, WORDS)
    return (command.name, command.argument) if command else None


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("签到", ("checkin", "")),
        ("签到！", ("checkin", "")),
        ("打卡 今天读了三章", ("checkin", "今天读了三章")),
        ("  帮助\n", ("help", "")),
        ("群规", ("charter", "")),
        ("积分", ("points", "")),
        ("积分明细", ("ledger", "")),
        ("赞12", ("like", "12")),
        ("赞 12", ("like", "12")),
        ("赞@李四", ("like", "@李四")),
        ("答3 因为目录像地图", ("answer", "3 因为目录像地图")),
        ("回答 3 因为", ("answer", "3 因为")),
        ("提问：怎么领？", ("ask", "怎么领？")),
        ("+1", ("plus_one", "")),
        ("＋1", ("plus_one", "")),
        ("同意 12", ("approve", "12")),
        ("同意12", ("approve", "12")),
        ("加分 @李四 -5 手误", ("award", "@李四 -5 手误")),
        ("举报\u2005@王五", ("report", "@王五")),
        ("领取《一周书单》", ("claim", "《一周书单》")),
        ("签到👍", ("checkin", "👍")),
        ("報名", ("signup", "")),
        ("採納 4", ("accept", "4")),
        ("簽到！", ("checkin", "")),
        ("HELP", ("help", "")),
        ("like 12", ("like", "12")),
        ("开群", ("open_group", "")),
        ("接入", ("adopt", "")),
    ],
)
def test_a_message_that_begins_with_a_command_word_is_a_command(
    text: str, command: tuple[str, str]
):
    assert parsed(text) == command


@pytest.mark.parametrize(
    "text",
    [
        "同意楼上",
        "签到了吗",
        "我要签到",
        "赞同",
        "积分榜",
        "+12",
        "+100",
        "likely",
        "",
        " ",
        "@",
        "1",
    ],
)
def test_talk_is_no_command(text: str):
    assert parsed(text) is None


def test_a_command_remembers_the_word_as_it_was_typed():
    command = parse_command("Help me", WORDS)

    assert command is not None
    assert command.raw_word == "Help"


@pytest.mark.parametrize("written", ["checkin", "签到", "打卡"])
def test_a_pack_replaces_the_words_of_a_command(written: str):
    words = words_for({written: ("报到",)})

    assert parse_command("签到", words) is None
    command = parse_command("报到！", words)
    assert command is not None
    assert command.name == "checkin"
    assert words.shown("checkin") == "报到"


def test_a_command_without_words_is_off():
    words = words_for({"like": ()})

    assert parse_command("赞", words) is None
    assert words.shown("like") == ""


def test_an_override_of_no_command_changes_nothing():
    assert words_for({"zzz": ("x",)}).names == WORDS.names


def test_the_first_word_is_the_one_shown():
    assert [WORDS.shown(name) for name in ("help", "claim", "nothing")] == ["帮助", "领取", ""]


def test_staff_commands_are_known_as_such():
    assert {"warn", "pardon", "award", "remove", "tasks", "open_group", "adopt"} <= WORDS.staff
    assert not {"help", "report", "claim"} & WORDS.staff


def test_no_word_stands_for_two_commands():
    words = [word for listed in WORDS.names.values() for word in listed]

    assert len(words) == len(set(words))
    assert all(commands.command_name(word) for word in words)


@pytest.mark.parametrize(
    ("text", "thanks"), [("👍", True), ("感谢！", True), ("感謝大家", True), ("嗯嗯", False)]
)
def test_thanks_in_a_quote_are_likes(text: str, *, thanks: bool):
    assert commands.is_thanks(text, WORDS) is thanks


@given(st.text(max_size=40))
def test_any_text_can_be_read(text: str):
    command = parse_command(text, WORDS)

    assert command is None or command.name in WORDS.names
