"""`qunyun judge`: one verdict for each line of standard input, whatever is in it."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.integration.commands.running import qunyun
from tests.unit.bot.folders import PACK

KEYS = ["text", "violated", "rule", "confidence", "reason"]
RULES = PACK.replace("steps: []", """\
rules:
  checks:
    - {id: adverts, detect: words, any: [加微信], reason: 不发广告}
    - {id: pattern, detect: words, regex: ["代.{0,2}购"]}
    - {id: long, detect: length, max: 900}
    - {id: ads, detect: ads}
    - {id: links, detect: links}
steps: []""")  # fmt: skip


def judge(*lines: str | bytes, more: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    given = b"".join((each.encode() if isinstance(each, str) else each) + b"\n" for each in lines)
    Path("club.yaml").write_text(RULES, "utf-8")
    said = qunyun("judge", "--pack", "club.yaml", "--json", *more, given=given)
    assert (said.code, said.err) == (0, "")
    found = [json.loads(line) for line in said.lines]
    assert len(found) == len(lines)
    return found


def texts(*lines: str | bytes) -> list[str]:
    return [each["text"] for each in judge(*lines)]


def test_a_line_is_judged_by_the_packs_rules():
    bad, good = judge("想要的加微信", "大家早上好")

    assert list(bad) == KEYS
    assert (bad["text"], bad["violated"], bad["rule"]) == ("想要的加微信", True, "adverts")
    assert 0 < bad["confidence"] <= 1
    assert bad["reason"]
    assert (good["violated"], good["rule"]) == (False, "")


def test_a_line_of_json_is_judged_by_its_text():
    plain, wrapped, spaced = judge(
        "加微信", '{"text": "\\u52a0微信", "from": "x"}', ' {"text": "加微信"} '
    )

    assert plain == wrapped == spaced


@pytest.mark.parametrize(
    "line",
    ['{"text": 5}', '{"text": null}', '{"text": ["加微信"]}', "{}", '{"a": "加微信"', "[1]",
     "5", "null", '"加微信"', "{" * 3_000]
)  # fmt: skip
def test_other_json_is_a_text_like_any_other(line: str):
    assert texts(line) == [line]


def test_a_lone_surrogate_is_judged_and_shown_as_a_question_mark():
    (found,) = judge('{"text": "\\ud800加微信\\udfff"}')

    assert (found["text"], found["rule"]) == ("?加微信?", "adverts")


def test_bytes_that_are_no_text_are_judged_as_well_as_they_can():
    assert texts(b"\xff\xfe\x80") == ["\ufffd" * 3]


def test_an_empty_line_and_a_huge_one_have_their_verdicts():
    empty, nulls, huge = judge("", '{"text": "\\u0000"}', "早" * 300_000)

    assert not empty["violated"]
    assert nulls["text"] == "\0"
    assert huge["rule"] == "long"
    assert len(huge["text"]) == 300_000


def test_windows_line_ends_are_no_part_of_a_line():
    assert texts("早上好\r") == ["早上好"]


def test_for_people_each_line_gives_a_line():
    said = qunyun("judge", given='加微信 18812345678 领资料\n{"text": "早\\n上\\u2028好\\r"}\n\n')

    assert said.code == 0
    assert [line.partition("\t")[2] for line in said.lines] == [
        "加微信 18812345678 领资料", "早 上 好", ""
    ]  # fmt: skip
    assert said.lines[1].startswith("ok\t")


def test_no_line_is_no_verdict():
    assert qunyun("judge") == (0, "", "")


@pytest.mark.parametrize("name", ["nowhere.yaml", "bad.yaml"])
def test_what_is_no_pack_is_told(folder: Path, name: str):
    (folder / "bad.yaml").write_text("x: 1\n", "utf-8")

    code, out, err = qunyun("judge", "--pack", name, given="早\n")

    assert (code, out) == (2, "")
    assert err.startswith(name)


@given(st.lists(st.text(st.characters(exclude_characters="\n")), max_size=30))
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_stands_in_the_lines_each_has_its_verdict(lines: list[str]):
    found = judge(*(json.dumps({"text": line}) for line in lines))

    assert [each["text"] for each in found] == [
        line.encode("utf-8", "replace").decode() for line in lines
    ]
    assert all(list(each) == KEYS and 0 <= each["confidence"] <= 1 for each in found)
    assert all(each["violated"] == bool(each["rule"]) for each in found)


def test_an_explained_verdict_shows_what_was_read_weighed_and_would_be_said():
    [found] = judge("宝妈兼职/日/结300，加Ｖ❤：abc12345", more=("--explain",))

    assert (found["violated"], found["rule"], found["doubtful"]) == (True, "ads", False)
    assert "加微信" in found["plain"]
    assert {"lure", "messenger", "disguise"} <= {one["signal"] for one in found["signals"]}
    assert all(one["weight"] and one["evidence"] for one in found["signals"])
    assert found["told"].startswith("你好，刚才那条消息碰到了群规「不发广告」")
    assert "Ｖ❤：abc12345" in {one["evidence"] for one in found["signals"]}


def test_an_explained_verdict_says_where_staff_would_be_asked():
    [found] = judge("专修电脑，需要的联系我", more=("--explain",))

    assert (found["violated"], found["doubtful"], found["told"]) == (False, True, "")


def test_an_explanation_is_read_line_by_line():
    Path("club.yaml").write_text(RULES, "utf-8")
    said = qunyun(
        "judge", "--pack", "club.yaml", "--explain", given="专修电脑，需要的联系我\n".encode()
    )

    assert said.code == 0
    assert said.lines[0].startswith("ok\t")
    assert any("solicit" in line for line in said.lines)


TRUSTED = RULES.replace("checks:", "exempt: [owner, staff, leader, core]\n  checks:")
ADVERT = "有需要的朋友可以加微信 abc12345"


def judged_as(sender: str, text: str, rules: str = RULES) -> dict[str, Any]:
    Path("as.yaml").write_text(
        rules.replace("id: adverts, detect: words", "id: x, mode: 'off', detect: words"), "utf-8"
    )
    more = ("--sender", sender) if sender else ()
    found = qunyun("judge", "--pack", "as.yaml", "--explain", "--json", *more, given=text + "\n")
    assert (found.code, found.err) == (0, "")
    verdict: dict[str, Any] = json.loads(found.out)
    return verdict


def test_who_says_a_line_is_weighed_with_it_and_named():
    nobody = judged_as("", ADVERT)
    newcomer, regular = judged_as("newcomer", ADVERT), judged_as("regular", ADVERT)

    assert newcomer["confidence"] > nobody["confidence"] > regular["confidence"]
    assert [each["sender"] for each in (newcomer, regular)] == ["newcomer", "regular"]
    assert "sender" not in nobody
    assert "first-message" in {each["signal"] for each in newcomer["signals"]}
    assert "known-member" in {each["signal"] for each in regular["signals"]}


@pytest.mark.parametrize(
    ("sender", "text", "rules", "violated"),
    [
        pytest.param("staff", "加微信 18812345678 日结300", RULES, False, id="staff"),
        pytest.param("regular", "早" * 901, RULES, True, id="a member is looked at"),
        pytest.param("core", "早" * 901, RULES, True, id="core where it is not exempt"),
        pytest.param("core", "早" * 901, TRUSTED, False, id="core where it is"),
        pytest.param("core", "看 https://evil.example", TRUSTED, True, id="never for links"),
        pytest.param("leader", "早" * 901, RULES, True, id="a leader who is not exempt"),
        pytest.param("leader", "早" * 901, TRUSTED, False, id="an exempt leader"),
        pytest.param("leader", "看 https://evil.example", TRUSTED, True, id="for links neither"),
    ],
)
def test_who_is_exempt_is_spared_what_the_pack_spares_them(
    sender: str, text: str, rules: str, *, violated: bool
):
    found = judged_as(sender, text, rules)

    assert found["violated"] is violated
    if sender == "staff":
        assert "不受" in found["reason"]


def test_a_verdict_for_people_names_who_was_taken_to_say_it():
    said = qunyun("judge", "--explain", "--sender", "newcomer", given="大家早上好\n")

    assert "said by\tnewcomer" in said.out


def test_an_unknown_sender_is_refused_with_those_there_are():
    code, out, err = qunyun("judge", "--sender", "king", given="早\n")

    assert (code, out) == (2, "")
    assert "newcomer" in err


@pytest.mark.parametrize(
    ("rules", "told", "observed"),
    [
        pytest.param("ladder: [remind], appeal: {within: 72h}", "申诉", False, id="a reminder"),
        pytest.param("ladder: [mute-points], mute: 2h", "2 小时", False, id="a pause"),
        pytest.param("ladder: [remove]", "离开这个群", False, id="a removal"),
        pytest.param("ladder: [remove], confirm: [remove]", "", False, id="one people decide"),
        pytest.param("ladder: [task]", "", False, id="a task of staff"),
        pytest.param("mode: observe", "", True, id="observed"),
    ],
)
def test_what_a_member_would_be_told_is_what_the_pack_has_them_told(
    rules: str, told: str, *, observed: bool
):
    pack = PACK.replace(
        "steps: []",
        f"""\
rules: {{checks: [{{id: ads, detect: ads}}], {rules}}}
steps: []""",
    )
    Path("club.yaml").write_text(pack, "utf-8")

    said = qunyun(
        "judge",
        "--pack",
        "club.yaml",
        "--json",
        "--explain",
        given="兼职日结300，加V信 abc12345\n",
    )

    found = json.loads(said.out)
    assert found["observed"] is observed
    assert told in found["told"]
    assert bool(found["told"]) == bool(told)
