"""`qunyun knowledge`: what was asked is searched, timed and exported."""

import json
from pathlib import Path

import pytest

from tests.builders import EVENING, message
from tests.integration.commands.deployments import TWO_GROUPS, deployed
from tests.integration.commands.running import qunyun

PACK = "steps: []\n"
MINUTE = 60_000

SAID = (
    ("zhao", "提问 退款多久到账？"),
    ("chen", "回答 1 一般三天\n# 到原来的账户 <b>"),
    ("wang", "不上榜"),
    ("wang", "提问 在哪里看回放"),
    ("chen", "回答 3 在小程序里"),
    ("wang", "回答 1 看银行"),
    ("zhao", "采纳 5"),
    ("zhao", "提问 发票怎么开"),
)


@pytest.fixture(autouse=True)
def lived(folder: Path) -> None:
    """A folder of a bot that was asked three questions: the last has no answer."""
    with deployed(folder, PACK, TWO_GROUPS) as bot:
        bot.enforce(EVENING)
        for number, (sender, text) in enumerate(SAID):
            at = EVENING + number * MINUTE
            said = message(
                text, community="club", group="alpha", at=at, sender=sender, name=sender
            )
            bot.handle(at, said)


def test_a_page_holds_every_answered_question_with_its_best_answer(folder: Path):
    told = qunyun("knowledge", "export", "--group", "alpha", "--out", folder / "faq.md")

    assert (told.code, told.lines) == (0, [f"{folder / 'faq.md'}: 2 questions with their answers"])
    assert (folder / "faq.md").read_text("utf-8").split("\n")[3:] == [
        "",
        "## 1. 退款多久到账？",
        "",
        "提问：zhao，2026-12-02",
        "",
        "采纳的回答（一位伙伴，2026-12-02）：",
        "",
        "> 看银行",
        "",
        "## 3. 在哪里看回放",
        "",
        "提问：一位伙伴，2026-12-02",
        "",
        "大家的回答（chen，2026-12-02）：",
        "",
        "> 在小程序里",
        "",
    ]


def test_words_find_questions_by_their_own_text_and_their_answers():
    (refund,) = json.loads(qunyun("knowledge", "search", "退款", "--json").out)
    by_answer = qunyun("knowledge", "search", "小程序")
    open_one = qunyun("knowledge", "search", "发票")

    assert (refund["group"], refund["number"], refund["answer"]) == ("alpha", 1, "看银行")
    assert refund["accepted"] is True
    assert by_answer.lines[0].startswith("club/alpha 3: 在哪里看回放")
    assert open_one.lines[1] == "  not answered"
    assert qunyun("knowledge", "search", "天气").lines == ["nothing was found"]


def test_times_say_how_long_people_waited_and_who_waits():
    told = qunyun("knowledge", "times", "--days", "366", "--group", "alpha", "--json")

    (found,) = json.loads(told.out)
    assert (found["asked"], found["answered"], found["waiting"]) == (3, 2, [6])
    assert (found["median_ms"], found["longest_ms"]) == (MINUTE, MINUTE)
    (line,) = qunyun("knowledge", "times", "--days", "366", "--group", "alpha").lines
    assert line == (
        "club/alpha: 3 asked, 2 answered, median 1 min, longest 1 min, "
        "no answer was heard to 1 (6)"
    )


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("export",), "say the file"),
        (("search",), "search WORDS"),
        (("times", "words"), "search WORDS"),
        (("search", "退款", "--group", "nope"), "there is no group nope"),
        (("search", "退款", "--community", "nope"), "there is no community nope"),
        (("export", "--out", "/nowhere/faq.md"), "cannot be written"),
    ],
)
def test_what_cannot_be_done_is_said(words: tuple[str, ...], told: str):
    done = qunyun("knowledge", *words)

    assert done.code == 2
    assert told in done.err
